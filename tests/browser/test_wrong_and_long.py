"""Pages as they stand after a mistake, and filled to the brim: no fault for either engine, nothing pushed out of the screen."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enter
from tests.browser.test_every_page import MANAGES, WRITES
from tests.browser.walking import Walk

PROGRAMME = "alter-incub-cvl"
EMPTY = {
    "/sign-up": "",
    "/sign-in": "",
    f"/projects/new?programme={PROGRAMME}": WRITES,
    "/account/email": WRITES,
    "/calls/new": MANAGES,
    "/calls/import": MANAGES,
}
WORD = "Anticonstitutionnellement" * 8  # longer than any screen, and nowhere to cut it
FILLED = """word => document.querySelectorAll('main form textarea, main form input[type=text]').forEach(field => {
    field.value = field.localName === 'textarea' ? (word + ' ').repeat(40) : word; })"""


@pytest.mark.parametrize(("path", "who"), EMPTY.items(), ids=list(EMPTY))
async def test_after_a_mistake(site: str, enter: Enter, path: str, who: str) -> None:
    page = await enter(who)
    walk = Walk(site, page)
    await page.goto(f"{site}{path}")
    async with page.expect_navigation():
        await page.locator("main form button[type=submit]").first.click()
    await expect(page.locator("#error-summary")).to_be_focused()
    await walk.look()
    assert [fault for fault in walk.faults if "422" not in fault and "409" not in fault] == []


@pytest.mark.parametrize("section", ["S1", "S2", "S3"])
async def test_filled_to_the_brim(site: str, enter: Enter, section: str) -> None:
    """Without a script: what is too long comes back whole, with what to do about it."""
    page = await enter(WRITES)
    walk = Walk(site, page)
    draft = await page.locator('a[href^="/applications/"]').first.get_attribute("href")
    await page.goto(f"{site}{'/'.join(str(draft).split('/')[:3])}/sections/{section}")
    await page.evaluate(FILLED, WORD)
    async with page.expect_navigation():
        await page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('form[data-write]'))")
    await expect(page.locator("#error-summary")).to_be_visible()
    assert WORD in await page.locator("main textarea, main input[type=text]").first.input_value()
    await walk.look()
    assert [fault for fault in walk.faults if "422" not in fault] == []
