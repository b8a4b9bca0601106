/** Years of up to nine digits, ends of months, and `in` beside `and`. */
import { clauses } from './clauses.ts'

clauses(`
## far years and ends of months
date("999999999-12-31") => "999999999-12-31"
date("999999999-12-31").year => 999999999
date("999999999-12-31") + @"P1D" => null
date("999999998-12-31") + @"P1D" => "999999999-01-01"
date("-999999999-01-01") => "-999999999-01-01"
date(-999999999,1,1).weekday = date(-999999999,1,8).weekday => true
date("999999999-12-31") > date("2020-01-01") => true
date("-999999999-12-31") < date("2020-01-01") => true
date("999999999-12-31") - @"P999999999Y" => "0000-12-31"
date("2020-02-29") + @"P400000Y" => "402020-02-29"
(date("2020-02-29") + @"P400000Y") - @"P400000Y" => "2020-02-29"
date("402020-02-29") - date("402020-02-28") => "P1D"
years and months duration(date("-999999999-01-01"), date("999999999-01-01")) => "P1999999998Y"
date and time("999999999-12-31T23:59:59.999999999Z") => "999999999-12-31T23:59:59.999999999Z"
date and time("-999999999-12-31T23:59:59@Europe/Paris") => "-999999999-12-31T23:59:59@Europe/Paris"
date(date and time("999999999-12-31T23:59:59")) => "999999999-12-31"
date and time(date("999999999-12-31"), time("23:59:59")) = date and time("999999999-12-31T23:59:59") => true
date("2020-01-31") + @"P1M" => "2020-02-29"
day of week(date("999999999-12-31")) => "Friday"
week of year(date("999999999-12-31")) => 52
@"2021-03-28T01:30:00@Europe/Paris" + @"P1M" => "2021-04-28T01:30:00@Europe/Paris"
@"2021-02-28T02:30:00@Europe/Paris" + @"P1M" => "2021-03-28T03:30:00@Europe/Paris"
years and months duration(date("2020-01-31"), date("2020-02-29")) => "P0M"
years and months duration(date("2020-03-31"), date("2020-02-29")) => "-P1M"
years and months duration(date("2016-01-21"), date("2015-01-20")) => "-P1Y"
time("10:30:01.5").second => 1.5
date(10000, 1, 1) => "10000-01-01"
1 in [1,2] and 2 in [2,3] => true
1 in [1,2] and 2 in [5] or true => true
true or 1 in [1,2] and false => true
1 in > 0 and 2 > 3 => false
1 in > 0 and 3 > 2 or false => true
5 in [1..3] or 2 in [1..3] => true
1 in (1,2) and 2 in (2) => true
for i in [1,2,3] return i in [1,2] and i > 1 => [false,true,false]
every i in [1,2] satisfies i in [1,2] and i > 0 => true
[1,2,3][item in [1,2] and item > 1] => [2]
if 1 in [1] and true then 1 else 2 => 1
1 in !=2 and true => true
(true and null) or true => true
true and false or true => true
false or true and false => false
+1 => null
+@"P1D" => null
[1,2,3][item in > 1] => [2,3]
`)
