"""Giving coaches, logging, editing and correcting sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from incubator.coaching.actions import assign_coach, edit_session, end_assignment, log_session
from incubator.coaching.forms import AssignmentForm, SessionEditForm
from incubator.coaching.queries import coaches_of, private_notes, sessions_of, standing_of
from incubator.coaching.tables import SessionKind
from incubator.core.clock import now
from incubator.core.database import column, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from tests.world.coaching import Coached, a_coached_project, a_second_coach, a_session, session_form
from tests.world.cohorts import an_accepted_project, an_active_enrolment
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


def edit_form(at: Any, *, version: int = 1, reason: str = "", **changed: Any) -> SessionEditForm:
    """The session of `session_form`, changed."""
    form = session_form(at, **changed)
    facts = {name: getattr(form, name) for name in form.__struct_fields__} | {"private_note": None}
    return SessionEditForm(**(facts | {"version": version, "reason": reason} | changed))


async def _present(coached: Coached) -> list[tuple[str, bool]]:
    standing = await standing_of(coached.manager, coached.project)
    return [(line.name, line.is_lead) for line in await coaches_of(standing) if line.until_on is None]


async def _done(coached: Coached) -> list[str | None]:
    standing = await standing_of(coached.manager, coached.project)
    return [session.done for session in (await sessions_of(coached.manager, standing)).items]


async def test_a_new_lead_ends_the_one_before() -> None:
    """R31."""
    world = await the_programme()
    coached = await a_coached_project(world)
    nora = await a_coach(world.programme, "Nora")
    await assign_coach(coached.project, AssignmentForm(coach=nora.id, is_lead=True), by=coached.manager, at=now())
    assert await _present(coached) == [("Nora", True)]
    told = await column("SELECT to_email FROM letter WHERE kind = 'coaching.your_coach' ORDER BY created_at")
    assert told == [coached.holder.email, coached.holder.email]


async def test_a_second_coach_becomes_lead_and_a_lead_is_never_just_removed() -> None:
    """R31."""
    world = await the_programme()
    coached = await a_coached_project(world)
    nora = await a_coach(world.programme, "Nora")
    await a_second_coach(coached, nora)
    assert await _present(coached) == [("Colin Coach", True), ("Nora", False)]
    with pytest.raises(Conflict, match="toujours une personne référente"):
        await end_assignment(coached.assignment, by=coached.manager, at=now())
    await assign_coach(coached.project, AssignmentForm(coach=nora.id, is_lead=True), by=coached.manager, at=now())
    assert await _present(coached) == [("Nora", True)]


async def test_a_second_coach_may_stop() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    assignment = await a_second_coach(coached, await a_coach(world.programme, "Nora"))
    await end_assignment(assignment, by=coached.manager, at=now())
    assert await _present(coached) == [("Colin Coach", True)]
    with pytest.raises(NotFound):
        await end_assignment(assignment, by=coached.manager, at=now())


async def test_only_staff_assign_and_only_coaches_are_assigned() -> None:
    world = await the_programme()
    enrolled = await an_active_enrolment(world)
    coach = await a_coach(world.programme)
    with pytest.raises(Refused):
        await assign_coach(enrolled.project, AssignmentForm(coach=coach.id, is_lead=True), by=enrolled.holder, at=now())
    with pytest.raises(NotFound):
        await assign_coach(enrolled.project, AssignmentForm(coach=coach.id), by=await someone(), at=now())
    instructor = await an_instructor(world.programme)
    with pytest.raises(Conflict, match="n’accompagne pas"):
        await assign_coach(enrolled.project, AssignmentForm(coach=instructor.id), by=enrolled.manager, at=now())


async def test_before_the_agreement_only_the_diagnosis_is_logged() -> None:
    """R30."""
    world = await the_programme()
    coached = await a_coached_project(world, enrolled=await an_accepted_project(world))
    with pytest.raises(Conflict, match="n’est pas encore signée"):
        await a_session(coached)
    await a_session(coached, kind=SessionKind.DIAGNOSIS)
    assert await _done(coached) == ["Relu l’enquête."]


async def test_a_session_stands_in_the_journal_without_its_words() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    session = await a_session(coached, private_note="SECRET")
    entry = await value("SELECT data::text FROM journal_entry WHERE verb = 'session.logged' AND subject = $1", session)
    assert '"minutes": 90' in entry
    assert "enquête" not in entry
    assert "SECRET" not in entry


@pytest.mark.parametrize("who", ["holder", "manager", "colleague", "replaced"])
async def test_only_its_present_coaches_log_a_projects_sessions(who: str) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    nora = await a_coach(world.programme, "Nora")
    if who == "replaced":
        await assign_coach(coached.project, AssignmentForm(coach=nora.id, is_lead=True), by=coached.manager, at=now())
    person = {"holder": coached.holder, "manager": coached.manager, "colleague": nora, "replaced": coached.coach}[who]
    with pytest.raises(Refused):
        await log_session(coached.project, session_form(now()), by=person, at=now())
    assert await _done(coached) == []


async def test_a_second_coach_logs_too() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    nora = await a_coach(world.programme, "Nora")
    await a_second_coach(coached, nora)
    await log_session(coached.project, session_form(now(), done="Vu avec Nora."), by=nora, at=now())
    assert await _done(coached) == ["Vu avec Nora."]


async def test_its_author_edits_for_ten_days_then_corrects_with_a_reason() -> None:
    world = await the_programme()
    at = now() - timedelta(days=20)
    coached = await a_coached_project(world, at=at)
    session = await a_session(coached, at=at)
    await edit_session(session, edit_form(at, done="Mieux dit."), by=coached.coach, at=at + timedelta(days=10))
    assert await value("SELECT count(*) FROM session_correction") == 0
    later = at + timedelta(days=11)
    with pytest.raises(Invalid) as silent:
        await edit_session(session, edit_form(at, version=2, done="Autrement."), by=coached.coach, at=later)
    assert list(silent.value.errors) == ["reason"]
    form = edit_form(at, version=2, done="Autrement.", reason="Je m’étais trompé.")
    await edit_session(session, form, by=coached.coach, at=later)
    shown = (await sessions_of(coached.holder, await standing_of(coached.holder, coached.project))).items[0]
    assert (shown.done, shown.version) == ("Autrement.", 3)
    assert [(one.reason, one.before["done"]) for one in shown.corrections] == [("Je m’étais trompé.", "Mieux dit.")]
    verbs = await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number", session)
    assert verbs == ["session.logged", "session.edited", "session.corrected"]


async def test_nobody_else_changes_a_session() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    session = await a_session(coached)
    for person in (coached.holder, coached.manager, await a_coach(world.programme, "Nora")):
        with pytest.raises(Refused):
            await edit_session(session, edit_form(now()), by=person, at=now())
    with pytest.raises(NotFound):
        await edit_session(session, edit_form(now()), by=await someone(), at=now())


async def test_a_session_changed_meanwhile_shows_both_texts() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    session = await a_session(coached)
    await edit_session(session, edit_form(now(), done="Depuis le train."), by=coached.coach, at=now())
    with pytest.raises(Stale) as stale:
        await edit_session(session, edit_form(now(), done="Depuis le bureau."), by=coached.coach, at=now())
    assert (stale.value.theirs["done"], stale.value.version) == ("Depuis le train.", 2)


async def _note(coached: Coached, session: UUID) -> str | None:
    found = (await private_notes(coached.coach, [session])).get(session)
    return found.text if found else None


async def test_a_private_note_left_out_stays_and_an_empty_one_goes() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    session = await a_session(coached, private_note="Fatigue visible.")
    await edit_session(session, edit_form(now(), private_note=None), by=coached.coach, at=now())
    assert await _note(coached, session) == "Fatigue visible."
    await edit_session(session, edit_form(now(), version=2, private_note="Va mieux."), by=coached.coach, at=now())
    assert await _note(coached, session) == "Va mieux."
    await edit_session(session, edit_form(now(), version=3, private_note=""), by=coached.coach, at=now())
    assert await _note(coached, session) is None


async def test_a_manager_of_another_programme_sees_nothing() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    elsewhere = await a_manager(await _another_programme())
    with pytest.raises(NotFound):
        await standing_of(elsewhere, coached.project)
    session = await a_session(coached, private_note="Ici seulement.")
    assert await private_notes(elsewhere, [session]) == {}


async def _another_programme() -> UUID:
    made: UUID = await value(
        "INSERT INTO programme (id, code, name, carrier, description, contact_email, region, axis)"
        " SELECT gen_random_uuid(), 'ailleurs', 'Ailleurs', '', '', '', region, axis FROM programme LIMIT 1 RETURNING id"
    )
    return made
