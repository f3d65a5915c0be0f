"""Names agree: what views can send is what is listened to, and the reverse."""

import ast
import re
from pathlib import Path

from handlers import ids, needs
from handlers.app import LISTENERS
from handlers.arrivals import Kind

ACTIONS = re.compile("(HOME|DESK|WIZARD|OFFER|CLAIM|SCOPE|BACKFILL|PARKED|CONFLICT|JOIN|RULES|TRIAL)_")
ROOM = Path(__file__).parents[2] / "handlers"


def names(kind: Kind) -> set[str]:
    return {listener.name for listener in LISTENERS if listener.kind is kind}


def used_in_views() -> set[str]:
    """The constants of ids.py that views mention."""
    trees = [ast.parse(file.read_text()) for file in (ROOM / "views").glob("*.py")]
    attributes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "ids"}


def test_every_command_word_is_listened_to() -> None:
    assert names(Kind.COMMAND) == set(needs.COMMAND_WORDS)


def test_every_event_is_listened_to() -> None:
    assert names(Kind.EVENT) == set(needs.EVENTS)


def test_every_action_of_a_view_is_listened_to_and_the_reverse() -> None:
    actions = {getattr(ids, name) for name in used_in_views() if ACTIONS.match(name)}
    assert actions - {ids.CLAIM_CARD, ids.BACKFILL_CARD} == names(Kind.ACTION)


def test_every_view_that_takes_something_is_listened_to() -> None:
    views = {name for name in used_in_views() if name.startswith("VIEW_")} - {
        "VIEW_NOTE",
        "VIEW_DESKS",
        "VIEW_WIZARD",
        "VIEW_ERRORS",
    }
    assert {getattr(ids, name) for name in views} | set(ids.VIEW_WIZARD.values()) == names(Kind.SUBMISSION)


def test_a_field_is_known_whatever_stands_behind_the_dot() -> None:
    assert ids.field_of("name.acme_to_globex") == "name" and ids.field_of("name") == "name"


def test_no_name_is_written_twice() -> None:
    written = [value for name, value in vars(ids).items() if ACTIONS.match(name)]
    texts = [value for value in written if isinstance(value, str)]
    assert len(texts) == len(set(texts))
    views = [value for name, value in vars(ids).items() if name.startswith("VIEW_") and isinstance(value, str)]
    assert len(views) == len(set(views))
