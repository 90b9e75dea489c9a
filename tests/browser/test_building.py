"""A manager changes the form: by mouse, by keyboard alone, and with JavaScript off; nobody else is needed."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.conftest import Enter, Story
from tests.browser.test_keyboard import press_and_follow, tab_to

MANAGER = "nadege.belkacem@alterincub.example"


async def draft(page: Page, story: Story) -> str:
    """A draft made from the form in force; its address."""
    await page.goto(f"{story.address}/programmes/alter-incub-cvl/forms")
    async with page.expect_navigation():
        await page.locator("h2#forms ~ .table-wrap").first.get_by_role("button", name="Repartir de celle-ci").first.click()
    return page.url


async def first_codes(page: Page) -> list[str]:
    """The first three questions of the first section, as one reads them."""
    return (await page.locator("#outline [data-section]").first.locator("[data-code] .what b").all_inner_texts())[:3]


async def test_by_mouse(story: Story, enter: Enter) -> None:
    page = await enter(MANAGER)
    address = await draft(page, story)
    assert await first_codes(page) == ["1.1", "1.2", "1.3"]
    await page.drag_and_drop("#question-1\\.3", "#question-1\\.1", target_position={"x": 200, "y": 3})
    await expect(page.locator("#outline [data-code]").first).to_have_attribute("data-code", "1.3")
    await expect(page.locator("body > [role=status]", has_text="1.3 Résumé du projet")).to_have_count(1)
    for order in (["1.3", "1.2", "1.1"], ["1.2", "1.3", "1.1"]):  # twice in a row: no page is left in between
        await page.click("button[value='up question 1.2']")
        for place, code in enumerate(order):
            await expect(page.locator("#outline [data-code]").nth(place)).to_have_attribute("data-code", code)
    await page.reload()
    assert await first_codes(page) == ["1.2", "1.3", "1.1"]
    assert page.url.startswith(address)


async def test_by_keyboard_alone(story: Story, enter: Enter) -> None:
    page = await enter(MANAGER)
    address = await draft(page, story)
    await tab_to(page, "button[value='down question 1.1']")
    await page.keyboard.press("Enter")
    await expect(page.locator("#outline [data-code]").first).to_have_attribute("data-code", "1.2")
    await expect(page.locator("button[value='down question 1.1']")).to_be_focused()
    await page.goto(f"{address.split('#')[0]}/questions/1.1")
    await tab_to(page, "[name=label]")
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.type("Le nom de votre projet")
    await press_and_follow(page, "Enter")
    await expect(page.locator(".notice")).to_have_text("C’est enregistré.")
    await page.goto(f"{address.split('#')[0]}/publication")
    await expect(page.locator(".changes ins")).to_have_text("Le nom de votre projet")


async def test_without_javascript(story: Story, enter: Enter) -> None:
    """A new question that depends on an earlier answer, seen as a team would see it."""
    page = await enter(MANAGER, java_script_enabled=False)
    address = (await draft(page, story)).split("#")[0]
    await page.goto(f"{address}/new-question?section=S1")
    await page.fill("[name=label]", "Qui avez-vous rencontré ?")
    await page.check("[name=kind][value=line]")
    await page.click("main form button[type=submit]")
    code = page.url.rsplit("/", 1)[1]
    await page.locator("summary", has_text="Poser cette question seulement si").click()
    await page.select_option("[name='when_question.0']", "1.8")
    await page.click("button[value=when]")
    await page.check("[name=when_answers][value='0.meeting']")
    await page.get_by_role("button", name="Enregistrer la question").click()
    await page.goto(f"{address}/preview")
    await expect(page.get_by_label("Qui avez-vous rencontré ?")).to_have_count(0)
    await page.locator("[name=q1-8][value=meeting]").check()
    await page.get_by_role("button", name="Vérifier cette section").click()
    await expect(page.get_by_label("Qui avez-vous rencontré ?")).to_have_count(1)
    await page.goto(address)
    await page.click(f"button[value='up question {code}']")
    await expect(page.locator(f"#question-{code}".replace(".", "\\."))).to_be_visible()
