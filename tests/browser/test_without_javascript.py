"""The pages with scripts switched off: applying, scoring and logging a session still work."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.async_api import expect

from incubator.demo.story import SIGN_INS
from tests.browser.applying import arrive, create_and_apply
from tests.browser.conftest import Enter, Story
from tests.browser.people import Screen
from tests.browser.scoring import VOICE, declare_nothing, give_marks

TODAY = date.today()  # noqa: DTZ011 - a day in a form


async def test_a_team_applies(story: Story, enter: Enter) -> None:
    team = await arrive(story, enter, "Rozenn Cadiou", "rozenn@sans-script.example", java_script_enabled=False)
    await team.press("Déposer une candidature")
    call = team.page.url.removeprefix(story.address).removesuffix("/apply")
    await create_and_apply(team, call, "Lavoir commun", with_script=False)
    await team.press("Relire et déposer")
    await team.press("Déposer la candidature", within="#deposit")
    await team.is_at("/receipt")


async def test_a_commune_that_is_not_clear_is_chosen_from_a_list(story: Story, enter: Enter) -> None:
    person = Screen(story.address, await enter(SIGN_INS["Porteuse, brouillon en cours"], java_script_enabled=False))
    await person.go("/projects/new?programme=alter-incub-cvl")
    await person.write(name="Le Vélo du canal", commune_text="saint-germain")
    await person.press("Créer le projet")
    await expect(person.page.locator("[name=name]")).to_have_value("Le Vélo du canal")
    choices = person.page.locator("#f-commune-found [type=radio]")
    assert await choices.count() > 1
    await choices.first.check()
    await person.press("Créer le projet")
    await person.go("/")
    await person.reads("Le Vélo du canal")


async def test_a_member_scores(story: Story, enter: Enter) -> None:
    member = Screen(story.address, await enter(VOICE, java_script_enabled=False))
    await member.press("Comité de sélection")
    await member.follow(member.page.locator("tr", has_text="À ouvrir").first.get_by_role("link"))
    await declare_nothing(member)
    await give_marks(member, 3)


async def test_a_coach_logs_a_session(story: Story, enter: Enter) -> None:
    coach = Screen(story.address, await enter(SIGN_INS["Accompagnateur"], java_script_enabled=False))
    await coach.press("Croc’Jardin")
    await coach.press("Les séances d’accompagnement")
    await coach.press("Noter une séance")
    await coach.write(held_on=TODAY, duration_minutes=45, kind="phone", done="Point sur le planning.")
    await coach.press("Noter la séance")
    await expect(coach.page.locator(".error-summary")).to_contain_text("prochaine séance")
    await expect(coach.page.locator("[name=done]")).to_have_value("Point sur le planning.")
    await coach.write(next_on=TODAY + timedelta(days=7))
    await coach.press("Noter la séance")
    await coach.reads("Point sur le planning.")
