"""A draft let in after the closing: by whom, until when, and who reads why (domain, 5.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incubator.applications.actions import deposit, give_derogation, pronounce, save_answers
from incubator.applications.actions.drafting import Given
from incubator.applications.forms import DepositForm, DerogationForm, RulingForm
from incubator.applications.queries import content_for_committee, desk_for, dossier_for
from incubator.applications.queries.late import late_drafts_of
from incubator.applications.tables import Outcome
from incubator.core.database import column, value
from incubator.core.errors import Conflict, Invalid, NotFound
from tests.world.applications import CVS, a_draft_application, an_admissible_application, typed, whole_answers, write
from tests.world.calls import a_call
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.selection import a_committee

OPENS, CLOSES = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 1, 30, 22, 59, tzinfo=UTC)
BEFORE, AFTER = CLOSES - timedelta(days=1), CLOSES + timedelta(hours=10)
UNTIL = AFTER + timedelta(days=2)
FORM = DerogationForm("Panne du site la veille.", UNTIL)


async def _draft():
    world, me = await the_programme(), await someone("Aïcha", email="aicha@exemple.fr")
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, code="AAC-1")
    application = await a_draft_application(call, me, at=BEFORE)
    await write(application, whole_answers() | CVS, by=me, at=BEFORE)
    return world, call, me, application


async def test_the_manager_lets_one_draft_be_completed_and_deposited(db):
    world, call, me, application = await _draft()
    manager = await a_manager(world.programme)
    with pytest.raises(Conflict, match="clos depuis"):
        await deposit(application, DepositForm(), by=me, at=AFTER)
    await give_derogation(application, FORM, by=manager, at=AFTER)
    assert await save_answers(application, {"1.3": Given("Autre", 1)}, by=me, at=AFTER) == ["1.3"]
    assert [(one.project_name, one.until_at) for one in (await late_drafts_of(manager, call.code)).page.items] == [
        ("Repair’Bus", UNTIL)
    ]
    made = await deposit(application, DepositForm(), by=me, at=UNTIL - timedelta(milliseconds=1))
    assert made.number == "AAC-1-0001"
    entry = await value(
        "SELECT r.words FROM journal_reason r JOIN journal_entry e ON e.number = r.entry WHERE e.verb = 'derogation.given'"
    )
    assert entry == "Panne du site la veille."
    assert "Panne du site" in await value("SELECT text FROM letter WHERE kind = 'applications.derogation_given'")


async def test_staff_and_committee_read_why(db):
    world, _call, me, application = await _draft()
    await give_derogation(application, FORM, by=await a_manager(world.programme), at=AFTER)
    await deposit(application, DepositForm(), by=me, at=AFTER + timedelta(hours=1))
    instructor = await an_instructor(world.programme)
    [in_time] = [one for one in (await desk_for(instructor, application)).checks if one.code == "E2"]
    assert in_time.result == "ok"
    assert "après la clôture, par dérogation\u00a0: Panne du site la veille." in in_time.said
    await pronounce(application, RulingForm(Outcome.ADMISSIBLE), by=instructor, at=UNTIL)
    assert (await content_for_committee(application)).derogation == "Panne du site la veille."


async def test_one_deposited_in_time_says_nothing_of_it(db):
    world = await the_programme()
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES)
    application = await an_admissible_application(world, call)
    assert (await content_for_committee(application)).derogation == ""


async def test_when_it_has_run_out_the_draft_is_read_only_again(db):
    world, _call, me, application = await _draft()
    await give_derogation(application, FORM, by=await a_manager(world.programme), at=AFTER)
    with pytest.raises(Conflict, match="délai accordé après la clôture est passé"):
        await deposit(application, DepositForm(), by=me, at=UNTIL)
    with pytest.raises(Conflict, match="délai accordé"):
        await save_answers(application, {"1.3": Given("Trop tard", 1)}, by=me, at=UNTIL)
    assert typed((await dossier_for(me, application)).answers) == whole_answers()
    assert await value("SELECT count(*) FROM deposit") == 0


async def test_only_the_manager_after_the_closing_before_the_committee_reads(db):
    world, call, me, application = await _draft()
    manager = await a_manager(world.programme)
    for other in (me, await someone(), await a_coach(world.programme), await an_instructor(world.programme)):
        with pytest.raises(NotFound):
            await give_derogation(application, FORM, by=other, at=AFTER)
    with pytest.raises(Conflict, match="encore ouvert"):
        await give_derogation(application, FORM, by=manager, at=BEFORE)
    for wrong in (AFTER, AFTER + timedelta(days=61)):
        with pytest.raises(Invalid) as refused:
            await give_derogation(application, DerogationForm("Panne", wrong), by=manager, at=AFTER)
        assert list(refused.value.errors) == ["until_at"]
    await give_derogation(application, FORM, by=manager, at=AFTER)
    with pytest.raises(Conflict, match="court déjà"):
        await give_derogation(application, FORM, by=manager, at=AFTER + timedelta(hours=1))
    other = await an_admissible_application(world, call, name="Ondes de Brenne", at=BEFORE)
    await a_committee(call, members=[await someone("Jules")], manager=manager)
    assert await column("SELECT application FROM presentation") == [other]
    with pytest.raises(Conflict, match="lit déjà"):
        await give_derogation(application, DerogationForm("Encore", UNTIL + timedelta(days=9)), by=manager, at=UNTIL)
    assert await column("SELECT reason FROM derogation") == ["Panne du site la veille."]
