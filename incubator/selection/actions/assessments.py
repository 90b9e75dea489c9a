"""What a member does: sign, declare, save, hand in. Sums are kept in the act that changes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.queries import CriterionView, GridView, grid_version
from incubator.core.database import execute, rows, transaction
from incubator.core.errors import Conflict, Invalid, NotFound, Stale
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.selection.forms import AssessmentForm, DeclarationForm, Interest, Mark, UndertakingForm
from incubator.selection.queries.assessments import saved_by
from incubator.selection.queries.members import assessing_by, member_of
from incubator.selection.rules import scoring
from incubator.selection.rules.committees import (
    Assessing,
    move,
    text_hash,
    undertaking_text,
    why_not_assess,
    why_not_declare,
    why_not_sign,
)
from incubator.selection.tables import Undertaking


async def sign_undertaking(committee: UUID, form: UndertakingForm, *, by: Person, at: datetime) -> None:
    """Sign the confidentiality undertaking; before it nothing of the committee opens (R9)."""
    async with transaction():
        await execute("SELECT FROM seat WHERE committee = $1 AND account = $2 FOR NO KEY UPDATE", committee, by.id)
        member = await member_of(by, committee)
        text = undertaking_text(member.committee_name, member.call_title)
        if reason := why_not_sign(member, form.text_hash, text, agreed=form.agreed):
            raise Conflict(reason) if form.agreed else Invalid({"agreed": reason})
        await Undertaking.insert(Undertaking(seat=member.seat, signed_at=at, text_hash=text_hash(text)))
        await record("undertaking.signed", member.seat, by=by.id, at=at, data={"text_hash": text_hash(text)})


async def declare(application: UUID, form: DeclarationForm, *, by: Person, at: datetime) -> None:
    """Say whether one has an interest in an application (R10).

    With an interest, the file and all that derives from it are hidden at once, and a voice already handed in is withdrawn.
    """
    async with transaction():
        assessing = await _locked(application, by)
        if reason := why_not_declare(assessing):
            raise Conflict(reason)
        has_interest = form.interest is Interest.INTEREST
        await execute(
            "INSERT INTO declaration (id, seat, presentation, has_interest, reason, declared_at) VALUES ($1, $2, $3, $4, $5, $6)"
            " ON CONFLICT (seat, presentation) DO UPDATE SET has_interest = $4, reason = $5, declared_at = $6",
            new_id(), assessing.seat, assessing.presentation, has_interest, form.reason, at,
        )  # fmt: skip
        if has_interest:
            await _keep_sums(assessing.presentation, await grid_version(assessing.grid))
        data = {"has_interest": has_interest, "seat": assessing.seat}
        await record("interest.declared", application, by=by.id, at=at, data=data)


async def assess(application: UUID, form: AssessmentForm, *, by: Person, at: datetime) -> int:
    """Save one member's marks; the new version. A finished assessment is handed in and no longer changes (R14, R16).

    Raises `Stale` with what is stored when it was saved elsewhere meanwhile.
    """
    async with transaction():
        assessing = await _locked(application, by)
        if reason := why_not_assess(assessing):
            raise Conflict(reason)
        grid = await grid_version(assessing.grid)
        criteria = grid.criteria
        scoring.check_scores(form, criteria)
        if form.version != assessing.version:
            raise await _stale(assessing)
        verb = "hand_in" if form.finished else "save"
        await _write(assessing, form, criteria, move(verb, assessing.state), at)
        if form.finished:
            await _keep_sums(assessing.presentation, grid)
        await record("assessment.handed_in" if form.finished else "assessment.saved", application, by=by.id, at=at)
        return assessing.version + 1


async def _locked(application: UUID, by: Person) -> Assessing:
    """The seat and the presentation locked in that order, the committee kept from publishing meanwhile; then the facts."""
    await execute(
        "SELECT FROM presentation p JOIN committee c ON c.id = p.committee JOIN seat s ON s.committee = c.id AND s.account = $2"
        " WHERE p.application = $1 FOR SHARE OF c FOR NO KEY UPDATE OF s, p",
        application, by.id,
    )  # fmt: skip
    return await assessing_by(by, application)


async def _stale(assessing: Assessing) -> Stale:
    saved = await saved_by(assessing)
    if saved is None:
        raise NotFound
    theirs = {"comment": saved.comment} if saved.comment else {}
    for code, score in sorted(saved.scores.items()):
        if score.mark:
            theirs[f"scores.{code}"] = score.mark.upper()
        if score.comment:
            theirs[f"comments.{code}"] = score.comment
    reason = _("Vous avez enregistré autre chose dans un autre onglet. Comparez, puis enregistrez ce que vous gardez.")
    return Stale(reason, theirs, saved.version)


async def _write(assessing: Assessing, form: AssessmentForm, criteria: list[CriterionView], state: str, at: datetime) -> None:
    """One row, and one a criterion marked or commented on; what is no longer there goes."""
    marks = {code: mark.value_or_none for code, mark in form.scores.items()}
    total = scoring.member_total(marks, criteria) if form.finished else None
    scored = [one for one in criteria if one.code in form.scores or form.comments.get(one.code)]
    await execute(
        "WITH saved AS (INSERT INTO assessment (id, seat, presentation, state, comment, total, saved_at, handed_in_at, version)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT (seat, presentation) DO UPDATE SET state = $4, comment = $5,"
        " total = $6, saved_at = $7, handed_in_at = $8, version = assessment.version + 1 RETURNING id),"
        " gone AS (DELETE FROM score o USING saved WHERE o.assessment = saved.id AND o.criterion <> ALL($9::uuid[]))"
        " INSERT INTO score (id, assessment, criterion, value, is_nsp, comment)"
        " SELECT t.id, saved.id, t.criterion, t.value, t.is_nsp, t.comment FROM saved,"
        " unnest($10::uuid[], $9::uuid[], $11::smallint[], $12::bool[], $13::text[]) AS t (id, criterion, value, is_nsp, comment)"
        " ON CONFLICT (assessment, criterion) DO UPDATE SET value = excluded.value, is_nsp = excluded.is_nsp,"
        " comment = excluded.comment",
        new_id(), assessing.seat, assessing.presentation, state, form.comment,
        scoring.rounded(total) if total is not None else None, at, at if form.finished else None,
        [one.id for one in scored], [new_id() for _one in scored], [marks.get(one.code) for one in scored],
        [form.scores.get(one.code) is Mark.NSP for one in scored], [form.comments.get(one.code, "") for one in scored],
    )  # fmt: skip


class _Voice(msgspec.Struct, frozen=True):
    marks: dict[str, int | None]


async def _keep_sums(presentation: UUID, grid: GridView) -> None:
    """Add up again the voices that count: handed in, without a declared interest. The presentation is locked."""
    voices = await rows(
        _Voice,
        "SELECT json_object_agg(k.code, o.value)::text FROM assessment x JOIN score o ON o.assessment = x.id"
        " JOIN criterion k ON k.id = o.criterion WHERE x.presentation = $1 AND x.state = 'handed_in'"
        " AND NOT EXISTS (SELECT FROM declaration d WHERE d.seat = x.seat AND d.presentation = $1 AND d.has_interest)"
        " GROUP BY x.id ORDER BY x.id LIMIT 1000",
        presentation,
    )
    sums = scoring.add_up([voice.marks for voice in voices], grid.criteria, knock_out_below=grid.knock_out_below)
    await execute(
        "UPDATE presentation SET assessments_count = $2, mean = $3, median = $4, low = $5, high = $6, deviation = $7,"
        " knock_out_mean = $8, first_block_mean = $9, flags = $10, criteria = $11 WHERE id = $1",
        presentation, sums.count, sums.mean, sums.median, sums.low, sums.high, sums.deviation,
        sums.knock_out_mean, sums.first_block_mean, sums.flags, _json(sums.criteria),
    )  # fmt: skip


def _json(criteria: dict[str, Any]) -> str:
    """Decimals stay exact: written as text."""
    return msgspec.json.encode(criteria).decode()
