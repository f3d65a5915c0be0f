"""Which connection is meant: the one that was named, the only one that fits, or one looked up again by its id."""

from collections.abc import Callable

from flows.connections import Line
from flows.errors import NotFound
from handlers import ids
from handlers.actor import Right
from handlers.front import Turn
from handlers.parse import read_command
from handlers.views.connection import which
from pairing.connection import Connection

Fits = Callable[[Connection], bool]


async def meant(turn: Turn, word: str, fits: Fits, given: tuple[str, ...] | None = None) -> Line | None:
    """The connection that was named, or the only one that fits; None after asking which. Raises NotFound.

    `given` are the words that may name it, where the command has others, too.
    """
    lines = await turn.flows.overview(turn.actor)
    names = read_command(turn.arrival.text).names if given is None else given
    if names:
        known = {line.connection.name: line for line in lines}
        # People also write "acme to globex", or "the connection acme_to_globex".
        for name in (*names, "_".join(names), "-".join(names)):
            if name in known:
                return known[name]
        return await turn.flows.status(turn.actor, names[0])
    fitting = [line for line in lines if fits(line.connection)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise NotFound(_none_fits(turn, word, bool(lines)))
    await turn.say(which((line.connection.name for line in fitting), turn.command, word))
    return None


def _none_fits(turn: Turn, word: str, has_any: bool) -> str:
    if not has_any and turn.right >= Right.ACT:
        return f"There is no connection yet. Make one with `{turn.command} initiate`."
    if not has_any:
        return "There is no connection yet."
    return (
        f"There is nothing to {word}: no connection is in a state for it." if word != ids.STATUS else "All are closed."
    )


async def by_id(turn: Turn, connection_id: str) -> Line:
    """An id that came back from Slack, looked up again in this organisation. Raises NotFound."""
    for line in await turn.flows.overview(turn.actor):
        if line.connection.id == connection_id:
            return line
    raise NotFound("That connection is not there any more. Open the Home tab again to see what there is.")
