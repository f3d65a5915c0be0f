from datetime import UTC, datetime

import pytest

from rules.host.scene import HttpWrite, Json, Outcome, OutComment, Scene, SeenComment, SeenFile, SeenReplica, SeenTicket
from rules.worker.frames import HEAD, packed, unpacked
from sync.form import DeskFacts, DeskField, FieldChoice, FieldType
from sync.rule import RuleSide
from sync.ticket import Person

NOW = datetime(2026, 3, 2, 9, 15, 4, tzinfo=UTC)


def behind(row: Json) -> Json:
    """What comes out at the other end of a pipe."""
    return unpacked(packed({"row": row})[HEAD:])["row"]


def test_a_scene_is_the_same_behind_a_border() -> None:
    scene = Scene(
        RuleSide.INCOMING,
        NOW,
        ticket=SeenTicket("7", "#7", fields={"tags": ["a"]}, requester=Person("Ann", "ann@a.example")),
        replica=SeenReplica("9", comments=(SeenComment("1", "hello", at=NOW),), files=(SeenFile("2", "a.txt"),)),
        previous={"summary": "x"},
        facts=DeskFacts(
            (("status", ("Open", "Closed")),),
            frozenset({"subject"}),
            frozenset({"site"}),
            (DeskField("custom.site", "Site", FieldType.NESTED, (FieldChoice("a", (FieldChoice("b"),)),)),),
        ),
    )
    there = Scene.from_row(behind(scene.to_row()))
    assert there.to_json() == scene.to_json()
    assert there.facts == scene.facts
    assert there.now == NOW


def test_an_outcome_is_the_same_behind_a_border() -> None:
    outcome = Outcome(
        {"a": {"b": [1, None]}},
        (OutComment("1", "t", at=NOW),),
        requester=Person("Ann"),
        http=(HttpWrite("POST", "/x"),),
        log=(("info", "said"),),
    )
    assert Outcome.from_row(behind(outcome.to_row())) == outcome


@pytest.mark.parametrize(
    ("place", "held"),
    [(1, "a row"), (1, [["1", "t"]]), (1, ["12345678"]), (1, 7), (3, {}), (12, [["info"]]), (12, ["ab"])],
)
def test_another_shape_is_refused(place: int, held: object) -> None:
    row = Outcome().to_row()
    row[place] = held
    with pytest.raises(TypeError):
        Outcome.from_row(row)


@pytest.mark.parametrize("held", [None, {"fields": {}}, [], [[]], "row", 7])
def test_what_is_no_row_is_refused(held: object) -> None:
    with pytest.raises(TypeError):
        Scene.from_row(held)
