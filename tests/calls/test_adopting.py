"""A call takes a newer form or grid: until it closes, never under a committee, and no draft of an application moves by itself."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from incubator.calls.actions.adopting import adopt_form, adopt_grid
from incubator.calls.actions.drafts import publish_draft
from incubator.calls.actions.grids import publish_grid_draft
from incubator.calls.actions.versions import publish_grid
from incubator.calls.definitions import BlockDefinition, CriterionDefinition, GridDefinition
from incubator.calls.queries import call_by_code
from incubator.core.clock import now
from incubator.core.database import column, execute
from incubator.core.errors import Conflict, Invalid, NotFound, Refused
from incubator.core.failures import as_failure
from incubator.core.ids import new_id
from tests.world.building import SMALL, a_form_draft, a_grid_draft
from tests.world.calls import a_call
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")
DAY = timedelta(days=1)


@pytest.fixture
async def world():
    return await the_programme()


@pytest.fixture
async def manager(world):
    return await a_manager(world.programme)


@pytest.fixture
async def newer(world, manager):
    draft = await a_form_draft(world, manager)
    await publish_draft(draft.id, 1, by=manager, at=now())
    return draft.id


@pytest.fixture
async def newer_grid(world, manager):
    draft = await a_grid_draft(world, manager)
    await publish_grid_draft(draft.id, 1, by=manager, at=now())
    return draft.id


@pytest.mark.parametrize(("opens", "closes"), [(-5, 20), (5, 20)])
async def test_an_open_or_scheduled_call_takes_a_newer_form(world, manager, newer, opens, closes):
    call = await a_call(world, opens_at=now() + opens * DAY, closes_at=now() + closes * DAY, places={"pre_incubation": 10})
    await adopt_form(call.code, newer, by=manager, at=now())
    assert (await call_by_code(call.code)).form == newer
    verbs = "SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number"
    assert (await column(verbs, call.id))[-1] == "call.form_adopted"
    with pytest.raises(Conflict, match="utilise déjà la version 2"):
        await adopt_form(call.code, world.form, by=manager, at=now())


async def test_a_closed_call_keeps_what_teams_read(world, manager, newer, newer_grid):
    call = await a_call(world, opens_at=now() - 20 * DAY, closes_at=now() - DAY, at=now() - 21 * DAY)
    for adopt, version in ((adopt_form, newer), (adopt_grid, newer_grid)):
        with pytest.raises(Conflict, match="Cet appel est clos"):
            await adopt(call.code, version, by=manager, at=now())
    assert (await call_by_code(call.code)).form == world.form


async def test_a_grid_under_a_committee_is_kept_by_the_database(world, manager, newer_grid):
    """R23: a grid in use cannot change."""
    call = await a_call(world, opens_at=now() - DAY, closes_at=now() + DAY)
    await execute("INSERT INTO committee (id, call, name, created_at) VALUES ($1, $2, 'Comité', $3)", new_id(), call.id, now())
    with pytest.raises(Exception, match="a committee reads by the grid") as raised:
        await adopt_grid(call.code, newer_grid, by=manager, at=now())
    failure = as_failure(raised.value)
    assert (failure.status, failure.reason) == (
        409,
        "Cet appel a déjà son comité\xa0: la grille par laquelle il lit ne change plus.",
    )


async def test_without_a_committee_a_newer_grid_is_taken(world, manager, newer_grid):
    call = await a_call(world, opens_at=now() - DAY, closes_at=now() + DAY)
    await adopt_grid(call.code, newer_grid, by=manager, at=now())
    assert (await call_by_code(call.code)).grid == newer_grid


async def test_a_draft_or_a_strangers_version_is_not_taken(world, manager):
    call = await a_call(world, opens_at=now() - DAY, closes_at=now() + DAY)
    draft = await a_form_draft(world, manager)
    for version in (draft.id, new_id()):
        with pytest.raises(Invalid):
            await adopt_form(call.code, version, by=manager, at=now())
    with pytest.raises(Refused):
        await adopt_form(call.code, draft.id, by=await a_coach(world.programme), at=now())
    with pytest.raises((NotFound, Refused)):
        await adopt_form(call.code, draft.id, by=await someone(), at=now())
    assert (await call_by_code(call.code)).form == world.form


async def test_a_form_that_cites_what_the_grid_of_the_call_lacks_is_refused(world, manager):
    """The grid in force may be newer than the call's own."""
    call = await a_call(world, opens_at=now() - DAY, closes_at=now() + DAY)
    one = CriterionDefinition("Z9", "Sobriété", 100, "1", "3", "5")
    grid = GridDefinition("Courte", (BlockDefinition("Z", "Tout", (one,)),))
    await publish_grid(world.programme, grid, by=manager, at=now())
    question = msgspec.structs.replace(SMALL.questions[0], criteria=("Z9",))
    section = msgspec.structs.replace(SMALL.sections[0], questions=(question,))
    draft = await a_form_draft(world, manager, msgspec.structs.replace(SMALL, sections=(section,), eligibility=()))
    await publish_draft(draft.id, 1, by=manager, at=now())
    with pytest.raises(Conflict, match="cite le critère Z9"):
        await adopt_form(call.code, draft.id, by=manager, at=now())
    assert (await call_by_code(call.code)).form == world.form


async def test_a_form_that_asks_no_phase_is_not_for_a_call_with_two(world, manager, newer):
    """Nothing could be deposited any more."""
    call = await a_call(world, opens_at=now() - DAY, closes_at=now() + DAY)
    with pytest.raises(Conflict, match="demandez laquelle"):
        await adopt_form(call.code, newer, by=manager, at=now())


async def test_the_page_says_what_would_change_then_does_it(world, manager, newer, signed_in):
    call = await a_call(world, opens_at=now() - DAY, closes_at=now() + DAY, places={"pre_incubation": 10})
    browser = await signed_in(manager)
    page = await browser.get(f"/calls/{call.code}/adoption")
    assert page.status_code == 200
    assert "Adopter ce formulaire" in page.text
    assert "Retiré" in page.text
    sent = await browser.send_form(f"/calls/{call.code}/form", version=str(newer))
    assert sent.status_code == 303
    assert (await call_by_code(call.code)).form == newer
    again = await browser.get(f"/calls/{call.code}/adoption")
    assert "Adopter ce formulaire" not in again.text
