"""StringJoiner, StringWriter, StringReader."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.kinds import OBJECT
from rules.language.members import constructor, method

if TYPE_CHECKING:
    from rules.language.run import Run

JOINER = kinds.kind("java.util.StringJoiner", OBJECT)
WRITER = kinds.kind("java.io.StringWriter", OBJECT)
READER = kinds.kind("java.io.StringReader", OBJECT)


class Joined:
    """What a joiner holds: its separator and ends, the parts, and what it shows when there are none."""

    __slots__ = ("empty", "ends", "parts", "separator")

    def __init__(self, separator: str, ends: tuple[str, str]) -> None:
        self.separator = separator
        self.ends = ends
        self.parts: list[str] = []
        self.empty: str | None = None

    def text(self) -> str:
        if not self.parts and self.empty is not None:
            return self.empty
        return self.ends[0] + self.separator.join(self.parts) + self.ends[1]


@constructor(JOINER, (1, 3))
def new_joiner(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    if len(arguments) == 2:
        raise TypeError("a joiner has one text or three")
    texts = [run.text(item) for item in arguments]
    return values.Box(kind, Joined(texts[0], (texts[1], texts[2]) if len(texts) == 3 else ("", "")))


@method(JOINER, "add", 1)
def add(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = run.text(arguments[0])
    run.grow(len(value.content.parts) + 1)
    run.string(len(text))
    value.content.parts.append(text)
    return value


@method(JOINER, "setEmptyValue", 1)
def set_empty(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.content.empty = run.text(arguments[0])
    return value


@method(JOINER, "length")
def length(run: "Run", value: Any, arguments: list[Any]) -> int:
    return len(_joined(run, value))


def _joined(run: "Run", value: Any) -> str:
    held = value.content
    run.string(sum(map(len, held.parts)) + len(held.parts) * len(held.separator) + 2)
    return str(held.text())


text_of.TEXTS[JOINER] = _joined


@constructor(WRITER, (0, 1))
def new_writer(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.StringBuilder("", kind)


def _written(run: "Run", value: Any, text: str) -> None:
    run.string(value.length + len(text))
    value.append(text)


@method(WRITER, "write", 1)
def write(run: "Run", value: Any, arguments: list[Any]) -> None:
    given = arguments[0]
    _written(run, value, chr(given) if type(given) is int else run.text(given))


@method(WRITER, "append leftShift", 1)
def append(run: "Run", value: Any, arguments: list[Any]) -> Any:
    _written(run, value, run.text(arguments[0]))
    return value


@method(WRITER, "println", (0, 1))
def println(run: "Run", value: Any, arguments: list[Any]) -> None:
    _written(run, value, "".join(run.text(item) for item in arguments) + "\n")


@method(WRITER, "print", 1)
def print_(run: "Run", value: Any, arguments: list[Any]) -> None:
    _written(run, value, run.text(arguments[0]))


@method(WRITER, "flush close")
def flush(run: "Run", value: Any, arguments: list[Any]) -> None:
    return None


@method(WRITER, "getBuffer")
def buffer(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.StringBuilder(value.text(), kinds.STRING_BUFFER)


@constructor(READER, 1)
def new_reader(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Box(kind, run.text(arguments[0]))


@method(READER, "getText")
def text(run: "Run", value: Any, arguments: list[Any]) -> str:
    found, value.content = value.content, ""
    return str(found)


@method(READER, "readLines")
def read_lines(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call_method(text(run, value, []), "readLines", [])


@method(READER, "eachLine", (1, 2))
def each_line(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call_method(text(run, value, []), "eachLine", arguments)


@method(READER, "readLine")
def read_line(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not value.content:
        return None
    line, _, value.content = value.content.partition("\n")
    return line.removesuffix("\r")


@method(READER, "close")
def close(run: "Run", value: Any, arguments: list[Any]) -> None:
    value.content = ""
