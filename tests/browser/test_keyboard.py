"""Hands on the keyboard alone: signing in, correcting, declaring, scoring and handing in; where one is always shows."""

from __future__ import annotations

from playwright.async_api import Page, expect

from incubator.demo.story import PASSWORD
from tests.browser.applying import arrive, create_and_apply
from tests.browser.conftest import Enter, Story
from tests.browser.people import a_file
from tests.browser.scoring import CODES, VOICE
from tests.browser.test_last_minute import CALL
from tests.world.documents import a_pdf

STOPS_A_PAGE = 120
SHOWS = """() => {
    const here = document.activeElement, told = here.closest('.scale label') ?? here;
    const style = getComputedStyle(told), box = told.getBoundingClientRect();
    return here === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0);
}"""


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until there; the focus shows at every stop."""
    for _stop in range(STOPS_A_PAGE):
        await page.keyboard.press("Tab")
        assert await page.evaluate(SHOWS), await page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached on {page.url}")


async def press_and_follow(page: Page, key: str) -> None:
    """A key that leads to another page."""
    async with page.expect_navigation():
        await page.keyboard.press(key)


async def test_signing_in_with_a_correction(story: Story, enter: Enter) -> None:
    page = await enter()
    await page.goto(f"{story.address}/sign-in")
    await tab_to(page, ".skip")
    await tab_to(page, "[name=email]")
    await press_and_follow(page, "Enter")
    await expect(page.locator("#error-summary")).to_be_focused()
    await tab_to(page, "#error-summary a")
    await page.keyboard.press("Enter")
    await expect(page.locator("[name=email]")).to_be_focused()
    await page.keyboard.type(VOICE)
    await tab_to(page, "[name=password]")
    await page.keyboard.type(PASSWORD)
    await press_and_follow(page, "Enter")
    await expect(page.locator("h1")).to_have_text("Ce qui vous attend")


async def test_handing_in_an_assessment(story: Story, enter: Enter) -> None:
    page = await enter(VOICE)
    await tab_to(page, "main a[href^='/committees/']")
    await press_and_follow(page, "Enter")
    await page.locator("tr", has_text="À ouvrir").first.get_by_role("link").focus()
    await press_and_follow(page, "Enter")
    await tab_to(page, "[name=interest]")
    await page.keyboard.press("Space")
    await tab_to(page, "main button")
    await press_and_follow(page, "Enter")
    await tab_to(page, "[name=finished]")
    await press_and_follow(page, "Space")
    await expect(page.locator("#error-summary")).to_be_focused()
    await tab_to(page, "#error-summary a")
    await page.keyboard.press("Enter")
    await expect(page.locator(f"#f-scores\\.{CODES[0]}")).to_be_focused()
    await give_marks_by_arrows(page)
    await tab_to(page, "[name=finished]")
    await press_and_follow(page, "Enter")
    await expect(page.locator("#grid form")).to_have_count(0)


async def give_marks_by_arrows(page: Page) -> None:
    """Space gives 1; three arrows on, it is 4."""
    for code in CODES:
        if code != CODES[0]:
            await tab_to(page, f'[name="scores.{code}"]')
        await page.keyboard.press("Space")
        for _step in range(3):
            await page.keyboard.press("ArrowRight")
        await expect(page.locator(f'[name="scores.{code}"][value="4"]')).to_be_checked()


async def test_sending_a_file_and_depositing(story: Story, enter: Enter) -> None:
    """From a dossier where nothing is missing: a file chosen, what will be read, one act, the receipt."""
    me = await arrive(story, enter, "Ysée Marchal", "ysee@clavier.example")
    code = await story.ask(CALL)
    await create_and_apply(me, f"/calls/{code}", "Le Clavier bien trempé")
    page = me.page
    dossier = f"{story.address}/applications/{await me.id_after('applications')}"
    await page.goto(f"{dossier}/sections/S9")
    await tab_to(page, "#f-q9-5 [data-choose] button")
    opener = page.locator("#f-q9-5 input[type=file]")
    await opener.evaluate("input => input.addEventListener('click', () => { input.dataset.opened = 'yes'; })")
    await page.keyboard.press("Enter")
    await expect(opener).to_have_attribute("data-opened", "yes")
    await opener.set_input_files([a_file("Lettre.pdf", a_pdf())])
    await expect(page.locator("#f-q9-5 li.file")).to_contain_text("Lettre.pdf")
    await page.goto(dossier)
    await tab_to(page, ".actions a")
    await press_and_follow(page, "Enter")
    await tab_to(page, "#deposit button")
    await press_and_follow(page, "Enter")
    await expect(page.locator("main")).to_contain_text("Empreinte (SHA-256)")
