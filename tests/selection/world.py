"""Applications ready for a committee."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec

from incubator.calls.queries import CallView
from incubator.core.clock import now
from incubator.core.database import value
from incubator.people.queries import Person
from tests.world.applications import an_admissible_application
from tests.world.calls import a_call
from tests.world.people import someone
from tests.world.programmes import World

CANARY = "Canari du dossier 7f3a"
RESERVED_CANARY = "Canari réservé 2e8b"


class Candidate(msgspec.Struct, frozen=True):
    """A project, who carries it, its admissible application."""

    application: UUID
    project: UUID
    holder: Person


async def a_closed_call(world: World) -> CallView:
    """A call that closed a month ago."""
    return await a_call(world, opens_at=now() - timedelta(days=60), closes_at=now() - timedelta(days=30))


async def a_candidate(world: World, call: CallView, name: str = "Repair’Bus", *, phase: str = "pre_incubation") -> Candidate:
    """An application that was deposited and found admissible; one answer is reserved to the manager (R12)."""
    holder = await someone(f"Porteuse de {name}")
    answers = {"3.1": CANARY, "10.7": [{"who": RESERVED_CANARY, "reason": "Une ancienne associée."}]}
    application = await an_admissible_application(world, call, holder, name=name, phase=phase, **answers)
    return Candidate(application, await value("SELECT project FROM application WHERE id = $1", application), holder)
