"""What a hostile rule tries: texts that are hard to read, and one-liners that grow, hang or dig. Shared by the fast
tests, which run them under small limits, and the slow one, which runs them under the real ones in a small process."""


def texts(n: int) -> dict[str, str]:
    """Texts that no parser should follow all the way down, `n` deep."""
    return {
        "parentheses": "(" * n + "1" + ")" * n,
        "lists": "[" * n + "]" * n,
        "blocks": "{" * n + "}" * n,
        "closures": "x = " + "{ -> " * n + "}" * n,
        "not": "x = " + "!" * n + "true",
        "minus": "x = " + "- " * n + "1",
        "ifs": "if (a) " * n + "b = 1",
        "strings in strings": "x = " + '"${' * n + "1" + '}"' * n,
        "casts": "x = " + "(A)" * n + "b",
        "assignments": "a = " * n + "1",
        "ternaries": "x = " + "a ? b : " * n + "c",
        "elvis": "x = " + "a ?: " * n + "c",
        "open parentheses": "(" * n,
        "open lists": "[" * n,
        "open blocks": "{" * n,
        "open strings": 'x = "' + "${" * n,
        "maps": "x = " + "[a: " * n + "1" + "]" * n,
        "calls": "x = " + "f(" * n + ")" * n,
        "paths": "x = a" + ".b" * n,
        "indexes": "x = a" + "[0]" * n,
        "safe paths": "x = a" + "?.b" * n,
        "chained calls": "x = a" + ".b()" * n,
        "closures applied": "x = a" + " { }" * n,
        "news": "x = " + "new A(" * n + ")" * n,
        "classes": "class A { " * n + "}" * n,
        "tries": "try { " * n + "} catch (e) { }" * n,
        "switches": "switch (a) { case 1: " * n + "}" * n,
        "labels": "a: " * n + "b = 1",
        "generics": "List" + "<List" * n + ">" * n + " x = null",
        "too long": "x = 1\n" * 60_000,
        "one long text": "x = '" + "a" * 300_000 + "'",
        "lambdas": "x = " + "a -> " * n + "1",
        "annotations": "@A(" * n + ")" * n + " x = 1",
        "spreads": "x = f(" + "*" * n + "a)",
        "dollar": "x = " + '"$a' * n,
        "constants with bodies": "enum A { B { " * n + "} }" * n,
        "annotations that count": "@Canonical(" * n + ")" * n + " class A { }",
        "words": "a b " * n,
        "anonymous classes": "x = " + "new A() { def f() { " * n + "} }" * n,
        "records": "record A(int x = " * n + ")" * n,
    }


# Texts that are long, and plain: they end soon, one way or the other.
LONG = {
    "powers": "x = " + "2 ** " * 5_000 + "1",
    "ranges": "x = 1" + "..1" * 5_000,
    "as": "x = a" + " as A" * 5_000,
    "in": "x = a" + " in a" * 5_000,
    "arrays": "x = new int" + "[1]" * 5_000,
    "a wide sum": "x = " + "1 + " * 8_000 + "1",
    "a wide text": "x = 'a'" + " + 'a'" * 8_000,
    "else if": "a = 1\nif (a == 0) { x = 0 }" + " else if (a == 0) { x = 1 }" * 2_000,
    "a wide list": "x = [" + "1, " * 10_000 + "1]",
    "many statements": "x = 1\n" * 5_000,
    "many strings": 'x = "' + "${1}" * 5_000 + '"',
    "a wide condition": "x = true" + " && true" * 8_000,
    "newlines": "\n" * 200_000 + "x = 1",
    "comments": "/* a */ " * 20_000 + "x = 1",
}

_EXPLODING = "a" * 40 + "!"

# Rules that have to be stopped: each ends at a limit, whatever it catches.
RULES = {
    "a loop without end": "while (true) { }",
    "another": "for (;;) { x = 1 }",
    "each over a range without end": "(1..2000000000).each { x = it }",
    "for over a range without end": "for (i in 1..2000000000) { }",
    "times": "2000000000.times { }",
    "upto": "1.upto(2000000000) { }",
    "a text that doubles": "def s = 'a'; for (i in 0..60) { s += s }",
    "a GString that doubles": "def s = 'ab'; for (i in 0..60) { s = \"$s$s\".toString() }",
    "a text times a billion": "'a' * 1000000000",
    "repeat": "'a'.repeat(1000000000)",
    "padLeft": "'a'.padLeft(1000000000)",
    "padRight": "'a'.padRight(1000000000, 'b')",
    "center": "'a'.center(1000000000)",
    "a wide format": "String.format('%1000000000d', 1)",
    "a precise format": "String.format('%.1000000000f', 1.0)",
    "a power": "9 ** (9 ** 7)",
    "another power": "def x = 9; while (true) { x = x ** 9 }",
    "a decimal power": "1.5 ** 100000000",
    "a shift": "def x = 2G; while (true) { x = x << 1000 }",
    "multiplied": "def x = 3G; while (true) { x = x * x }",
    "decimals multiplied": "def x = 1.1; while (true) { x = x * x }",
    "a huge decimal": "new BigDecimal('1e3000000').toInteger()",
    "a huge integer": "('9' * 100000).toBigInteger()",
    "plain text of a huge decimal": "new BigDecimal('1e3000000').toPlainString()",
    "scale": "1.0.setScale(1000000000)",
    "replace amplified": "def s = 'a' * 100000; s.replace('a', s)",
    "replaceAll amplified": "def s = 'a' * 100000; s.replaceAll('a', s)",
    "replaceAll by a closure": "def s = 'a' * 100000; s.replaceAll(/a/) { s }",
    "join amplified": "def s = 'a' * 100000; ([s] * 1000).join(s)",
    "a list times a million": "[1] * 1000000000",
    "a list that doubles": "def l = [1]; for (i in 0..60) { l += l }",
    "a list that grows": "def l = []; while (true) { l << 'abcdefgh' }",
    "a map that grows": "def m = [:]; def i = 0; while (true) { m[i++] = i }",
    "a builder that grows": "def b = new StringBuilder(); while (true) { b << 'abcdefghijklmnop' }",
    "a list padded": "def l = []; l[1000000000] = 1",
    "a range made a list": "(1..2000000000).toList()",
    "a range collected": "(1..2000000000).collect { it }",
    "a shared list printed": "def l = ['x']; for (i in 0..40) { l = [l, l] }; l.toString()",
    "a shared list in a GString": "def l = ['x']; for (i in 0..40) { l = [l, l] }; \"$l\".toString()",
    "a shared list compared": ("def a = ['x']; def b = ['x']; for (i in 0..40) { a = [a, a]; b = [b, b] }; a == b"),
    "a shared list flattened": "def l = ['x']; for (i in 0..40) { l = [l, l] }; l.flatten()",
    "a shared list as JSON": "def l = ['x']; for (i in 0..40) { l = [l, l] }; groovy.json.JsonOutput.toJson(l)",
    "a list in itself as JSON": "def l = []; l << l; groovy.json.JsonOutput.toJson(l)",
    "a deep list printed": "def l = []; for (i in 0..5000) { l = [l] }; l.toString()",
    "deep brackets in JSON": "new groovy.json.JsonSlurper().parseText('[' * 100000)",
    "deep objects in JSON": "new groovy.json.JsonSlurper().parseText('{\"a\":' * 100000)",
    "a function that calls itself": "def f(n) { f(n + 1) }; f(0)",
    "a closure that calls itself": "def c; c = { c(it) }; c(1)",
    "two that call each other": "def f() { g() }; def g() { f() }; f()",
    "a text that is its own": 'class A { String toString() { "${this}" } }; "${new A()}".toString()',
    "a property that reads itself": "class A { def getX() { this.getX() } }; new A().x",
    "a constructor that calls itself": "class A { A() { new A() } }; new A()",
    "a comparator without end": "[3, 1, 2].sort { a, b -> while (true) { } }",
    "a comparator that recurses": "def f(l) { l.sort { a, b -> f(l.clone()); 0 } }; f([3, 1, 2])",
    "an equality that recurses": "class A { boolean equals(o) { this == o } }; new A() == new A()",
    "a regular expression that explodes": f"'{_EXPLODING * 100}' ==~ /(a+)+b/ ; while (true) {{ }}",
    "many that explode": f"while (true) {{ '{'a' * 2_000}!' =~ /^(([a-z])+.)+[A-Z]([a-z])+$/ ? 1 : 2 }}",
    "a pattern that explodes while it is compiled": "'a' ==~ /((a{300}){300}){300}/",
    "a long pattern": "'a' ==~ ('a' * 5000)",
    "a deep pattern": "'a' ==~ ('(' * 60 + ')' * 60)",
    "patterns without end": "def i = 0; while (true) { 'a' ==~ ('a{' + (i++ % 900 + 1) + '}') }",
    "inject": "(1..100).inject('a') { s, i -> s + s }",
    "combinations": "([(1..50).toList()] * 10).combinations()",
    "permutations": "(1..12).toList().permutations()",
    "subsequences": "(1..30).toList().subsequences()",
    "a decorated sum": "([('a' * 10000)] * 1000).sum()",
    "readLines": "('a\\n' * 90000).readLines() * 100",
    "tokenize": "def s = 'a,' * 90000; while (true) { s.tokenize(',') }",
    "split": "def s = 'a,' * 90000; while (true) { s.split(',') }",
    "toSet": "def l = (1..90000).toList(); while (true) { l as Set }",
    "each with growth": "def l = [1]; while (true) { l = l.collectMany { [it, it] } }",
    "base64": "def s = 'a' * 100000; while (true) { s = s.bytes.encodeBase64().toString() }",
    "url": "def s = '&' * 100000; while (true) { s = URLEncoder.encode(s, 'UTF-8') }",
    "a date far away": "def d = new Date(0); while (true) { d = d + 2000000000 }",
    "log": "while (true) { println('a' * 1000) }",
    "with": "def m = [:]; while (true) { m.with { a = 1 } }",
    "withDefault": "def m = [:].withDefault { it }; def i = 0; while (true) { m[i++] }",
    "a finally that goes on": "try { while (true) { } } finally { while (true) { } }",
    "exceptions without end": "while (true) { try { throw new Exception('x') } catch (e) { } }",
    "a cause in itself": "def e = new Exception('a'); while (true) { e = new Exception('b', e) }",
    "spread": "def l = [['a'] * 1000] * 1000; while (true) { l*.size() }",
    "multiply in place": "def s = 'ab'; while (true) { s *= 3 }",
    "a walk over all days": "java.time.LocalDate.of(1, 1, 1).upto(java.time.LocalDate.of(9999, 1, 1)) { }",
    "a range of all seconds": (
        "(java.time.LocalDateTime.of(2000, 1, 1, 0, 0)..java.time.LocalDateTime.of(2024, 1, 1, 0, 0)).size()"
    ),
    "objects that collide": (
        "class A {\n int hashCode() { 1 }\n boolean equals(o) { false } }; "
        "def s = [] as Set; while (true) { s << new A() }"
    ),
    "equality in a circle": (
        "class A {\n int hashCode() { 1 }\n boolean equals(o) { [(this): 1] == [(o): 1] } }; "
        "def s = [new A()] as Set; s << new A()"
    ),
    "hash in a circle": (
        "class A {\n int hashCode() { [this].toSet().size() }\n boolean equals(o) { true } }; [new A()] as Set"
    ),
    "transpose": "def l = [[1] * 1000] * 1000; while (true) { l = l.transpose() }",
}

# Where what a rule catches would show: none of these may run after a limit.
WRAPPED = (
    "try {{ {0} }} catch (Throwable t) {{ caught << 't' }} finally {{ caught << 'finally' }}; caught << 'after'",
    "try {{ {0} }} catch (e) {{ caught << 'e' }}; caught << 'after'",
    "[1].each {{ try {{ {0} }} catch (Exception | Error e) {{ caught << 'both' }} }}; caught << 'after'",
)


def wrapped(rule: str, way: int) -> str:
    """The rule in something that would catch it; functions and classes stay outside, where Groovy wants them."""
    *before, last = split(rule)
    return "; ".join([*before, WRAPPED[way].format(last)])


def split(rule: str) -> list[str]:
    """Definitions of functions and classes, and the rest."""
    parts = rule.split("; ")
    count = 0
    while count < len(parts) - 1 and (
        parts[count].startswith("class ") or parts[count].startswith(("def f(", "def g("))
    ):
        count += 1
    return [*parts[:count], "; ".join(parts[count:])]
