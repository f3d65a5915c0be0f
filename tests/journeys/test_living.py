"""Life with connections: looking, renaming, pausing, resuming, ending; what each side reads, in each reach."""

import aiohttp
import pytest

from pairing.connection import ConnectionState
from sandbox.companies import Company
from sandbox.slack.person import PersonDriver
from sandbox.story import modal_called
from tests.journeys.acts import (
    accept,
    add_desk,
    add_desks,
    answered,
    connect,
    count_told,
    enter_number,
    invite,
    look,
    told,
)
from tests.journeys.stage import EVERY_REACH, PRIVATE_FIRST, Stage

PAUSED_BY_THEM = "Only they can resume it."


async def say_close(person: PersonDriver, name: str, reason: str = "") -> None:
    await person.command(f"/connect close {name}")
    question = await modal_called(person, "Close connection")
    assert "What stops:" in question.text and "What stays:" in question.text
    if reason:
        await person.type("Reason", reason)
    assert await person.submit() == {}
    done = await modal_called(person, "Closed")
    assert "All tickets stay on both desks as they are." in done.text
    await person.close_modal(everything=True)


# --- pause and resume


@PRIVATE_FIRST
async def test_each_side_pauses_and_resumes_for_itself(stage: Stage) -> None:
    await connect(stage)
    alice, bob = stage.alice, stage.bob
    paused = await answered(alice, "/connect pause acme_to_globex")
    assert "is paused: tickets wait on both sides, nothing is lost." in paused.text
    await told(bob, stage.globex, PAUSED_BY_THEM)
    assert "Paused" in (await answered(bob, "/connect status")).text
    refused = await answered(bob, "/connect resume globex_to_acme")
    assert "is paused by your partner: only they can resume it." in refused.text
    await answered(bob, "/connect pause globex_to_acme")
    await told(alice, stage.acme, PAUSED_BY_THEM)
    assert "by you and by your partner" in (await answered(alice, "/connect list")).text
    resumed = await answered(alice, "/connect resume acme_to_globex")
    assert "It stays paused until your partner resumes it too." in resumed.text
    note = await told(bob, stage.globex, "Your partner resumed")
    assert "It stays paused on your side until you resume it." in note.text
    active = await answered(bob, "/connect resume")
    assert "`globex_to_acme` is active again." in active.text
    await told(alice, stage.acme, "Your partner resumed")
    for company in (stage.acme, stage.globex):
        await stage.until_state(company, ConnectionState.ACTIVE)


@pytest.mark.slow
async def test_pausing_twice_and_resuming_what_runs_are_said(stage: Stage) -> None:
    await connect(stage)
    nothing = await answered(stage.alice, "/connect resume acme_to_globex")
    assert "`acme_to_globex` is not paused." in nothing.text
    await answered(stage.alice, "/connect pause")
    twice = await answered(stage.alice, "/connect pause acme_to_globex")
    assert "is paused on your side already." in twice.text
    assert "There is nothing to pause" in (await answered(stage.alice, "/connect pause")).text


async def test_a_pending_connection_cannot_be_paused(stage: Stage) -> None:
    await add_desks(stage)
    await invite(stage)
    refused = await answered(stage.alice, "/connect pause acme_to_globex")
    assert "is pending: that works once it is active. `close` withdraws it." in refused.text


async def test_a_pause_while_the_partner_is_away_arrives_when_it_is_back(stage: Stage) -> None:
    await connect(stage)
    await stage.node(stage.globex).stop()
    await answered(stage.alice, "/connect pause acme_to_globex")
    status = await answered(stage.alice, "/connect status acme_to_globex")
    assert "Waiting to be sent: 1" in status.text
    await stage.node(stage.globex).start()
    await told(stage.bob, stage.globex, PAUSED_BY_THEM)


# --- closing


@EVERY_REACH
async def test_the_inviter_closes_and_the_partner_reads_why(stage: Stage) -> None:
    await connect(stage)
    await say_close(stage.alice, "acme_to_globex", "We move to another desk, canary reason")
    note = await told(stage.bob, stage.globex, "Your partner closed")
    assert "Nothing travels any more; all tickets stay where they are." in note.text
    assert "Their reason: We move to another desk, canary reason" in note.text
    await stage.until_state(stage.globex, ConnectionState.CLOSED)
    listed = await answered(stage.bob, "/connect list")
    assert "Closed" in listed.text and "We move to another desk" in listed.text
    assert count_told(stage.alice, stage.acme, "Your partner closed") == 0


@EVERY_REACH
async def test_the_partner_closes_and_the_inviter_reads_why(stage: Stage) -> None:
    await connect(stage)
    await say_close(stage.bob, "globex_to_acme", "The project is over")
    note = await told(stage.alice, stage.acme, "Your partner closed")
    assert "Their reason: The project is over" in note.text
    await stage.until_state(stage.acme, ConnectionState.CLOSED)
    assert count_told(stage.bob, stage.globex, "Your partner closed") == 0


@PRIVATE_FIRST
async def test_both_may_close_at_the_same_time(stage: Stage) -> None:
    await connect(stage)
    await stage.alice.command("/connect close acme_to_globex")
    await modal_called(stage.alice, "Close connection")
    await say_close(stage.bob, "globex_to_acme")
    await stage.alice.submit()
    for company in (stage.acme, stage.globex):
        await stage.until_state(company, ConnectionState.CLOSED)
    await stage.until_nothing_is_dialled()


async def test_closing_while_the_partner_is_away_is_told_when_it_is_back(stage: Stage) -> None:
    await connect(stage)
    await stage.node(stage.acme).stop()
    await say_close(stage.bob, "globex_to_acme")
    await stage.node(stage.acme).start()
    await told(stage.alice, stage.acme, "Your partner closed")


@pytest.mark.slow
async def test_a_closed_connection_frees_its_name_and_its_desk(stage: Stage) -> None:
    await connect(stage)
    await say_close(stage.alice, "acme_to_globex")
    await told(stage.bob, stage.globex, "Your partner closed")
    gone = await answered(stage.alice, "/connect status acme_to_globex")
    assert "*Closed* on" in gone.text
    number = await accept(stage, await invite(stage))
    assert await enter_number(stage, number) == {}
    await stage.until_open(stage.acme, "acme_to_globex")


@pytest.mark.slow
async def test_keeping_it_changes_nothing(stage: Stage) -> None:
    await connect(stage)
    await stage.alice.command("/connect close")
    await modal_called(stage.alice, "Close connection")
    await stage.alice.close_modal()
    assert (await stage.connection(stage.acme)).state is ConnectionState.ACTIVE


# --- looking


async def test_the_list_says_state_side_reach_mode_and_partner(stage: Stage) -> None:
    await connect(stage)
    listed = await answered(stage.alice, "/connect list")
    for words in ("*acme_to_globex*", "partner: Globex", "*Active*", "Private", "Basic", "You invited them"):
        assert words in listed.text
    theirs = await answered(stage.bob, "/connect list")
    for words in ("*globex_to_acme*", "partner: Acme", "They invited you", "Last contact: 2"):
        assert words in theirs.text


async def test_a_pending_one_has_an_unknown_partner_in_list_status_and_pending(stage: Stage) -> None:
    await add_desks(stage)
    await invite(stage)
    for typed in ("/connect list", "/connect status"):
        text = (await answered(stage.alice, typed)).text
        assert "unknown" in text and "waiting for your partner to use the code, until" in text
    waiting = await answered(stage.alice, "/connect pending")
    assert "*acme_to_globex*: not used yet, until" in waiting.text
    assert (await stage.invitation(stage.acme)).handle in waiting.text


async def test_after_the_claim_a_partner_is_stated_until_the_number_was_right(stage: Stage) -> None:
    await add_desks(stage)
    number = await accept(stage, await invite(stage))
    listed = await answered(stage.alice, "/connect list")
    assert "partner: Globex (as stated)" in listed.text
    waiting = await answered(stage.alice, "/connect pending")
    assert "used by Globex (as stated), waits for the number" in waiting.text
    assert await enter_number(stage, number) == {}
    await told(stage.alice, stage.acme, "you are connected with")
    assert "(as stated)" not in (await answered(stage.alice, "/connect list")).text


async def test_the_status_says_everything_about_one(stage: Stage) -> None:
    await connect(stage)
    status = await answered(stage.alice, "/connect status acme_to_globex")
    for words in (
        "Partner: Globex",
        "Side: You invited them",
        "Reach: Private: only the side without a URL calls",
        "Mode: Basic",
        "acme (yours), globex (theirs)",
        "acme-desk",
        "The later change wins",
        "Waiting to be sent: 0",
        "Active since",
        "Last contact:",
        "Incidents that both of us work on",
    ):
        assert words in status.text, words


async def test_an_unknown_name_lists_the_names_there_are(stage: Stage) -> None:
    await add_desks(stage)
    none = await answered(stage.alice, "/connect status nothing")
    assert "There is no connection of that name. There is none yet: make one with `initiate`." in none.text
    await invite(stage)
    wrong = await answered(stage.alice, "/connect status acme_to_globx")
    assert "There is no connection of that name. These are: `acme_to_globex`." in wrong.text


@pytest.mark.slow
async def test_when_several_fit_the_person_is_asked_which(stage: Stage) -> None:
    await add_desks(stage)
    await invite(stage)
    await invite(stage)
    which = await answered(stage.alice, "/connect status")
    assert "Which one? Type `/connect status <name>`. These fit: `acme_to_globex`, `acme_to_globex_2`." in which.text
    cancel = await answered(stage.alice, "/connect cancel")
    assert "Which one?" in cancel.text


async def test_with_nothing_there_each_command_says_so(stage: Stage) -> None:
    await add_desks(stage)
    for typed, words in (
        ("list", "No connections yet."),
        ("pending", "No invitation is waiting."),
        ("cancel", "No invitation is waiting, so there is nothing to cancel."),
        ("status", "There is no connection yet."),
        ("pause", "There is no connection yet."),
        ("close", "There is no connection yet."),
        ("edit", "There is no connection yet."),
    ):
        assert words in (await answered(stage.alice, f"/connect {typed}")).text, typed


# --- editing


async def test_a_new_name_and_description_are_ours_alone(stage: Stage) -> None:
    await connect(stage)
    await stage.alice.command("/connect edit acme_to_globex")
    await modal_called(stage.alice, "Edit connection")
    await stage.alice.fill({"Connection name": "partners", "Description": "Another text"})
    assert await stage.alice.submit() == {}
    await stage.alice.until(lambda: stage.alice.modal is None)
    assert "Another text" in (await answered(stage.alice, "/connect status partners")).text
    assert (await stage.connection(stage.globex)).name == "globex_to_acme"
    await answered(stage.alice, "/connect pause partners")
    await told(stage.bob, stage.globex, PAUSED_BY_THEM)


async def test_a_bad_or_taken_name_is_said_at_its_field(stage: Stage) -> None:
    await add_desks(stage)
    await invite(stage)
    await invite(stage)
    await stage.alice.command("/connect edit acme_to_globex_2")
    await modal_called(stage.alice, "Edit connection")
    await stage.alice.type("Connection name", "Has Spaces")
    assert list(await stage.alice.submit()) == ["Connection name"]
    await stage.alice.type("Connection name", "acme_to_globex")
    errors = await stage.alice.submit()
    assert errors == {"Connection name": "There is a connection `acme_to_globex` already. Choose another name."}


# --- help, rights, Home


async def test_help_shows_admins_more_than_members(stage: Stage) -> None:
    everything = (await answered(stage.alice, "/connect help")).text
    assert "/connect initiate" in everything and "/connect close <name>" in everything
    andy = stage.acme.member
    little = (await answered(andy, "/connect")).text
    assert "/connect list" in little and "/connect initiate" not in little
    assert "To make or change connections, ask a workspace admin." in little


async def test_an_unknown_word_is_answered_with_what_there_is(stage: Stage) -> None:
    unknown = await answered(stage.alice, "/connect frobnicate the thing")
    assert "Unknown command: `frobnicate`. These are:" in unknown.text


async def test_a_member_may_look_and_nothing_else(stage: Stage) -> None:
    for word in (
        "setup",
        "initiate",
        "accept brg_x",
        "pending",
        "cancel x",
        "pause x",
        "resume x",
        "close x",
        "edit x",
    ):
        refused = await answered(stage.acme.member, f"/connect {word}")
        assert "Only admins of Acme can do this." in refused.text, word


async def test_home_is_kept_current_for_everybody_who_opened_it(stage: Stage) -> None:
    for person in (stage.alice, stage.acme.member):
        await person.open_home(stage.acme.app)
    empty = await stage.alice.until(lambda: stage.alice.home(stage.acme.app))
    assert "No connections yet." in empty.text and "First step: press Desks" in empty.text.replace("*", "")
    await add_desks(stage)
    await stage.alice.until(lambda: "First step" not in home_of(stage.alice, stage.acme))
    number = await accept(stage, await invite(stage))
    await stage.alice.until(lambda: "Enter the number" in home_of(stage.alice, stage.acme))
    await stage.acme.member.until(lambda: "acme_to_globex" in home_of(stage.acme.member, stage.acme))
    assert "Initiate connection" not in home_of(stage.acme.member, stage.acme)
    assert await enter_number(stage, number) == {}
    await stage.alice.until(lambda: "*Active*" in home_of(stage.alice, stage.acme))
    await stage.acme.member.until(lambda: "*Active*" in home_of(stage.acme.member, stage.acme))
    await told(stage.bob, stage.globex, "you are connected with")
    await answered(stage.bob, "/connect pause globex_to_acme")
    await stage.alice.until(lambda: "by your partner" in home_of(stage.alice, stage.acme))


@pytest.mark.slow
async def test_home_shows_a_pending_partner_as_unknown_until_the_code_is_used(stage: Stage) -> None:
    await add_desks(stage)
    await stage.alice.open_home(stage.acme.app)
    code = await invite(stage)
    await stage.alice.until(lambda: "partner: unknown" in home_of(stage.alice, stage.acme))
    await look(stage.bob, code)
    await stage.bob.submit()
    await stage.alice.until(lambda: "partner: Globex (as stated)" in home_of(stage.alice, stage.acme))


async def test_everything_can_be_done_from_home(stage: Stage) -> None:
    await connect(stage)
    await stage.alice.open_home(stage.acme.app)
    await stage.alice.until(lambda: "*Active*" in home_of(stage.alice, stage.acme))
    await stage.alice.choose("home.menu", "Pause", where="home")
    await stage.alice.until(lambda: "*Paused* by you" in home_of(stage.alice, stage.acme))
    await stage.alice.choose("home.menu", "Resume", where="home")
    await stage.alice.until(lambda: "*Active*" in home_of(stage.alice, stage.acme))
    await stage.alice.choose("home.menu", "Status", where="home")
    await modal_called(stage.alice, "Connection")
    await stage.alice.close_modal()
    await stage.alice.choose("home.menu", "Close", where="home")
    await modal_called(stage.alice, "Close connection")
    assert await stage.alice.submit() == {}
    await told(stage.bob, stage.globex, "Your partner closed")


async def test_home_says_no_to_guests(stage: Stage) -> None:
    guest = stage.companies.slack.person(stage.acme.team.add_person("Gina", guest=True))
    await guest.open_home(stage.acme.app)
    home = await guest.until(lambda: guest.home(stage.acme.app))
    assert "Only full members of Acme can see its connections." in home.text


# --- desks


async def test_a_desk_that_refuses_the_key_says_so_at_the_key(stage: Stage) -> None:
    alice = stage.alice
    await alice.command("/connect setup")
    await modal_called(alice, "Desks")
    await alice.click("Add a desk")
    await modal_called(alice, "Add a desk")
    fields = {"Kind of desk": "Freshservice", "Short name": "desk", "Address": stage.acme.desk.origin}
    await alice.fill({**fields, "API key": "wrongkey"})
    errors = await alice.submit()
    assert errors["API key"].startswith("The desk refused this API key")
    await alice.fill({"Short name": "No Good", "Address": "ftp://desk", "API key": "has space"})
    errors = await alice.submit()
    assert set(errors) == {"Short name", "Address", "API key"}
    await alice.fill({"Short name": "desk", "Address": stage.acme.desk.origin, "API key": stage.acme.desk_key})
    stage.acme.desk.switches.unknown = True
    assert "There is no desk at this address." in (await alice.submit())["Address"]
    stage.acme.desk.switches.unknown = False
    stage.acme.desk.switches.server_error = 503
    assert "The desk did not answer as a desk does." in (await alice.submit())["Address"]
    stage.acme.desk.switches.server_error = None
    assert await alice.submit() == {}
    await alice.until(lambda: "was checked and added" in alice.screen())


async def test_a_desk_in_use_is_not_removed_and_its_key_can_be_replaced(stage: Stage) -> None:
    await add_desk(stage.acme)
    await invite(stage)
    alice = stage.alice
    await alice.command("/connect setup")
    await modal_called(alice, "Desks")
    await alice.click("Remove")
    trouble = await modal_called(alice, "That did not work")
    assert "The desk `acme-desk` is used by `acme_to_globex`: close what uses it first." in trouble.text
    await alice.close_modal(everything=True)
    await alice.command("/connect setup")
    await modal_called(alice, "Desks")
    stage.acme.desk.keys.add("another-key-0123456789")
    stage.secrets.append("another-key-0123456789")
    await alice.click("Replace key")
    await modal_called(alice, "Replace key")
    await alice.type("API key", "another-key-0123456789")
    assert await alice.submit() == {}
    await alice.until(lambda: "has taken the old one's place" in alice.screen())
    assert "another-key" not in alice.screen()


async def test_a_webhook_address_is_made_in_setup_and_shown_once(stage: Stage) -> None:
    await add_desk(stage.acme)
    alice = stage.alice
    await alice.command("/connect setup")
    await modal_called(alice, "Desks")
    await alice.click("Webhook")
    shown = await modal_called(alice, "Webhook address")
    address = next(word for word in shown.text.split() if "/hooks/" in word)
    stage.secrets.append(address.rpartition("/")[2])
    assert "Workflow Automator" in shown.text
    async with aiohttp.ClientSession() as desk, desk.post(address, json={"ticket_id": "7"}) as answer:
        assert answer.status < 300
    await alice.click("Back to the desks")
    assert "/hooks/" not in (await modal_called(alice, "Desks")).text


async def test_a_node_without_an_address_offers_no_webhook(stage: Stage) -> None:
    await add_desk(stage.globex)
    guest = stage.globex.admin
    await guest.command("/connect setup")
    assert "Webhook" not in (await modal_called(guest, "Desks")).text


def home_of(person: PersonDriver, company: Company) -> str:
    home = person.home(company.app)
    return home.text if home is not None else ""
