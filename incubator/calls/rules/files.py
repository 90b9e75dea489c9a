"""What makes the file of a call hold together. No database."""

from __future__ import annotations

from incubator.calls.files import CallFile
from incubator.calls.rules.forms import why_not_form
from incubator.calls.rules.grids import why_not_criteria, why_not_grid
from incubator.core.language import _
from incubator.programmes.rules import why_not_plan


def why_not_file(file: CallFile) -> str | None:
    """What does not hold together, or None."""
    if file.plan is not None and (reason := why_not_plan(file.plan)):
        return reason
    reason = why_not_form(file.form) or why_not_grid(file.grid) or why_not_criteria(file.form, file.grid)
    return reason or _why_not_places(file) or _why_not_faq(file)


def _why_not_places(file: CallFile) -> str | None:
    if file.plan is None or file.call is None:
        return None
    entries = {phase.code for phase in file.plan.phases if phase.is_entry}
    if strangers := sorted(set(file.call.places) - entries):
        return _("On n’entre pas dans le programme par la phase {code}.").format(code=strangers[0])
    return None


def _why_not_faq(file: CallFile) -> str | None:
    known = {section.code for section in file.form.sections} | {""}
    if strangers := sorted({entry.section for entry in file.faq} - known):
        return _("Les questions fréquentes citent la section {code}, que le formulaire n’a pas.").format(code=strangers[0])
    return None
