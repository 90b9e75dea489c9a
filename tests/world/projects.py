"""Projects for tests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.clock import now
from incubator.core.database import value
from incubator.people.queries import Person
from incubator.projects.actions import add_member, create_project
from incubator.projects.forms import MemberForm, NewProjectForm

ORLEANS, TOURS, PARIS = "45234", "37261", "75056"


async def a_project(
    person: Person, programme: UUID | None = None, name: str = "Repair’Bus", *, commune: str = TOURS, at: datetime | None = None
) -> UUID:
    """A project of this person's; `programme` is needed when there are several."""
    code = await value("SELECT code FROM programme WHERE id = $1", programme) if programme else ""
    form = NewProjectForm(name=name, summary="Un atelier mobile qui répare.", commune=commune, programme=code)
    return await create_project(form, by=person, at=at or now())


async def a_member(project: UUID, name: str, email: str = "", *, by: Person, at: datetime | None = None) -> UUID:
    """Someone more in the team."""
    return await add_member(project, MemberForm(name=name, email=email), by=by, at=at or now())
