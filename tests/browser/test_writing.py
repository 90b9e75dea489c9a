"""Words save themselves as they are written, through a broken line, an ended session, a colleague (B06, B07)."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable

import pytest
from playwright.async_api import Browser, expect

from incubator.core.text import clean
from tests.browser.writing import Writers, block, is_saved, says, writers
from tests.database import TestServer

_chance = random.Random(11)
LETTERS: list[Callable[[], int]] = [
    lambda: _chance.choice(
        (0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0xA0, 0xAD, 0x200B, 0x200D, 0x200E, 0x2028, 0x202F, 0xFEFF)
    ),
    lambda: _chance.choice((0x0301, 0x0308, 0x0327, 0x1100, 0x1161, 0x11A8, 0x212B, 0x0958, 0x2000)),  # NFC makes others of them
    lambda: _chance.randrange(0x20, 0x7F),
    lambda: _chance.choice((0xE9, 0x153, 0x3B1, 0x5D0, 0x627, 0x915, 0x4E2D, 0x1F468, 0x1F3FD, 0x20000)),
]
COUNTS = """([name, limit, texts]) => {
  const field = document.querySelector(`[name="${name}"]`), count = document.getElementById(`${field.id}-count`);
  return texts.map((text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const number = Number(count.textContent.replace(/[^0-9]/g, ""));
    return { kept: field.value, left: count.classList.contains("over") ? -number : number };
  });
}"""


@pytest.fixture(scope="module")
async def desk(server: TestServer, _pool: str) -> AsyncIterator[Writers]:
    """A served dossier of two."""
    async with writers(server) as served:
        yield served


async def test_what_is_typed_is_saved_without_a_button(desk: Writers, chromium: Browser) -> None:
    page = await desk.open(chromium, "aicha")
    await page.fill("[name=qP-1]", "Un vélo-école")
    await is_saved(page, "P.1")
    assert await desk.stored("P.1") == "Un vélo-école"
    await block(page, "P.3").get_by_label("Une association").check()
    await is_saved(page, "P.3")
    await page.select_option("[name=qP-4_0]", "c")
    await is_saved(page, "P.4")
    await page.locator("[name=qP-6_text]").press_sequentially("orlé", delay=20)
    await page.locator("#f-qP-6-found").get_by_role("radio", name="Orléans").first.check()
    await is_saved(page, "P.6")
    await page.check("[name=qP-10]")
    await is_saved(page, "P.10")
    assert [await desk.stored(code) for code in ("P.3", "P.4", "P.6", "P.10")] == ["a", '["c"]', "45234", "true"]
    await page.reload()
    assert await page.input_value("[name=qP-1]") == "Un vélo-école"
    await page.context.close()


async def test_a_broken_line_costs_no_word(desk: Writers, chromium: Browser) -> None:
    page = await desk.open(chromium, "aicha")
    await page.context.set_offline(True)
    await page.fill("[name=qP-2]", "Écrit dans un tunnel, ")
    await says(page, "Hors connexion")
    await page.locator("[name=qP-2]").press("End")
    await page.locator("[name=qP-2]").press_sequentially("puis encore.")
    await page.locator("button[value=next]").click()
    await says(page, "Hors connexion")
    assert await page.input_value("[name=qP-2]") == "Écrit dans un tunnel, puis encore."
    await page.context.set_offline(False)
    await is_saved(page, "P.2")
    await says(page, "Tout est enregistré")
    assert await desk.stored("P.2") == "Écrit dans un tunnel, puis encore."
    assert await page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    await page.context.close()


async def test_a_page_shown_again_sends_nothing_that_was_left_untouched(desk: Writers, chromium: Browser) -> None:
    """The page of an error is read over what is stored by now: a colleague's words stay (B07)."""
    page, mate = await desk.open(chromium, "aicha"), await desk.open(chromium, "basile")
    await page.fill("[name=qP-2]", "Le texte d’Aïcha")
    await is_saved(page, "P.2")
    await page.context.route("**/write*.js*", lambda route: route.abort())  # a script that comes too late
    await page.reload()
    await mate.reload()
    await mate.fill("[name=qP-2]", "Les mots de Basile")
    await is_saved(mate, "P.2")
    await page.context.unroute_all()
    await page.fill("[name=qP-1]", "x" * 200)
    await page.locator("button[value=next]").click()
    await expect(page.locator("#error-summary")).to_be_visible()
    await says(page, "À revoir")
    assert await page.input_value("[name=qP-2]") == "Les mots de Basile"
    await page.fill("[name=qP-1]", "Un vélo-école")
    await is_saved(page, "P.1")
    assert [await desk.stored(code) for code in ("P.1", "P.2")] == ["Un vélo-école", "Les mots de Basile"]
    await page.context.close()
    await mate.context.close()


async def test_an_answer_too_large_to_send_stops_no_other(desk: Writers, chromium: Browser) -> None:
    page = await desk.open(chromium, "aicha")
    await page.fill("[name=qP-2]", "é" * 700_000)
    await says(page, "À revoir")
    await page.fill("[name=qP-1]", "Une phrase écrite ensuite")
    await is_saved(page, "P.1")
    await page.fill("[name=qP-2]", "Plus court")
    await is_saved(page, "P.2")
    assert [await desk.stored(code) for code in ("P.1", "P.2")] == ["Une phrase écrite ensuite", "Plus court"]
    await page.context.close()


async def test_signed_out_the_words_wait_for_their_author(desk: Writers, chromium: Browser) -> None:
    page = await desk.open(chromium, "basile")
    await desk.ask("UPDATE session SET ended_at = now() WHERE account = $1", desk.people["basile"].id)
    await page.fill("[name=qP-8]", "30")
    await says(page, "Vous n’êtes plus connecté·e")
    assert await page.locator(".write-status a").get_attribute("href") == "/sign-in"
    await page.context.add_cookies([{"name": "session", "value": desk.sessions["aicha"], "url": desk.address}])
    await page.evaluate("dispatchEvent(new Event('focus'))")
    await says(page, "Une autre personne est connectée")
    assert await desk.stored("P.8") is None
    desk.sessions["basile"] = await desk.sign_in_again("basile")
    await page.context.add_cookies([{"name": "session", "value": desk.sessions["basile"], "url": desk.address}])
    await page.evaluate("dispatchEvent(new Event('focus'))")
    await is_saved(page, "P.8")
    assert await desk.stored("P.8") == "30"
    await page.context.close()


async def test_two_in_one_answer_see_both_texts(desk: Writers, chromium: Browser) -> None:
    hers, his = await desk.open(chromium, "aicha", "M"), await desk.open(chromium, "basile", "M")
    await block(hers, "M.2").get_by_label("Non").check()
    await block(hers, "M.5").locator("[value='1']").check()
    await expect(block(hers, "M.6")).to_be_visible()
    await his.reload()
    await hers.fill("[name=qM-6]", "Parce que nous commençons.")
    await is_saved(hers, "M.6")
    await his.fill("[name=qM-6]", "Parce que rien ne presse.")
    await expect(block(his, "M.6").locator(".theirs")).to_contain_text("Parce que nous commençons.")
    assert await his.input_value("[name=qM-6]") == "Parce que rien ne presse."
    await his.get_by_role("button", name="Garder mon texte").click()
    await is_saved(his, "M.6")
    assert await desk.stored("M.6") == "Parce que rien ne presse."
    kept = await desk.ask("SELECT count(*) FROM answer_revision WHERE question = 'M.6' AND value #>> '{}' LIKE '%commençons%'")
    assert kept == 1
    await hers.context.close()
    await his.context.close()


async def test_what_a_colleague_writes_appears(desk: Writers, chromium: Browser) -> None:
    hers, his = await desk.open(chromium, "aicha", "M"), await desk.open(chromium, "basile", "M")
    await his.fill("[name=qM-1]", "1 250,50")
    await is_saved(his, "M.1")
    await hers.evaluate("dispatchEvent(new Event('focus'))")
    await expect(hers.locator("#together")).to_contain_text("Basile Roy écrit dans cette section")
    await expect(hers.locator("[name=qM-1]")).to_have_value("1\u202f250,50")
    await hers.context.close()
    await his.context.close()


async def test_the_counter_agrees_with_the_server(desk: Writers, chromium: Browser) -> None:
    """R3: what the browser counts is what the server keeps, in every script."""
    page = await desk.open(chromium, "aicha")
    await page.context.set_offline(True)  # nothing of this is to be saved
    chance = random.Random(7)
    texts = ["".join(chr(chance.choice(LETTERS)()) for _letter in range(chance.randrange(40))) for _text in range(300)]
    for name, limit, line in (("qP-1", 80, True), ("qP-2", 1500, False)):
        told = await page.evaluate(COUNTS, [name, limit, texts])
        assert [one for one in told if limit - len(clean(one["kept"], line=line)) != one["left"]] == []
    await page.context.close()


async def test_after_the_closing_the_page_keeps_the_words(desk: Writers, chromium: Browser) -> None:
    """B06, B27: nothing is written any more, nothing is taken from the page."""
    page = await desk.open(chromium, "aicha")
    await desk.ask("UPDATE call SET closes_at = now(), opens_at = now() - interval '1 day' WHERE id = $1", desk.call)
    await page.fill("[name=qP-2]", "Trop tard, mais pas perdu.")
    await says(page, "copiez-le")
    await says(page, "clos depuis")
    assert await page.input_value("[name=qP-2]") == "Trop tard, mais pas perdu."
    assert await desk.stored("P.2") != "Trop tard, mais pas perdu."
    await desk.ask("UPDATE call SET closes_at = now() + interval '5 days' WHERE id = $1", desk.call)
    await page.context.close()
