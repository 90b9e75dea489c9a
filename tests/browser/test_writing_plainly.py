"""A dossier written by two, with the keyboard alone, then without any script: words, and both texts when they meet (B07, B28)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_keyboard import press_and_follow, tab_to
from tests.browser.writing import Writers, block, is_saved, writers
from tests.database import TestServer


@pytest.fixture(scope="module")
async def desk(server: TestServer, _pool: str) -> AsyncIterator[Writers]:
    """A served dossier of two."""
    async with writers(server) as served:
        yield served


async def retype(page: Page, text: str) -> None:
    """Over what stands in the field that has the focus."""
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)


async def test_by_the_keyboard_alone(desk: Writers, chromium: Browser) -> None:
    hers, his = await desk.open(chromium, "aicha"), await desk.open(chromium, "basile")
    await tab_to(hers, "[name=qP-1]")
    await retype(hers, "Un garage à vélos")
    await is_saved(hers, "P.1")
    await his.reload()
    await tab_to(hers, "[name=qP-2]")
    await tab_to(his, "[name=qP-1]")
    await hers.keyboard.press("Shift+Tab")
    await hers.evaluate("document.querySelector('[name=qP-1]').focus()")
    await retype(hers, "Une école de vélo")
    await is_saved(hers, "P.1")
    await retype(his, "Une fabrique de vélos")
    await expect(block(his, "P.1").locator(".theirs")).to_contain_text("Une école de vélo")
    await tab_to(his, "button:focus")
    while "Garder mon texte" not in await his.evaluate("document.activeElement.textContent"):
        await his.keyboard.press("Tab")
    await his.keyboard.press("Enter")
    await is_saved(his, "P.1")
    assert await desk.stored("P.1") == "Une fabrique de vélos"
    await his.get_by_role("button", name="Enregistrer et continuer").focus()
    await press_and_follow(his, "Enter")
    await expect(his.locator("#error-summary")).to_have_count(0)
    for page in (hers, his):
        await page.context.close()


async def test_without_any_script(desk: Writers, chromium: Browser) -> None:
    hers = await desk.open(chromium, "aicha", java_script_enabled=False)
    his = await desk.open(chromium, "basile", java_script_enabled=False)
    await hers.fill("[name=qP-1]", "Un café-atelier")
    await hers.get_by_role("button", name="Enregistrer et rester ici").click()
    assert await desk.stored("P.1") == "Un café-atelier"
    await his.fill("[name=qP-1]", "Un atelier-café")
    await his.get_by_role("button", name="Enregistrer et rester ici").click()
    await expect(his.locator("main")).to_contain_text("Un café-atelier")
    assert await his.input_value("[name=qP-1]") == "Un atelier-café"
    assert await desk.stored("P.1") == "Un café-atelier"
    await his.get_by_role("button", name="Enregistrer et rester ici").click()
    assert await desk.stored("P.1") == "Un atelier-café"
    kept = await desk.ask("SELECT count(*) FROM answer_revision WHERE question = 'P.1' AND value #>> '{}' = 'Un café-atelier'")
    assert kept == 1
    for page in (hers, his):
        await page.context.close()
