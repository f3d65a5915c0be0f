"""Character: single characters as values."""

from typing import TYPE_CHECKING, Any

from rules.language import values
from rules.language.equality import compare_text
from rules.language.kinds import CHARACTER
from rules.language.members import method, static, type_name
from rules.language.members.arguments import is_callable, is_text, wanted
from rules.language.members.text_layout import stepped

if TYPE_CHECKING:
    from rules.language.run import Run

# Character


def _character_test(name: str, test: Any) -> None:
    @static(CHARACTER, name, 1)
    def check(run: "Run", reference: Any, arguments: list[Any]) -> bool:
        value = arguments[0]
        character = chr(int(value)) if type(value) is int else run.text(value)
        return len(character) == 1 and bool(test(character))

    @method(CHARACTER, name, 0)
    def own(run: "Run", value: Any, arguments: list[Any]) -> bool:
        return bool(test(str(value)))


for _name, _test in {
    "isDigit": str.isdecimal,
    "isLetter": str.isalpha,
    "isAlphabetic": str.isalpha,
    "isLetterOrDigit": str.isalnum,
    "isUpperCase": str.isupper,
    "isLowerCase": str.islower,
    "isWhitespace": str.isspace,
    "isSpaceChar": str.isspace,
}.items():
    _character_test(_name, _test)


@static(CHARACTER, "getNumericValue", 1)
def numeric_value(run: "Run", reference: Any, arguments: list[Any]) -> int:
    text = run.text(arguments[0])
    return int(text, 36) if len(text) == 1 and text.isascii() and text.isalnum() else -1


@static(CHARACTER, "toUpperCase", 1)
def char_upper(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Char(run.text(arguments[0]).upper()[:1])


@static(CHARACTER, "toLowerCase", 1)
def char_lower(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Char(run.text(arguments[0]).lower()[:1])


@static(CHARACTER, "valueOf", 1)
def char_value_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Char(run.text(arguments[0])[:1])


@static(CHARACTER, "toString", 1)
def char_to_string(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    value = arguments[0]
    return chr(value) if type(value) is int and 0 <= value < 0x110000 else run.text(value)


@static(CHARACTER, "compare", 2)
def compare(run: "Run", reference: Any, arguments: list[Any]) -> int:
    return ord(arguments[0]) - ord(arguments[1])


@static(CHARACTER, "digit", 2)
def digit(run: "Run", reference: Any, arguments: list[Any]) -> int:
    found = numeric_value(run, reference, arguments[:1])
    return found if found < int(arguments[1]) else -1


@static(CHARACTER, "isISOControl", 1)
def is_control(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return ord(arguments[0]) < 32 or 127 <= ord(arguments[0]) < 160


@method(CHARACTER, "toUpperCase")
def own_upper(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Char(value.upper()[:1])


@method(CHARACTER, "toLowerCase")
def own_lower(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Char(value.lower()[:1])


@method(CHARACTER, "charValue toChar")
def char_value(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value


@method(CHARACTER, "compareTo", 1)
def char_compare(run: "Run", value: Any, arguments: list[Any]) -> int:
    return ord(value) - ord(run.text(arguments[0])[:1] or "\0")


@method(CHARACTER, "plus", 1)
def char_plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    wanted(run, value, "plus", arguments, not is_text(other) or type(other) is values.Char)
    return run.binary("+", ord(value), ord(other) if type(other) is values.Char else other)


@method(CHARACTER, "minus", 1)
def char_minus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    return run.binary("-", ord(value), ord(other) if type(other) is values.Char else other)


@method(CHARACTER, "next")
def char_next(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Char(stepped(str(value), 1))


@method(CHARACTER, "previous")
def char_previous(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Char(stepped(str(value), -1))


@method(CHARACTER, "hashCode")
def char_hash(run: "Run", value: Any, arguments: list[Any]) -> int:
    return ord(value)


__all__ = ["compare_text", "is_callable", "type_name"]
