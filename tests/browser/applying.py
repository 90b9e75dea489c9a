"""What a team does first: come, create a project, fill in the whole application section by section."""

from __future__ import annotations

from typing import Any

from playwright.async_api import expect

from incubator.demo.dossiers import answers, sheets
from incubator.demo.story import PASSWORD
from tests.browser.conftest import Enter, Story, sign_in
from tests.browser.people import Screen, a_file, fill, pick_commune
from tests.world.documents import a_pdf

SHEET = sheets()["bricole"]
COMMUNE = ("orlé", "Orléans", "45000")  # what one types, what one chooses, and its postcode


async def arrive(story: Story, enter: Enter, name: str, email: str, **context: Any) -> Screen:
    """An account, confirmed from the letter, and its home page."""
    person = Screen(story.address, await enter(**context))
    await person.go("/sign-up")
    await person.write(name=name, email=email, password=PASSWORD)
    await person.press("Créer mon compte")
    await person.reads("messagerie")
    await person.go(await story.path_in_letter(email))
    await person.press("Confirmer mon adresse", within="form")
    await sign_in(person.page, story.address, email)
    await person.reads("Déposer une candidature")
    return person


async def create_and_apply(team: Screen, call: str, name: str, *, with_script: bool = True) -> None:
    """A project with its commune, then every section of the form, until nothing is missing."""
    await team.go(call)
    await team.press("Candidater")
    await team.write(name=name)
    await answer(team, "commune", "45234", with_script=with_script)
    if with_script:
        await expect(team.page.locator("#f-name-count")).to_contain_text("Il reste")
    await team.press("Commencer le dossier")
    await fill_in(team, with_script=with_script)
    await team.reads("Rien ne manque")


async def fill_in(screen: Screen, *, with_script: bool) -> None:
    """From the first section to the last, each saved as a draft on the way."""
    said = answers(SHEET, "incubation")
    while "/sections/" in screen.page.url:
        await _fill_section(screen, said, with_script=with_script)
        await screen.follow(screen.page.locator("[name=then][value=next]"))


async def _fill_section(screen: Screen, said: dict[str, Any], *, with_script: bool) -> None:
    """Answer what is asked; an answer may call other questions, asked once it is saved."""
    done: set[str] = set()
    while new := [name for name in await _asked(screen) if name not in done]:
        for name in new:
            await answer(screen, name, said.get(name[1:].replace("-", ".")), with_script=with_script)
        await _join_cvs(screen, with_script=with_script)
        done |= set(new)
        await screen.follow(screen.page.locator("[name=then][value=stay]"))


async def _join_cvs(screen: Screen, *, with_script: bool) -> None:
    """Where CVs are asked: chosen there, or on a page of its own without JavaScript."""
    box = screen.page.locator("#f-q9-1")
    if not await box.count() or await box.locator("li.file").count():
        return
    cv = a_file("CV.pdf", a_pdf())
    if with_script:
        await box.locator("input[type=file]").set_input_files([cv])
        await expect(box.locator("li.file")).to_contain_text("CV.pdf")
    else:
        await screen.follow(box.locator("[name=then]"))
        await screen.page.set_input_files("[name=file]", [cv])
        await screen.press("Envoyer le fichier")
        await screen.press("Revenir à la section")


async def _asked(screen: Screen) -> list[str]:
    found: list[str] = await screen.page.eval_on_selector_all('[name^="was."]', "all => all.map(one => one.name.slice(4))")
    return found


async def answer(screen: Screen, name: str, value: Any, *, with_script: bool) -> None:
    """One question; a commune by part of its name where the page can search, else by its postcode."""
    typed, wanted, postcode = COMMUNE
    if not await screen.page.locator(f'[name="{name}_text"]').count():
        await fill(screen.page, name, value)
    elif await screen.page.locator(f'[name="{name}"]').count():
        pass  # the dossier begins with the commune of the project
    elif with_script:
        await pick_commune(screen.page, name, typed, wanted)
    else:
        await screen.page.fill(f'[name="{name}_text"]', postcode)
