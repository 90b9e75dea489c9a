"""What makes a grid sound, alone and with the form it goes with. No database."""

from __future__ import annotations

from incubator.calls.definitions import FormDefinition, GridDefinition
from incubator.core.language import _
from incubator.programmes.rules import first_twice


def why_not_grid(definition: GridDefinition) -> str | None:
    """What is wrong with a grid, or None: its weights sum to 100 (R23)."""
    for codes in ([block.code for block in definition.blocks], [criterion.code for criterion in definition.criteria]):
        if twice := first_twice(codes):
            return _("Le code {code} sert deux fois.").format(code=twice)
    total = sum(criterion.weight for criterion in definition.criteria)
    if total != 100:
        return _("Les poids font {total} au lieu de 100.").format(total=total)
    if not 1 <= definition.knock_out_below <= 5:
        return _("Le seuil bloquant est une note, de 1 à 5.")
    return None


def why_not_criteria(form: FormDefinition, grid: GridDefinition) -> str | None:
    """A form that cites a criterion its grid does not have says which, or None."""
    known = {criterion.code for criterion in grid.criteria}
    for question in form.questions:
        if strangers := [code for code in question.criteria if code not in known]:
            return _("La question {question} cite le critère {code}, que la grille n’a pas.").format(
                question=question.code, code=strangers[0]
            )
    return None
