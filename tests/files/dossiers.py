"""A draft whose form asks for files, for the files' tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import dossier_for
from incubator.calls.definitions import Condition, FormDefinition, Kind, Question, Readers, Section
from incubator.calls.queries import CallView
from incubator.core.clock import now
from incubator.people.queries import Person
from tests.world.applications import a_draft_application, write
from tests.world.calls import a_call
from tests.world.forms import a_form, use_form
from tests.world.people import someone
from tests.world.programmes import World, the_programme

WITH_FILES = FormDefinition(
    "Formulaire à pièces",
    (
        Section("F", "Pièces", (
            Question("F.0", "La phase que vous demandez", Kind.PHASE, required=True),
            Question("F.1", "CV de chaque porteur", Kind.FILE, required=True, file_types=("pdf",), files_max=2,
                     size_max=3_000_000),
            Question("F.2", "Lettres de soutien", Kind.FILE, file_types=("pdf", "jpg", "docx"), files_max=5, size_max=3_000_000,
                     readers=Readers.MANAGER),
            Question("F.3", "Avez-vous une structure ?", Kind.YES_NO),
            Question("F.4", "Ses statuts", Kind.FILE, file_types=("pdf",), files_max=1, size_max=3_000_000,
                     when=Condition("F.3", ("yes",))),
        )),
    ),
    files_size_max=5_000_000,
)  # fmt: skip


class Desk(msgspec.Struct, frozen=True):
    """A draft, its depositor, its call."""

    world: World
    call: CallView
    person: Person
    application: UUID

    async def ids(self, question: str = "F.1") -> list[str]:
        """The documents that an answer names."""
        return (await dossier_for(self.person, self.application)).answers.get(question, [])


async def a_desk(*, at: datetime | None = None, **changed: Any) -> Desk:
    """A draft with nothing in it but its phase, in an open call."""
    at = at or now()
    world, person = await the_programme(), await someone("Aïcha Diallo")
    call = await a_call(world, opens_at=at - timedelta(days=5), closes_at=at + timedelta(days=5))
    await use_form(call.id, await a_form(world.programme, msgspec.structs.replace(WITH_FILES, **changed), at=at))
    application = await a_draft_application(call, person, at=at)
    await write(application, {"F.0": "pre_incubation"}, by=person, at=at)
    return Desk(world, call, person, application)
