"""Applications ready for a committee."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec

from incubator.applications.tables import Application, Deposit
from incubator.calls.queries import CallView
from incubator.core.clock import now
from incubator.core.ids import new_id
from incubator.people.queries import Person
from tests.world.calls import a_call
from tests.world.people import someone
from tests.world.programmes import World
from tests.world.projects import a_project

CANARY = "Canari du dossier 7f3a"


class Candidate(msgspec.Struct, frozen=True):
    """A project, who carries it, its admissible application."""

    application: UUID
    project: UUID
    holder: Person


async def a_closed_call(world: World) -> CallView:
    return await a_call(world, opens_at=now() - timedelta(days=60), closes_at=now() - timedelta(days=30))


async def a_candidate(world: World, call: CallView, name: str = "Repair’Bus", *, phase: str = "pre_incubation") -> Candidate:
    """An application that was deposited and found admissible."""
    at = now() - timedelta(days=31)
    holder = await someone(f"Porteuse de {name}", at=at)
    project = await a_project(holder, world.programme, name, at=at)
    application = Application(
        call=call.id, project=project, form=world.form, phase=world.phases[phase], state="admissible",
        started_at=at, started_by=holder.id, deposited_at=at,
    )  # fmt: skip
    await Application.insert(application)
    await Deposit.insert(
        Deposit(
            application=application.id, number=f"R-{new_id().hex[-10:]}", received_at=at, deposited_by=holder.id,
            content=msgspec.json.encode({"answers": {"3.1": CANARY}, "phase": phase}).decode(), content_hash="",
        )
    )  # fmt: skip
    return Candidate(application.id, project, holder)
