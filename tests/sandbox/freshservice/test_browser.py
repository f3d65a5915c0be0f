"""The desk's page in a browser: it keeps itself current, and what is being typed in it stays."""

import pytest
from playwright.async_api import async_playwright, expect

from sandbox.freshservice import FreshserviceStandIn, Person
from tests.journeys.test_browser import ARGUMENTS, CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="No Chromium here. On Debian: apt-get install chromium"),
]


async def test_two_people_edit_different_fields_and_both_get_their_way(
    desk: FreshserviceStandIn, ana: Person, lena: Person
) -> None:
    """While Ana types, the status moves under her; hostile text does nothing meanwhile."""
    lena.raise_ticket("VPN", "<script>document.title = 'taken'</script>Since Monday.", html=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        await page.goto(desk.page_url)
        await page.get_by_role("link", name="VPN").click()
        await page.get_by_label("Subject").fill("VPN drops")
        ana.edit(1, status="Pending")
        ana.note(1, "Ask the supplier.")
        await expect(page.locator("#head")).to_contain_text("Pending")
        await expect(page.locator("#talk")).to_contain_text("Ask the supplier.")
        await expect(page.get_by_label("Subject")).to_have_value("VPN drops")
        await page.get_by_role("button", name="Save").last.click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("VPN drops")
        await page.get_by_label("Say something").fill("On it.")
        await page.get_by_role("button", name="Reply").click()
        await expect(page.locator("#talk")).to_contain_text("On it.")
        assert await page.title() == "#1 VPN drops · Acme"
        await browser.close()
    after = desk.ticket(1)
    assert (after.subject, after.status, desk.said_on(1)[-1].source) == ("VPN drops", 3, 0)
    assert troubles == []
