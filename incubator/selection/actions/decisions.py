"""Recording decisions, publishing them together."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.queries import criteria_of
from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict, Stale
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.selection.actions.committees import locked_committee
from incubator.selection.forms import DecisionForm, PublicationForm
from incubator.selection.letters import tell_teams
from incubator.selection.queries.decisions import deciding, may_decide, published_by, publishing, recorded_decision, teams_of
from incubator.selection.rules.decisions import (
    OUTCOMES,
    WITH_PHASE,
    Deciding,
    Reason,
    check_decision,
    check_publication,
    why_not_decide,
    why_not_publish,
)
from incubator.selection.tables import Decision, DecisionOutcome, DecisionReason, Publication


async def decide(application: UUID, form: DecisionForm, *, by: Person, at: datetime) -> int:
    """Record what the committee decided, with its reasons and the quorum as it is (R24, R25); the new version.

    A decision may change until it is published. Raises `Stale` when it was saved elsewhere meanwhile.
    """
    async with transaction():
        seen = await may_decide(by, application)
        await locked_committee(seen.committee, by)
        facts = await deciding(application, form.phase)
        if reason := why_not_decide(facts):
            raise Conflict(reason)
        reasons = check_decision(form, facts)
        if form.version != facts.version:
            raise await _stale(facts)
        decision = await _write(form, facts, by, at)
        await _write_reasons(decision, reasons, seen.grid)
        data = {"outcome": form.outcome.value, "phase": form.phase if form.outcome in WITH_PHASE else None}
        await record("decision.recorded", application, by=by.id, at=at, project=facts.project, data=data)
        return facts.version + 1


async def _stale(facts: Deciding) -> Stale:
    stored = await recorded_decision(facts.presentation)
    if stored is None:
        return Stale(_("Cette décision n’existe plus. Rechargez la page."), {}, 0)
    theirs = {"outcome": _(OUTCOMES[stored.outcome]), "conditions": stored.conditions, "orientation": stored.orientation}
    theirs |= {f"reasons.{reason.code}": reason.text for reason in stored.reasons}
    reason = _("{name} a enregistré une autre décision entre-temps. Comparez, puis enregistrez ce que vous gardez.")
    told = {field: text for field, text in theirs.items() if text}
    return Stale(reason.format(name=stored.decided_by), told, stored.version)


async def _write(form: DecisionForm, facts: Deciding, by: Person, at: datetime) -> UUID:
    written: dict[str, Any] = {
        "outcome": form.outcome.value,
        "phase": facts.phases[form.phase] if form.outcome in WITH_PHASE else None,
        "waiting_rank": form.waiting_rank if form.outcome is DecisionOutcome.WAITING_LIST else None,
        "conditions": form.conditions,
        "orientation": form.orientation,
        "voters_count": facts.voters_count,
        "voices_count": facts.voices_count,
        "colleges_count": facts.colleges_count,
        "no_quorum_reason": form.no_quorum_reason,
        "decided_at": at,
        "decided_by": by.id,
    }
    if not facts.version:
        made = Decision(presentation=facts.presentation, **written)
        await Decision.insert(made)
        return made.id
    changes = ", ".join(f"{column} = ${index}" for index, column in enumerate(written, 2))
    decision: UUID = await value(
        f"UPDATE decision SET {changes}, version = version + 1 WHERE presentation = $1 RETURNING id",  # noqa: S608
        facts.presentation, *written.values(),
    )  # fmt: skip
    return decision


async def _write_reasons(decision: UUID, reasons: list[Reason], grid: UUID) -> None:
    ids = {criterion.code: criterion.id for criterion in await criteria_of(grid)}
    await execute("DELETE FROM decision_reason WHERE decision = $1", decision)
    await DecisionReason.insert(
        *[
            DecisionReason(decision=decision, criterion=ids[reason.code], is_strength=reason.is_strength, text=reason.text)
            for reason in reasons
        ]
    )


class Published(msgspec.Struct, frozen=True):
    """What a publication told: how many decisions, how many mails."""

    id: UUID
    decisions_count: int
    letters_count: int


async def publish(committee: UUID, form: PublicationForm, *, by: Person, at: datetime) -> Published:
    """Publish every decision of a committee at once: teams see theirs, and their mails leave together (R27). Once only."""
    async with transaction():
        facts = await locked_committee(committee, by)
        await execute(
            "SELECT FROM application a JOIN presentation p ON p.application = a.id WHERE p.committee = $1"
            " ORDER BY a.id FOR NO KEY UPDATE OF a",
            committee,
        )  # no team withdraws while its decision goes out
        judged = await publishing(by, facts)
        if reason := why_not_publish(judged):
            raise Conflict(reason)
        check_publication(form.call, judged)
        made = Publication(committee=committee, published_at=at, published_by=by.id)
        await Publication.insert(made)
        decisions = await published_by(committee)
        for decision in decisions:
            data = {"outcome": decision.outcome, "phase": decision.phase_code}
            await record("decision.published", decision.application, by=by.id, at=at, project=decision.project, data=data)
        letters = await tell_teams(decisions, await teams_of(committee), at=at)
        return Published(made.id, len(decisions), letters)
