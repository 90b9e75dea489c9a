"""Who manages a call, and the call they act on, locked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.calls import rules
from incubator.calls.queries import StoredCall, locked_call
from incubator.core.errors import NotFound, Refused
from incubator.core.language import _
from incubator.people.queries import Person


def check_manages(by: Person, programme: UUID) -> None:
    """Raises `NotFound` for someone from elsewhere, `Refused` for staff who do not manage the programme."""
    if not by.works_for(programme):
        raise NotFound
    if not by.manages(programme):
        raise Refused(_("Seul le responsable du programme crée, modifie et publie un appel."))


async def managed(code: str, by: Person, at: datetime) -> StoredCall:
    """A call for an act of its manager, locked. Raises `NotFound` for who may not see it, `Refused` for who only reads it."""
    stored = await locked_call(code)
    published = rules.state_of(stored.facts, at) is not rules.CallState.DRAFT
    if published and not by.works_for(stored.facts.programme):
        raise Refused(_("Seul le responsable du programme crée, modifie et publie un appel."))
    check_manages(by, stored.facts.programme)
    return stored
