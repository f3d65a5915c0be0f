"""A person and their rules, through everything that Slack shows: edit, an error with its caret, what differs, saving,
versions, files, trying. The partner is not even there yet: a pending connection has rules already."""

import pytest

from sandbox.slack.person import PersonDriver
from sandbox.slack.surfaces import Surface
from sandbox.story import modal_called
from tests.journeys.acts import add_desk, answered, invite, told
from tests.journeys.stage import Stage

OUT, IN = "Outgoing rule", "Incoming rule"
FIRST = "// canary rule one\nreplica.summary = issue.summary\n"
SECOND = "// canary rule two\nreplica.summary = issue.summary\nreplica.status = issue.status\n"
BROKEN = "replica.summary = issue.summary\nif (issue.status {\n}\n"


@pytest.fixture
async def alice(stage: Stage) -> PersonDriver:
    await add_desk(stage.acme)
    await invite(stage, mode="Script")
    stage.secrets += ["canary rule one", "canary rule two"]
    return stage.alice


async def editor(alice: PersonDriver) -> Surface:
    await alice.command("/connect rules acme_to_globex")
    return await modal_called(alice, "Rules")


async def save(alice: PersonDriver, note: str, **typed: str) -> str:
    await editor(alice)
    for side, text in typed.items():
        await alice.type({"outgoing": OUT, "incoming": IN}[side], text)
    assert await alice.submit() == {}
    await modal_called(alice, "Compare and save")
    await alice.type("Note", note)
    assert await alice.submit() == {}
    text = (await modal_called(alice, "Rules saved")).text
    await alice.close_modal(everything=True)
    return text


async def test_a_rule_is_edited_checked_compared_saved_and_restored(stage: Stage, alice: PersonDriver) -> None:
    opened = await editor(alice)
    assert "outgoing: as shipped" in opened.text and opened.values[OUT]
    await alice.type(OUT, BROKEN)
    assert await alice.submit() == {}
    wrong = await alice.until(lambda: alice.modal if alice.modal and "to put right" in alice.modal.text else None)
    assert "2:4: '(' is never closed\n    if (issue.status {\n       ^" in wrong.text
    assert wrong.values[OUT] == BROKEN.rstrip("\n")
    await alice.close_modal()

    again = await editor(alice)
    assert "What you typed before is kept" in again.text and again.values[OUT] == BROKEN.rstrip("\n")
    await alice.type(OUT, FIRST)
    assert await alice.submit() == {}
    compared = await modal_called(alice, "Compare and save")
    assert "--- as shipped" in compared.text and "+// canary rule one" in compared.text
    await alice.type("Note", "Only the summary")
    await alice.click("Back to the editor")
    await modal_called(alice, "Rules")
    assert await alice.submit() == {}
    compared = await modal_called(alice, "Compare and save")
    assert compared.values["Note"] == "Only the summary"
    assert await alice.submit() == {}
    assert "version 1 of the outgoing rule" in (await modal_called(alice, "Rules saved")).text
    await alice.close_modal(everything=True)

    assert "version 2" in await save(alice, "With the status", outgoing=SECOND)
    await editor(alice)
    await alice.click("Versions")
    versions = await modal_called(alice, "Versions")
    assert "Only the summary" in versions.text and "Version 2 (runs now)" in versions.text.replace("*", "")
    await alice.choose("Look at", "Version 1")
    await alice.choose("Compared with", "Version 2, runs now")
    assert await alice.submit() == {}
    older = await modal_called(alice, "Compare")
    assert "-replica.status = issue.status" in older.text
    assert await alice.submit() == {}
    assert "version 3 of the outgoing rule" in (await modal_called(alice, "Rules saved")).text
    await alice.close_modal(everything=True)
    assert (await editor(alice)).values[OUT] == FIRST.rstrip("\n")
    entries = [entry.object for entry in await stage.audit(stage.acme) if entry.action == "rule.change"]
    assert entries == [f"acme_to_globex outgoing {number}" for number in (3, 2, 1)]


async def test_a_long_rule_travels_as_a_file_both_ways(stage: Stage, alice: PersonDriver) -> None:
    long = FIRST + "// padding, so that it fits no field\n" * 100
    shipped = (await editor(alice)).values[OUT]
    await alice.type(OUT, "x" * 3001)
    assert await alice.submit() == {OUT: "Please enter no more than 3000 characters."}
    await alice.type(OUT, shipped)
    await alice.upload(f"{OUT} as a file instead", "mine.groovy", long.encode())
    assert await alice.submit() == {}
    await modal_called(alice, "Compare and save")
    assert await alice.submit() == {}
    await modal_called(alice, "Rules saved")
    await alice.close_modal(everything=True)

    opened = await editor(alice)
    assert OUT not in opened.labels and f"{OUT}: upload a new text" in opened.labels
    await alice.click("Get both as files")
    message = await told(alice, stage.acme, "acme_to_globex-incoming.groovy")
    first = await told(alice, stage.acme, "acme_to_globex-outgoing.groovy")
    assert first.raw["text"].startswith("The outgoing rule of") and message.raw["files"]
    world = stage.companies.slack.world
    contents = [world.files[file["id"]].content for one in (first, message) for file in one.raw["files"]]
    assert long.encode() in contents
    everywhere = [
        one.text for channel in world.channels.values() if not channel.is_dm for one in channel.messages.values()
    ]
    assert not any("canary rule" in text for text in everywhere)


async def test_a_rule_is_tried_on_a_ticket_and_on_days_before_it_is_saved(stage: Stage, alice: PersonDriver) -> None:
    lena = stage.acme.desk.add_requester("Lena Maes", "lena@acme.example")
    ticket = lena.raise_ticket("Printer smokes").id
    await editor(alice)
    await alice.type(OUT, FIRST)
    await alice.click("Try it")
    window = await alice.until(lambda: alice.modal if alice.modal and "Recent tickets" in alice.modal.labels else None)
    assert "outgoing: what you typed" in window.text
    await alice.type("Ticket", f"#{ticket}")
    assert await alice.submit() == {}
    shown = await alice.until(
        lambda: alice.modal if alice.modal and "would get a new ticket" in alice.modal.text else None
    )
    assert "summary: Printer smokes" in shown.text
    await alice.type("Or all tickets that changed within the last days", "7")
    await alice.click("Try these days")
    over = await told(alice, stage.acme, "tried on the last 7 days")
    assert "1: your partner would get a new ticket" in over.text
    assert not any(
        call.method.startswith("chat.") and "channel=C" in call.summary for call in stage.companies.slack.calls
    )
    await alice.close_modal(everything=True)


async def test_only_admins_reach_the_rules_and_basic_mode_says_what_it_is(stage: Stage, alice: PersonDriver) -> None:
    refused = await answered(stage.acme.member, "/connect rules acme_to_globex")
    assert "admin" in refused.text
    await alice.open_home(stage.acme.app)
    home = await alice.until(lambda: alice.home(stage.acme.app))
    await alice.click("Rules", where=home)
    await modal_called(alice, "Rules")
