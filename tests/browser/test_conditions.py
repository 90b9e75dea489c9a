"""What one answer hides is saved before it, even when both were written without a line (B14)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.writing import Writers, block, is_saved, says, writers
from tests.database import TestServer

SIREN = "552 100 554"


@pytest.fixture(scope="module")
async def desk(server: TestServer, _pool: str) -> AsyncIterator[Writers]:
    """A served dossier of two."""
    async with writers(server) as served:
        yield served


async def test_an_answer_hidden_while_the_line_is_broken_is_kept_and_comes_back(desk: Writers, chromium: Browser) -> None:
    page = await desk.open(chromium, "aicha", "M")
    await block(page, "M.2").get_by_label("Oui").check()
    await is_saved(page, "M.2")
    await block(page, "M.3").wait_for()
    await page.context.set_offline(True)
    await page.fill("[name=qM-3]", SIREN)
    await says(page, "Hors connexion")
    await block(page, "M.2").get_by_label("Non").check()
    await page.context.set_offline(False)
    await says(page, "Tout est enregistré")
    assert [await desk.stored("M.2"), await desk.stored("M.3")] == ["no", SIREN.replace(" ", "")]
    await block(page, "M.3").wait_for(state="detached")
    await block(page, "M.2").get_by_label("Oui").check()
    await block(page, "M.3").wait_for()
    assert (await page.input_value("[name=qM-3]")).replace("\u202f", " ").replace(" ", "") == SIREN.replace(" ", "")
    await page.context.close()
