"""The building stones of the checks: what a value may look like, and Slack's words when it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Surface = str  # "modal", "home" or "message"


class Findings:
    """The lines of `response_metadata.messages`, in the order found."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.lines: list[str] = []

    def add(self, pointer: str, words: str) -> None:
        self.lines.append(f"[ERROR] {words} [json-pointer:{pointer}]")


Check = Callable[[Any, str, Findings], None]  # value, JSON pointer, where to write what is wrong


def string(most: int, *, least: int = 1) -> Check:
    def check(value: Any, pointer: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.add(pointer, "must provide a string")
        elif len(value) > most:
            found.add(pointer, f"must be less than {most + 1} characters")
        elif len(value) < least:
            found.add(pointer, f"must be more than {least - 1} characters")

    return check


def one_of(*words: str) -> Check:
    def check(value: Any, pointer: str, found: Findings) -> None:
        if value not in words:
            found.add(pointer, f"must be one of {', '.join(words)}")

    return check


def matching(pattern: str, meant: str) -> Check:
    compiled = re.compile(pattern)

    def check(value: Any, pointer: str, found: Findings) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            found.add(pointer, f"must be {meant}")

    return check


def boolean(value: Any, pointer: str, found: Findings) -> None:
    if not isinstance(value, bool):
        found.add(pointer, "must provide a boolean")


def integer(least: int, most: int) -> Check:
    def check(value: Any, pointer: str, found: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            found.add(pointer, "must provide an integer")
        elif value > most:
            found.add(pointer, f"must be less than {most + 1}")
        elif value < least:
            found.add(pointer, f"must be more than {least - 1}")

    return check


def array(item: Check, most: int, *, least: int = 1) -> Check:
    def check(value: Any, pointer: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.add(pointer, "must provide an array")
            return
        if len(value) > most:
            found.add(pointer, f"no more than {most} items allowed")
        if len(value) < least:
            found.add(pointer, f"no fewer than {least} items allowed")
        for number, one in enumerate(value):
            item(one, f"{pointer}/{number}", found)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Check, is_open: bool = False) -> Check:
    """An object with these fields and, unless it is open, no others. The rules see it only when its fields fit."""
    known = {**required, **optional}

    def check(value: Any, pointer: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add(pointer, "must provide an object")
            return
        before = len(found.lines)
        for name in required:
            if name not in value:
                found.add(pointer, f"missing required field: {name}")
        for name, part in value.items():
            part_check = known.get(name)
            if part_check is not None:
                part_check(part, f"{pointer}/{name}", found)
            elif not is_open:
                found.add(pointer, f"invalid additional property: {name}")
        if len(found.lines) == before:
            for rule in rules:
                rule(value, pointer, found)

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """The check for the object's `type`."""

    def check(value: Any, pointer: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add(pointer, "must provide an object")
        elif "type" not in value:
            found.add(pointer, "missing required field: type")
        elif value["type"] not in kinds:
            found.add(f"{pointer}/type", f"unsupported type: {value['type']}")
        else:
            kinds[value["type"]](value, pointer, found)

    return check


def anything(value: Any, pointer: str, found: Findings) -> None:
    """For parts that this stand-in does not look into."""


def exactly_one_of(*names: str) -> Check:
    def check(value: Any, pointer: str, found: Findings) -> None:
        if sum(name in value for name in names) != 1:
            found.add(pointer, f"must define exactly one of {_quoted(names)}")

    return check


def at_least_one_of(*names: str) -> Check:
    def check(value: Any, pointer: str, found: Findings) -> None:
        if not any(name in value for name in names):
            found.add(pointer, f"must define either {_quoted(names)}")

    return check


def _quoted(names: Sequence[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)
