"""Random: seeded by the rule or by the run, so that a run can be repeated."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.java.linear_chance import LinearChance
from rules.language.kinds import CLASSES, RANDOM
from rules.language.members import constructor, method, static

if TYPE_CHECKING:
    from rules.language.run import Run


@constructor(RANDOM, (0, 1))
def new_random(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    seed = int(arguments[0]) if arguments else run.chance.getrandbits(48)
    return values.Box(kind, LinearChance(seed))


@method(RANDOM, "nextInt", (0, 2))
def next_int(run: "Run", value: Any, arguments: list[Any]) -> int:
    if not arguments:
        return int(value.content.whole())
    low, high = (int(arguments[0]) if len(arguments) > 1 else 0), int(arguments[-1])
    if high <= low:
        message = "bound must be greater than origin" if len(arguments) > 1 else "bound must be positive"
        run.fail("java.lang.IllegalArgumentException", message)
    return int(value.content.between(low, high))


@method(RANDOM, "ints", 3)
def ints(run: "Run", value: Any, arguments: list[Any]) -> Any:
    count, low, high = (int(item) for item in arguments)
    run.collection(count)
    return values.Box(kinds.STREAM, [value.content.between(low, high) for _ in range(count)])


@method(RANDOM, "nextLong")
def next_long(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(value.content.long())


@method(RANDOM, "nextDouble")
def next_double(run: "Run", value: Any, arguments: list[Any]) -> float:
    return float(value.content.double())


@method(RANDOM, "nextFloat")
def next_float(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Float(value.content.single())


@method(RANDOM, "nextGaussian")
def next_gaussian(run: "Run", value: Any, arguments: list[Any]) -> float:
    return float(value.content.gaussian())


@method(RANDOM, "nextBoolean")
def next_boolean(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(value.content.bits(1))


@static(CLASSES["Collections"], "shuffle", (1, 2))
def shuffle(run: "Run", reference: Any, arguments: list[Any]) -> None:
    arguments[0][:] = run.call_method(arguments[0], "shuffled", arguments[1:])
