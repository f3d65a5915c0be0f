"""StringTokenizer: the words of a text, one after the other."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.kinds import Kind
from rules.language.members import constructor, method

if TYPE_CHECKING:
    from rules.language.run import Run

TOKENIZER = kinds.kind("java.util.StringTokenizer", kinds.OBJECT)
_BLANKS = " \t\n\r\f"


@constructor(TOKENIZER, (1, 2))
def new_tokenizer(run: "Run", kind: Kind, arguments: list[Any]) -> Any:
    """The content is what is left, in reverse."""
    found = run.call_method(run.text(arguments[0]), "tokenize", [run.text(arguments[1]) if arguments[1:] else _BLANKS])
    return values.Box(kind, found[::-1])


@method(TOKENIZER, "hasMoreTokens hasMoreElements hasNext")
def has_more(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content)


@method(TOKENIZER, "nextToken nextElement next")
def next_token(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not value.content:
        run.fail("java.util.NoSuchElementException", None)
    return value.content.pop()


@method(TOKENIZER, "countTokens")
def count_tokens(run: "Run", value: Any, arguments: list[Any]) -> int:
    return len(value.content)


@method(TOKENIZER, "collect toList", (0, 1))
def walked(run: "Run", value: Any, arguments: list[Any]) -> Any:
    left, value.content = value.content[::-1], []
    if not arguments:
        return left
    return [run.call(arguments[0], [word]) for word in left]
