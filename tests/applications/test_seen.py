"""What is deposited is what its depositor has just read, whatever a colleague writes meanwhile (R2, R4)."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from incubator.core.clock import now
from incubator.core.database import value
from incubator.people.queries import Person
from incubator.projects.actions import save_project
from incubator.projects.forms import ProjectForm
from tests.world.applications import CVS, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme
from tests.world.projects import TOURS, a_project


def fields(page: str) -> dict[str, str]:
    form = page.split('id="deposit"')[1].split("</form>")[0]
    names = ("version", "seen", "once")
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', form) for name in names}
    return {name: one[1] for name, one in found.items() if one}


async def _whole() -> tuple[UUID, UUID, Person, datetime]:
    """A draft where nothing is missing, its project and its depositor."""
    world, at = await the_programme(), now()
    call = await a_call(world, opens_at=at - timedelta(days=1), closes_at=at + timedelta(days=9))
    holder = await someone("Aïcha")
    project = await a_project(holder, world.programme, "Repair’Bus", commune=TOURS, at=at)
    application = await a_draft_application(call, holder, project, at=at)
    await write(application, whole_answers() | CVS, by=holder, at=at)
    return application, project, holder, at


async def test_a_colleagues_later_words_are_not_deposited_unread(db, signed_in):
    application, _project, holder, at = await _whole()
    browser, where = await signed_in(holder), f"/applications/{application}/deposit"
    read = fields((await browser.get(where)).text)
    await write(application, {"1.2": "Ce que personne n’a relu."}, by=holder, at=at)
    refused = await browser.send_form(where, **read)
    assert refused.status_code == 409
    assert "Le dossier a changé depuis que vous l’avez ouvert" in refused.text
    assert "Ce que personne n’a relu." in refused.text
    assert await value("SELECT count(*) FROM deposit") == 0
    assert (await browser.send_form(where, **fields(refused.text))).status_code == 303
    assert await value("SELECT content->'answers'->>'1.2' FROM deposit") == "Ce que personne n’a relu."


async def test_a_card_changed_meanwhile_is_not_deposited_unread(db, signed_in):
    """What the committee reads first is the project's card: it is frozen with the answers, so it is read with them."""
    application, project, holder, at = await _whole()
    browser, where = await signed_in(holder), f"/applications/{application}/deposit"
    read = fields((await browser.get(where)).text)
    await save_project(project, ProjectForm("Tout autre nom", 1), by=await a_manager((await the_programme()).programme), at=at)
    refused = await browser.send_form(where, **read)
    assert (refused.status_code, "Tout autre nom" in refused.text) == (409, True)
    assert (await browser.send_form(where, **fields(refused.text))).status_code == 303
    assert await value("SELECT content->>'project_name' FROM deposit") == "Tout autre nom"
