"""Changing a draft of the grid, one act a verb; each names the version it was made on, and is journaled."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from string import ascii_uppercase
from uuid import UUID

import msgspec

from incubator.calls.actions.grids import GridDraft, change_grid
from incubator.calls.building_forms import BlockForm, CriterionForm, GridForm, GridPart, GridRemovalForm, WholeGrid
from incubator.calls.definitions import BlockDefinition, CriterionDefinition, GridDefinition
from incubator.calls.rules import grids
from incubator.calls.rules.editing import next_code, place_of, replaced, shifted, without
from incubator.core.errors import Invalid
from incubator.core.language import _
from incubator.people.queries import Person


async def edit_grid(grid_id: UUID, form: GridForm, *, by: Person, at: datetime) -> GridDefinition:
    """Give the grid its title, threshold and weights; `then` may also move a block or a criterion."""

    def change(draft: GridDraft) -> GridDefinition:
        blocks = tuple(
            msgspec.structs.replace(block, criteria=tuple(_weighed(one, form) for one in block.criteria))
            for block in draft.definition.blocks
        )
        changed = msgspec.structs.replace(draft.definition, title=form.title, knock_out_below=form.knock_out_below, blocks=blocks)
        return _rearranged(changed, form.then)

    return await change_grid(grid_id, form.version, "figures changed", change, by=by, at=at)


def _weighed(criterion: CriterionDefinition, form: GridForm) -> CriterionDefinition:
    return msgspec.structs.replace(
        criterion,
        weight=form.weight.get(criterion.code, criterion.weight),
        is_knock_out=criterion.code in form.knock_out,
        is_preselection=criterion.code in form.preselection,
    )


def _rearranged(definition: GridDefinition, then: str) -> GridDefinition:
    words = then.split(" ")
    if len(words) != 3 or words[0] not in ("up", "down") or words[1] not in set(GridPart):
        return definition
    by, code = (-1 if words[0] == "up" else 1), words[2]
    if words[1] == GridPart.BLOCK:
        return grids.with_blocks(definition, lambda held: shifted(held, code, by))
    return grids.shift_criterion(definition, code, by)


async def save_block(grid_id: UUID, code: str | None, form: BlockForm, *, by: Person, at: datetime) -> str:
    """Add a block, or rename it; its code."""
    made = []

    def change(draft: GridDraft) -> GridDefinition:
        made.append(code or _next_letter(draft.taken))
        if code is None:
            return grids.add_block(draft.definition, BlockDefinition(made[0], form.title))
        block = draft.definition.blocks[place_of(draft.definition.blocks, code)]
        renamed = msgspec.structs.replace(block, title=form.title)
        return grids.with_blocks(draft.definition, lambda held: replaced(held, code, renamed))

    await change_grid(grid_id, form.version, "block saved", change, by=by, at=at)
    return made[0]


def _next_letter(taken: Collection[str]) -> str:
    return next((letter for letter in ascii_uppercase if letter not in taken), next_code("Z", taken))


async def save_criterion(grid_id: UUID, code: str | None, form: CriterionForm, *, by: Person, at: datetime) -> str:
    """Add a criterion, or change it; its code, which no criterion of the programme ever had."""
    made = []

    def change(draft: GridDraft) -> GridDefinition:
        made.append(code or _next_criterion(form.block, draft.taken))
        names = ("label", "weight", "anchor_1", "anchor_3", "anchor_5", "is_knock_out", "is_preselection")
        criterion = CriterionDefinition(code=made[0], **{name: getattr(form, name) for name in names})
        if code is None:
            return grids.add_criterion(draft.definition, form.block, criterion)
        changed = grids.with_criterion(draft.definition, criterion)
        return changed if grids.block_of(changed, code).code == form.block else grids.move_criterion(changed, code, form.block)

    await change_grid(grid_id, form.version, "criterion saved", change, by=by, at=at)
    return made[0]


def _next_criterion(block: str, taken: Collection[str]) -> str:
    """Numbers run through the whole grid: after `B6`, `C7`."""
    numbers = [int(found[1]) for code in taken if (found := re.fullmatch(r"[A-Z]{1,3}(\d{1,4})", code, re.ASCII))]
    return f"{block[:8]}{max(numbers, default=0) + 1}"


async def remove_from_grid(grid_id: UUID, form: GridRemovalForm, *, by: Person, at: datetime) -> None:
    """Take a criterion, or a block with its criteria, out of the grid."""

    def change(draft: GridDraft) -> GridDefinition:
        if form.what is GridPart.CRITERION:
            return grids.without_criterion(draft.definition, form.code)
        return grids.with_blocks(draft.definition, lambda held: without(held, form.code))

    await change_grid(grid_id, form.version, f"{form.what} {form.code} removed", change, by=by, at=at)


async def replace_grid(grid_id: UUID, form: WholeGrid, *, by: Person, at: datetime) -> GridDefinition:
    """Replace a draft's whole definition: what programs and imports do."""
    if form.version is None:
        raise Invalid({"version": _("Dites quelle version du brouillon vous avez lue.")})
    return await change_grid(grid_id, form.version, "replaced", lambda _draft: form.definition, by=by, at=at)
