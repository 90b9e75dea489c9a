"""Reading what is looked at before a call is published."""

from __future__ import annotations

import msgspec

from incubator.calls.queries.calls import CallView
from incubator.calls.queries.versions import form_version, grid_definition, grid_version
from incubator.calls.rules import Publishing
from incubator.core.database import row


class _Around(msgspec.Struct, frozen=True):
    newer_form: int | None
    newer_grid: int | None
    faq_count: int


_NEWER = "(SELECT max(v.number) FROM {table} v WHERE v.programme = $2 AND v.published_at IS NOT NULL AND v.number > {number})"


async def publishing(view: CallView) -> Publishing:
    """What the checklist of a call looks at."""
    form, grid = await form_version(view.form), await grid_version(view.grid)
    newer_form = _NEWER.format(table="form_version", number="$3")
    newer_grid = _NEWER.format(table="grid", number="$4")
    around = await row(
        _Around,
        f"SELECT {newer_form}, {newer_grid},"
        " (SELECT count(*)::int FROM faq_entry q WHERE q.call = $1 AND q.published_at IS NOT NULL)",
        view.id, view.programme, form.number, grid.number,
    )  # fmt: skip
    assert around is not None
    return Publishing(
        facts=view.facts,
        title=view.title,
        introduction=view.introduction,
        form=form.definition,
        form_number=form.number,
        grid=grid_definition(grid),
        grid_number=grid.number,
        newer_form=around.newer_form,
        newer_grid=around.newer_grid,
        faq_count=around.faq_count,
        entry_phases_count=view.entry_phases_count,
        departement_names=tuple(area.name for area in view.departements),
    )
