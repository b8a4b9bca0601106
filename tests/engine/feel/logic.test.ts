/** Truth, comparison, membership, iteration, filters and types (DMN 1.3 clauses 10.3.2.6 to 10.3.2.15). */
import { clauses } from './clauses.ts'

clauses(`
## three-valued logic table 38..41
true and true => true
true and false => false
true and null => null
false and null => false
null and false => false
null and true => null
null and null => null
true and 123 => null
false and 123 => false
123 and false => false
"x" and true => null
true or null => true
null or true => true
false or null => null
null or null => null
false or "s" => null
"s" or true => true
not(null) => null
not("x") => null
not(true) => false
not() => null
not(negand: false) => true
## comparisons
1 = null => false
null = null => true
null != null => false
1 != null => true
1 = "1" => null
1 != "1" => null
1 < null => null
"a" < "b" => true
true < false => null
[1,2] = [1,2] => true
[1,2] = [2,1] => false
[1,2] != [2,1] => true
[1, null] = [1, null] => true
[1,[2,3]] = [1,[2,3]] => true
[] = [] => true
{a:1,b:2} = {b:2,a:1} => true
{a:1} = {a:2} => false
{a:1} = {b:1} => false
{} = {} => true
{a:1} != {a:1} => false
[1..3] = [1..3] => true
[1..3] = [1..3) => false
[1..3] < [1..4] => null
{a:1} < {a:2} => null
[1] < [2] => null
@"2018-12-08" = @"2018-12-08" => true
@"2018-12-08" = @"2018-12-08T00:00:00" => null
@"10:00:00" = @"10:00:00Z" => false
@"10:00:00Z" = @"11:00:00+01:00" => true
@"10:00:00@Europe/Paris" = @"10:00:00@Europe/Paris" => true
@"2018-12-08T10:00:00Z" = @"2018-12-08T11:00:00+01:00" => true
@"2018-12-08T10:00:00@Europe/Paris" = @"2018-12-08T10:00:00+01:00" => true
@"P1Y" = @"P12M" => true
@"P1D" = @"PT24H" => true
@"P0Y" = @"P0D" => true
@"P1Y" < @"P13M" => true
@"P1Y" < @"P366D" => null
@"10:00:00" < @"11:00:00" => true
@"10:00:00Z" < @"10:30:00+01:00" => false
@"2018-12-08" < @"2018-12-09" => true
date("2018-12-08") < date and time("2018-12-08T10:00:00") => null
true = true => true
1 = 1.0 => true
1 == 1 => null
## between
1 between 0 and 2 => true
5 between 1 and 5 => true
1 between 5 and 1 => false
1 between null and 2 => null
null between 1 and 2 => null
"b" between "a" and "c" => true
@"2018-12-08" between @"2018-12-01" and @"2018-12-31" => true
@"P1D" between @"PT1H" and @"P2D" => true
1 between "a" and 2 => null
## in
1 in 1 => true
1 in [1,2,3] => true
1 in (1,2,3) => true
1 in [2,3] => false
1 in [1..3] => true
1 in (1..3] => false
1 in ]1..3] => false
3 in [1..3[ => false
1 in >0 => true
1 in <= 1 => true
1 in (>0) => true
1 in (<0, >5) => false
5 in (> 0, < 10) => true
"a" in ("a", "b") => true
[1] in [1] => true
[1,2] in [[1,2],[3]] => true
[1,2] in ([1,2]) => true
null in [1, null] => true
null in null => true
null in (1, null) => true
1 in null => false
1 in [] => false
{a:1} in [{a:1}] => true
{a:1} in ({a:1},{b:2}) => true
1 in ("a") => null
@"2018-12-08" in [@"2018-12-01"..@"2018-12-31"] => true
"d" in ["a".."z"] => true
true in [true,false] => true
1 in [>0] => true
1 in [[1..3]] => true
5 in [[1..3],[4..6]] => true
1 in !=2 => true
1 in =1 => true
## if
if true then 1 else 2 => 1
if null then 1 else 2 => 2
if "x" then 1 else 2 => 2
if 1 > 0 then "a" else "b" => "a"
if false then 1 => null
if false then 1 else if true then 2 else 3 => 2
## for
for i in [1,2,3] return i*2 => [2,4,6]
for i in [1,2], j in [3,4] return i*j => [3,4,6,8]
for i in 1..3 return i => [1,2,3]
for i in 3..1 return i => [3,2,1]
for i in 1..1 return i => [1]
for i in -1..1 return i => [-1,0,1]
for i in [1..3] return i => [1,2,3]
for i in (1..3) return i => [2]
for i in (1..3] return i => [2,3]
for i in [1..3) return i => [1,2]
for i in ]1..3[ return i => [2]
for i in [1..3[ return i => [1,2]
for i in 1..2.5 return i => [1,2]
for i in [] return i => []
for i in null return i => null
for i in 1 return i => null
for i in "a" return i => null
for i in [[1,2],[3]] return count(i) => [2,1]
for i in @"2020-01-01"..@"2020-01-03" return day of week(i) => ["Wednesday","Thursday","Friday"]
for i in @"2020-01-03"..@"2020-01-01" return string(i) => ["2020-01-03","2020-01-02","2020-01-01"]
for i in [@"2020-01-01"..@"2020-01-03"] return string(i) => ["2020-01-01","2020-01-02","2020-01-03"]
for i in 0..4 return if i = 0 then 1 else i * partial[-1] => [1,1,2,6,24]
for i in 1..2, j in i..3 return i + j => [2,3,4,4,5]
for i in 1..null return i => null
for i in "a".."c" return i => null
for i in [[1,2],[3,4]], j in i return j => [1,2,3,4]
for x in [1,2] return for y in [3,4] return x*y => [[3,4],[6,8]]
for i in 1..3 return count(partial) => [0,1,2]
for i in {a:1} return i => null
## quantified
some i in [1,2] satisfies i > 1 => true
every i in [1,2] satisfies i > 0 => true
some i in [] satisfies i > 1 => false
every i in [] satisfies i > 1 => true
some i in [1,2], j in [2,3] satisfies i = j => true
every i in [1,2], j in [3,4] satisfies i < j => true
some i in 1..3 satisfies i > 2 => true
every i in [1,"a"] satisfies i = 1 => null
some i in [1,"a"] satisfies i = 2 => null
some i in null satisfies i => null
every i in null satisfies i => null
some i in [true,null] satisfies i => true
every i in [true, null] satisfies i => null
some i in [null, false] satisfies i => null
every i in [null, false] satisfies i => false
## filters
[1,2,3][2] => 2
[1,2,3][-1] => 3
[1,2,3][4] => null
[1,2,3][0] => null
[1,2,3][item > 1] => [2,3]
[1,2,3][item > 5] => []
[{a:1},{a:2}][a = 2] => [{"a":2}]
[{a:1},{a:2}][item.a = 2] => [{"a":2}]
[{a:1},{b:2}][a = 1] => [{"a":1}]
[{a:1},{b:2}].a => [1,null]
[1,2,3][true] => [1,2,3]
[1,2,3][false] => []
[1,2,3][null] => []
1[1] => 1
1[2] => null
1[item = 1] => [1]
1[item = 2] => []
null[1] => null
[][1] => null
[][item > 1] => []
[1,2,3,4][even(item)] => [2,4]
[[1,2],[3]][1] => [1,2]
[[1,2],[3]][1][2] => 2
[1,2,3][1.5] => null
{a: [1,2,3]}.a[2] => 2
[{item: 1}, {item: 2}][item > 1] => [{"item":2}]
[{x:1,y:2},{x:null,y:3}][x < 2] => [{"x":1,"y":2}]
[{x:1,y:2},{y:3}][x = null] => [{"y":3}]
true[1] => true
"abc"[1] => "abc"
{a:1}[1] => {"a":1}
{a:1}[a = 1] => [{"a":1}]
[1,2,3][if item > 1 then true else false] => [2,3]
[1,2,3,4][item in (2,4)] => [2,4]
[1,2,3,4][item between 2 and 3] => [2,3]
## paths
{a:{b:{c:1}}}.a.b.c => 1
{a:1}.b => null
[{a:1},{a:2}].a => [1,2]
[{a:{b:1}},{a:{b:2}}].a.b => [1,2]
1.a => null
null.a => null
{"a b": 1}.a b => 1
{a b: 1}.a b => 1
{"": 1} => {"":1}
## instance of
1 instance of number => true
"a" instance of string => true
true instance of boolean => true
@"2020-01-01" instance of date => true
@"10:00:00" instance of time => true
@"2020-01-01T10:00:00" instance of date and time => true
@"P1D" instance of days and time duration => true
@"P1Y" instance of years and months duration => true
@"P1Y" instance of days and time duration => false
[1] instance of list<number> => true
[1,"a"] instance of list<number> => false
[1,"a"] instance of list<Any> => true
{a:1} instance of context<a: number> => true
{a:1,b:2} instance of context<a: number> => true
{a:1} instance of context<a: string> => false
{a:1} instance of context<b: number> => false
{a:1} instance of context => true
[1..2] instance of range<number> => true
["a".."b"] instance of range<string> => true
null instance of number => false
null instance of Any => false
1 instance of Any => true
null instance of Null => true
1 instance of Null => false
abs instance of function<number>->number => true
(function(a: number) a) instance of function<number>->number => true
(function(a) a) instance of function<Any>->Any => true
(function(a: string) a) instance of function<number>->number => false
(function(a, b) a) instance of function<number>->number => false
[[1]] instance of list<list<number>> => true
[{a:1}] instance of list<context<a: number>> => true
{a:[1]} instance of context<a: list<number>> => true
[null] instance of list<number> => false
[] instance of list<number> => true
@"2020-01-01" instance of date and time => false
1 instance of unknown => null
1 = 1 instance of boolean => null
(1 = 1) instance of boolean => true
[1..2] instance of range<string> => false
`)
