"""Creating projects and changing their identity card."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Invalid, Refused, Stale
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.programmes.queries import all_programmes
from incubator.projects import queries
from incubator.projects.forms import NewProjectForm, ProjectForm
from incubator.projects.queries import Editing
from incubator.projects.tables import Project, TeamMember, TeamRole
from incubator.territory.queries import meant_commune


async def create_project(form: NewProjectForm, *, by: Person, at: datetime) -> UUID:
    """Create a project; its creator is the depositor (R2)."""
    commune = await _commune(form.commune, form.commune_text)
    async with transaction():
        programme = await _programme(form.programme)
        project = Project(
            programme=programme, name=form.name, summary=form.summary, commune=commune, created_at=at, created_by=by.id
        )
        await Project.insert(project)
        await TeamMember.insert(
            TeamMember(
                project=project.id, account=by.id, role=TeamRole.DEPOSITOR.value, name=by.name, email=by.email, joined_at=at
            )
        )
        await record("project.created", project.id, by=by.id, at=at, project=project.id, data={"commune": commune})
        return project.id


async def _programme(code: str) -> UUID:
    programmes = await all_programmes()
    chosen = [programme for programme in programmes if programme.code == code or (not code and len(programmes) == 1)]
    if not chosen:
        raise Invalid({"programme": _("Choisissez un programme.")})
    return chosen[0].id


async def _commune(code: str, text: str | None) -> str | None:
    """The commune meant, or None when none is. Raises `Invalid` on `commune` when it is not clear which."""
    meant = await meant_commune(code, text)
    if meant.code is None and (text if text is not None else code):
        if meant.options:
            raise Invalid({"commune": _("Plusieurs communes correspondent : choisissez la vôtre.")})
        raise Invalid({"commune": _("Aucune commune ne correspond. Essayez une partie du nom, ou le code postal.")})
    return meant.code


async def save_project(project_id: UUID, form: ProjectForm, *, by: Person, at: datetime) -> int:
    """Change a project; its new version. Raises `Stale`, with the stored texts, when someone saved meanwhile."""
    commune = await _commune(form.commune, form.commune_text)
    async with transaction():
        stored = await queries.editing(by, project_id)
        if not stored.may_write(by):
            raise Refused(_("L’équipe du projet et le responsable du programme changent cette fiche ; vous la lisez."))
        saved = await execute(
            "UPDATE project SET name = $3, summary = $4, commune = $5, version = version + 1 WHERE id = $1 AND version = $2",
            project_id, form.version, form.name, form.summary, commune,
        )  # fmt: skip
        if not saved:
            raise _stale(stored, form, commune)
        data = {"version": stored.version + 1, "commune": {"from": stored.commune, "to": commune}}
        await record("project.edited", project_id, by=by.id, at=at, data=data)
        return stored.version + 1


def _stale(stored: Editing, form: ProjectForm, commune: str | None) -> Stale:
    """Both texts, for the fields that differ."""
    pairs = {"name": (stored.name, form.name), "summary": (stored.summary, form.summary), "commune": (stored.commune, commune)}
    theirs = {name: text or "" for name, (text, mine) in pairs.items() if text != mine}
    reason = _("Quelqu’un a changé le projet pendant que vous l’écriviez. Comparez les deux textes, puis enregistrez le bon.")
    return Stale(reason, theirs, stored.version)
