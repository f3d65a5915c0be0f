"""JSON as Groovy reads and writes it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from rules.language.java.errors import JavaError, OverLimit
from rules.language.java.json_text import Items, Pairs, parse_json, pretty_json, write_json
from rules.language.limits import DEFAULT
from tests.rules.language.java.budget import Meter, OutOfRoom


def read(text: str | None, charge: Meter | None = None) -> Any:
    return parse_json(
        text,
        characters=DEFAULT.json_characters,
        depth=DEFAULT.json_depth,
        collection=DEFAULT.collection,
        make_map=dict,
        make_integer=int,
        limits=DEFAULT,
        charge=charge or Meter(64_000_000),
    )


def seen(value: Any) -> Any:
    if isinstance(value, dict):
        return Pairs(value.items())
    return Items(value) if isinstance(value, list) else value


def write(value: Any) -> str:
    return write_json(value, view=seen, charge=Meter(64_000_000))


READ = [
    ('{"a":1,}', {"a": 1}),
    ('{"a":1,"a":2}', {"a": 2}),
    ('{"a":1} x', {"a": 1}),
    ("[1]]", [1]),
    ("true", True),
    ("1.50", Decimal("1.50")),
    ("1e400", Decimal("1e400")),
    ("01", 1),
    ("-5", -5),
    ('"a\nb"', "a\nb"),
    (' [1, 1.5, "\\u0041", null] ', [1, Decimal("1.5"), "A", None]),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_json_is_read_as_leniently_as_in_groovy(text: str, expected: Any) -> None:
    found = read(text)
    assert found == expected
    assert str(found) == str(expected)


REFUSED = [
    "{",
    '{"a" 1}',
    "{a:1}",
    "[1 2]",
    "[1,",
    "[",
    "tru",
    "nul",
    "xyz",
    "   ",
    "-",
    '{"a":',
    "<html>",
    "NaN",
    '"\\x"',
    "[1,2,]",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_json_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(JavaError) as raised:
        read(text)
    assert raised.value.class_name == "groovy.json.JsonException"


@pytest.mark.parametrize("text", ["", None])
def test_nothing_is_no_json(text: str | None) -> None:
    with pytest.raises(JavaError, match="Text must not be null or empty"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 201 + "]" * 201,
        "[" + "0," * 100_001 + "0]",
        "9" * 100_000,
        "[" + "9" * 100_000 + "]",
        "[1e999999]",
        " " * 2_000_001,
    ],
)
def test_hostile_json_ends_at_a_limit(text: str) -> None:
    with pytest.raises(OverLimit):
        read(text)


def test_brackets_in_texts_do_not_count_as_depth() -> None:
    assert read('["' + "[" * 1_000 + '"]') == ["[" * 1_000]
    assert read("[" + "[]," * 300 + "0]")[-1] == 0


def test_reading_is_charged_before_it_is_done() -> None:
    with pytest.raises(OutOfRoom):
        read("[" + "[]," * 90_000 + "0]", Meter(1_000_000))


WRITTEN = [
    ('é"\\/\n\t\u0001<>😀', r'"\u00e9\"\\/\n\t\u0001<>\ud83d\ude00"'),
    (
        {"a": Decimal("1.50"), "b": None, "c": [1, 2.0, Decimal("1e10")], "d": True},
        '{"a":1.50,"b":null,"c":[1,2.0,1E+10],"d":true}',
    ),
    ({}, "{}"),
    ([], "[]"),
]


@pytest.mark.parametrize(("value", "expected"), WRITTEN)
def test_json_is_written_as_in_groovy(value: Any, expected: str) -> None:
    assert write(value) == expected


def test_what_is_not_a_number_is_no_json() -> None:
    with pytest.raises(JavaError, match="Number NaN can't be serialized as JSON: NaN are not allowed in JSON"):
        write(float("nan"))


def test_what_holds_itself_ends_at_a_depth() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(OverLimit):
        write(circle)


def test_what_is_shared_many_times_ends_at_a_size() -> None:
    shared: list[Any] = ["x"]
    for _ in range(40):
        shared = [shared, shared]
    with pytest.raises(OverLimit):
        write(shared)


PRETTY = [
    (
        '{"a":1,"b":[1,{"c":null}],"d":{},"f":"x,y:{}"}',
        '{\n    "a": 1,\n    "b": [\n        1,\n        {\n            "c": null\n        }\n    ],\n'
        '    "d": {\n        \n    },\n    "f": "x,y:{}"\n}',
    ),
    ('[1,"a"]', '[\n    1,\n    "a"\n]'),
    ("", ""),
    ("{", "{\n    "),
]


@pytest.mark.parametrize(("text", "expected"), PRETTY)
def test_json_is_printed_prettily(text: str, expected: str) -> None:
    assert pretty_json(text, Meter()) == expected


def test_pretty_printing_has_limits_and_says_what_it_cannot_read() -> None:
    with pytest.raises(OverLimit):
        pretty_json("[" * 10_000, Meter(64_000_000))
    with pytest.raises(JavaError, match="Lexing failed on line: 1, column: 1, while reading 'x'"):
        pretty_json("x", Meter())


def test_numbers_of_a_list_are_made_by_the_caller() -> None:
    made: list[int] = []
    make: Callable[[int], Any] = made.append
    parse_json(
        "[1, 99999999999]",
        characters=100,
        depth=5,
        collection=10,
        make_map=dict,
        make_integer=make,
        limits=DEFAULT,
        charge=Meter(),
    )
    assert made == [1, 99999999999]
