from __future__ import annotations

import pytest

from sandbox.slack.errors import SlackRefused
from sandbox.slack.world import Person
from tests.sandbox.slack.wizard import MANIFEST, Stage, staged


async def test_an_answer_in_the_acknowledgement_is_for_the_person_alone(stage: Stage) -> None:
    p = stage.slack.person(stage.alice)
    await p.command("/wizard help", channel=stage.shared)
    assert [one.text for one in p.ephemerals(stage.shared)] == ["Try `/wizard`"]
    assert p.messages(stage.shared) == ()
    assert stage.slack.person(stage.gus).ephemerals() == ()


async def test_an_answer_in_the_channel_also_posts_the_command_as_typed(stage: Stage) -> None:
    p = stage.slack.person(stage.alice)
    await p.command("/wizard loud secret", channel=stage.shared)
    assert [one.text for one in p.messages(stage.shared)] == ["/wizard loud secret", "Hello all"]


async def test_a_command_says_who_where_and_what(stage: Stage) -> None:
    p = stage.slack.person(stage.alice)
    await p.command("/plain  some words ", channel=stage.shared)
    body = stage.seen.last("/plain")
    assert (body["team_id"], body["team_domain"]) == (stage.acme.id, "acme")
    assert (body["channel_id"], body["channel_name"]) == (stage.shared.id, "acme-globex")
    assert (body["user_id"], body["user_name"]) == (stage.alice.id, "alice")
    assert (body["text"], body["api_app_id"]) == ("some words", stage.install.app.id)
    assert body["response_url"] and body["trigger_id"]


async def test_without_a_channel_a_command_is_typed_into_the_persons_own_notes(http_stage: Stage) -> None:
    p = http_stage.slack.person(http_stage.alice)
    await p.command("/wizard help")
    assert http_stage.seen.last("/wizard")["channel_name"] == "directmessage"
    assert [one.text for one in p.ephemerals(p.notes)] == ["Try `/wizard`"]


ESCAPED = [
    ("https://bridge.example/x", "<https://bridge.example/x>", "https://bridge.example/x"),
    ("a & b < c", "a &amp; b &lt; c", "a &amp; b &lt; c"),
    ("brg_1", "brg_1", "brg_1"),
    ("@nobody #nowhere", "@nobody #nowhere", "@nobody #nowhere"),
]


@pytest.mark.parametrize(("typed", "escaped", "plain"), ESCAPED)
async def test_links_become_references_only_with_should_escape(
    http_stage: Stage, typed: str, escaped: str, plain: str
) -> None:
    p = http_stage.slack.person(http_stage.alice)
    await p.command(f"/wizard help {typed}", channel=http_stage.shared)
    await p.command(f"/plain {typed}", channel=http_stage.shared)
    assert http_stage.seen.last("/wizard")["text"] == f"help {escaped}"
    assert http_stage.seen.last("/plain")["text"] == plain


async def test_people_and_channels_become_references_with_should_escape(http_stage: Stage) -> None:
    p = http_stage.slack.person(http_stage.alice)
    await p.command("/wizard help @gus #acme-globex", channel=http_stage.shared)
    gus, shared = http_stage.gus, http_stage.shared
    assert http_stage.seen.last("/wizard")["text"] == f"help <@{gus.id}|gus> <#{shared.id}|acme-globex>"


async def test_a_command_of_no_app_is_not_valid(http_stage: Stage) -> None:
    with pytest.raises(SlackRefused, match=r"^/nothing is not a valid command"):
        await http_stage.slack.person(http_stage.alice).command("/nothing")


async def test_a_partner_without_the_app_cannot_use_its_command_in_the_shared_channel(http_stage: Stage) -> None:
    with pytest.raises(SlackRefused, match=r"^/wizard is not a valid command"):
        await http_stage.slack.person(http_stage.gus).command("/wizard help", channel=http_stage.shared)
    assert not http_stage.seen.bodies


async def test_the_app_installed_last_owns_the_command(http_stage: Stage) -> None:
    other = http_stage.slack.world.add_app("Other", manifest=MANIFEST, transport="http")
    other.install(http_stage.acme)
    with pytest.raises(SlackRefused, match="dispatch_failed"):
        await http_stage.slack.person(http_stage.alice).command("/wizard help")
    assert not http_stage.seen.bodies


async def test_a_command_without_an_acknowledgement_times_out() -> None:
    async with staged("socket", ack_seconds=0.2) as stage:
        with pytest.raises(SlackRefused, match="/wizard failed with the error “operation_timeout”"):
            await stage.slack.person(stage.alice).command("/wizard silent")


async def test_who_is_not_there_cannot_type_there(http_stage: Stage) -> None:
    bob = http_stage.acme.add_person("Bob")
    with pytest.raises(SlackRefused, match="Bob is not in #acme-globex"):
        await http_stage.slack.person(bob).command("/wizard help", channel=http_stage.shared)


async def test_a_deactivated_person_does_nothing(http_stage: Stage) -> None:
    gone: Person = http_stage.acme.add_person("Zoe", deactivated=True)
    with pytest.raises(SlackRefused, match="Zoe's account is deactivated"):
        await http_stage.slack.person(gone).command("/wizard help")
