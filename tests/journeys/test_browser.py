"""The whole journey in a browser: Alice with the mouse, Bob with nothing but the keyboard."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Route, async_playwright, expect
from slack_sdk.errors import SlackApiError

from pairing.terms import Reach
from sandbox.companies import Companies, Company, node_environment, two_companies
from sandbox.process import NodeProcess
from storage.vault import new_key_text
from tests.sandbox.slack.wizard import Stage, staged, wizard

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="No Chromium here: neither chromium, chromium-browser nor google-chrome is on the PATH. "
        "On Debian: apt-get install chromium",
    ),
]

expect.set_options(timeout=10_000)


@pytest_asyncio.fixture(loop_scope="module")
async def companies(tmp_path: Path) -> AsyncIterator[Companies]:
    """Both companies, each with its node in a process of its own; Globex has no URL."""
    async with two_companies(Reach.PRIVATE, ack_seconds=8) as made:  # on a busy machine a browser takes its time
        nodes = [node_of(made, company, tmp_path) for company in (made.acme, made.globex)]
        try:
            await asyncio.gather(*(node.start() for node in nodes))
            yield made
        finally:
            await asyncio.gather(*(node.stop() for node in nodes))


def node_of(companies: Companies, company: Company, folder: Path) -> NodeProcess:
    name = company.name.lower()
    database = f"sqlite:///{folder / name}.sqlite3"
    return NodeProcess(name, node_environment(companies, company, (), database, new_key_text()), folder / f"{name}.log")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """Started once: all tests here run in one loop."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """Without the windows of the test before."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


@dataclass(frozen=True)
class Tab:
    """One person's tab, and what they can see in it."""

    page: Page
    complaints: list[str]

    @classmethod
    async def of(cls, browser: Browser, companies: Companies, name: str) -> "Tab":
        page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        await page.goto(companies.slack.page_url)
        await page.get_by_role("region").get_by_role("link", name=name).click()
        return cls(page, complaints)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile("^Message to"))

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("log")

    async def sees_modal(self, title: str) -> None:
        await expect(self.dialog.get_by_role("heading", name=title, exact=True)).to_be_visible()

    # the mouse

    async def click(self, name: str, *, inside: Locator | None = None) -> None:
        await (inside or self.dialog).get_by_role("button", name=name, exact=True).click()

    async def go_to(self, name: str) -> None:
        await self.page.get_by_role("navigation").get_by_role("link", name=name).first.click()

    # the keyboard

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def write(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def command(self, text: str) -> None:
        await expect(self.composer).to_be_focused()
        await self.write(text)
        await self.press("Enter")

    async def tab_to(self, target: Locator) -> None:
        """With the Tab key, as often as it takes: inside a dialog it never leads out of it."""
        for _ in range(40):
            if await target.evaluate("element => element === document.activeElement"):
                return
            await self.press("Tab")
        await expect(target).to_be_focused()

    async def tab_to_button(self, name: str) -> None:
        await self.tab_to(self.dialog.get_by_role("button", name=name, exact=True))


async def test_two_companies_connect_by_mouse_and_by_keyboard(browser: Browser, companies: Companies) -> None:
    alice = await Tab.of(browser, companies, "Alice")
    bob = await Tab.of(browser, companies, "Bob")
    await add_desk_by_mouse(alice, companies.acme)
    await add_desk_by_keyboard(bob, companies.globex)
    await initiate_by_mouse(alice)
    number = await accept_by_keyboard(bob)
    await enter_number_by_mouse(alice, number)
    await both_read_active(alice, bob)
    await expect(alice.page.get_by_text("Slack would have refused")).to_have_count(0)
    assert not companies.slack.refusals
    assert not alice.complaints + bob.complaints


async def add_desk_by_mouse(alice: Tab, acme: Company) -> None:
    await alice.go_to("Drawbridge of Acme")
    await alice.click("Desks", inside=alice.page.get_by_role("main"))
    await alice.sees_modal("Desks")
    await alice.click("Add a desk")
    await alice.sees_modal("Add a desk")
    await alice.click("Check and add")
    await expect(alice.dialog.get_by_text("Please complete this required field.")).to_have_count(3)
    name = alice.dialog.get_by_label("Short name")
    await expect(name).to_be_focused()
    await name.fill("acme-desk")
    await alice.dialog.get_by_label("Kind of desk").select_option("Freshservice")
    await alice.dialog.get_by_label("Address").fill(acme.desk.origin)
    await alice.dialog.get_by_label("API key").fill(acme.desk_key)
    await alice.click("Check and add")
    await alice.sees_modal("Desks")
    await expect(alice.dialog.get_by_text("acme-desk").first).to_be_visible()
    await alice.click("Done")
    await expect(alice.dialog).to_have_count(0)


async def add_desk_by_keyboard(bob: Tab, globex: Company) -> None:
    await bob.command("/connect setup")
    await bob.sees_modal("Desks")
    await bob.tab_to_button("Add a desk")
    await bob.press("Enter")
    await bob.sees_modal("Add a desk")
    await bob.tab_to(bob.dialog.get_by_label("Kind of desk"))
    await bob.write("Fresh")
    for label, text in (("Short name", "globex-desk"), ("Address", globex.desk.origin), ("API key", globex.desk_key)):
        await bob.tab_to(bob.dialog.get_by_label(label))
        await bob.write(text)
    await bob.press("Enter")
    await bob.sees_modal("Desks")
    await expect(bob.dialog.get_by_text("globex-desk").first).to_be_visible()
    await bob.press("Escape")
    await expect(bob.dialog).to_have_count(0)
    await expect(bob.composer).to_be_focused()


async def initiate_by_mouse(alice: Tab) -> None:
    await alice.go_to("acme-globex")
    await alice.composer.fill("/connect ini")
    await alice.page.get_by_role("option", name="/connect initiate").click()
    await alice.click("Send", inside=alice.page.get_by_role("main"))
    await alice.sees_modal("Connect: step 1 of 4")
    private = alice.dialog.get_by_label("I don't have a URL for my partner")
    await private.check()
    await alice.click("Next")
    await alice.sees_modal("Connect: step 2 of 4")
    basic = alice.dialog.get_by_label("Basic")
    await basic.check()
    await alice.click("Next")
    await alice.sees_modal("Connect: step 3 of 4")
    await name_it_and_look_back(alice, basic, private)
    await alice.click("Next")
    await alice.sees_modal("Connect: step 4 of 4")
    await send_to_the_channel(alice)


async def name_it_and_look_back(alice: Tab, basic: Locator, private: Locator) -> None:
    theirs = alice.dialog.get_by_label("Your partner's short name")
    await theirs.press_sequentially("globex", delay=20)
    await expect(alice.dialog.get_by_label("Connection name")).to_have_value("acme_to_globex")
    await expect(theirs).to_be_focused()  # though the app changed the form while she typed
    await alice.dialog.get_by_label("Description").fill("Incidents that both of us work on")
    await alice.click("Back to step 2")
    await alice.sees_modal("Connect: step 2 of 4")
    await expect(basic).to_be_checked()
    await alice.click("Back to step 1")
    await alice.sees_modal("Connect: step 1 of 4")
    await expect(private).to_be_checked()
    await alice.click("Next")
    await alice.sees_modal("Connect: step 2 of 4")
    await alice.click("Next")
    await alice.sees_modal("Connect: step 3 of 4")
    await expect(theirs).to_have_value("globex")
    await expect(alice.dialog.get_by_label("Description")).to_have_value("Incidents that both of us work on")


async def send_to_the_channel(alice: Tab) -> None:
    await alice.dialog.get_by_label("A channel").check()
    await alice.dialog.get_by_label("Channel", exact=True).select_option("#acme-globex (shared with Globex)")
    await alice.dialog.get_by_label("I understand that everyone in this channel can read the code").check()
    await alice.click("Send invitation")
    await alice.sees_modal("Invitation sent")
    await expect(alice.dialog.get_by_text("unknown")).to_be_visible()
    await alice.click("Done")
    await expect(alice.dialog).to_have_count(0)


async def accept_by_keyboard(bob: Tab) -> str:
    """The number that Bob reads."""
    invitation = bob.messages.get_by_text(re.compile("brg_[0-9a-z]{20,}"))
    code = re.search("brg_[0-9a-z]+", await invitation.first.inner_text())
    assert code is not None
    await bob.command(f"/connect accept {code[0]}")
    await bob.sees_modal("Accept invitation")
    await expect(bob.dialog.get_by_text("Organisation (as stated): Acme")).to_be_visible()
    await bob.tab_to(bob.dialog.get_by_label("Your short name"))
    await bob.press("Enter")
    await bob.sees_modal("Tell them the number")
    number = await bob.dialog.get_by_role("heading", name=re.compile(r"^\d{3} \d{3}$")).inner_text()
    await bob.press("Escape")
    await expect(bob.dialog).to_have_count(0)
    return number


async def enter_number_by_mouse(alice: Tab, number: str) -> None:
    await alice.go_to("Drawbridge of Acme")
    await alice.page.get_by_role("link", name="Messages", exact=True).click()
    card = alice.messages.get_by_role("article").filter(has_text="Your code was used")
    await card.get_by_role("button", name="Reject").click()
    sure = alice.page.get_by_role("alertdialog")
    await expect(sure).to_contain_text("Whoever used the code is turned away")
    await alice.click("Go back", inside=sure)
    await expect(sure).to_have_count(0)
    await card.get_by_role("button", name="Enter the number").click()
    await alice.sees_modal("Enter the number")
    await alice.dialog.get_by_label("Number").fill(number)
    await alice.click("Confirm")
    await expect(alice.dialog.get_by_text("is active")).to_be_visible()
    await alice.press("Escape")
    await expect(alice.messages.get_by_text("is active").first).to_be_visible()


async def both_read_active(alice: Tab, bob: Tab) -> None:
    to_app = bob.page.get_by_role("link", name="Drawbridge of Globex")
    await expect(to_app).to_contain_text("unread")
    await to_app.focus()
    await bob.press("Enter")
    for tab in (alice, bob):
        if await tab.page.get_by_role("link", name="Home", exact=True).get_attribute("aria-current") is None:
            await tab.page.get_by_role("link", name="Home", exact=True).click()
        await expect(tab.page.get_by_role("main").get_by_text("Active", exact=True)).to_be_visible()


async def test_side_by_side_one_window_shows_two_people(browser: Browser) -> None:
    async with two_companies(Reach.PRIVATE) as made:
        page = await browser.new_page()
        await page.goto(made.slack.page_url)
        await page.get_by_role("link", name="side by side").click()
        left, right = (page.frame_locator(f"iframe >> nth={number}") for number in (0, 1))
        await left.get_by_role("textbox", name="Message to #acme-globex").fill("Hello")
        await left.get_by_role("button", name="Send").click()
        await expect(right.get_by_role("log").get_by_text("Hello")).to_be_visible()


@pytest_asyncio.fixture(loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """The stand-in with a small app, without a node."""
    async with staged("http") as made:
        yield made


async def wizard_tab(browser: Browser, stage: Stage) -> Tab:
    """Alice's, with the wizard opened from the composer."""
    page = await browser.new_page()
    await page.goto(f"{stage.slack.url}/as/{stage.alice.id}")
    tab = Tab(page, [])
    await tab.command("/wizard")
    await tab.sees_modal("New connection 1/3")
    return tab


async def test_what_is_being_typed_survives_every_change_around_it(browser: Browser, stage: Stage) -> None:
    tab = await wizard_tab(browser, stage)
    name = tab.dialog.get_by_label("Connection name")
    await name.click()
    await tab.press("Home")
    await tab.write("new_")
    await stage.slack.person(stage.gus).say(stage.shared, "Hello")
    await expect(tab.messages.get_by_text("Hello")).to_have_count(1)
    view = stage.slack.person(stage.alice).modal
    assert view is not None
    await stage.client.views_update(view_id=view.raw["id"], view=wizard("private"))
    await expect(tab.dialog.get_by_text("They will call you.")).to_be_visible()
    await expect(name).to_be_focused()
    await tab.write("er_")
    await expect(name).to_have_value("new_er_acme_to_globex")  # the caret stayed where it was
    alice = stage.slack.person(stage.alice)
    await alice.until(lambda: alice.modal and alice.modal.values["Connection name"] == "new_er_acme_to_globex")
    await tab.page.reload()
    await expect(name).to_have_value("new_er_acme_to_globex")


async def test_the_focus_stays_in_the_dialog_and_returns_when_it_closes(browser: Browser, stage: Stage) -> None:
    tab = await wizard_tab(browser, stage)
    inside = "() => document.querySelector('dialog').contains(document.activeElement)"
    for key in ("Tab", "Shift+Tab"):
        for _ in range(30):
            await tab.press(key)
            assert await tab.page.evaluate(inside)
    await tab.press("Escape")
    await expect(tab.dialog).to_have_count(0)
    await tab.command("/wizard help")  # the composer has the focus again, and can be typed into
    await expect(tab.messages.get_by_text("Only visible to you")).to_be_visible()


async def test_errors_take_the_focus_to_the_first_wrong_field(browser: Browser, stage: Stage) -> None:
    tab = await wizard_tab(browser, stage)
    await tab.dialog.get_by_label("Hours").fill("many")
    await tab.press("Enter")
    await expect(tab.dialog.get_by_text("Please enter a valid number.")).to_be_visible()
    await expect(tab.dialog.get_by_label("Partner's address")).to_be_focused()


async def test_files_are_uploaded_and_removed(browser: Browser, stage: Stage) -> None:
    tab = await wizard_tab(browser, stage)
    script = tab.dialog.get_by_label("Script (optional)")
    await script.set_input_files({"name": "rule.txt", "mimeType": "text/plain", "buffer": b"x = 1"})
    await expect(tab.dialog.get_by_role("alert")).to_contain_text("rule.txt can't be uploaded here: only groovy.")
    await script.set_input_files({"name": "rule.groovy", "mimeType": "text/plain", "buffer": b"x = 1"})
    await expect(tab.dialog.get_by_text("rule.groovy")).to_be_visible()
    await tab.click("Remove the files of Script")
    await expect(tab.dialog.get_by_text("rule.groovy")).to_have_count(0)


async def test_an_unknown_command_is_answered_and_stays_to_be_mended(browser: Browser, stage: Stage) -> None:
    page = await browser.new_page()
    await page.goto(f"{stage.slack.url}/as/{stage.alice.id}")
    tab = Tab(page, [])
    await tab.command("/wizzard")
    await expect(page.get_by_role("alert")).to_contain_text("/wizzard is not a valid command")
    await expect(tab.composer).to_have_value("/wizzard")


async def test_a_code_is_copied_by_its_button(browser: Browser, stage: Stage) -> None:
    code = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "brg_" + "0" * 120}]}
    bot, block = stage.install.bot_user, {"type": "rich_text", "elements": [code]}
    stage.slack.world.post(stage.shared, bot, text="x", blocks=[block], install=stage.install)
    context = await browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    await page.goto(f"{stage.slack.url}/as/{stage.alice.id}/c/{stage.shared.id}")
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "brg_" + "0" * 120


async def test_fault_switches_and_refusals_are_shown_at_once(browser: Browser, stage: Stage) -> None:
    page = await browser.new_page()
    await page.goto(f"{stage.slack.url}/as/{stage.alice.id}")
    await page.get_by_text("A bad day at Slack").click()
    await page.get_by_label("Delay every answer").select_option("200 ms")
    await page.get_by_role("button", name="Expire all triggers").click()
    await expect(page.get_by_role("button", name="Expire all triggers")).to_have_attribute("aria-pressed", "true")
    assert (stage.slack.faults.delay_ms, stage.slack.faults.expire_triggers) == (200, True)
    stage.slack.faults.delay_ms = 0
    with pytest.raises(SlackApiError):
        await stage.client.api_call("views.close")
    await expect(page.get_by_text("Slack would have refused: views.close by Wizard")).to_be_visible()
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.get_by_text("Slack would have refused")).to_have_count(0)


async def test_what_was_typed_before_the_script_came_counts_too(browser: Browser, stage: Stage) -> None:
    tab = await wizard_tab(browser, stage)
    served = asyncio.Event()

    async def late(route: Route) -> None:
        await served.wait()
        await route.continue_()

    await tab.page.route("**/page.js", late)
    await tab.page.reload(wait_until="commit")
    await tab.dialog.get_by_label("Connection name").fill("early")
    served.set()
    alice = stage.slack.person(stage.alice)
    await alice.until(lambda: alice.modal and alice.modal.values["Connection name"] == "early")
