"""The last minute of a call, seen from two dossiers: one deposited a moment before has its receipt; the other keeps its words."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.applying import arrive, create_and_apply
from tests.browser.conftest import Enter, Story
from tests.browser.people import Screen

CALL = "SELECT code FROM call WHERE opens_at <= now() AND closes_at > now() ORDER BY closes_at DESC LIMIT 1"


async def test_one_in_time_one_too_late(story: Story, enter: Enter) -> None:
    """B27: the server's clock, no grace; nothing typed is taken away."""
    code = await story.ask(CALL)
    closes_at = await story.ask("SELECT closes_at FROM call WHERE code = $1", code)
    early = await arrive(story, enter, "Maïa Bréchet", "maia@a-temps.example")
    late = await arrive(story, enter, "Loup Carré", "loup@trop-tard.example")
    await create_and_apply(early, f"/calls/{code}", "Le Moulin à temps")
    await create_and_apply(late, f"/calls/{code}", "La Pendule")
    application = await late.id_after("applications")
    writing = Screen(story.address, await late.page.context.new_page())
    await writing.go(f"/applications/{application}/sections/S3")
    await late.press("Relire et déposer")
    await early.press("Relire et déposer")
    try:
        await story.ask("UPDATE call SET closes_at = now() + interval '4 seconds' WHERE code = $1", code)
        await early.press("Déposer la candidature", within="#deposit")
        await early.is_at("/receipt")
        await early.reads("Empreinte (SHA-256)")
        await late.page.wait_for_timeout(4_200)
        await is_told_kindly(story, late, application)
        await keeps_its_words(writing)
    finally:
        await story.ask("UPDATE call SET closes_at = $2 WHERE code = $1", code, closes_at)


async def is_told_kindly(story: Story, late: Screen, application: str) -> None:
    """The button was still there; the act is refused in a sentence, and the draft stays a draft."""
    await late.press("Déposer la candidature", within="#deposit")
    await late.reads("clos")
    assert await story.ask("SELECT state FROM application WHERE id = $1", application) == "draft"
    await late.go(f"/applications/{application}")
    await late.reads("n’a pas été déposé avant la clôture", "Vous pourrez reprendre vos réponses")


async def keeps_its_words(writing: Screen) -> None:
    """What is typed after the closing is not kept by the server, and stays in the page to be copied."""
    await writing.page.fill("[name=q3-1]", "Une phrase de trop tard.")
    await expect(writing.page.locator(".write-status")).to_contain_text("copiez-le")
    await expect(writing.page.locator(".write-status")).to_contain_text("clos")
    assert await writing.page.input_value("[name=q3-1]") == "Une phrase de trop tard."
