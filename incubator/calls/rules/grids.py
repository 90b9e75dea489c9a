"""What makes a grid sound, alone and with the form it goes with; changing one that is being built. No database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

import msgspec

from incubator.calls.definitions import BlockDefinition, CriterionDefinition, FormDefinition, GridDefinition
from incubator.calls.rules.editing import place_of, replaced, shifted, without
from incubator.calls.rules.forms import Fault
from incubator.core.errors import Conflict, NotFound
from incubator.core.language import _
from incubator.programmes.rules import first_twice

WHOLE = 100
BLOCKS_MAX, CRITERIA_MAX = 12, 30
ANCHORS = (1, 3, 5)


def why_not_grid(definition: GridDefinition) -> str | None:
    """The first thing that is wrong with a grid, or None: its weights sum to 100 (R23)."""
    return next((fault.reason for fault in grid_faults(definition)), None)


def grid_faults(definition: GridDefinition) -> Iterator[Fault]:
    """Everything that is wrong with a grid, in its order."""
    for kind, codes in (
        ("block", [block.code for block in definition.blocks]),
        ("criterion", [criterion.code for criterion in definition.criteria]),
    ):
        if twice := first_twice(codes):
            yield Fault(kind, twice, _("Le code {code} sert deux fois.").format(code=twice))
    for block in definition.blocks:
        if not block.criteria:
            yield Fault("block", block.code, _("Le bloc {code} n’a aucun critère.").format(code=block.code))
    for criterion in definition.criteria:
        yield from _criterion_faults(criterion)
    total = total_weight(definition)
    if total != WHOLE:
        yield Fault("grid", "", _("Les poids font {total} au lieu de 100.").format(total=total))
    if not 1 <= definition.knock_out_below <= 5:
        yield Fault("grid", "", _("Le seuil bloquant est une note, de 1 à 5."))


def _criterion_faults(criterion: CriterionDefinition) -> Iterator[Fault]:
    missing = [str(mark) for mark in ANCHORS if not getattr(criterion, f"anchor_{mark}")]
    if missing:
        sentence = _("Critère {code} : dites ce que vaut la note {marks}.")
        yield Fault("criterion", criterion.code, sentence.format(code=criterion.code, marks=", ".join(missing)))


def why_not_criteria(form: FormDefinition, grid: GridDefinition) -> str | None:
    """A form that cites a criterion its grid does not have says which, or None."""
    return next((fault.reason for fault in criteria_faults(form, grid)), None)


def criteria_faults(form: FormDefinition, grid: GridDefinition) -> Iterator[Fault]:
    """Every criterion that a form cites and its grid does not have."""
    known = {criterion.code for criterion in grid.criteria}
    for question in form.questions:
        for code in question.criteria:
            if code not in known:
                sentence = _("La question {question} cite le critère {code}, que la grille n’a pas.")
                yield Fault("question", question.code, sentence.format(question=question.code, code=code))


def total_weight(definition: GridDefinition) -> int:
    """What the weights make so far; 100 when the grid is whole."""
    return sum(criterion.weight for criterion in definition.criteria)


def preselection_weights(definition: GridDefinition) -> dict[str, Decimal]:
    """What each criterion that counts at pre-selection then weighs out of 100, to one decimal."""
    counted = [criterion for criterion in definition.criteria if criterion.is_preselection]
    total = sum(criterion.weight for criterion in counted)
    return {one.code: _tenths(Fraction(WHOLE * one.weight, total)) for one in counted}


def _tenths(share: Fraction) -> Decimal:
    return Decimal((20 * share.numerator + share.denominator) // (2 * share.denominator)).scaleb(-1)


def grid_codes(definition: GridDefinition) -> set[str]:
    """Every code the grid gives to a criterion or a block."""
    return {block.code for block in definition.blocks} | {criterion.code for criterion in definition.criteria}


def block_of(definition: GridDefinition, code: str) -> BlockDefinition:
    """The block a criterion stands in. Raises `NotFound`."""
    for block in definition.blocks:
        if any(criterion.code == code for criterion in block.criteria):
            return block
    raise NotFound


def criterion_of(definition: GridDefinition, code: str) -> CriterionDefinition:
    """A criterion by its code. Raises `NotFound`."""
    return definition.criteria[place_of(definition.criteria, code)]


def with_blocks(
    definition: GridDefinition, change: Callable[[tuple[BlockDefinition, ...]], tuple[BlockDefinition, ...]]
) -> GridDefinition:
    """The grid with its blocks changed."""
    return msgspec.structs.replace(definition, blocks=change(definition.blocks))


def add_block(definition: GridDefinition, block: BlockDefinition) -> GridDefinition:
    """The grid with one more block."""
    if len(definition.blocks) >= BLOCKS_MAX:
        raise Conflict(_("Une grille a au plus {count} blocs.").format(count=BLOCKS_MAX))
    return with_blocks(definition, lambda held: (*held, block))


def add_criterion(definition: GridDefinition, block: str, criterion: CriterionDefinition) -> GridDefinition:
    """The grid with one more criterion, at the end of a block."""
    if len(definition.criteria) >= CRITERIA_MAX:
        raise Conflict(_("Une grille a au plus {count} critères.").format(count=CRITERIA_MAX))
    return _in_block(definition, block, lambda held: (*held, criterion))


def with_criterion(definition: GridDefinition, criterion: CriterionDefinition) -> GridDefinition:
    """The grid with that criterion changed."""
    home = block_of(definition, criterion.code).code
    return _in_block(definition, home, lambda held: replaced(held, criterion.code, criterion))


def without_criterion(definition: GridDefinition, code: str) -> GridDefinition:
    """The grid without that criterion."""
    return _in_block(definition, block_of(definition, code).code, lambda held: without(held, code))


def shift_criterion(definition: GridDefinition, code: str, by: int) -> GridDefinition:
    """The grid with a criterion one place later or earlier; beyond the end of its block it enters the next one."""
    here = block_of(definition, code)
    if 0 <= place_of(here.criteria, code) + by < len(here.criteria):
        return _in_block(definition, here.code, lambda held: shifted(held, code, by))
    rank = place_of(definition.blocks, here.code) + by
    if not 0 <= rank < len(definition.blocks):
        return definition
    return move_criterion(definition, code, definition.blocks[rank].code, first=by > 0)


def move_criterion(definition: GridDefinition, code: str, block: str, *, first: bool = False) -> GridDefinition:
    """The grid with a criterion in another block, at its start or its end."""
    criterion = criterion_of(definition, code)
    left = without_criterion(definition, code)
    return _in_block(left, block, lambda held: (criterion, *held) if first else (*held, criterion))


def _in_block(
    definition: GridDefinition, code: str, change: Callable[[tuple[CriterionDefinition, ...]], tuple[CriterionDefinition, ...]]
) -> GridDefinition:
    block = definition.blocks[place_of(definition.blocks, code)]
    changed = msgspec.structs.replace(block, criteria=change(block.criteria))
    return with_blocks(definition, lambda held: replaced(held, code, changed))
