"""Java's patterns over our reader: every answer here is Java's own."""

import time
from contextlib import suppress

import pytest

from rules.language.java.errors import JavaError, OverLimit
from rules.language.java.patterns import (
    compile_pattern,
    find_all,
    full_match,
    group,
    prefix_match,
    quote,
    search,
    split,
)
from rules.language.java.replacements import expand, quote_replacement, replace_all, replace_first, replace_with
from tests.rules.language.java.budget import Meter, OutOfRoom, Patience

# A text, a pattern, and whether the pattern matches the whole text, or what is wrong with it.
MATCHES = [
    ("aa", "a{2}{3}", True),
    ("a", "a**", "Dangling meta character '*'"),
    ("a", "(a", "Unclosed group"),
    ("a", "a)", "Unmatched closing ')'"),
    ("a", "[a", "Unclosed character class"),
    ("a", "[]a]", True),
    ("a", "[^]b]", True),
    ("a", "a{,3}", "Illegal repetition"),
    ("a", "a{3,1}", "Illegal repetition range"),
    ("a", "{", "Illegal repetition"),
    ("a", "a{", "Illegal repetition"),
    ("a", "a{1", "Unclosed counted closure"),
    ("a", "a{x}", "Illegal repetition"),
    ("a", "\\", "Unexpected internal error"),
    ("a", "\\y", "Illegal/unsupported escape sequence"),
    ("a", "\\p{Foo}", "Unknown character property name {Foo}"),
    ("a", "\\p{", "Unclosed character family"),
    ("a", "\\p{IsFoo}", "Unknown character property name {IsFoo}"),
    ("a", "(?<1a>b)", "capturing group name does not start with a Latin letter"),
    ("a", "(?<a>b)(?<a>c)", "Named capturing group <a> is already defined"),
    ("a", "(?<a", "named capturing group is missing trailing '>'"),
    ("a", "(?<>a)", "capturing group name does not start with a Latin letter"),
    ("a", "(?P<a>b)", "Unknown inline modifier"),
    ("a", "(?z)a", "Unknown inline modifier"),
    ("a", "(?", "Unknown inline modifier"),
    ("a", "(?i", "Unknown inline modifier"),
    ("a", "\\k<x>", "named capturing group <x> does not exist"),
    ("a", "\\k", "\\k is not followed by '<' for named capturing group"),
    ("a", "[z-a]", "Illegal character range"),
    ("a", "[a-\\d]", "Illegal character range"),
    ("a", "[\\d-a]", True),
    ("-", "[\\d-a]", True),
    ("-", "[a-]", True),
    ("-", "[a-[b]]", True),
    ("b", "[a-[b]]", True),
    ("a", "\\x4", "Illegal hexadecimal escape sequence"),
    ("a", "\\x{zz}", "Illegal hexadecimal escape sequence"),
    ("a", "\\u00", "Illegal Unicode escape sequence"),
    ("a", "\\0", "Illegal octal escape sequence"),
    ("a", "\\c", "Illegal control escape sequence"),
    ("a", "\\1", False),
    ("b", "\\1|b", True),
    ("aa", "(a)\\2", False),
    ("a", "(?<=a*)a", True),
    ("a", "(?<=a+)", False),
    ("a", "(?<!a+)a", True),
    ("a", "[a&&b]", False),
    ("a", "[a&&]", True),
    ("a", "[&&a]", True),
    ("a", "[a&&&&a]", True),
    ("a", "[a-z&&[^b]]", True),
    ("b", "[a-z&&[^b]]", False),
    ("c", "[^a&&b]", True),
    ("a", "[^a&&b]", True),
    ("b", "[^a&&b]", True),
    ("c", "[^a[b]]", True),
    ("b", "[^a[b]]", False),
    ("b", "[a-c&&b-d&&[b]]", True),
    ("a\nb", "a.b", False),
    ("a\rb", "a.b", False),
    ("a\x85b", "a.b", False),
    ("a\rb", "(?d)a.b", True),
    ("a\nb", "(?s)a.b", True),
    ("É", "(?i)é", False),
    ("É", "(?iu)é", True),
    ("K", "(?i)k", True),
    ("K", "(?i)k", False),
    ("K", "(?iu)k", True),
    ("a", "(?i)\\p{Lu}", True),
    ("a", "(?i)\\p{Upper}", True),
    ("a", "(?i)[\\p{Lu}]", True),
    ("A", "(?i)[a-z]", True),
    ("A", "(?i)[^a]", False),
    ("aA", "(?i)(a)\\1", True),
    ("é", "\\p{L}", True),
    ("é", "\\p{Alpha}", False),
    ("é", "(?U)\\p{Alpha}", True),
    ("é", "\\p{IsAlphabetic}", True),
    ("é", "\\p{javaLetter}", True),
    ("é", "\\p{IsLatin}", True),
    ("é", "\\p{InLatin-1Supplement}", True),
    ("é", "\\p{InLATIN_1_SUPPLEMENT}", True),
    ("é", "\\p{script=Latin}", True),
    ("é", "\\p{gc=Ll}", True),
    ("é", "\\p{general_category=Ll}", True),
    ("é", "\\pL", True),
    ("é", "\\PL", False),
    ("é", "\\p{^L}", "Unknown character property name {^L}"),
    ("a b", "(?x)a b", False),
    ("ab", "(?x)a b # c", True),
    ("a b", "(?x)a[ ]b", "Unclosed character class"),
    ("a b", "(?x)a\\ b", True),
    ("ab", "(?x)a[ b]", True),
    ("aB", "a(?i)b", True),
    ("aB", "a(?i:b)", True),
    ("AB", "(?i)a(?-i)b", False),
    ("Ab", "((?i)a)b", True),
    ("AB", "((?i)a)b", False),
    ("a.b", "\\Qa.b\\E", True),
    ("a.b", "\\Qa.b", True),
    ("a", "\\E", "Illegal/unsupported escape sequence"),
    ("ab", "\\Qa\\Eb", True),
    ("aaa", "a{2}a", True),
    ("aaaa", "a++a", False),
    ("a", "\\N{LATIN SMALL LETTER A}", True),
    ("\t", "\\cI", True),
    ("\x1b", "\\e", True),
    ("A", "\\0101", True),
    ("A", "\\x41\\x{42}?", True),
    ("A", "\\u0041", True),
    ("}", "}", True),
    ("]", "]", True),
    ("a", "a|*", "Dangling meta character '*'"),
    ("a", "(?=", "Unclosed group"),
    ("a", "(?<n>a)\\k<n>?", True),
    ("a", "(?c)", False),
    ("a", "(?-", "Unknown inline modifier"),
    ("a", "a++?", "Dangling meta character '?'"),
    ("a", "a{1}+", True),
    ("a", "a{99999999999}", "Illegal repetition range"),
    ("a", "(?>a", "Unclosed group"),
    ("a", "[[:alpha:]]", True),
    ("a", "[a-z", "Unclosed character class"),
    ("a", "[a-", "Illegal character range"),
    ("a", "[\\Qa-z\\E]", True),
    ("-", "[\\Qa-z\\E]", True),
    ("m", "[\\Qa-z\\E]", False),
    ("a", "[^", "Unclosed character class"),
    ("^", "[a^]", True),
    ("a", "\\g", "Illegal/unsupported escape sequence"),
    ("a", "\\L", "Illegal/unsupported escape sequence"),
    ("a", "\\b{g}a", True),
    ("\x0b", "\\v", True),
    ("a", "(?#x)a", "Unknown inline modifier"),
    ("a", "^*a", True),
    ("a", "$+a", False),
    ("a", "\\b+a", True),
    ("a", "x*+a", True),
]


@pytest.mark.parametrize(("text", "pattern", "expected"), MATCHES)
def test_patterns_mean_what_they_mean_in_java(text: str, pattern: str, expected: bool | str) -> None:
    try:
        found: bool | str = full_match(compile_pattern(pattern), text, Patience()) is not None
    except JavaError as error:
        found = str(error.message).split(" near index")[0]
    assert found == expected


FINDS = [
    ("a\n", "a$", True),
    ("a\r\n", "a$", True),
    ("a\n\n", "a$", False),
    ("a\u2028", "a$", True),
    ("a\r\n", "a\r$", False),
    ("a\n", r"a\Z", True),
    ("a\n", r"a\z", False),
    ("", "(?m)^", False),
    ("x\na", "(?m)^a", True),
    ("foo.bar", r"\bbar", True),
    ("a\u00a0b", r"\s", False),
    ("a\u00a0b", r"\h", True),
    ("été", r"\bt", True),  # ASCII words, as from Java 19 on
]


@pytest.mark.parametrize(("text", "pattern", "expected"), FINDS)
def test_a_pattern_is_found_where_java_finds_it(text: str, pattern: str, expected: bool) -> None:
    assert (search(compile_pattern(pattern), text, 0, Patience()) is not None) == expected


REPLACED = [
    ("a\nb", "(?m)^", ">", ">a\n>b"),
    ("a\nb\n", "(?m)^", ">", ">a\n>b\n"),
    ("a\r\nb\r\n", "(?m)$", ">", "a>\r\nb>\r\n>"),
    ("xab", "x*", "-", "--a-b-"),
    ("aaaa", "a{2,3}?", "x", "xx"),
    ("abc", "(b)", "$12", "ab2c"),
    ("abc", "(?<n>b)", "<${n}>", "a<b>c"),
    ("abc", "(z)?b", "<$1>", "a<>c"),
    ("abc", "b", "\\\\", "a\\c"),
    ("abc", "z", "$", "abc"),  # a replacement is read at the first match
    ("2024-01-02", r"(\d+)-(\d+)-(\d+)", "$3/$2/$1", "02/01/2024"),
    ("abc", "(b)", "$", "!IllegalArgumentException: Illegal group reference: group index is missing"),
    ("abc", "(b)", "$x", "!IllegalArgumentException: Illegal group reference"),
    ("abc", "(b)", "$2", "!IndexOutOfBoundsException: No group 2"),
    ("abc", "(b)", "\\", "!IllegalArgumentException: character to be escaped is missing"),
    ("abc", "(b)", "${1}", "!IllegalArgumentException: capturing group name {1} starts with digit character"),
    ("abc", "(?<n>b)", "${m}", "!IllegalArgumentException: No group with name {m}"),
    ("abc", "(?<n>b)", "${n", "!IllegalArgumentException: named capturing group is missing trailing '}'"),
    ("abc", "(?<n>b)", "${}", "!IllegalArgumentException: named capturing group has 0 length name"),
]


@pytest.mark.parametrize(("text", "pattern", "replacement", "expected"), REPLACED)
def test_replacing_follows_java(text: str, pattern: str, replacement: str, expected: str) -> None:
    try:
        found = replace_all(compile_pattern(pattern), text, replacement, Patience(), Meter())
    except JavaError as error:
        found = f"!{error.class_name.split('.')[-1]}: {error.message}"
    assert found == expected


def test_the_first_match_alone_is_replaced() -> None:
    assert replace_first(compile_pattern("a"), "aaa", "b", Patience(), Meter()) == "baa"


def test_a_closure_gets_each_match_and_its_text_stands_as_it_is() -> None:
    pattern = compile_pattern("(a)(b)?")
    found = replace_with(pattern, "ab a", lambda match: f"<{match[2]}$1>", Patience(), Meter())
    assert found == "<b$1> <None$1>"


def test_appending_a_replacement_reads_it_for_that_match() -> None:
    pattern = compile_pattern("(.)(.)")
    match = search(pattern, "ab", 0, Patience())
    assert match is not None
    assert expand(match, pattern, "$2$1\\$") == "ba$"


def test_what_is_quoted_matches_and_replaces_itself() -> None:
    assert quote("a\\Eb") == "\\Qa\\E\\\\E\\Qb\\E"
    assert full_match(compile_pattern(quote("a\\E.*b")), "a\\E.*b", Patience())
    text = replace_all(compile_pattern("x"), "x", quote_replacement("$1\\"), Patience(), Meter())
    assert text == "$1\\"


SPLITS = [
    ("aXbX", "X", -1, ["a", "b", ""]),
    ("aXbX", "X", 0, ["a", "b"]),
    ("aXbX", "X", 1, ["aXbX"]),
    ("aXbXc", "X", 2, ["a", "bXc"]),
    ("abc", "", 0, ["a", "b", "c"]),
    ("abc", "", 2, ["a", "bc"]),
    ("XaX", "X", 0, ["", "a"]),
    (",,", ",", 0, []),
    ("", ",", 0, [""]),
    ("", "", 0, [""]),
    ("abc", "(?=b)", 0, ["a", "bc"]),
    ("a.b", ".", 0, []),
]


@pytest.mark.parametrize(("text", "pattern", "limit", "expected"), SPLITS)
def test_splitting_drops_what_java_drops(text: str, pattern: str, limit: int, expected: list[str]) -> None:
    assert split(compile_pattern(pattern), text, limit, Patience(), Meter()) == expected


def test_groups_go_by_number_and_by_name() -> None:
    pattern = compile_pattern(r"(\w+): (?<val>\w)")
    match = prefix_match(pattern, "key: v!", Patience())
    assert match is not None
    assert (group(match, pattern, 1), group(match, pattern, "val")) == ("key", "v")
    with pytest.raises(JavaError, match="No group 3"):
        group(match, pattern, 3)
    with pytest.raises(JavaError, match="No group with name <x>"):
        group(match, pattern, "x")


def test_every_match_is_found_once_and_empty_ones_move_on() -> None:
    found = [match.span() for match in find_all(compile_pattern("a*"), "baac", Patience(), Meter())]
    assert found == [(0, 0), (1, 3), (3, 3), (4, 4)]


def test_flags_are_javas_numbers() -> None:
    assert full_match(compile_pattern("A.", 2 | 32), "a\n", Patience())
    assert full_match(compile_pattern("a.b", 16), "a.b", Patience())
    assert not full_match(compile_pattern("a.b", 16), "axb", Patience())
    assert full_match(compile_pattern("é", 2 | 64), "É", Patience())
    with pytest.raises(JavaError, match="Unknown flag 0x3e8"):
        compile_pattern("a", 1000)


TOO_MUCH = [
    "a" * 1_001,
    "(" * 51 + ")" * 51,
    "[" * 51 + "a" + "]" * 51,
    "((a{300}){300}){300}",
    "(?:(?:a{50}){50}){2}",
    "(ab){1001}",
    "a{20000}",
    ".{9999}" * 90,
]


@pytest.mark.parametrize("pattern", TOO_MUCH)
def test_a_pattern_that_would_cost_too_much_to_compile_is_refused(pattern: str) -> None:
    start = time.perf_counter()
    with pytest.raises(OverLimit):
        compile_pattern(pattern)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", r"(<[^>]*>\s*)+$"])
def test_a_match_that_explodes_ends_at_its_time(pattern: str) -> None:
    budget = Patience(0.05)
    with suppress(OverLimit):
        search(compile_pattern(pattern), "a" * 5_000 + "!", 0, budget)
    assert budget.taken < 1


def test_the_engines_own_extensions_stay_out_of_reach() -> None:
    for pattern in (
        r"(?R)",
        r"(?1)",
        r"(?&x)",
        r"(?P>x)",
        r"\K",
        r"\m",
        r"(?|a|b)",
        r"(?:a){e<=1}",
        r"\L<x>",
        r"\g<1>",
    ):
        with pytest.raises(JavaError):
            compile_pattern(pattern)


def test_replacing_is_charged_before_it_is_built() -> None:
    with pytest.raises(OutOfRoom):
        replace_all(compile_pattern("a"), "a" * 100_000, "b" * 1_000, Patience(), Meter())


def test_compiling_is_charged_to_the_budget_once() -> None:
    budget = Patience()
    compile_pattern("a{3}b{4}(unlikely)", 0, budget)
    first = budget.taken
    compile_pattern("a{3}b{4}(unlikely)", 0, budget)
    assert budget.taken == first > 0
