/** Functions on ranges (DMN 1.3 table 78, all its examples), range() of DMN 1.4, literals, names and invocations. */
import { clauses } from './clauses.ts'

clauses(String.raw`
## table 78 examples
before(1, 10) => true
before(10, 1) => false
before(1, [1..10]) => false
before(1, (1..10]) => true
before(1, [5..10]) => true
before([1..10], 10) => false
before([1..10), 10) => true
before([1..10], 15) => true
before([1..10], [15..20]) => true
before([1..10], [10..20]) => false
before([1..10), [10..20]) => true
before([1..10], (10..20]) => true
after(10, 5) => true
after(5, 10) => false
after(12, [1..10]) => true
after(10, [1..10)) => true
after(10, [1..10]) => false
after([11..20], 12) => false
after([11..20], 10) => true
after((11..20], 11) => true
after([11..20], 11) => false
after([11..20], [1..10]) => true
after([1..10], [11..20]) => false
after([11..20], [1..11)) => true
after((11..20], [1..11]) => true
meets([1..5], [5..10]) => true
meets([1..5), [5..10]) => false
meets([1..5], (5..10]) => false
meets([1..5], [6..10]) => false
met by([5..10], [1..5]) => true
met by([5..10], [1..5)) => false
met by((5..10], [1..5]) => false
met by([6..10], [1..5]) => false
overlaps([1..5], [3..8]) => true
overlaps([3..8], [1..5]) => true
overlaps([1..8], [3..5]) => true
overlaps([3..5], [1..8]) => true
overlaps([1..5], [6..8]) => false
overlaps([6..8], [1..5]) => false
overlaps([1..5], [5..8]) => true
overlaps([1..5], (5..8]) => false
overlaps([1..5), [5..8]) => false
overlaps([1..5), (5..8]) => false
overlaps([5..8], [1..5]) => true
overlaps((5..8], [1..5]) => false
overlaps([5..8], [1..5)) => false
overlaps((5..8], [1..5)) => false
overlaps before([1..5], [3..8]) => true
overlaps before([1..5], [6..8]) => false
overlaps before([1..5], [5..8]) => true
overlaps before([1..5], (5..8]) => false
overlaps before([1..5), [5..8]) => false
overlaps before([1..5), (1..5]) => true
overlaps before([1..5], (1..5]) => true
overlaps before([1..5), [1..5]) => false
overlaps before([1..5], [1..5]) => false
overlaps after([3..8], [1..5]) => true
overlaps after([6..8], [1..5]) => false
overlaps after([5..8], [1..5]) => true
overlaps after((5..8], [1..5]) => false
overlaps after([5..8], [1..5)) => false
overlaps after((1..5], [1..5)) => true
overlaps after((1..5], [1..5]) => true
overlaps after([1..5], [1..5)) => false
overlaps after([1..5], [1..5]) => false
finishes(10, [1..10]) => true
finishes(10, [1..10)) => false
finishes([5..10], [1..10]) => true
finishes([5..10), [1..10]) => false
finishes([5..10), [1..10)) => true
finishes([1..10], [1..10]) => true
finishes((1..10], [1..10]) => true
finished by([1..10], 10) => true
finished by([1..10), 10) => false
finished by([1..10], [5..10]) => true
finished by([1..10], [5..10)) => false
finished by([1..10), [5..10)) => true
finished by([1..10], [1..10]) => true
finished by([1..10], (1..10]) => true
includes([1..10], 5) => true
includes([1..10], 12) => false
includes([1..10], 1) => true
includes([1..10], 10) => true
includes((1..10], 1) => false
includes([1..10), 10) => false
includes([1..10], [4..6]) => true
includes([1..10], [1..5]) => true
includes((1..10], (1..5]) => true
includes([1..10], (1..10)) => true
includes([1..10), [5..10)) => true
includes([1..10], [1..10)) => true
includes([1..10], (1..10]) => true
includes([1..10], [1..10]) => true
during(5, [1..10]) => true
during(12, [1..10]) => false
during(1, [1..10]) => true
during(1, (1..10]) => false
during(10, [1..10)) => false
during([4..6], [1..10)) => true
during([1..5], [1..10]) => true
during((1..5], (1..10]) => true
during((1..10), [1..10]) => true
during([5..10), [1..10)) => true
during([1..10), [1..10]) => true
during((1..10], [1..10]) => true
starts(1, [1..10]) => true
starts(1, (1..10]) => false
starts(2, [1..10]) => false
starts([1..5], [1..10]) => true
starts((1..5], (1..10]) => true
starts((1..5], [1..10]) => false
starts([1..5], (1..10]) => false
starts([1..10], [1..10]) => true
starts([1..10), [1..10]) => true
starts((1..10), (1..10)) => true
started by([1..10], 1) => true
started by((1..10], 1) => false
started by([1..10], 2) => false
started by([1..10], [1..5]) => true
started by((1..10], (1..5]) => true
started by([1..10], (1..5]) => false
started by((1..10], [1..5]) => false
started by([1..10], [1..10]) => true
started by([1..10], [1..10)) => true
started by((1..10), (1..10)) => true
coincides(5, 5) => true
coincides(3, 4) => false
coincides([1..5], [1..5]) => true
coincides((1..5), [1..5]) => false
coincides([1..5], [2..6]) => false
before("a", "b") => true
before(@"2020-01-01", @"2021-01-01") => true
before(null, 1) => null
before(1) => null
before() => null
before(1, "a") => null
before(point1: 1, point2: 2) => true
before(point: 1, range: [2..3]) => true
before(range: [2..3], point: 5) => true
before(range1: [2..3], range2: [5..6]) => true
after(point1: 1, point2: 2) => false
after(point: 1, range: [2..3]) => false
after(range: [2..3], point: 1) => true
after(range1: [2..3], range2: [5..6]) => false
meets(range1: [1..5], range2: [5..10]) => true
met by(range1: [1..5], range2: [5..10]) => false
overlaps(range1: [1..5], range2: [5..10]) => true
overlaps before(range1: [1..5], range2: [5..10]) => true
overlaps after(range1: [1..5], range2: [5..10]) => false
finishes(point: 10, range: [1..10]) => true
finishes(range1: [5..10], range2: [1..10]) => true
finished by(range: [1..10], point: 10) => true
finished by(range1: [1..10], range2: [5..10]) => true
includes(range: [1..10], point: 1) => true
includes(range1: [1..10], range2: [1..2]) => true
during(point: 1, range: [1..2]) => true
during(range1: [1..2], range2: [1..2]) => true
starts(point: 1, range: [1..2]) => true
starts(range1: [1..2], range2: [1..2]) => true
started by(range: [1..2], point: 1) => true
started by(range1: [1..2], range2: [1..2]) => true
coincides(point1: 1, point2: 1) => true
coincides(range1: [1..2], range2: [1..2]) => true
meets(1, [1..2]) => null
meets([1..2], null) => null
includes(1, 1) => null
finishes(1, 1) => null
starts(1, 1) => null
during(1, 1) => null
coincides(1, [1..1]) => null
coincides(null, null) => null
includes([1..10], null) => null
includes([1..10], "a") => null
includes(["a".."c"], "b") => true
## range()
range("[1..3]") = [1..3] => true
range("(1..3)") = (1..3) => true
range("]1..3[") = (1..3) => true
range("[\"a\"..\"c\"]") = ["a".."c"] => true
range("[@\"2020-01-01\"..@\"2020-02-01\"]") = [@"2020-01-01"..@"2020-02-01"] => true
range("[date(\"2020-01-01\")..date(\"2020-02-01\")]") = [@"2020-01-01"..@"2020-02-01"] => true
range("[1..]") => null
range("(..3]") => null
range("[3..1]") => null
range("") => null
range(null) => null
range() => null
range("abc") => null
range("[1..\"a\"]") => null
range(from: "[1..3]") = [1..3] => true
range("[..]") => null
range("(..3]") = (<=3) => true
range("[1..)") = (>=1) => true
range("(1..)") = (>1) => true
range("[@\"P1D\"..@\"P2D\"]") = [@"P1D"..@"P2D"] => true
range("[1+1..3]") => null
range("[-1..3]") = [-1..3] => true
range("1..3") => null
range("[1..3") => null
range("[ 1 .. 3 ]") = [1..3] => true
range("[1...3]") => null
range("[null..3]") => null
## literals
@"2020-01-01" => "2020-01-01"
@"foo" => null
@"" => null
@"P1D" => "P1D"
@"10:00:00" => "10:00:00"
@"2020-01-01T10:00:00Z" => "2020-01-01T10:00:00Z"
"\u0041" => "A"
"\t" => "\t"
"\"" => "\""
"\\" => "\\"
"\U01F40E" => "🐎"
"\uD83D\uDC0E" => "🐎"
.5 => 0.5
-.5 => -0.5
1. => null
0.5e1 => 5
1E2 => 100
1.5e-2 => 0.015
5. 5 => null
true => true
"" => ""
[1,2,] => null
{} => {}
[] => []
1 // comment => 1
1 /* comment */ + 2 => 3
1 + 1 => 2
(1) => 1
((1)) => 1
1 and => null
+1 => null
- 1 => -1
--1 => 1
a.b => null
function(x) x + 1 => null
(function(x) x + 1)(1) => 2
(function(x: number) x + 1)(1) => 2
(function(x: number) x + 1)("a") => null
(function(x: number) x + 1)(x: 1) => 2
(function(x, y) x + y)(y: 1, x: 2) => 3
(function(x) x)() => null
(function(x) x)(1,2) => null
(function() 5)() => 5
(function(x: list<number>) count(x))(1) => 1
(function(x: list<number>) count(x))([1,2]) => 2
(function(x: number) x)([5]) => 5
(function(x: number) x)(null) => null
(function(f) f(2))(function(y) y * 2) => 4
(function(x: date and time) x)(@"2020-01-01") => "2020-01-01T00:00:00Z"
(function(x: string) x)(1) => null
(function(x: context<a: number>) x.a)({a: 1}) => 1
(function(x: Any) x)("k") => "k"
(function(x: dateTime) x)(@"2020-01-01") => "2020-01-01T00:00:00Z"
{a: function(n) if n <= 1 then 1 else n * a(n - 1), b: a(5)}.b => 120
abs(1).x => null
foo() => null
abs("1") => null
"abs"(-1) => null
1(2) => null
null() => null
(function(x) x.y)({y: 1}) => 1
{f: function(a,b) a + b, c: f(a: 1, b: 2)}.c => 3
{f: function(a,b) a + b, c: f(a: 1, d: 2)}.c => null
function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}} => null
(function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}})(1) => null
count([1,2,3][item > 1]) => 2
[1,2,3][item > 1][1] => 2
{a: {b: 1}}.a["b"] => []
if 1 = 1 then "a" + "b" else "c" => "ab"
not(true) or true => true
every x in [1,2] satisfies x > 0 and x < 3 => true
some x in [1,2] satisfies x > 1 or x < 0 => true
for x in [1,2] return x + 1 => [2,3]
(for x in [1,2] return x)[1] => 1
{x: 1}.x + 1 => 2
{a: 1}.a = 1 => true
1 in [1,2] and 2 in [2,3] => true
1 between 0 and 2 and true => true
[1 .. 3] = [1..3] => true
1 < 2 = true => true
if null = null then 1 else 2 => 1
{a: 1, "b c": 2}.b c => 2
{ "b c": 2, d: b c + 1}.d => 3
{b c: 2, d: b c + 1}.d => 3
{a-b: 2, d: a-b + 1}.d => 3
{a+b: 2, d: a+b + 1}.d => 3
{é: 1}.é => 1
{"名": 1}.名 => 1
{🐎: 1}.🐎 => 1
for 🐎 in [1] return 🐎 + 1 => [2]
[{a: 1, b: 2}, {a: 3}].b => [2,null]
is defined(null) => false
[1, 2, 3][-4] => null
"a" in ["a".."b"] => true
[1,2,3] = [1,2,3][true] => true
@"2020-01-01" in (@"2019-01-01"..@"2021-01-01") => true
5 in (>= 1) => true
5 in >= 1 => true
(>= 1) = (>=1) => true
> 5 => null
[< 5][1] = (<5) => true
time("10:30:01.5").second => 1.5
`)
