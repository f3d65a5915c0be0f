"""Maps changed in place: values computed from those before, entries left out."""

from typing import TYPE_CHECKING, Any

from rules.language import equality
from rules.language.kinds import MAP
from rules.language.members import method
from rules.language.members.collections import ask
from rules.language.members.maps import changes, store

if TYPE_CHECKING:
    from rules.language.run import Run


@method(MAP, "putIfAbsent", 2)
def put_if_absent(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = value.find(arguments[0])
    if found is None or found.value is None:
        store(run, value, arguments[0], arguments[1])
        return None
    return found.value


@method(MAP, "computeIfAbsent", 2)
def compute_if_absent(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = value.find(arguments[0])
    if found is not None and found.value is not None:
        return found.value
    made = run.call(arguments[1], [arguments[0]])
    if made is not None:
        store(run, value, arguments[0], made)
    return made


@method(MAP, "computeIfPresent", 2)
def compute_if_present(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = value.find(arguments[0])
    if found is None or found.value is None:
        return None
    return _computed(run, value, arguments[0], run.call(arguments[1], [arguments[0], found.value]))


@method(MAP, "compute", 2)
def compute(run: "Run", value: Any, arguments: list[Any]) -> Any:
    made = run.call(arguments[1], [arguments[0], value.get(arguments[0])])
    return _computed(run, value, arguments[0], made)


def _computed(run: "Run", value: Any, key: Any, made: Any) -> Any:
    if made is None:
        value.remove(key)
    else:
        store(run, value, key, made)
    return made


@method(MAP, "merge", 3)
def merge(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if arguments[1] is None:
        run.fail("java.lang.NullPointerException", None)
    before = value.get(arguments[0])
    made = arguments[1] if before is None else run.call(arguments[2], [before, arguments[1]])
    return _computed(run, value, arguments[0], made)


@method(MAP, "replaceAll", 1)
def replace_all(run: "Run", value: Any, arguments: list[Any]) -> None:
    changes(run, value)
    for entry in value.entries():
        entry.value = run.call(arguments[0], [entry.key, entry.value])


@method(MAP, "replace", (2, 3))
def replace(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if len(arguments) == 3:
        found = value.find(arguments[0])
        if found is None or not equality.java_equals(run, found.value, arguments[1]):
            return False
        store(run, value, arguments[0], arguments[2])
        return True
    return store(run, value, *arguments) if value.has(arguments[0]) else None


@method(MAP, "removeAll", 1)
def remove_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _keep(run, value, arguments[0], False)


@method(MAP, "retainAll", 1)
def retain_all(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return _keep(run, value, arguments[0], True)


def _keep(run: "Run", value: Any, function: Any, keeps: bool) -> bool:
    changes(run, value)
    before = len(value)
    for entry in value.entries():
        if run.truth(ask(run, value, function, entry)) is not keeps:
            value.remove(entry.key)
    return len(value) != before
