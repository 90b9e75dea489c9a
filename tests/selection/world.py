"""Applications ready for a committee."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec

from incubator.calls.queries import CallView
from incubator.core.clock import now
from incubator.core.database import column, value
from incubator.people.queries import Person
from tests.world.applications import an_admissible_application
from tests.world.calls import a_call
from tests.world.people import someone
from tests.world.programmes import World
from tests.world.selection import Sitting, decided

CANARY = "Canari du dossier 7f3a"
RESERVED_CANARY = "Canari réservé 2e8b"


class Candidate(msgspec.Struct, frozen=True):
    """A project, who carries it, its admissible application."""

    application: UUID
    project: UUID
    holder: Person


class Scene(msgspec.Struct, frozen=True):
    """A call closed, two admissible applications before a committee of three."""

    world: World
    call: CallView
    first: Candidate
    second: Candidate
    sitting: Sitting


async def a_closed_call(world: World) -> CallView:
    """A call that closed a month ago."""
    return await a_call(world, opens_at=now() - timedelta(days=60), closes_at=now() - timedelta(days=30))


async def a_candidate(world: World, call: CallView, name: str = "Repair’Bus", *, phase: str = "pre_incubation") -> Candidate:
    """An application that was deposited and found admissible; one answer is reserved to the manager (R12)."""
    holder = await someone(f"Porteuse de {name}")
    answers = {"3.1": CANARY, "10.7": [{"who": RESERVED_CANARY, "reason": "Une ancienne associée."}]}
    application = await an_admissible_application(world, call, holder, name=name, phase=phase, **answers)
    return Candidate(application, await value("SELECT project FROM application WHERE id = $1", application), holder)


async def decide_all(scene: Scene) -> None:
    """The first is retained on a condition, the second waits."""
    await decided(scene.first.application, by=scene.sitting.manager, conditions="Compléter l’équipe.")
    await decided(scene.second.application, by=scene.sitting.manager, rank=1)


async def verbs_of(subject: object) -> list[str]:
    """What the journal says of it, in order."""
    return await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number", subject)


async def presentation_of(candidate: Candidate) -> object:
    """Its place before the committee, or None."""
    return await value("SELECT id FROM presentation WHERE application = $1", candidate.application)
