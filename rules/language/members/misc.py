"""Expando, System, and the machine that no rule reaches."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.classes import Instance
from rules.language.kinds import (
    ARRAY,
    EXPANDO,
    OBJECT,
    STRING,
    URI,
    URL,
)
from rules.language.members import constant, constructor, method, prop, static
from rules.language.raised import SecurityStop

if TYPE_CHECKING:
    from rules.language.run import Run

CLASSES = kinds.CLASSES


# Expando


@constructor(EXPANDO, (0, 1))
def new_expando(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Box(EXPANDO, values.GMap(arguments[0].items() if arguments else ()))


text_of.TEXTS[EXPANDO] = lambda run, value: (
    "{" + ", ".join(f"{run.text(entry.key)}={run.text(entry.value)}" for entry in run.items(value.content)) + "}"
)


@method(EXPANDO, "getProperties")
def expando_properties(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.content


# Files, processes, threads and the rest of the machine: nothing of it is there


def _never(run: "Run", value: Any, arguments: list[Any]) -> Any:
    raise SecurityStop("a rule cannot reach the machine it runs on")


for _kind, _names in (
    (STRING, "execute toFile"), (kinds.LIST, "execute"), (ARRAY, "execute"), (URL, "getText openStream openConnection "
     "withReader eachLine getBytes newReader newInputStream getContent readLines"), (URI, "toFile"),
):  # fmt: skip
    method(_kind, _names, (0, None))(_never)


@prop(URL, "text")
def url_text(run: "Run", value: Any) -> Any:
    raise SecurityStop("a rule reaches other machines through httpClient only")


SYSTEM = CLASSES["System"]


@static(SYSTEM, "currentTimeMillis")
def current_time(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Long(int(run.now.timestamp() * 1000))


@static(SYSTEM, "nanoTime")
def nano_time(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Long(int(run.now.timestamp() * 1000) * 1_000_000)


@static(SYSTEM, "lineSeparator")
def line_separator(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return "\n"


_STREAM = kinds.kind("java.io.PrintStream", OBJECT)
constant(SYSTEM, "out", values.Box(_STREAM, "info"))
constant(SYSTEM, "err", values.Box(_STREAM, "error"))


@method(_STREAM, "println print", (0, 1))
def print_line(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.log(value.content, "".join(run.text(argument) for argument in arguments))


@method(_STREAM, "printf format", (1, None))
def print_form(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.log(value.content, run.text(run.call_method(values.ClassRef(STRING), "format", arguments)))


static(
    SYSTEM,
    "exit getenv getProperty getProperties setProperty gc load loadLibrary halt setOut setErr runFinalization "
    "console identityHashCode getSecurityManager setSecurityManager",
    (0, None),
)(_never)


# Instances of a script's classes


@method(OBJECT, "getProperties")
def get_properties(run: "Run", value: Any, arguments: list[Any]) -> Any:
    made = values.GMap([("class", values.ClassRef(kinds.kind_of(value)))])
    if type(value) is Instance:
        for owner in value.of.line:
            for field in owner.fields.values():
                if field.is_property and not field.is_static:
                    made.put(field.name, run.get(value, field.name))
    return made
