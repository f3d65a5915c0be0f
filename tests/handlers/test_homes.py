"""Every Home that was published stays current."""

from typing import Any

import pytest

from handlers import ids
from pairing.notice import Notice, NoticeKind
from sync.errors import RemoteUnavailable
from tests.handlers.samples import NOW
from tests.handlers.test_app import add_desk, initiate
from tests.handlers.world import ACME, World, as_sent

Json = dict[str, Any]


async def refresh(world: World) -> None:
    await world.notices.deliver(world.organisation(), Notice("n" * 26, NoticeKind.HOME, NOW))


async def test_a_home_that_was_opened_follows_every_change(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await alice.open_home()
    assert "No connections yet" in world.home and "First step" in world.home
    await add_desk(world, alice, "acme-desk")
    await initiate(world, alice)
    await world.deliver_notices()
    assert "acme_to_globex" in world.home and "partner: unknown" in world.home and "First step" not in world.home


async def test_everybody_who_opened_it_is_remembered_and_sees_what_they_may(world: World) -> None:
    world.slack.add_person("U0MEMBER", ACME)
    world.slack.add_person("U0GUEST", ACME, is_restricted=True)
    for user_id in ("U0ADMINACME", "U0MEMBER", "U0GUEST"):
        await world.person(user_id).open_home()
    world.slack.calls.clear()
    await refresh(world)
    published = {call["user_id"]: str(call["view"]) for call in world.slack.of("views.publish")}
    assert set(published) == {"U0ADMINACME", "U0MEMBER", "U0GUEST"}
    assert "Initiate connection" in published["U0ADMINACME"] and "Initiate connection" not in published["U0MEMBER"]
    assert "Only full members" in published["U0GUEST"]


async def test_nobody_elses_home_is_touched(world: World) -> None:
    await world.person("U0ADMINGLOBEX").open_home()
    world.slack.calls.clear()
    await refresh(world)
    assert world.slack.of("views.publish") == []


async def test_a_newer_home_is_not_overwritten_by_what_was_true_before(world: World) -> None:
    await world.person("U0ADMINACME").open_home()
    await refresh(world)
    first, second = world.slack.of("views.publish")
    assert "hash" not in first and second["hash"].endswith(".hash")


async def test_after_a_conflict_what_is_true_now_is_published(world: World) -> None:
    await world.person("U0ADMINACME").open_home()
    conflicts = iter(["hash_conflict"])

    async def conflicting(method: str, arguments: Json) -> Json:
        world.slack.refusals = (
            {"views.publish": code} if method == "views.publish" and (code := next(conflicts, "")) else {}
        )
        return await original(method, arguments)

    original, world.slack.call = world.slack.call, conflicting  # type: ignore[method-assign]
    await refresh(world)
    assert "hash" in world.slack.of("views.publish")[-2] and "hash" not in world.slack.of("views.publish")[-1]


async def test_a_person_who_left_stops_nobody_elses_home(world: World) -> None:
    world.slack.add_person("U0ANNE", ACME)
    for user_id in ("U0ANNE", "U0ADMINACME"):
        await world.person(user_id).open_home()
    world.slack.refusals["views.publish"] = "user_not_found"
    await refresh(world)
    assert len(world.slack.of("views.publish")) == 4


async def test_when_slack_is_busy_it_is_tried_again(world: World) -> None:
    await world.person("U0ADMINACME").open_home()
    world.slack.refusals["views.publish"] = "ratelimited"
    with pytest.raises(RemoteUnavailable):
        await refresh(world)


async def test_when_slack_does_not_know_the_person_the_home_says_so(world: World) -> None:
    world.slack.refusals["users.info"] = "internal_error"
    await world.person("U0ADMINACME").open_home()
    assert "Open this tab again in a minute" in world.home


async def test_pages_are_turned_and_stay_turned(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await add_desk(world, alice, "acme-desk")
    for number in range(20):
        await alice.command("initiate")
        await alice.submit(as_typed(world, reach="local"))
        await alice.submit(as_typed(world, rules="basic"))
        await alice.submit(as_typed(world, local_name="acme", remote_name=f"p{number:02}"))
        await alice.submit(as_typed(world))
    await one_more(world)
    await alice.open_home()
    assert "acme_to_p00" in world.home and "Page 1 of 2" in world.home
    home = as_sent({"type": "home", "callback_id": "home", "blocks": []})
    await alice.click(ids.HOME_NEXT, "1", view=home)
    assert "acme_to_p00" not in world.home and "Page 2 of 2" in world.home
    await refresh(world)
    assert "Page 2 of 2" in world.home
    await alice.click(ids.HOME_PREVIOUS, "nonsense", view=home)
    assert "Page 1 of 2" in world.home


def as_typed(world: World, **typed: str) -> Json:
    return as_sent(world.modal, world.modal["id"], **typed)


async def one_more(world: World) -> None:
    """The twenty-first, under the limit of open invitations: one is cancelled, and a claim of another stays pending."""
    alice, bob = world.person("U0ADMINACME"), world.person("U0ADMINGLOBEX")
    await add_desk(world, bob, "globex-desk")
    code = next(
        line
        for call in reversed(world.slack.of("chat.postMessage"))
        for line in str(call).replace("'", "\n").splitlines()
        if line.startswith("brg_")
    )
    await alice.command(f"accept {code}")
    await add_desk(world, alice, "second")
    await alice.command(f"accept {code}")
    second = next(
        option["value"]
        for block in world.modal["blocks"]
        if block.get("block_id") == ids.DESK
        for option in block["element"]["options"]
        if "second" in option["text"]["text"]
    )
    await alice.submit(as_typed(world, desk_id=second, local_name="x", remote_name="y", name="zz_last"))
