"""What stands in for a match: Java's `$1`, `${name}` and `\\`, and replacing with a charge before anything is built."""

from collections.abc import Callable

from rules.language.java.errors import Budget, JavaError, Room, illegal_argument
from rules.language.java.patterns import JavaPattern, Match, found_at_once, next_start, search

# Literal texts and numbers of groups, in order.
Template = list[str | int]


def read_template(pattern: JavaPattern, replacement: str) -> Template:
    """Raises JavaError in Java's words. Java reads the replacement at the first match only; so should the caller."""
    if "\\" not in replacement and "$" not in replacement:
        return [replacement]
    parts: Template = []
    literal: list[str] = []
    at = 0
    while at < len(replacement):
        char = replacement[at]
        at += 1
        if char == "\\":
            if at == len(replacement):
                raise illegal_argument("character to be escaped is missing")
            literal.append(replacement[at])
            at += 1
        elif char == "$":
            number, at = _reference(pattern, replacement, at)
            parts += ["".join(literal), number]
            literal = []
        else:
            literal.append(char)
    parts.append("".join(literal))
    return parts


def _reference(pattern: JavaPattern, text: str, at: int) -> tuple[int, int]:
    """The group after a `$`, and where its name ends."""
    if at == len(text):
        raise illegal_argument("Illegal group reference: group index is missing")
    if text[at] == "{":
        return _named(pattern, text, at + 1)
    if text[at] not in "0123456789":
        raise illegal_argument("Illegal group reference")
    number = int(text[at])
    at += 1
    if number > pattern.groups:
        raise JavaError("java.lang.IndexOutOfBoundsException", f"No group {number}")
    while at < len(text) and text[at] in "0123456789" and number * 10 + int(text[at]) <= pattern.groups:
        number = number * 10 + int(text[at])
        at += 1
    return number, at


def _named(pattern: JavaPattern, text: str, at: int) -> tuple[int, int]:
    start = at
    while at < len(text) and text[at].isascii() and text[at].isalnum():
        at += 1
    name = text[start:at]
    if not name:
        raise illegal_argument("named capturing group has 0 length name")
    if text[at : at + 1] != "}":
        raise illegal_argument("named capturing group is missing trailing '}'")
    if name[0].isdigit():
        raise illegal_argument(f"capturing group name {{{name}}} starts with digit character")
    if name not in pattern.names:
        raise illegal_argument(f"No group with name {{{name}}}")
    return pattern.names[name], at + 1


def fill(template: Template, match: Match) -> list[str]:
    return [part if isinstance(part, str) else match[part] or "" for part in template]


def expand(match: Match, pattern: JavaPattern, replacement: str) -> str:
    """What `appendReplacement` writes for this match. Raises JavaError."""
    return "".join(fill(read_template(pattern, replacement), match))


def replace_all(pattern: JavaPattern, text: str, replacement: str, budget: Budget, room: Room, *, most: int = 0) -> str:
    """Raises JavaError for a bad replacement, if there is a match."""
    found = found_at_once(pattern, text, budget, most)
    if not found:
        return text
    template = read_template(pattern, replacement)
    room(_length(template, found, text))
    pieces: list[str] = []
    at = 0
    for match in found:
        pieces.append(text[at : match.start()])
        pieces += fill(template, match)
        at = match.end()
    pieces.append(text[at:])
    return "".join(pieces)


def _length(template: Template, found: list[Match], text: str) -> int:
    """How long the result will be."""
    literal = sum(len(part) for part in template if isinstance(part, str))
    numbers = [part for part in template if isinstance(part, int)]
    length = len(text) + literal * len(found)
    for match in found:
        length -= match.end() - match.start()
        for number in numbers:
            start, end = match.span(number)
            length += end - start
    return length


def replace_first(pattern: JavaPattern, text: str, replacement: str, budget: Budget, room: Room) -> str:
    return replace_all(pattern, text, replacement, budget, room, most=1)


def replace_with(
    pattern: JavaPattern,
    text: str,
    call: Callable[[Match], str],
    budget: Budget,
    room: Room,
    *,
    most: int = 0,
) -> str:
    """Each match, or the first `most`, replaced by what `call` gives, literally."""
    pieces: list[str] = []
    at = start = count = 0
    while start <= len(text):
        match = search(pattern, text, start, budget)
        if match is None:
            break
        piece = call(match)
        room(match.start() - at + len(piece))
        pieces += (text[at : match.start()], piece)
        at, start = match.end(), next_start(match)
        count += 1
        if count == most:
            break
    if not count:
        return text
    room(len(text) - at)
    return "".join([*pieces, text[at:]])


def quote_replacement(text: str) -> str:
    """A replacement that stands for exactly this text."""
    return text.replace("\\", "\\\\").replace("$", "\\$")
