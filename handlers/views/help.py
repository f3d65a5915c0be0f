"""The help, and what is said to a word we do not know."""

from handlers import ids
from handlers.actor import Right
from handlers.blocks import Message, context, escape, section

_LINES: tuple[tuple[Right, str, str], ...] = (
    (Right.ACT, ids.SETUP, "add your service desk, replace its API key"),
    (Right.ACT, ids.INITIATE, "invite a partner: makes an invitation code"),
    (Right.ACT, f"{ids.ACCEPT} <code>", "use a code that a partner gave you"),
    (Right.SEE, ids.LIST, "all connections and their state"),
    (Right.SEE, f"{ids.STATUS} <name>", "one connection in detail"),
    (Right.ACT, f"{ids.EDIT} <name>", "change its name and description"),
    (Right.ACT, ids.PENDING, "invitations that wait"),
    (Right.ACT, f"{ids.CANCEL} <name>", "withdraw an invitation"),
    (Right.ACT, f"{ids.PAUSE} <name>", "hold tickets back for a while"),
    (Right.ACT, f"{ids.RESUME} <name>", "let them travel again"),
    (Right.ACT, f"{ids.CLOSE} <name>", "end a connection for good"),
    (Right.ACT, f"{ids.SCOPE} <name>", "which tickets are shared by themselves"),
    (Right.ACT, f"{ids.EDIT_RULES} <name>", "your rules of a connection in Script mode"),
    (Right.ACT, f"{ids.BACKFILL} <name>", "share tickets that exist already"),
    (Right.ACT, f"{ids.SYNC} <ticket>", "share one ticket"),
    (Right.ACT, f"{ids.LINK} <yours> <theirs>", "join two tickets that exist on both sides"),
    (Right.ACT, f"{ids.UNLINK} <ticket>", "part two tickets; both stay"),
    (Right.ACT, ids.ERRORS, "tickets that wait for a person"),
    (Right.SEE, ids.HELP, "this list"),
)


def help_message(command: str, right: Right, unknown: str | None = None) -> Message:
    """Only what the person may do. `unknown` is the word that is none of ours, "" when it must not be repeated."""
    lines = [f"`{command} {escape(words)}` — {what}" for needed, words, what in _LINES if right >= needed]
    blocks = [section("\n".join(lines)), context("Every command has a button in the app's Home tab too.")]
    if right < Right.ACT:
        blocks.append(context("To make or change connections, ask a workspace admin."))
    if unknown is None:
        return Message(f"What {command} can do", tuple(blocks))
    first = f"Unknown command: `{escape(unknown)}`." if unknown else "That is none of the commands."
    return Message(first, (section(f"{first} These are:"), *blocks))
