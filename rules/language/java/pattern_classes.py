"""Reads `[…]` of a Java pattern into a set of the `regex` module: unions, intersections, ranges, named classes."""

import unicodedata

from rules.language.java import character_classes as names
from rules.language.java.pattern_source import (
    CASE_INSENSITIVE,
    UNICODE_CASE,
    UNICODE_CHARACTER_CLASS,
    Source,
)


def read_class(source: Source) -> str:
    """The set after its `[`, up to and with its `]`. Raises JavaError and OverLimit."""
    source.enter()
    negated = source.takes("^")
    operands: list[list[str]] = [[]]
    while True:
        char = source.peek()
        if not char:
            raise source.wrong("Unclosed character class", source.end - 1)
        if char == "]" and (len(operands) > 1 or operands[0]):
            source.take()
            break
        if source.takes("&&"):
            operands.append([])
        else:
            operands[-1].append(_item(source))
    source.leave()
    return _set(["".join(items) for items in operands if items], negated=negated)


def _set(operands: list[str], *, negated: bool) -> str:
    sign = "^" if negated else ""
    if len(operands) == 1:
        return f"[{sign}{operands[0]}]"
    return f"[{sign}{'&&'.join(f'[{operand}]' for operand in operands)}]"


def _item(source: Source) -> str:
    char = source.take()
    if char == "[":
        return read_class(source)
    if char == "\\":
        if source.takes_raw("Q"):
            return _quoted(source)
        found = class_escape(source)
        if found is not None:
            return found
        low = read_character(source)
    else:
        low = char
    return _range(source, low)


def _quoted(source: Source) -> str:
    stop = source.text.find("\\E", source.at)
    stop = source.end if stop < 0 else stop
    text = source.text[source.at : stop]
    source.at = min(stop + 2, source.end)
    return "".join(one(char, source) for char in text)


def _range(source: Source, low: str) -> str:
    """`low`, or `low-high` when a dash and then a character follow."""
    if source.peek() != "-":
        return one(low, source)
    following = source.text[source.at + 1 : source.at + 2]
    if following == "[" or following == "]":
        return one(low, source)
    source.take()
    high = source.take()
    if not high:
        raise source.wrong("Illegal character range", source.end)
    if high == "\\":
        if source.at < source.end and source.text[source.at] in "dDwWsShHvVpPR":
            raise source.wrong("Illegal character range", source.at)
        high = read_character(source)
    if high < low:
        raise source.wrong("Illegal character range", source.at - 1)
    return _both_cases(low, high) if _ascii_case(source) else f"{escaped(low)}-{escaped(high)}"


def _ascii_case(source: Source) -> bool:
    return source.has(CASE_INSENSITIVE) and not source.has(UNICODE_CASE)


def _both_cases(low: str, high: str) -> str:
    """A range and, of the ASCII letters in it, the other case."""
    found = f"{escaped(low)}-{escaped(high)}"
    for first, last, shift in (("a", "z", -32), ("A", "Z", 32)):
        start, stop = max(low, first), min(high, last)
        if start <= stop:
            found += f"{chr(ord(start) + shift)}-{chr(ord(stop) + shift)}"
    return found


def one(char: str, source: Source) -> str:
    """A single character inside of a set, in both cases where case does not count."""
    if char.isascii() and char.isalpha() and _ascii_case(source):
        return char.lower() + char.upper()
    return escaped(char)


def escaped(char: str) -> str:
    """A character that means itself, inside of a set and outside."""
    if char.isalnum() or char == "_":
        return char
    return f"\\x{ord(char):02x}" if char < "\u0100" else f"\\U{ord(char):08x}"


def class_escape(source: Source) -> str | None:
    """The inside of the set for `\\d`, `\\p{…}` and so on, after the backslash; None, and nothing read, for others."""
    letter = source.text[source.at : source.at + 1]
    lower = letter.lower()
    if lower == "p" and letter:
        source.at += 1
        inside = _property(source)
    elif lower and lower in "dwshv":
        source.at += 1
        short = names.SHORT_UNICODE if source.has(UNICODE_CHARACTER_CLASS) else names.SHORT
        inside = short.get(lower) or names.SHORT_ALWAYS[lower]
    else:
        return None
    return f"[^{inside}]" if letter.isupper() else inside


def _property(source: Source) -> str:
    name = source.property_name()
    try:
        return names.named(name, unicode=source.has(UNICODE_CHARACTER_CLASS), ignore_case=source.has(CASE_INSENSITIVE))
    except names.UnknownName as unknown:
        raise source.wrong(unknown.message, source.at - 1) from None


def read_character(source: Source) -> str:
    """The one character that an escape stands for, after the backslash. Raises JavaError."""
    if source.at >= source.end:
        raise source.wrong("Unexpected internal error", source.end)
    source.at += 1
    letter = source.text[source.at - 1]
    found = source.code_point()
    if found:
        return found
    if letter == "N":
        return _by_name(source)
    if letter.isascii() and letter.isalnum():
        raise source.wrong("Illegal/unsupported escape sequence", source.at - 1)
    return letter


def _by_name(source: Source) -> str:

    close = source.text.find("}", source.at)
    if not source.takes_raw("{") or close < 0:
        raise source.wrong("Illegal character name escape sequence", source.at)
    name = source.text[source.at : close]
    source.at = close + 1
    try:
        return unicodedata.lookup(name)
    except KeyError:
        raise source.wrong(f"Unknown character name [{name}]", close) from None
