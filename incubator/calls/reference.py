"""The reference programme that comes with the product: the file of a call, with its strategy and its programme besides."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import msgspec

from incubator.calls import rules
from incubator.calls.actions import publish_form, publish_grid
from incubator.calls.definitions import FormDefinition, GridDefinition
from incubator.calls.files import CallPart, FaqPart, read_call_file
from incubator.calls.queries.versions import last_form, last_grid
from incubator.core.database import transaction
from incubator.core.errors import Conflict, Invalid
from incubator.core.language import _
from incubator.journal.queries import was_by_someone
from incubator.programmes.actions import load_programme
from incubator.programmes.forms import PlanDefinition, ProgrammeDefinition, ProgrammeIdentity, StrategyDefinition

FILE = Path(__file__).parent.parent / "programmes" / "reference" / "alter-incub-cvl.yaml"


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the file says."""

    strategy: StrategyDefinition
    programme: ProgrammeIdentity
    plan: PlanDefinition
    form: FormDefinition
    grid: GridDefinition
    call: CallPart | None = None
    faq: tuple[FaqPart, ...] = ()


@cache
def reference() -> Reference:
    """The file that comes with the product."""
    return read_reference(FILE.read_text(encoding="utf-8"))


def read_reference(text: str) -> Reference:
    """What a file of this shape says. Raises `Invalid` naming the place that does not fit."""
    file = read_call_file(text.encode())
    if file.strategy is None or file.programme is None or file.plan is None:
        raise Invalid({"file": _("Il manque la stratégie, le programme ou le plan.")})
    return Reference(file.strategy, file.programme, file.plan, file.form, file.grid, file.call, file.faq)


async def load_reference(*, at: datetime) -> UUID:
    """Load the reference programme, its plan, form and grid; its id. Loading it again changes nothing."""
    return await load(reference(), at=at)


async def load(wanted: Reference, *, at: datetime) -> UUID:
    """Load a programme with its plan, form and grid; what was never published becomes a new version.

    Once someone has published a form or a grid of their own, theirs stay in force, whatever the product brings later.
    """
    if reason := rules.why_not_criteria(wanted.form, wanted.grid):
        raise Conflict(reason)
    async with transaction():
        definition = ProgrammeDefinition(wanted.strategy, wanted.programme, wanted.plan)
        loaded = await load_programme(definition, by=None, at=at)
        if not await _has_its_own(loaded.programme):
            await publish_form(loaded.programme, wanted.form, by=None, at=at)
            await publish_grid(loaded.programme, wanted.grid, by=None, at=at)
    return loaded.programme


async def _has_its_own(programme: UUID) -> bool:
    form, grid = await last_form(programme), await last_grid(programme)
    return (form is not None and await was_by_someone(form.id, "form.published")) or (
        grid is not None and await was_by_someone(grid.id, "grid.published")
    )
