"""The rules' editor, its check, versions and files, with the real flows over a toy desk."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from flows.desks import add_desk
from flows.node import Node
from flows.rule_check import Remark
from flows.rule_language import language_check
from handlers import ids
from handlers.doors import Flows
from pairing.connection import ConnectionState
from pairing.organisation import Actor
from pairing.secret import Secret
from pairing.terms import RulesMode
from rules.shipped import shipped
from storage.store import Store, Transaction
from sync.rule import RuleSide, RuleVersion
from sync.ticket import DeskFacts
from tests.handlers.world import ACME, Person, World, a_world, as_sent, errors_of, filled, seen, text_of
from tests.storage import samples

Json = dict[str, Any]
HOME: Json = as_sent({"type": "home", "callback_id": "home", "blocks": []})
LONG = "// " + "x" * 70 + "\n"
OUT, IN = RuleSide.OUTGOING, RuleSide.INCOMING


def check(side: RuleSide, text: str, facts: DeskFacts | None) -> tuple[Remark, ...]:
    """A language in which "oops" is wrong and "hmm" is odd; what the desk does not have is said as for real."""
    doubts = tuple(one for one in language_check(side, text, facts) if one.text.startswith("at your desk"))
    lines = enumerate(text.split("\n"), start=1)
    words = {"oops": f"no such property: oops ({side})", "hmm": "this does nothing here"}
    return doubts + tuple(
        Remark(number, line.index(word) + 1, said, may_pass=word == "hmm")
        for number, line in lines
        for word, said in words.items()
        if word in line
    )


def checking(node: Node) -> Flows:
    return Flows(node, check)


@pytest.fixture
async def world(sqlite_store: Store) -> AsyncIterator[World]:
    async with a_world(sqlite_store, flows=checking) as made:
        yield made


@pytest.fixture
async def alice(world: World) -> Person:
    return world.person("U0ADMINACME")


@pytest.fixture
async def connection_id(world: World, alice: Person) -> str:
    """acme_to_globex, active, in Script mode: put there, because how one is made is tested elsewhere."""
    actor = Actor(world.organisation(ACME), ACME, alice.id)
    key, address = Secret("toy-secret-9"), "memory:acme-desk"
    desk = await add_desk(world.node, actor, kind="memory", short_name="acme-desk", address=address, api_key=key)
    made = samples.connection(
        desk_id=desk.id, rules=RulesMode.SCRIPT, state=ConnectionState.ACTIVE, approved_at=samples.NOW
    )
    await world.node.store.run(actor.organisation_id, lambda tx: tx.connections.add(made))
    return made.id


async def change(world: World, connection_id: str, **fields: Any) -> None:
    def write(tx: Transaction) -> None:
        tx.connections.save(replace(tx.connections.by_id(connection_id), **fields))

    await world.node.store.run(world.organisation(ACME), write)


async def running(world: World, connection_id: str, side: RuleSide = OUT) -> RuleVersion | None:
    return await world.node.store.read(world.organisation(ACME), lambda tx: tx.rules.current(connection_id, side))


async def save(world: World, alice: Person, note: str = "", **typed: str) -> str:
    """Through editor and difference; what stands there at the end."""
    await alice.command("rules acme_to_globex")
    await alice.submit(filled(world.modal, **typed))
    assert "Compare and save" in world.modal["title"]["text"], seen(world.modal)
    await alice.submit(filled(world.modal, note=note))
    return seen(world.modal)


def value_of(view: Json, field: str) -> str:
    """What stands in a text field before anybody types."""
    (block,) = [one for one in view["blocks"] if one.get("block_id", "").partition(".")[0] == field]
    return str(block["element"].get("initial_value", ""))


# --- opening


async def test_the_editor_opens_with_what_runs(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("rules")
    assert "Your partner never sees them." in seen(world.modal)
    assert "outgoing: as shipped" in seen(world.modal) and "incoming: as shipped" in seen(world.modal)
    assert value_of(world.modal, "outgoing") == shipped(OUT).rstrip("\n")
    assert "`httpClient` is *off*" in seen(world.modal)


async def test_home_has_a_button_for_rules_in_script_mode_only(world: World, alice: Person, connection_id: str) -> None:
    await alice.open_home()
    assert "Rules" in world.home.splitlines()
    await alice.click(ids.HOME_RULES, connection_id, view=HOME)
    assert world.modal["title"]["text"] == "Rules"
    await change(world, connection_id, rules=RulesMode.BASIC)
    await alice.open_home()
    assert "Rules" not in world.home.splitlines()


async def test_a_basic_connection_says_what_that_means_and_how_to_have_rules(
    world: World, alice: Person, connection_id: str
) -> None:
    await change(world, connection_id, rules=RulesMode.BASIC)
    for text in ("rules", "rules acme_to_globex"):
        await alice.command(text)
        assert "`acme_to_globex` is in Basic mode" in world.said
        assert "make a new one with Script in step 2" in world.said


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("rules nobody", "There is no connection of that name."),
        ("rules acme_to_globex", "is closed: nothing runs there"),
    ],
)
async def test_no_editor_opens_where_there_are_no_rules(
    world: World, alice: Person, connection_id: str, typed: str, words: str
) -> None:
    await change(world, connection_id, state=ConnectionState.CLOSED)
    await alice.command(typed)
    assert words in world.said


async def test_without_any_connection_that_is_said(world: World, alice: Person) -> None:
    await alice.command("rules")
    assert "There is no connection yet." in world.said


# --- checking


async def test_what_is_wrong_stands_above_its_editor_with_line_column_and_caret(
    world: World, alice: Person, connection_id: str
) -> None:
    await alice.command("rules")
    answer = await alice.submit(filled(world.modal, outgoing="def a = 1\nif (oops) {}"))
    assert "Outgoing rule: 1 thing to put right" in text_of(answer)
    assert "2:5: no such property: oops (outgoing)\n    if (oops) {}\n        ^" in text_of(answer)
    assert value_of(world.modal, "outgoing") == "def a = 1\nif (oops) {}"
    assert await running(world, connection_id) is None


async def test_of_many_things_the_first_eight_are_shown(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("rules")
    answer = text_of(await alice.submit(filled(world.modal, outgoing="oops\n" * 11, incoming="oops")))
    assert "11 things to put right" in answer and "And 3 more, which show once these are put right." in answer
    assert "8:1: " in answer and "9:1: " not in answer
    assert "Incoming rule: 1 thing" in answer


@pytest.mark.parametrize("emptied", ["", " "])
async def test_an_empty_rule_is_not_saved(world: World, alice: Person, connection_id: str, emptied: str) -> None:
    await alice.command("rules")
    answer = await alice.submit(filled(world.modal, incoming=emptied))
    assert "1:1: the rule is empty; to let nothing through, write a comment: // nothing" in text_of(answer)


async def test_nothing_new_is_said(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("rules")
    assert "Nothing differs from the rules that run now" in text_of(await alice.submit(world.modal))


# --- saving


async def test_a_name_that_the_desk_does_not_have_is_pointed_at_and_may_be_saved(
    world: World, alice: Person, connection_id: str
) -> None:
    await alice.command("rules acme_to_globex")
    await alice.submit(filled(world.modal, incoming="issue.sumary = replica.summary"))
    assert "Compare and save" in world.modal["title"]["text"]
    assert "may be saved, but look at this" in seen(world.modal)
    assert "1:7: at your desk, Issue has no property 'sumary'; did you mean 'summary'?" in seen(world.modal)


async def test_the_difference_is_shown_and_saved_with_its_note(world: World, alice: Person, connection_id: str) -> None:
    first = await save(world, alice, "Only the summary", outgoing="replica.summary = issue.summary")
    assert "*Saved:* version 1 of the outgoing rule" in first
    version = await running(world, connection_id)
    assert version is not None and (version.text, version.note) == (
        "replica.summary = issue.summary\n",
        "Only the summary",
    )
    await alice.command("rules")
    answer = text_of(await alice.submit(filled(world.modal, outgoing="replica.summary = issue.summary\nhmm")))
    assert "1 line added, 0 removed" in answer
    assert "--- version 1\n+++ what you typed\n" in answer and "\n+hmm" in answer
    assert "2:1: this does nothing here" in answer and "Save version 2" in answer
    await alice.submit(world.modal)
    assert "version 2 of the outgoing rule" in seen(world.modal)
    assert await world.audit("rule.change") == ["acme_to_globex outgoing 2", "acme_to_globex outgoing 1"]


async def test_both_sides_are_saved_at_once(world: World, alice: Person, connection_id: str) -> None:
    await save(world, alice, outgoing="// 1")
    await alice.command("rules")
    answer = text_of(await alice.submit(filled(world.modal, outgoing="// 2", incoming="// in")))
    assert "Save versions 2, 1" in answer
    await alice.submit(world.modal)
    assert "version 2 of the outgoing rule and version 1 of the incoming rule" in seen(world.modal)


async def test_only_what_was_looked_at_is_saved(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("rules")
    await alice.submit(filled(world.modal, outgoing="// looked at"))
    looked_at = world.modal
    await alice.command("rules")
    await alice.submit(filled(world.modal, outgoing="// another window"))
    assert "was changed in another window" in text_of(await alice.submit(looked_at))
    assert await running(world, connection_id) is None


async def test_who_was_slower_keeps_what_they_typed(world: World, alice: Person, connection_id: str) -> None:
    world.slack.add_person("U0CAROL", ACME, is_admin=True)
    carol = world.person("U0CAROL")
    await alice.command("rules")
    await alice.submit(filled(world.modal, outgoing="// slow"))
    compared = world.modal
    await save(world, carol, outgoing="// fast")
    assert "Meanwhile version 1 of the outgoing rule was saved" in str(errors_of(await alice.submit(compared)))
    await alice.command("rules")
    assert value_of(world.modal, "outgoing") == "// slow"


async def test_a_rule_that_no_longer_passes_comes_back_to_the_editor(
    world: World, alice: Person, connection_id: str
) -> None:
    await alice.command("rules")
    await alice.submit(filled(world.modal, outgoing="// fine"))
    compared = world.modal
    world.front.flows._check = lambda side, text, facts: (Remark(1, 1, "the desk has no such field any more"),)
    answer = await alice.submit(compared)
    assert "the desk has no such field any more" in text_of(answer)


# --- keeping what was typed


async def test_everything_typed_is_kept_in_a_closed_window(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("rules")
    await alice.close(filled(world.modal, incoming="// half"))
    await alice.command("rules")
    assert value_of(world.modal, "incoming") == "// half"
    assert "*What you typed before is kept:* the incoming rule below differs from what runs." in seen(world.modal)


async def test_what_was_typed_and_the_note_stay_between_windows(
    world: World, alice: Person, connection_id: str
) -> None:
    await alice.command("rules")
    await alice.click(ids.RULES_VERSIONS, "outgoing", view=filled(world.modal, outgoing="// typed"))
    assert world.modal["title"]["text"] == "Versions"
    await alice.click(ids.RULES_BACK, view=world.modal)
    assert value_of(world.modal, "outgoing") == "// typed"
    await alice.submit(world.modal)
    await alice.click(ids.RULES_BACK, view=filled(world.modal, note="because"))
    await alice.submit(world.modal)
    assert value_of(world.modal, "note") == "because"


async def test_what_was_typed_can_be_dropped(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("rules")
    fields = [block["block_id"] for block in world.modal["blocks"] if block["type"] == "input"]
    await alice.close(filled(world.modal, outgoing="// typed"))
    await alice.command("rules")
    await alice.click(ids.RULES_DISCARD, view=world.modal)
    assert "Dropped: these are the rules that run now." in seen(world.modal)
    assert value_of(world.modal, "outgoing") == shipped(OUT).rstrip("\n")
    assert not set(fields) & {block["block_id"] for block in world.modal["blocks"] if block["type"] == "input"}


# --- files


async def test_a_file_replaces_the_text_and_a_long_one_is_handed_back_as_a_file(
    world: World, alice: Person, connection_id: str
) -> None:
    await alice.command("rules")
    long = LONG * 60
    address = world.slack.upload("long.groovy", b"\xef\xbb\xbf" + long.replace("\n", "\r\n").encode())
    await alice.submit(filled(world.modal, outgoing_file=address))
    await alice.submit(world.modal)
    version = await running(world, connection_id)
    assert version is not None and version.text == long
    await alice.command("rules")
    assert "*Outgoing rule:* 4,440 characters, 60 lines." in seen(world.modal)
    await alice.click(ids.RULES_FILES, view=world.modal)
    assert "Both texts are in your direct messages" in seen(world.modal)
    shared = world.slack.of("files.completeUploadExternal")
    assert {call["channel_id"] for call in shared} == {"DU0ADMINACME"}
    assert "Change it, then upload it: `/connect rules acme_to_globex`" in shared[0]["initial_comment"]
    announced = [call["filename"] for call in world.slack.of("files.getUploadURLExternal")]
    assert announced == ["acme_to_globex-outgoing.groovy", "acme_to_globex-incoming.groovy"]
    assert long.encode() in world.slack.files.values()
    assert not world.slack.of("chat.postMessage"), "nothing of a rule is posted"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "rule.groovy is not UTF-8 text. Save it as UTF-8 and upload it again."),
        (b"x" * (2**20 + 1), "rule.groovy is larger than a rule may be (256 KiB)."),
    ],
)
async def test_a_file_that_cannot_be_a_rule_says_why_at_its_field(
    world: World, alice: Person, connection_id: str, content: bytes, words: str
) -> None:
    await alice.command("rules")
    address = world.slack.upload("rule.groovy", content)
    assert words in errors_of(await alice.submit(filled(world.modal, outgoing_file=address)))["outgoing_file"]


async def test_a_file_is_fetched_from_slack_only(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("rules")
    answer = await alice.submit(filled(world.modal, outgoing_file="https://evil.example/rule.groovy"))
    assert "Slack did not hand rule.groovy over" in errors_of(answer)["outgoing_file"]


async def test_what_is_too_long_is_said_with_its_number(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("rules")
    address = world.slack.upload("rule.groovy", b"x" * 262_200)
    answer = text_of(await alice.submit(filled(world.modal, outgoing_file=address)))
    assert "262,201 characters are too many, a rule may have 262,144" in answer


# --- versions


async def test_versions_are_listed_compared_and_restored(world: World, alice: Person, connection_id: str) -> None:
    await save(world, alice, "first note", outgoing="// one")
    await save(world, alice, "second note", outgoing="// two")
    await alice.command("rules")
    await alice.click(ids.RULES_VERSIONS, "outgoing", view=world.modal)
    text = seen(world.modal)
    assert text.index("*Version 2* (runs now)") < text.index("*Version 1*") and "first note" in text
    await alice.submit(filled(world.modal, version="1", against="2"))
    assert "--- version 2\n+++ version 1\n" in seen(world.modal) and "Restore version 1" in seen(world.modal)
    await alice.submit(filled(world.modal, note="back to one"))
    assert "*Saved:* version 3 of the outgoing rule" in seen(world.modal)
    version = await running(world, connection_id)
    assert version is not None and (version.text, version.note) == ("// one\n", "back to one")


async def test_what_runs_and_what_we_ship_can_be_looked_at(world: World, alice: Person, connection_id: str) -> None:
    await save(world, alice, outgoing="// one")
    await alice.command("rules")
    await alice.click(ids.RULES_VERSIONS, "outgoing", view=world.modal)
    versions = world.modal
    await alice.submit(filled(versions, version="1", against="1"))
    assert "the two texts are the same" in seen(world.modal) and "That text runs now." in seen(world.modal)
    assert "submit" not in world.modal
    await alice.click(ids.RULES_VERSIONS, "outgoing", view=world.modal)
    await alice.submit(filled(world.modal, version="0", against="1"))
    assert "Restore as shipped" in seen(world.modal)
    await alice.click(ids.RULES_VERSIONS, "incoming", view=versions)
    assert "Nothing was saved yet: the text that we ship runs." in seen(world.modal)


async def test_a_version_that_does_not_pass_today_is_not_restored(
    world: World, alice: Person, connection_id: str
) -> None:
    await save(world, alice, outgoing="// one")
    await save(world, alice, outgoing="// two")
    await alice.command("rules")
    await alice.click(ids.RULES_VERSIONS, "outgoing", view=world.modal)
    await alice.submit(filled(world.modal, version="1", against="2"))
    world.front.flows._check = lambda side, text, facts: (Remark(1, 1, "not any more"),)
    answer = text_of(await alice.submit(world.modal))
    assert "It cannot be restored as it is" in answer and "1:1: not any more" in answer


async def test_restoring_what_somebody_replaced_meanwhile_is_refused(
    world: World, alice: Person, connection_id: str
) -> None:
    await save(world, alice, outgoing="// one")
    await save(world, alice, outgoing="// two")
    await alice.command("rules")
    await alice.click(ids.RULES_VERSIONS, "outgoing", view=world.modal)
    await alice.submit(filled(world.modal, version="1", against="2"))
    comparison = world.modal
    await save(world, alice, outgoing="// three")
    assert "Meanwhile version 3 of the outgoing rule was saved" in str(errors_of(await alice.submit(comparison)))


@pytest.mark.parametrize("meta", ["{}:sideways:1:2", "nobody:outgoing:1:2", "", "{}:outgoing:9:2"])
async def test_what_comes_back_from_slack_is_looked_up_again(
    world: World, alice: Person, connection_id: str, meta: str
) -> None:
    view = as_sent({"type": "modal", "callback_id": ids.VIEW_RULES_COMPARE, "blocks": []})
    answer = await alice.submit(view | {"private_metadata": meta.format(connection_id)})
    words = ("older version of this app", "not there any more", "There is no version 9")
    assert any(word in text_of(answer) for word in words)


# --- httpClient


async def test_http_is_switched_on_and_off(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("rules")
    await alice.click(ids.RULES_HTTP, "on", view=filled(world.modal, incoming="// typed"))
    assert "`httpClient` is *on*" in seen(world.modal) and value_of(world.modal, "incoming") == "// typed"
    await alice.click(ids.RULES_HTTP, "off", view=world.modal)
    assert "`httpClient` is off now." in seen(world.modal)
    assert await world.audit("rule.http") == ["acme_to_globex off", "acme_to_globex on"]


# --- from a card


@pytest.mark.parametrize("where", ["1:4", ""])
async def test_a_card_opens_the_editor_at_the_line(world: World, alice: Person, connection_id: str, where: str) -> None:
    await save(world, alice, incoming="a = replica.nothing.here")
    await alice.click(ids.PARKED_RULE, f"{connection_id}:incoming:{where}")
    assert world.modal["title"]["text"] == "Rules"
    shown = "1:4: the incoming rule stopped here\n    a = replica.nothing.here\n       ^"
    assert (shown in seen(world.modal)) is bool(where)
