"""What erasing and anonymising change, thing by thing: one implementation for retention and for the right to erasure.

Words become `ERASED` where there were some, so that blank stays blank; what is coded (choices, phases, dates, EPCI) stays, and
no row that is left leads to a person: whoever wrote it is the one erased account. Callers hold a transaction and have judged.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.calls.definitions import Kind
from incubator.calls.queries import form_of
from incubator.core.database import column, execute, value
from incubator.documents.actions import forget_documents
from incubator.journal.actions import forget_reasons
from incubator.privacy.actions.erasures import (
    APPLICATION_EMPTIED,
    DRAFT_GONE,
    ERASED,
    LETTERS_GONE,
    NAMED_LETTERS_GONE,
    NOBODY,
    NOTES_GONE,
    OF_PATH,
    PATH_EMPTIED,
    blank,
)

CODED = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.RANKED, Kind.YES_NO, Kind.SCALE, Kind.PHASE})


async def forget_draft(application: UUID, *, by: UUID | None, at: datetime) -> None:
    """A draft that was never deposited is gone, with its project when nothing else holds it."""
    project = await value("SELECT project FROM application WHERE id = $1", application)
    await _forget_around([application], by=by, at=at)
    for statement in DRAFT_GONE:
        await execute(statement, application)
    await execute("DELETE FROM application WHERE id = $1", application)
    if not await value("SELECT EXISTS (SELECT FROM application WHERE project = $1)", project):
        await empty_project(project, by=by, at=at)


async def empty_application(application: UUID, *, by: UUID | None, at: datetime) -> None:
    """What was deposited keeps its codes and dates; its words, files and names are gone, with the project if it was its last."""
    form, project = await _form_and_project(application)
    coded = [one.code for one in (await form_of(form)).questions if one.kind in CODED]
    await _forget_around([application], by=by, at=at)
    for statement in APPLICATION_EMPTIED:
        await execute(statement, application)
    await execute("DELETE FROM answer WHERE application = $1 AND question <> ALL($2)", application, coded)
    await execute("UPDATE answer SET written_by = $2 WHERE application = $1", application, NOBODY)
    await execute("SELECT empty_deposits($1, $2, $3, $4)", application, coded, NOBODY, at)
    await execute(
        "UPDATE application SET started_by = $2, filed_name = CASE WHEN filed_name = '' THEN '' ELSE $4 END,"
        " filed_commune = NULL, anonymised_at = $3, version = version + 1 WHERE id = $1",
        application, NOBODY, at, ERASED,
    )  # fmt: skip
    others = "SELECT EXISTS (SELECT FROM application WHERE project = $1 AND anonymised_at IS NULL)"
    if not await value(others, project):
        await empty_project(project, by=by, at=at)


async def _form_and_project(application: UUID) -> tuple[UUID, UUID]:
    form, project = await column("SELECT unnest(ARRAY[form, project]) FROM application WHERE id = $1", application)
    return form, project


async def empty_project(project: UUID, *, by: UUID | None, at: datetime) -> None:
    """The project keeps its EPCI, its phases and its dates; its name, its team and what was written along its path are gone."""
    await _forget_around([project], by=by, at=at)
    await execute(NAMED_LETTERS_GONE, project)
    for statement in PATH_EMPTIED:
        await execute(statement, project)
    await execute("DELETE FROM team_invitation WHERE project = $1", project)
    await execute(
        "UPDATE team_member SET account = NULL, name = $2, email = '', skills = '', availability = NULL,"
        " left_at = COALESCE(left_at, $3) WHERE project = $1",
        project, ERASED, at,
    )  # fmt: skip
    await execute("UPDATE agreement t SET project_signed_by = $2 FROM place p WHERE p.id = t.place AND p.project = $1"
                  " AND t.project_signed_by IS NOT NULL", project, NOBODY)  # fmt: skip
    await execute("UPDATE place SET answered_by = $2 WHERE project = $1 AND answered_by IS NOT NULL", project, NOBODY)
    await execute("UPDATE deliverable t SET submitted_by = $2 WHERE t.submitted_by IS NOT NULL AND " + OF_PATH, project, NOBODY)
    await execute(
        "UPDATE project p SET name = 'Projet effacé', summary = '', epci = COALESCE(p.epci, (SELECT c.epci FROM commune c"
        " WHERE c.insee_code = p.commune)), commune = NULL, created_by = $2, anonymised_at = $3,"
        " version = version + 1 WHERE id = $1",
        project, NOBODY, at,
    )  # fmt: skip


async def empty_whole_project(project: UUID, *, by: UUID | None, at: datetime) -> None:
    """The project, its drafts and all it ever applied with."""
    for draft in await column("SELECT id FROM application WHERE project = $1 AND deposited_at IS NULL ORDER BY id", project):
        await forget_draft(draft, by=by, at=at)
    kept = "SELECT id FROM application WHERE project = $1 AND anonymised_at IS NULL ORDER BY id"
    for application in await column(kept, project):
        await empty_application(application, by=by, at=at)
    await empty_project(project, by=by, at=at)


async def forget_notes(project: UUID, *, by: UUID | None, at: datetime) -> None:
    """The private notes about a project are gone (R34)."""
    for statement in NOTES_GONE:
        await execute(statement, project)


async def empty_committee(committee: UUID, *, by: UUID | None, at: datetime) -> None:
    """Votes stay, voters do not: each seat is held by nobody in particular, words beside scores are gone; decisions stay."""
    await _forget_around([committee], by=by, at=at)
    of_seat = "t.seat IN (SELECT id FROM seat WHERE committee = $1)"
    await execute(blank("assessment", "comment", where=of_seat), committee)
    await execute(blank("declaration", "reason", where=of_seat), committee)
    in_assessment = "t.assessment IN (SELECT a.id FROM assessment a JOIN seat s ON s.id = a.seat WHERE s.committee = $1)"
    await execute(blank("score", "comment", where=in_assessment), committee)
    await execute(
        "WITH made AS (INSERT INTO account (id, email, name, password_hash, language, created_at, disabled_at, erased_at,"
        " version) SELECT gen_random_uuid(), s.id || '@effacee.invalid', 'Membre effacé', '', 'fr', $2, $2, $2, 1 FROM seat s"
        " WHERE s.committee = $1 RETURNING id, email)"
        " UPDATE seat s SET account = m.id FROM made m WHERE s.committee = $1 AND m.email = s.id || '@effacee.invalid'",
        committee, at,
    )  # fmt: skip


async def _forget_around(things: list[UUID], *, by: UUID | None, at: datetime) -> None:
    """Mails that speak of these things, reasons given for acts on them, files handed in for them."""
    paths = [f"/{room}/{thing}%" for thing in things for room in ("applications", "projects", "committees")]
    await execute(LETTERS_GONE, things, paths)
    for thing in things:
        await forget_documents(thing, by=by, at=at)
    await forget_reasons(things, by=by, at=at)
