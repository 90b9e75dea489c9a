"""The same application by the same three, with scripts switched off: every button does what a script would (B28)."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Enter, Story
from tests.browser.people import Screen, a_file
from tests.browser.test_team import (
    MANAGER,
    Team,
    a_reader_only_reads,
    complement,
    confirm,
    deposit,
    everybody_agrees,
    finish,
    invite,
    start_before_confirming,
)
from tests.world.documents import a_pdf

PLAIN = {"java_script_enabled": False}


async def test_three_people_apply_without_a_script(story: Story, enter: Enter) -> None:
    desks = [Screen(story.address, await enter(**PLAIN)) for _who in range(3)]
    team = Team(story, *desks, house="sans-script.example", with_script=False)
    await start_before_confirming(team)
    await confirm(team)
    await invite(team, "Oscar Lemaire", "oscar", "editor", team.oscar)
    await invite(team, "Lina Haddad", "lina", "reader", team.lina)
    await a_reader_only_reads(team)
    await choose_between_two_texts(team)
    await finish(team)
    await send_a_file(team)
    await everybody_agrees(team)
    await deposit(team)
    await complement(team, Screen(story.address, await enter(MANAGER, **PLAIN)))


async def choose_between_two_texts(team: Team) -> None:
    """B07: the page that answers shows both, and a button for each."""
    await team.oscar.go(team.section("S3"))
    await team.lina.go(team.section("S3"))
    await team.oscar.write(**{"q3-2": "Quatre mille foyers, dit Oscar."})
    await team.oscar.press("Enregistrer et rester ici")
    await team.lina.page.fill("[name=q3-2]", "Trois cents familles, dit Lina.")
    await team.lina.press("Enregistrer et rester ici")
    await team.lina.reads("Quatre mille foyers, dit Oscar.", "Le texte de Oscar Lemaire")
    assert await team.lina.page.input_value("[name=q3-2]") == "Trois cents familles, dit Lina."
    await team.lina.press("Garder mon texte")
    await team.oscar.go(f"/applications/{team.application}/answers/3.2/versions")
    await team.oscar.reads("Quatre mille foyers, dit Oscar.", "Trois cents familles, dit Lina.")


async def send_a_file(team: Team) -> None:
    """A page of its own: choose, send, see it; what is wrong is said beside the field."""
    await team.oscar.go(team.section("S9"))
    await team.oscar.go(f"/applications/{team.application}/files/9.5")
    field = team.oscar.page.locator("[name=file]")
    wrong = a_file("Lettre.pdf", b"<html>")
    await field.set_input_files([wrong])
    await team.oscar.press("Envoyer le fichier")
    await team.oscar.reads("n’est pas ce que son nom annonce")
    right = a_file("Lettre de la commune.pdf", a_pdf())
    await field.set_input_files([right])
    await team.oscar.press("Envoyer le fichier")
    await expect(team.oscar.page.locator("li.file")).to_contain_text("Lettre de la commune.pdf")
