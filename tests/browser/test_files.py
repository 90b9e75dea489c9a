"""Sending files from the page of a section: pieces over a cut line, cancelling, refusing, removing; faults of the page."""

from __future__ import annotations

import pytest
from playwright.async_api import FilePayload, Locator, Page, Route, expect

from incubator.demo.story import SIGN_INS
from tests.browser.conftest import Enter, Story
from tests.browser.people import a_file
from tests.browser.walking import AXE, PHONE, RUN_AXE
from tests.world.documents import a_pdf

CONTENT = a_pdf()[:-6] + b"%" + b"x" * 1_600_000 + b"\nstartxref\n9\n%%EOF\n"


@pytest.fixture
async def box(story: Story, enter: Enter) -> Locator:
    """The question that asks for letters, in a draft of the story."""
    page = await enter(SIGN_INS["Porteuse, brouillon en cours"])
    draft = await page.locator('a[href^="/applications/"]').first.get_attribute("href")
    await page.goto(f"{story.address}{'/'.join(str(draft).split('/')[:3])}/sections/S9")
    return page.locator("#f-q9-5")


async def choose(box: Locator, *files: FilePayload) -> None:
    await box.locator("input[type=file]").set_input_files(list(files))


async def test_a_cut_line_goes_on_where_it_stopped(box: Locator) -> None:
    offsets: list[str] = []

    async def cut(route: Route) -> None:
        if route.request.method != "PUT":
            return await route.continue_()
        offsets.append(route.request.url.rpartition("=")[2])
        if len(offsets) in (2, 3):
            return await route.abort("connectionreset")
        return await route.continue_()

    await box.page.route("**/uploads/*", cut)
    await choose(box, a_file("Lettre de Loches.pdf", CONTENT))
    await expect(box.get_by_text("La connexion est coupée")).to_be_visible()
    await expect(box.locator("[data-told]")).to_have_text("Lettre de Loches.pdf est reçu.")
    assert offsets == ["0", "524288", "524288", "524288", "1048576", "1572864"]
    line = box.locator("li.file", has_text="Lettre de Loches.pdf")
    await expect(line).to_contain_text("En cours d’analyse")
    await line.get_by_role("button", name="Retirer").click()
    await expect(line).to_have_count(0)
    await expect(box.locator("[data-told]")).to_have_text("Le fichier est retiré.")


async def test_what_is_cancelled_leaves_nothing_and_what_is_wrong_is_said(box: Locator) -> None:
    async def hang(route: Route) -> None:
        if route.request.method != "PUT":
            await route.continue_()

    await box.page.route("**/uploads/*", hang)
    await choose(box, a_file("Trop long.pdf", CONTENT))
    await expect(box.locator("progress")).to_be_visible()
    await box.get_by_role("button", name="Annuler l’envoi").click()
    await expect(box.locator("[data-told]")).to_have_text("L’envoi est annulé.")
    await box.page.unroute("**/uploads/*")
    await choose(box, a_file("Page.pdf", b"<html>"), a_file("Programme.exe", CONTENT))
    await expect(box.locator("[data-told]")).to_contain_text("Programme.exe : Ce type de fichier n’est pas accepté ici")
    await expect(box.locator("progress, li.file")).to_have_count(0)
    await choose(box, a_file("CV \u202efdp.exe $& {name}.pdf", b"<html>"))
    await expect(box.locator("[data-told]")).to_contain_text("CV fdp.exe $& {name}.pdf : Le contenu")


async def test_the_pages_of_files_have_no_fault(box: Locator) -> None:
    page: Page = box.page
    await choose(box, a_file("Lettre.pdf", a_pdf()), a_file("Page.pdf", b"<html>"))
    await expect(box.locator("li.file")).to_have_count(1)
    await expect(box.locator("[data-told]")).to_contain_text("annonce")
    assert await page.evaluate(f"{AXE};{RUN_AXE}") == []
    await page.goto(page.url.replace("/sections/S9", "/files/9.5"))
    await page.set_viewport_size(PHONE)
    assert await page.evaluate(f"{AXE};{RUN_AXE}") == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await page.get_by_role("button", name="Retirer").click()
    await expect(page.locator("li.file")).to_have_count(0)
    storage = await page.evaluate("[localStorage.length, sessionStorage.length]")
    assert storage == [0, 0]


async def test_what_is_done_and_missing_follows_a_file(box: Locator) -> None:
    """Each draft of the story lacks its CVs: sent, the section is complete; taken away, it is not."""
    done, missing = box.page.locator('.filled[data-section="S9"]'), box.page.locator("#missing-count")
    before = await missing.inner_text()
    cvs = box.page.locator("#f-q9-1")
    await expect(done).to_contain_text("0 / 1")
    await choose(cvs, a_file("CV.pdf", a_pdf()))
    await expect(done).to_contain_text("complète")
    await expect(missing).not_to_have_text(before)
    await cvs.get_by_role("button", name="Retirer").click()
    await expect(done).to_contain_text("0 / 1")
    await expect(missing).to_have_text(before)
