from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError

from sandbox.slack.world import Person
from tests.sandbox.slack.browser import Node, PlainBrowser
from tests.sandbox.slack.wizard import (
    Stage,
    button,
    input_block,
    invitation,
    modal,
    option,
    options,
    section,
    text,
    wizard,
)

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as made:
        yield made


@pytest.fixture
async def tab(http_stage: Stage, session: ClientSession) -> PlainBrowser:
    """Alice's, in the shared channel."""
    return await tab_of(http_stage, session, http_stage.alice)


async def tab_of(stage: Stage, session: ClientSession, person: Person) -> PlainBrowser:
    made = PlainBrowser(session, stage.slack.url)
    await made.open(f"/as/{person.id}/c/{stage.shared.id}")
    return made


async def say(tab: PlainBrowser, words: str) -> Node:
    tab.filled["text"] = [words]
    return await tab.press("Send")


async def wizard_in(tab: PlainBrowser) -> Node:
    """The modal, once the app has opened it."""
    await say(tab, "/wizard")
    return await shown(tab, lambda: any(True for _ in tab.page.all("dialog")))


async def shown(tab: PlainBrowser, condition: Any) -> Node:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.05)
            await tab.reload()
    return tab.page


async def put_in_modal(stage: Stage, tab: PlainBrowser, *blocks: dict[str, Any], **more: Any) -> Node:
    await wizard_in(tab)
    top = stage.slack.person(stage.alice).modal
    assert top is not None
    await stage.client.views_update(view_id=top.raw["id"], view=modal(list(blocks), **more))
    return await tab.reload()


def posted(stage: Stage, *blocks: dict[str, Any], words: str = "x") -> None:
    """A message of the app in the shared channel."""
    install = stage.install
    stage.slack.world.post(stage.shared, install.bot_user, text=words, blocks=list(blocks), install=install)


# --- who and where


async def test_the_first_page_lists_everybody_and_leads_to_what_they_see(
    http_stage: Stage, session: ClientSession
) -> None:
    http_stage.globex.add_person("Guest", guest=True)
    tab = PlainBrowser(session, http_stage.slack.url)
    page = await tab.open("/")
    people = {link.words: link.get("href") for link in page.all("a", class_="person")}
    assert set(people) == {"AAlice admin", "GGus", "GGuest guest"} or set(people) == {
        "AAliceadmin",
        "GGus",
        "GGuestguest",
    }
    page = await tab.open(f"/as/{http_stage.alice.id}")
    assert tab.path == f"/as/{http_stage.alice.id}/c/{http_stage.shared.id}"
    assert next(page.all("h1")).words == "#acme-globex"


async def test_two_tabs_are_two_people(http_stage: Stage, session: ClientSession, tab: PlainBrowser) -> None:
    other = await tab_of(http_stage, session, http_stage.gus)
    await say(tab, "Hello Gus")
    await wizard_in(tab)
    page = await other.reload()
    assert "Hello Gus" in page.text
    assert not list(page.all("dialog"))
    assert "Gus (Globex)" in next(page.all("title")).text


async def test_changing_the_person_stays_in_the_shared_channel(http_stage: Stage, tab: PlainBrowser) -> None:
    gus = next(link for link in tab.page.all("a", class_="person") if "Gus" in link.words)
    assert gus.get("href") == f"/as/{http_stage.gus.id}/c/{http_stage.shared.id}"


async def test_shared_channels_name_the_other_organisation(tab: PlainBrowser) -> None:
    row = next(link for link in tab.page.all("a", class_="row") if "acme-globex" in link.words)
    assert "with Globex" in row.words


async def test_unread_marks_vanish_when_the_channel_is_looked_at(
    http_stage: Stage, session: ClientSession, tab: PlainBrowser
) -> None:
    await http_stage.slack.person(http_stage.gus).say(http_stage.shared, "Hello")
    other = PlainBrowser(session, http_stage.slack.url)
    notes = http_stage.slack.person(http_stage.alice).notes
    page = await other.open(f"/as/{http_stage.alice.id}/c/{notes.id}")
    assert [one.words for one in page.all("span", class_="unread")] == ["1 unread"]
    await tab.reload()
    assert not list((await other.reload()).all("span", class_="unread"))


async def test_people_write_to_each_other(http_stage: Stage, tab: PlainBrowser) -> None:
    await tab.open(f"/as/{http_stage.alice.id}/with/{http_stage.gus.id}")
    page = await say(tab, "Just us")
    assert next(page.all("h1")).words == "Gus"
    assert http_stage.slack.person(http_stage.gus).direct(http_stage.alice).messages


@pytest.mark.parametrize(
    "path", ["/as/U0", "/as/{alice}/c/C0", "/as/{alice}/app/A0", "/as/{alice}/with/U0", "/static/x"]
)
async def test_what_is_not_there_is_not_found(http_stage: Stage, session: ClientSession, path: str) -> None:
    async with session.get(http_stage.slack.url + path.format(alice=http_stage.alice.id)) as answer:
        assert answer.status == 404
        assert "Content-Security-Policy" in answer.headers


async def test_others_private_channels_are_not_there(http_stage: Stage, session: ClientSession) -> None:
    board = http_stage.slack.world.add_channel(
        "board", teams=[http_stage.globex], members=[http_stage.gus], private=True
    )
    async with session.get(f"{http_stage.slack.url}/as/{http_stage.alice.id}/c/{board.id}") as answer:
        assert answer.status == 404


# --- safety


async def test_hostile_text_stays_text_wherever_it_stands(http_stage: Stage, tab: PlainBrowser) -> None:
    evil = http_stage.acme.add_person(HOSTILE)
    http_stage.shared.invite(evil)
    http_stage.slack.world.add_channel(HOSTILE, teams=[http_stage.acme], members=[http_stage.alice])
    await http_stage.slack.person(evil).say(http_stage.shared, HOSTILE)
    posted(http_stage, *blocks_with(HOSTILE), words=HOSTILE)
    posted(http_stage, words=HOSTILE)
    http_stage.slack.refusals.append(HOSTILE)
    page = await put_in_modal(http_stage, tab, *inputs_with(HOSTILE), title=text(HOSTILE[:24]))
    await say(tab, "/wizard help")
    assert page.text.count("<script>alert(1)</script>") > 30
    is_harmless(page)
    is_harmless(await tab.press("Next"))
    is_harmless(await tab.open("/"))


def is_harmless(page: Node) -> None:
    """No script, style or handler but the page's own two files; nothing from elsewhere."""
    assert [one.get("src") for one in page.all("script")] == ["/static/page.js"]
    assert {one.get("src") for one in page.all("img")} <= {"/static/icon.svg"}
    assert not list(page.all("style"))
    for node in page.all():
        assert not [name for name in node.attributes if name.startswith("on") or name == "style"]
        assert node.get("href").startswith(("/", "#", "https://", "http://", "mailto:")) or not node.has("href")


def blocks_with(words: str) -> list[dict[str, Any]]:
    """Every block of a message that holds words, in one message."""
    rich = [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": words, "style": {"bold": True}}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": words}]},
        {"type": "rich_text_quote", "elements": [{"type": "link", "url": "javascript:alert(3)", "text": words}]},
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}],
        },
    ]
    menu = {"type": "overflow", "action_id": "menu", "options": [option(words)]}
    sure = {"title": text(words), "text": text(words), "confirm": text("Yes"), "deny": text("No")}
    return [
        {"type": "header", "text": text(words)},
        section(words, fields=[text(words), {"type": "mrkdwn", "text": f"*{words}* <javascript:alert(4)|{words}>"}]),
        section("menu", accessory=menu),
        {
            "type": "context",
            "elements": [text(words), {"type": "image", "image_url": "https://x.example", "alt_text": words}],
        },
        {"type": "actions", "elements": [button(words, "test", value=words, confirm=sure, accessibility_label=words)]},
        {"type": "rich_text", "elements": rich},
        {"type": "image", "image_url": "https://x.example/x.png", "alt_text": words, "title": text(words)},
        {"type": "table", "rows": [[{"type": "raw_text", "text": words}], [{"type": "rich_text", "elements": rich}]]},
        {"type": "card", "title": text(words), "subtitle": text(words), "body": text(words)},
        {"type": "carousel", "elements": [{"type": "card", "title": text(words)}]},
        {"type": "container", "title": text(words), "child_blocks": [section(words)]},
        {"type": "markdown", "text": words},
        {"type": "divider"},
    ]


def inputs_with(words: str) -> list[dict[str, Any]]:
    """Every kind of input, each with these words as label, hint, placeholder, option and value."""
    chosen = [option(words), option("Other")]
    hint = text(words)
    placed = {"placeholder": text(words[:150])}
    typed = ("plain_text_input", "url_text_input", "email_text_input", "rich_text_input")
    described = [{**option(words), "description": text(words)}]
    elements: list[dict[str, Any]] = [{"type": kind, **placed} for kind in typed]
    elements += [
        {"type": "plain_text_input", "initial_value": words},
        {"type": "plain_text_input", "multiline": True, "initial_value": words},
        {"type": "number_input", "is_decimal_allowed": True},
        {"type": "static_select", "options": chosen, "initial_option": chosen[0]},
        {"type": "multi_static_select", "options": chosen, "initial_options": chosen},
        {"type": "radio_buttons", "options": described},
        {"type": "checkboxes", "options": described},
        {"type": "file_input", "filetypes": ["groovy"]},
        {"type": "datepicker", **placed},
        {"type": "timepicker", **placed},
        {"type": "datetimepicker"},
    ]
    selects = ("users", "conversations", "channels")
    elements += [{"type": f"{many}{kind}_select", **placed} for kind in selects for many in ("", "multi_")]
    return [
        input_block(f"b{number}", words, element, hint=hint, optional=number % 2 == 0)
        for number, element in enumerate(elements)
    ]


async def test_only_the_pages_own_scripts_and_styles_may_run(http_stage: Stage, session: ClientSession) -> None:
    for path in ("/", f"/as/{http_stage.alice.id}", "/static/page.js"):
        async with session.get(http_stage.slack.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy


async def test_the_page_answers_on_this_machine_only(http_stage: Stage, session: ClientSession) -> None:
    assert http_stage.slack.page_url.startswith("http://127.0.0.1:")
    async with session.get(http_stage.slack.page_url, headers={"Host": "slack.example"}) as answer:
        assert (answer.status, await answer.text()) == (403, "This page answers at 127.0.0.1 only.")


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_forms_of_other_pages_are_refused(
    http_stage: Stage, session: ClientSession, tab: PlainBrowser, headers: dict[str, str]
) -> None:
    sent = {"say": "1", "text": "/wizard loud"}
    async with session.post(http_stage.slack.url + tab.path, data=sent, headers=headers) as answer:
        assert answer.status == 403
    assert not http_stage.shared.messages


# --- messages and commands


async def test_a_message_is_said_and_markup_in_it_is_not_read(http_stage: Stage, tab: PlainBrowser) -> None:
    page = await say(tab, "Is <b> & *bold*?")
    message = next(page.all("article"))
    assert "Is <b> & bold?" in message.words
    assert next(message.all("strong")).words == "Alice"


async def test_what_slack_says_instead_of_running_a_command_is_shown(tab: PlainBrowser) -> None:
    page = await say(tab, "/nothing here")
    assert next(page.all(role="alert")).words.startswith("/nothing is not a valid command.")
    assert not list((await say(tab, "/wizard help")).all(role="alert"))


async def test_only_the_person_sees_an_ephemeral_and_that_it_is_one(
    http_stage: Stage, session: ClientSession, tab: PlainBrowser
) -> None:
    page = await say(tab, "/wizard help")
    assert "Only visible to you" in next(page.all("article")).words
    other = await tab_of(http_stage, session, http_stage.gus)
    assert not list(other.page.all("article"))


async def test_a_space_before_the_slash_makes_it_a_message(http_stage: Stage, tab: PlainBrowser) -> None:
    await say(tab, " /wizard help")
    assert [one.text for one in http_stage.shared.messages.values()] == ["/wizard help"]


async def test_the_organisations_commands_are_suggested(
    http_stage: Stage, session: ClientSession, tab: PlainBrowser
) -> None:
    found = [one.get("data-insert") for one in tab.page.all("li", role="option")]
    assert found == ["/wizard ", "/plain "]
    other = await tab_of(http_stage, session, http_stage.gus)
    assert not list(other.page.all("li", role="option"))


async def test_a_button_asks_first_where_it_says_so(http_stage: Stage, tab: PlainBrowser) -> None:
    posted(http_stage, *invitation())
    await tab.reload()
    await tab.press("Accept")
    assert "Tickets will travel." in tab.dialog.text
    assert tab.dialog.get("role") == "alertdialog"
    await tab.press("Not now", among=tab.dialog)
    assert not list(tab.page.all("dialog"))
    assert not [body for body in http_stage.seen.bodies if body.get("type") == "block_actions"]
    await tab.press("Accept")
    await tab.press("Accept", among=tab.dialog)
    assert http_stage.seen.last("block_actions")["actions"][0]["action_id"] == "accept"
    await shown(tab, lambda: "Accepted" in tab.page.text)


async def test_a_question_vanishes_with_its_button(http_stage: Stage, tab: PlainBrowser) -> None:
    posted(http_stage, *invitation())
    await tab.reload()
    await tab.press("Accept")
    message = next(iter(http_stage.shared.messages.values()))
    http_stage.slack.world.delete(message)
    assert not list((await tab.reload()).all("dialog"))


async def test_an_option_of_a_menu_is_chosen(http_stage: Stage, tab: PlainBrowser) -> None:
    menu = {"type": "overflow", "action_id": "test", "options": options("Pause", "Close")}
    posted(http_stage, section("acme_to_globex", accessory=menu))
    await tab.reload()
    await tab.press("Close")
    assert http_stage.seen.last("block_actions")["actions"][0]["selected_option"]["value"] == "close"


async def test_a_button_of_a_message_that_is_gone_says_so(http_stage: Stage, tab: PlainBrowser) -> None:
    posted(http_stage, *invitation())
    await tab.reload()
    http_stage.slack.world.delete(next(iter(http_stage.shared.messages.values())))
    page = await tab.press("Ask")
    assert next(page.all(role="alert")).words == "This is not on the screen any more."


async def test_home_is_opened_and_its_buttons_work(http_stage: Stage, tab: PlainBrowser) -> None:
    await tab.open(f"/as/{http_stage.alice.id}/app/{http_stage.install.app.id}")
    await shown(tab, lambda: "Connections" in tab.page.text)
    await tab.press("Initiate")
    await shown(tab, lambda: any(True for _ in tab.page.all("dialog")))
    assert "New connection 1/3" in tab.dialog.text


# --- modals


async def test_every_input_is_sent_as_it_was_filled_in(http_stage: Stage, tab: PlainBrowser) -> None:
    await wizard_in(tab)
    tab.fill("Partner's address", "https://bridge.globex.example")
    tab.fill("Connection name", "ours")
    tab.fill("Description", "two\r\nlines")
    tab.fill("Hours", "24")
    tab.fill("Policy", tab.option("Policy", "Inviter wins"))
    tab.fill("Person", tab.option("Person", "Gus (Globex)"))
    tab.fill("Auto", "auto", "fast")
    tab.fill("Script", ("rule.groovy", b"x = 1"))
    page = await tab.press("Next")
    assert not list(page.all("dialog"))
    values = http_stage.seen.last("view_submission")["view"]["state"]["values"]
    assert values["about"]["value"]["value"] == "two\nlines"
    assert values["policy"]["value"]["selected_option"]["value"] == "inviter_wins"
    assert values["person"]["value"]["selected_user"] == http_stage.gus.id
    assert [one["value"] for one in values["extras"]["value"]["selected_options"]] == ["auto", "fast"]
    assert values["script"]["value"]["files"][0]["name"] == "rule.groovy"


async def test_errors_stand_at_their_field(tab: PlainBrowser) -> None:
    await wizard_in(tab)
    tab.fill("Hours", "many")
    page = await tab.press("Next")
    for label, words in (
        ("Partner's address", "Please complete this required field."),
        ("Hours", "Please enter a valid number."),
    ):
        control = tab.control(label)
        assert control.get("aria-invalid") == "true"
        remark = next(one for one in page.all() if one.get("id") == control.get("aria-describedby").split()[0])
        assert remark.words == words
    assert tab.control("Hours").get("value") == "many"


async def test_ticks_and_choices_can_be_taken_back(http_stage: Stage, tab: PlainBrowser) -> None:
    who = {"type": "multi_users_select", "initial_users": [http_stage.alice.id, http_stage.gus.id]}
    boxes = {"type": "checkboxes", "options": options("A", "B"), "initial_options": options("A", "B")}
    select = {"type": "static_select", "options": options("A", "B"), "initial_option": option("A")}
    blocks = (input_block("who", "Who", who), input_block("boxes", "Boxes", boxes))
    await put_in_modal(http_stage, tab, *blocks, input_block("select", "Select", select, optional=True))
    tab.fill("Alice · you", http_stage.gus.id)
    tab.fill("A", "b")
    tab.fill("Select", "")
    await tab.press("Next")
    values = http_stage.seen.last("view_submission")["view"]["state"]["values"]
    assert values["who"]["value"]["selected_users"] == [http_stage.gus.id]
    assert [one["value"] for one in values["boxes"]["value"]["selected_options"]] == ["b"]
    assert values["select"]["value"]["selected_option"] is None


async def test_dates_and_times_are_picked(http_stage: Stage, tab: PlainBrowser) -> None:
    kinds = {"Day": "datepicker", "Time": "timepicker", "Moment": "datetimepicker"}
    await put_in_modal(http_stage, tab, *(input_block(label, label, {"type": kind}) for label, kind in kinds.items()))
    tab.fill("Day", "2026-11-30")
    tab.fill("Time", "08:30")
    tab.fill("Moment", "2026-11-30T08:30")
    await tab.press("Next")
    values = http_stage.seen.last("view_submission")["view"]["state"]["values"]
    assert values["Day"]["value"]["selected_date"] == "2026-11-30"
    assert values["Time"]["value"]["selected_time"] == "08:30"
    assert values["Moment"]["value"]["selected_date_time"] == 1_796_027_400


async def test_uploaded_files_can_be_removed(http_stage: Stage, tab: PlainBrowser) -> None:
    await put_in_modal(http_stage, tab, input_block("file", "File", {"type": "file_input"}))
    tab.fill("File", ("rule.groovy", b"x"))
    page = await tab.send(next(tab.dialog.all("form")), "changed", "1")
    assert next(page.all("span", class_="uploaded")).words == "rule.groovy"
    page = await tab.press("Remove the files of File")
    assert not list(page.all("span", class_="uploaded"))


async def test_a_choice_tells_the_app_and_what_was_typed_is_kept(tab: PlainBrowser) -> None:
    await wizard_in(tab)
    tab.fill("Connection name", "mine")
    tab.fill("Public", "private")
    await tab.send(next(tab.dialog.all("form")), "changed", "1")
    await shown(tab, lambda: "They will call you." in tab.page.text)
    assert tab.control("Connection name").get("value") == "mine"
    assert tab.control("Private").has("checked")


async def test_enter_tells_the_app_where_the_field_asks_for_it(http_stage: Stage, tab: PlainBrowser) -> None:
    live = {"type": "plain_text_input", "action_id": "test"}
    await put_in_modal(http_stage, tab, input_block("name", "Name", live, dispatch_action=True))
    control = tab.control("Name")
    assert control.has("data-enter")
    tab.fill("Name", "globex")
    await tab.send(next(tab.dialog.all("form")), "enter", control.get("name"))
    assert [one["actions"][0]["value"] for one in http_stage.seen.bodies if one.get("actions")] == ["globex"]


async def test_a_modal_over_another_is_closed_alone_or_with_all(http_stage: Stage, tab: PlainBrowser) -> None:
    await wizard_in(tab)
    await tab.press("Details")
    await shown(tab, lambda: "More about it" in tab.page.text)
    assert "above “New connection 1/3”" in tab.dialog.words
    await tab.press("Cancel")
    assert "New connection 1/3" in tab.dialog.words
    await tab.press("Details")
    await shown(tab, lambda: "More about it" in tab.page.text)
    assert not list((await tab.press("Close all")).all("dialog"))


async def test_a_form_of_a_modal_that_was_replaced_changes_nothing(
    http_stage: Stage, session: ClientSession, tab: PlainBrowser
) -> None:
    await wizard_in(tab)
    late = await tab_of(http_stage, session, http_stage.alice)
    await tab.press("Cancel")
    page = await late.press("Next")
    assert next(page.all(role="alert")).words == "This is not on the screen any more."


async def test_what_the_app_does_not_answer_is_said_in_the_modal(http_stage: Stage, tab: PlainBrowser) -> None:
    await wizard_in(tab)
    tab.fill("Partner's address", "https://bridge.globex.example")
    http_stage.seen.submission = {"response_action": "nonsense"}
    await tab.press("Next")
    assert next(tab.dialog.all(role="alert")).words == "We had some trouble connecting. Try again?"


@pytest.mark.parametrize("action", ["press", "clear", "enter"])
@pytest.mark.parametrize("value", ["", "nonsense", "[1, 2]", '["a", "b"]', '["a"]'])
async def test_nonsense_in_a_form_is_answered_with_a_sentence(tab: PlainBrowser, action: str, value: str) -> None:
    await wizard_in(tab)
    await tab.send(next(tab.dialog.all("form")), action, value)
    assert next(tab.dialog.all(role="alert")).words.startswith("This ")


async def test_choices_that_are_not_offered_are_refused(http_stage: Stage, tab: PlainBrowser) -> None:
    await wizard_in(tab)
    for label in ("Policy", "Person", "Channel"):
        tab.fill(label, "X0")
        await tab.send(next(tab.dialog.all("form")), "changed", "1")
        assert next(tab.dialog.all(role="alert")).words == "This choice is not offered any more."


async def test_labels_are_bound_to_their_controls(http_stage: Stage, tab: PlainBrowser) -> None:
    page = await put_in_modal(http_stage, tab, *inputs_with("Label"))
    ids = [node.get("id") for node in page.all() if node.has("id")]
    assert len(ids) == len(set(ids))
    assert {label.get("for") for label in page.all("label") if label.has("for")} <= set(ids)
    named = {label.get("for") for label in page.all("label")}
    for control in tab.dialog.all("input", "select", "textarea"):
        assert control.get("type") == "hidden" or control.get("id") in named
    assert {one.get("aria-labelledby") for one in page.all("dialog")} <= set(ids)
    for node in page.all():
        assert set(node.get("aria-describedby").split()) <= set(ids)


# --- around it


async def test_what_slack_refuses_is_shown_loudly_until_it_is_dismissed(http_stage: Stage, tab: PlainBrowser) -> None:
    with pytest.raises(SlackApiError):
        await http_stage.client.api_call("views.close")
    page = await tab.reload()
    told = next(page.all("section", class_="refusals"))
    assert told.get("role") == "alert"
    assert "Slack would have refused: views.close by Wizard: unknown_method: req_method: views.close" in told.words
    assert not list((await tab.press("Dismiss")).all("section", class_="refusals"))


async def test_the_fault_switches_are_clicked(http_stage: Stage, tab: PlainBrowser) -> None:
    faults = http_stage.slack.faults
    tab.fill("Delay every answer", "200")
    await tab.press("Set")
    assert faults.delay_ms == 200
    tab.fill("Delay every answer", "0")
    await tab.press("Set")
    tab.fill("Method", "views.open")
    tab.filled |= {"times": ["2"], "seconds": ["5"]}
    page = await tab.press("Answer 429")
    assert "views.open: 429, 2 times" in page.text
    assert faults.take_limit("views.open") == 5
    await tab.press("Answer an error")
    await tab.press("Deliver the next payload twice")
    assert faults.take_redelivery()
    await tab.press("Tear the sockets")
    await tab.press("Ask sockets to reconnect")
    page = await tab.press("Expire all triggers")
    assert faults.expire_triggers
    assert next(one for one in page.all("button") if one.words == "Expire all triggers").get("aria-pressed") == "true"


async def test_an_open_tab_hears_of_every_change(http_stage: Stage, session: ClientSession) -> None:
    version = http_stage.slack.world.changes.version
    async with session.get(f"{http_stage.slack.url}/changes?after={version}") as stream:
        assert stream.content_type == "text/event-stream"
        await http_stage.slack.person(http_stage.alice).say(http_stage.shared, "Hello")
        assert await stream.content.readline() == f"data: {version + 1}\n".encode()


async def test_a_tab_that_keeps_itself_current_does_not_open_home_again(
    http_stage: Stage, session: ClientSession
) -> None:
    url = f"{http_stage.slack.url}/as/{http_stage.alice.id}/app/{http_stage.install.app.id}"
    async with session.get(url, headers={"X-Live": "1"}) as answer:
        assert "has not shown a Home here yet" in await answer.text()
    assert not http_stage.seen.bodies


async def test_the_wizard_of_the_tests_is_harmless_too(http_stage: Stage, tab: PlainBrowser) -> None:
    assert wizard()["title"]["text"] in (await wizard_in(tab)).text
    is_harmless(tab.page)
