"""Reminders by the clock: once, in time, to those it concerns (I02)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec

from incubator.applications.actions import answer_complement, pronounce, request_complement
from incubator.applications.actions.reminding import remind_complements, remind_drafts
from incubator.applications.forms import ComplementForm, DepositForm, RulingForm
from incubator.applications.tables import Outcome
from incubator.calls.actions import extend_call
from incubator.calls.forms import ExtensionForm
from incubator.core.database import column, rows
from tests.world.applications import a_deposited_application, a_draft_application, write
from tests.world.calls import a_call
from tests.world.people import a_manager, an_instructor, someone
from tests.world.programmes import the_programme

OPENS, CLOSES = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 1, 30, 22, 59, tzinfo=UTC)


class _Sent(msgspec.Struct, frozen=True):
    kind: str
    to_email: str
    stale_after: datetime


ASKED = datetime(2026, 2, 5, 10, tzinfo=UTC)
DUE = datetime(2026, 2, 20, 22, 59, 59, 999_999, tzinfo=UTC)
DAY = timedelta(days=1)


def eight(day: int, month: int) -> datetime:
    """Eight in the morning in Paris, in winter."""
    return datetime(2026, month, day, 7, tzinfo=UTC)


async def kinds() -> list[str]:
    return await column("SELECT kind FROM letter WHERE kind LIKE '%due%' ORDER BY created_at, kind, to_email")


async def _asked(form: ComplementForm | None = None):
    world, me = await the_programme(), await someone("Aïcha", email="aicha@exemple.fr")
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES)
    application = await a_deposited_application(world, call, me)
    instructor = await an_instructor(world.programme)
    await request_complement(application, form or ComplementForm("Précisez.", ["3.1"]), by=instructor, at=ASKED)
    return application, me, instructor


async def test_a_complement_is_reminded_of_five_days_and_one_day_before(db):
    await _asked()
    assert await remind_complements(at=eight(15, 2) - timedelta(seconds=1)) == 0
    assert await remind_complements(at=eight(15, 2)) == 1
    assert await remind_complements(at=eight(16, 2)) == 0
    assert await remind_complements(at=eight(19, 2)) == 1
    assert await remind_complements(at=eight(19, 2)) == 0
    assert await kinds() == ["applications.complement_due.5", "applications.complement_due.1"]
    assert set(await column("SELECT stale_after FROM letter WHERE kind LIKE '%due%'")) == {DUE}
    [text] = await column("SELECT text FROM letter WHERE kind = 'applications.complement_due.1'")
    assert "vendredi 20 février 2026 à 23\u00a0h\u00a059, heure de Paris" in text


async def test_nothing_is_said_once_answered_pronounced_or_too_late(db):
    application, me, _instructor = await _asked()
    assert await remind_complements(at=DUE) == 0
    assert await remind_complements(at=DUE + DAY) == 0
    await write(application, {"3.1": "Voici nos sources."}, by=me, at=ASKED + DAY)
    await answer_complement(application, DepositForm(), by=me, at=ASKED + DAY)
    assert await remind_complements(at=eight(19, 2)) == 0
    other, _me, instructor = await _asked_again()
    await pronounce(other, RulingForm(Outcome.INADMISSIBLE, "Non reçu."), by=instructor, at=DUE + DAY)
    assert await remind_complements(at=DUE + DAY) == 0
    assert await kinds() == []


async def _asked_again():
    world, me = await the_programme(), await someone("Basile")
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES)
    application = await a_deposited_application(world, call, me, name="Ondes")
    instructor = await an_instructor(world.programme)
    await request_complement(application, ComplementForm("Précisez.", ["3.1"]), by=instructor, at=ASKED)
    return application, me, instructor


async def test_a_longer_deadline_has_its_own_days(db):
    await _asked(ComplementForm("Précisez.", ["3.1"], due_on=date(2026, 3, 10)))
    assert await remind_complements(at=eight(19, 2)) == 0
    assert await remind_complements(at=eight(5, 3)) == 1


async def test_a_draft_begun_is_reminded_of_a_week_and_a_day_before_the_closing(db):
    world, me = await the_programme(), await someone("Aïcha", email="aicha@exemple.fr")
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES)
    begun = await a_draft_application(call, me)
    await a_draft_application(call, await someone("Rien d’écrit"))
    await a_deposited_application(world, call, await someone("Déposé"), name="Autre")
    await write(begun, {"1.3": "Un début"}, by=me, at=OPENS + DAY)
    assert await remind_drafts(at=eight(23, 1) - timedelta(seconds=1)) == 0
    assert await remind_drafts(at=eight(23, 1)) == 1
    assert await remind_drafts(at=eight(24, 1)) == 0
    assert await remind_drafts(at=eight(29, 1)) == 1
    assert await remind_drafts(at=CLOSES) == 0
    found = await rows(_Sent, "SELECT kind, to_email, stale_after FROM letter WHERE kind LIKE '%due%' ORDER BY created_at")
    assert [(one.kind, one.to_email, one.stale_after) for one in found] == [
        ("applications.draft_due.7", "aicha@exemple.fr", CLOSES),
        ("applications.draft_due.1", "aicha@exemple.fr", CLOSES),
    ]


async def test_an_extended_call_reminds_again_of_its_new_closing(db):
    world, me = await the_programme(), await someone()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    begun = await a_draft_application(call, me)
    await write(begun, {"1.3": "Un début"}, by=me, at=OPENS + DAY)
    assert await remind_drafts(at=eight(29, 1)) == 1
    form = ExtensionForm(closes_at=CLOSES + 14 * DAY, reason="Peu de dossiers.")
    await extend_call(call.code, form, by=manager, at=eight(29, 1) + timedelta(hours=1))
    assert await remind_drafts(at=eight(30, 1)) == 0
    assert await remind_drafts(at=eight(12, 2)) == 1
