"""Desks: checked live, their keys in the vault and nowhere else."""

from dataclasses import replace

import pytest

from flows.desks import add_desk, desks, remove_desk, replace_key
from flows.errors import FieldErrors, NotFound
from pairing.errors import MoveNotPossible
from pairing.secret import Secret
from tests.flows.sides import Pair, offered
from trackers.memory import MemoryDesks


async def test_a_desk_is_added_under_its_canonical_address_with_its_key_sealed(pair: Pair) -> None:
    node, actor = pair.acme.node, pair.acme.actor
    made = await add_desk(
        node, actor, kind="memory", short_name="Second", address=" Hooli ", api_key=Secret("toy-second")
    )
    assert (made.short_name, made.address) == ("second", "memory:hooli")
    assert await pair.acme.secret("desk_token", made.id) == b"toy-second"
    assert [desk.short_name for desk in await desks(node, actor)] == ["acme-desk", "second"]
    assert (await pair.acme.audit())[-1] == "desk.add ok memory"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"kind": "none", "short_name": "A B", "api_key": ""}, {"kind", "short_name", "api_key"}),
        ({"address": "no spaces please"}, {"address"}),
        ({"api_key": "toy with space"}, {"api_key"}),
        ({"api_key": "toy-" + "x" * 500}, {"api_key"}),
        ({"api_key": "toy-ключ"}, {"api_key"}),
        ({"short_name": "acme-desk"}, {"short_name"}),
        ({"api_key": "bad-key"}, {"api_key"}),
        ({"requester": "nobody"}, {"requester"}),
        ({"requester": "unknown@acme.example"}, {"requester"}),
    ],
)
async def test_what_is_wrong_is_said_field_by_field(pair: Pair, typed: dict[str, str], fields: set[str]) -> None:
    fine = {"kind": "memory", "short_name": "new", "address": "new", "api_key": "toy-new", "requester": ""} | typed
    with pytest.raises(FieldErrors) as wrong:
        await add_desk(
            pair.acme.node, pair.acme.actor, kind=fine["kind"], short_name=fine["short_name"],
            address=fine["address"], api_key=Secret(fine["api_key"]), requester=fine["requester"],
        )  # fmt: skip
    assert set(wrong.value.fields) == fields
    assert len(await desks(pair.acme.node, pair.acme.actor)) == 1


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (MemoryDesks(missing=frozenset({"memory:new"})), "address"),
        (MemoryDesks(silent=frozenset({"memory:new"})), "address"),
    ],
)
async def test_a_desk_that_does_not_answer_as_one_is_not_added(pair: Pair, kind: MemoryDesks, field: str) -> None:
    node = replace(pair.acme.node, desks={"memory": kind})
    with pytest.raises(FieldErrors) as wrong:
        await add_desk(node, pair.acme.actor, kind="memory", short_name="new", address="new", api_key=Secret("toy-new"))
    assert set(wrong.value.fields) == {field}


async def test_a_new_key_is_checked_before_the_old_one_goes(pair: Pair) -> None:
    node, actor, desk = pair.acme.node, pair.acme.actor, pair.acme.desk
    for bad in ("", "bad-key"):
        with pytest.raises(FieldErrors):
            await replace_key(node, actor, desk.id, Secret(bad))
    assert await pair.acme.secret("desk_token", desk.id) == b"toy-canary-key"
    await replace_key(node, actor, desk.id, Secret("toy-fresh"))
    assert await pair.acme.secret("desk_token", desk.id) == b"toy-fresh"
    with pytest.raises(NotFound):
        await replace_key(node, actor, "x" * 26, Secret("toy-fresh"))


async def test_a_desk_in_use_stays_and_an_unused_one_goes_with_its_key(pair: Pair) -> None:
    node, actor, desk = pair.acme.node, pair.acme.actor, pair.acme.desk
    await offered(pair)
    with pytest.raises(MoveNotPossible, match="is used by `acme_to_globex`"):
        await remove_desk(node, actor, desk.id)
    free = await add_desk(node, actor, kind="memory", short_name="free", address="free", api_key=Secret("toy-free"))
    await remove_desk(node, actor, free.id)
    assert await pair.acme.secret("desk_token", free.id) is None
    with pytest.raises(NotFound):
        await remove_desk(node, actor, free.id)
