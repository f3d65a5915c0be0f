"""Seldom methods of texts, and Normalizer."""

import unicodedata
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.kinds import CHAR_SEQUENCE, OBJECT, STREAM, STRING
from rules.language.members import constant, method, static
from rules.language.members.arguments import wanted
from rules.language.members.text import built, needs

if TYPE_CHECKING:
    from rules.language.run import Run


@method(CHAR_SEQUENCE, "unexpand", (0, 1))
def unexpand(run: "Run", value: Any, arguments: list[Any]) -> str:
    width = int(arguments[0]) if arguments else 8
    wanted(run, value, "unexpand", arguments, width > 0)
    text = run.text(value)
    run.string(len(text) + text.count("\t") * width)
    lines = text.split("\n")
    return built(run, "\n".join(_unexpanded(line.expandtabs(width), width) for line in lines))


def _unexpanded(line: str, width: int) -> str:
    """Blanks that reach a tab stop become a tab."""
    parts = [line[at : at + width] for at in range(0, len(line), width)]
    return "".join(_tabbed(part, width) for part in parts)


def _tabbed(part: str, width: int) -> str:
    return part.rstrip(" ") + "\t" if len(part) == width and part.endswith("  ") else part


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", "\\": "\\", "'": "'", '"': '"', "\n": ""}


@method(STRING, "translateEscapes")
def translate_escapes(run: "Run", value: Any, arguments: list[Any]) -> str:
    parts: list[str] = []
    pieces = value.split("\\")
    parts.append(pieces[0])
    at = 1
    while at < len(pieces):
        piece = pieces[at]
        if not piece and at + 1 < len(pieces):
            parts.append("\\" + pieces[at + 1])
            at += 2
            continue
        if piece[:1] not in _ESCAPES:
            message = f"Invalid escape sequence: \\{piece[:1]} \\\\u{ord(piece[:1] or ' '):04X}"
            run.fail("java.lang.IllegalArgumentException", message)
        parts.append(_ESCAPES[piece[0]] + piece[1:])
        at += 1
    return built(run, "".join(parts))


@method(STRING, "transform", 1)
def transform(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call(arguments[0], [value])


@method(STRING, "indent", 1)
def indent(run: "Run", value: Any, arguments: list[Any]) -> str:
    by = int(arguments[0])
    lines = value.replace("\r\n", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    run.string(len(value) + max(0, by) * len(lines) + len(lines))
    if by >= 0:
        return "".join(f"{' ' * by}{line}\n" for line in lines)
    return "".join(f"{line[min(-by, len(line) - len(line.lstrip())) :]}\n" for line in lines)


@method(STRING, "regionMatches", (4, 5))
def region_matches(run: "Run", value: Any, arguments: list[Any]) -> bool:
    ignores_case = arguments[0] is True
    at, other, there, size = arguments[-4:]
    mine, theirs = value[int(at) : int(at) + int(size)], run.text(other)[int(there) : int(there) + int(size)]
    if min(int(at), int(there)) < 0 or len(mine) != int(size):
        return False
    return mine.lower() == theirs.lower() if ignores_case else bool(mine == theirs)


@method(STRING, "contentEquals", 1)
def content_equals(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value == needs(run, arguments[0], "cs"))


@method(STRING, "codePoints")
def code_points(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.collection(len(value))
    return values.Box(STREAM, [ord(character) for character in value])


@method(CHAR_SEQUENCE, "collectReplacements", 1)
def collect_replacements(run: "Run", value: Any, arguments: list[Any]) -> str:
    """Each character, or what the closure gives for it."""
    parts = []
    for character in run.text(value):
        run.steps()
        made = run.call(arguments[0], [values.Char(character)])
        text = character if made is None else run.text(made)
        run.allocate(len(text))
        parts.append(text)
    return built(run, "".join(parts))


def _any_end(name: str, test: str) -> None:
    @method(CHAR_SEQUENCE, name, (1, None))
    def check(run: "Run", value: Any, arguments: list[Any]) -> bool:
        return any(run.call_method(value, test, [item]) for item in arguments)


_any_end("startsWithAny", "startsWith")
_any_end("endsWithAny", "endsWith")


NORMALIZER = kinds.kind("java.text.Normalizer", OBJECT)
_FORM = kinds.kind("java.text.Normalizer$Form", OBJECT)
for _name in ("NFC", "NFD", "NFKC", "NFKD"):
    constant(_FORM, _name, _name)


@static(NORMALIZER, "normalize", 2)
def normalize(run: "Run", reference: Any, arguments: list[Any]) -> str:
    text = needs(run, arguments[0], "src")
    run.string(3 * len(text))
    form = run.text(arguments[1])
    wanted(run, reference, "normalize", arguments, form in ("NFC", "NFD", "NFKC", "NFKD"))
    return built(run, unicodedata.normalize(form, text))  # type: ignore[arg-type]
