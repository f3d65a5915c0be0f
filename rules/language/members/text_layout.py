"""Texts filled up, cut into lines, and written with other characters."""

from typing import TYPE_CHECKING, Any

from rules.language.java.errors import JavaError
from rules.language.kinds import CHAR_SEQUENCE
from rules.language.members import method
from rules.language.members.arguments import amount
from rules.language.members.text import built, needs, refuse_null

if TYPE_CHECKING:
    from rules.language.run import Run


def _padding(run: "Run", value: Any, arguments: list[Any], name: str) -> tuple[str, int, str]:
    """The text, how many characters are missing, and what to fill with."""
    text = run.text(value)
    filling = run.text(arguments[1]) if len(arguments) > 1 else " "
    refuse_null(run, arguments[0], "java.lang.Number.intValue()", "numberOfChars")
    width = amount(run, value, name, arguments, 0)
    run.string(max(width, len(text)))
    return text, max(0, width - len(text)), filling


def _fill(filling: str, count: int) -> str:
    if not filling and count:
        raise JavaError("java.lang.ArithmeticException", "/ by zero")
    return (filling * (count // len(filling) + 1))[:count] if filling else ""


@method(CHAR_SEQUENCE, "padLeft", (1, 2))
def pad_left(run: "Run", value: Any, arguments: list[Any]) -> str:
    text, missing, filling = _padding(run, value, arguments, "padLeft")
    return _fill(filling, missing) + text


@method(CHAR_SEQUENCE, "padRight", (1, 2))
def pad_right(run: "Run", value: Any, arguments: list[Any]) -> str:
    text, missing, filling = _padding(run, value, arguments, "padRight")
    return text + _fill(filling, missing)


@method(CHAR_SEQUENCE, "center", (1, 2))
def center(run: "Run", value: Any, arguments: list[Any]) -> str:
    text, missing, filling = _padding(run, value, arguments, "center")
    left = missing // 2
    return _fill(filling, left) + text + _fill(filling, missing - left)


@method(CHAR_SEQUENCE, "next")
def next_(run: "Run", value: Any, arguments: list[Any]) -> str:
    return stepped(run.text(value), 1)


@method(CHAR_SEQUENCE, "previous")
def previous(run: "Run", value: Any, arguments: list[Any]) -> str:
    return stepped(run.text(value), -1)


def stepped(text: str, by: int) -> str:
    if not text:
        return "\0" if by > 0 else "\uffff"
    code = (ord(text[-1]) + by) & 0xFFFF
    return text[:-1] + chr(code)


@method(CHAR_SEQUENCE, "tr", 2)
def tr(run: "Run", value: Any, arguments: list[Any]) -> str:
    source, target = _expanded(needs(run, arguments[0], "s")), _expanded(needs(run, arguments[1], "s"))
    run.string(len(source))
    table = {ord(c): target[min(at, len(target) - 1)] for at, c in reversed(list(enumerate(source)))} if target else {}
    return built(run, run.text(value).translate(table))


def _expanded(text: str) -> str:
    """`a-d` written out."""
    found: list[str] = []
    at = 0
    while at < len(text):
        if at + 2 < len(text) and text[at + 1] == "-":
            first, last = ord(text[at]), ord(text[at + 2])
            step = 1 if first <= last else -1
            found.extend(chr(code) for code in range(first, last + step, step))
            at += 3
        else:
            found.append(text[at])
            at += 1
    return "".join(found)


@method(CHAR_SEQUENCE, "readLines")
def read_lines(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    lines = lines_of(run.text(value))
    run.collection(len(lines))
    run.allocate(sum(map(len, lines)))
    return lines


def lines_of(text: str) -> list[str]:
    """The lines without their ends; an empty rest is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


@method(CHAR_SEQUENCE, "eachLine", (1, 2))
def each_line(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found: Any = None
    start = int(arguments[0]) if len(arguments) > 1 else 0
    for number, line in enumerate(read_lines(run, value, []), start):
        given = [line, number] if run.takes(arguments[-1]) == 2 else [line]
        found = run.call(arguments[-1], given)
    return found


@method(CHAR_SEQUENCE, "stripIndent", (0, 1))
def strip_indent(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    lines = text.split("\n")
    if arguments:
        width = int(arguments[0])
    else:
        width = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return built(run, "\n".join(line[width:] for line in lines))


@method(CHAR_SEQUENCE, "stripMargin", (0, 1))
def strip_margin(run: "Run", value: Any, arguments: list[Any]) -> str:
    margin = run.text(arguments[0]) if arguments else "|"
    lines = run.text(value).split("\n")
    return built(run, "\n".join(_unmargined(line, margin) for line in lines))


def _unmargined(line: str, margin: str) -> str:
    rest = line.lstrip()
    return rest[len(margin) :] if rest.startswith(margin) else line


@method(CHAR_SEQUENCE, "normalize")
def normalize(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).replace("\r\n", "\n").replace("\r", "\n"))


@method(CHAR_SEQUENCE, "denormalize")
def denormalize(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(normalize(run, value, arguments))
