"""Everything with its scores, as a file a spreadsheet opens: streamed, the same few statements whatever its length."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from incubator.calls.queries import CriterionView, criteria_of
from incubator.core.clock import local
from incubator.core.database import connection
from incubator.core.language import _
from incubator.people.queries import Person
from incubator.selection.queries.committees import CommitteeFacts
from incubator.selection.rules.committees import COLLEGES
from incubator.selection.rules.decisions import OUTCOMES

BOM = "\ufeff"
ROWS_A_FETCH = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_ROWS = (
    "SELECT (SELECT count(*) FROM presentation n WHERE n.committee = $1),"
    " r.number, a.filed_name, m.name, f.name, a.state, p.assessments_count, p.mean, p.median, p.low, p.high, p.deviation,"
    " array_to_string(p.flags, ' '), e.outcome, q.name, e.waiting_rank, u.name, s.college, x.total, x.comment,"
    " o.codes, o.marks"
    " FROM presentation p JOIN application a ON a.id = p.application"
    " LEFT JOIN commune m ON m.insee_code = a.filed_commune LEFT JOIN phase f ON f.id = a.phase"
    " LEFT JOIN deposit r ON r.application = a.id AND r.ordinal = 1"
    " LEFT JOIN decision e ON e.presentation = p.id LEFT JOIN phase q ON q.id = e.phase"
    " LEFT JOIN (assessment x JOIN seat s ON s.id = x.seat JOIN account u ON u.id = s.account) ON x.presentation = p.id"
    " AND x.state = 'handed_in' AND NOT EXISTS (SELECT FROM declaration d WHERE d.seat = x.seat AND d.presentation = p.id"
    " AND d.has_interest)"
    " LEFT JOIN LATERAL (SELECT array_agg(k.code) AS codes, array_agg(c.value) AS marks FROM score c"
    " JOIN criterion k ON k.id = c.criterion WHERE c.assessment = x.id) o ON true"
    " WHERE p.committee = $1 AND NOT EXISTS (SELECT FROM seat t JOIN declaration d ON d.seat = t.id"
    " AND d.presentation = p.id AND d.has_interest WHERE t.committee = $1 AND t.account = $2)"
    " ORDER BY p.mean DESC, p.knock_out_mean DESC, p.first_block_mean DESC, p.id DESC, u.name, x.id"
)


async def scores_csv(committee: CommitteeFacts, *, by: Person, at: datetime) -> AsyncIterator[bytes]:
    """Lines of the file: where it comes from, the titles, then one line an assessment handed in, by rank.

    An application nobody assessed yet has one line with blanks. NSP is written NSP, never 0.
    """
    criteria = await criteria_of(committee.grid)
    codes = [criterion.code for criterion in criteria]
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    is_first = True
    async with connection() as held, held.transaction():
        cursor = await held.cursor(_ROWS, committee.id, by.id)
        while found := await cursor.fetch(ROWS_A_FETCH):
            if is_first:
                written.write(BOM)
                writer.writerows(_header(committee, by, at, found[0][0]))
                writer.writerow(_titles(criteria))
                is_first = False
            writer.writerows(_lines(found, codes))
            yield written.getvalue().encode()
            written.seek(0)
            written.truncate()


def _header(committee: CommitteeFacts, by: Person, at: datetime, count: int) -> list[list[str]]:
    """Where the figures come from (R49)."""
    when = local(at).strftime("%d/%m/%Y %H:%M")
    return [
        [_("Évaluations du comité"), text_cell(committee.name)],
        [_("Appel"), text_cell(f"{committee.call_code} · {committee.call_title}")],
        [_("Produit le"), when, _("par"), text_cell(by.name)],
        [_("Contenu"), _("toutes les évaluations remises, sans filtre ; dossiers présentés :"), str(count)],
        [],
    ]


def _titles(criteria: Iterable[CriterionView]) -> list[str]:
    return [
        _("Récépissé"), _("Projet"), _("Commune"), _("Phase demandée"), _("État"), _("Voix"), _("Moyenne"), _("Médiane"),
        _("Minimum"), _("Maximum"), _("Écart-type (population)"), _("Alertes"), _("Décision"), _("Phase décidée"),
        _("Rang d’attente"), _("Membre"), _("Collège"), _("Total du membre"), _("Commentaire"),
        *[f"{criterion.code} {criterion.label}" for criterion in criteria],
    ]  # fmt: skip


def _lines(found: list[Any], codes: list[str]) -> Iterable[list[str]]:
    kept: list[str] = []
    of = None
    for record in found:
        if record[1:16] != of:
            of = record[1:16]
            kept = _application(record)
        yield kept + _voice(record, codes)


def _application(record: Any) -> list[str]:
    number, name, commune, phase, state, count, *figures = record[1:12]
    told = [number_cell(figure) if count else "" for figure in figures]
    flags, outcome, decided, rank = record[12:16]
    return [
        text_cell(number), text_cell(name), text_cell(commune), text_cell(phase),
        _("retiré") if state == "withdrawn" else _("en lice"),
        str(count), *told, text_cell(flags), _(OUTCOMES[outcome]) if outcome else "", text_cell(decided), str(rank or ""),
    ]  # fmt: skip


def _voice(record: Any, codes: list[str]) -> list[str]:
    member, college, total, comment, scored, marks = record[16:22]
    if member is None:
        return ["", "", "", "", *["" for _code in codes]]
    given = dict(zip(scored, marks, strict=True))
    told = [(_("NSP") if given[code] is None else str(given[code])) if code in given else "" for code in codes]
    return [text_cell(member), _(COLLEGES[college]), number_cell(total), text_cell(comment), *told]


def text_cell(text: str | None) -> str:
    """Text a spreadsheet takes as text: what would open a formula gets an apostrophe before it."""
    if not text:
        return ""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def number_cell(number: Decimal | None) -> str:
    """A decimal as a French spreadsheet reads it; blank is not zero."""
    return "" if number is None else str(number).replace(".", ",")
