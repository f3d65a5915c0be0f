"""Methods and properties of plain values, with the answers of Groovy 4.0.26: one script and its answer a line."""

import pytest

from rules.language.evaluate import eval_line

TEXTS = r"""
"a\tb".expand() = String a       b
"abc".findIndexOf { it == 'b' } = Integer 1
"a b\nc d".splitEachLine(' ') { it[0] } = String c
"${'a'}${1}".values = Object[] [a, 1]
"hello".tr('a-y', 'b-z') = String ifmmp
"abab".replaceAll(/(a)(b)/, '$2$1') = String baba
"a1b2".findAll(/\d/) { it.toInteger() * 2 } = ArrayList [2, 4]
"  a\n   b".stripIndent() = String a⏎ b
"a,b,c".split(',', 2) = String[] [a, b,c]
"abc"[0,2] = String ac
"az".next() = String a{
new StringBuilder("abc").reverse().toString() = String cba
"""
LISTS = r"""
[3,1,2].toSorted { -it } = ArrayList [3, 2, 1]
[3,1,2].sort(Comparator.reverseOrder()) = null
[3,1,2].toSorted(Comparator.reverseOrder()) = ArrayList [3, 2, 1]
['bb','a'].toSorted(Comparator.comparing { it.size() }) = ArrayList [a, bb]
[1,2,3].minus([1]) { it } = ArrayList [2, 3]
[1,2].plus(1, [9]) = ArrayList [1, 9, 2]
[1,2].collectEntries([x: 0]) { [(it): it] } = LinkedHashMap [x:0, 1:1, 2:2]
def l = [1,2]; l.addAll(3, [4]) = EXC IndexOutOfBoundsException
[1,2,3,4,5].collate(3, 1) = ArrayList [[1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5], [5]]
Collections.frequency([1,1,2], 1) = Integer 2
Objects.hash(1, 2) = Integer 994
[1,2].collectEntries { "a$it" } = EXC MissingMethodException
"""
MAPS = r"""
def m=[a:1,b:2]; m.keySet().removeAll(['a']); m = LinkedHashMap [b:2]
def m=[a:1,b:2]; m.keySet().remove('a'); m = LinkedHashMap [b:2]
def m=[a:1,b:1]; m.values().remove(1); m = LinkedHashMap [b:1]
def m=[a:1,b:2]; m.values().removeIf { it > 1 }; m = LinkedHashMap [a:1]
def m=[a:1,b:2]; m.entrySet().removeIf { it.value > 1 }; m = LinkedHashMap [a:1]
def m=[a:1,b:2]; m.keySet().retainAll(['a']); m = LinkedHashMap [a:1]
[a:1].values()[0] = Integer 1
[a:1].keySet() + 'b' = LinkedHashSet [a, b]
[a:1,b:2].dropWhile { k, v -> v < 2 } = LinkedHashMap [b:2]
[a:1,b:2].intersect([a:1]) = LinkedHashMap [a:1]
[a:1,b:2].inject(0) { s, k, v -> s + v } = Integer 3
Map.entry('a', 1).value = Integer 1
"""
NUMBERS = r"""
1.567.round(2) = BigDecimal 1.57
5.5.hashCode() = Integer 1706
5.5d.hashCode() = Integer 1075183616
new BigDecimal("1.5").movePointLeft(1) = BigDecimal 0.15
new BigInteger("5").pow(2) = BigInteger 25
new BigInteger("7").gcd(new BigInteger("21")) = BigInteger 7
new BigInteger("7").pow(-1) = EXC ArithmeticException
Integer.signum(-4) = Integer -1
Double.isNaN(0d/0) = Boolean true
Boolean.toString(true) = String true
java.util.concurrent.TimeUnit.HOURS.toMillis(1) = Long 3600000
"""
DATES = r"""
java.time.Instant.EPOCH.plusSeconds(5) = Instant 1970-01-01T00:00:05Z
Locale.ENGLISH.language = String en
new Date(0).dateString = String 1/1/70
new Date(0).dateTimeString = String 1/1/70, 12:00:00 AM
new Date(0).updated(year: 2000) = Date Sat Jan 01 00:00:00 UTC 2000
java.time.LocalDate.of(2024, 1, 31).plusMonths(1) = LocalDate 2024-02-29
UUID.nameUUIDFromBytes('a'.bytes).toString() = String 0cc175b9-c0f1-36a8-b1c3-99e269772661
"""


@pytest.mark.parametrize(
    "table", [TEXTS, LISTS, MAPS, NUMBERS, DATES], ids=["texts", "lists", "maps", "numbers", "dates"]
)
def test_members_answer_as_groovy_has_them(table: str) -> None:
    different = []
    for line in table.strip().splitlines():
        script, _, wanted = line.rpartition(" = ")
        answer = eval_line(script).replace("\n", "⏎")
        if (answer.split(":")[0] if answer.startswith("EXC") else answer) != wanted:
            different.append((script, wanted, answer))
    assert different == []
