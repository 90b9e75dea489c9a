"""Stopping the clock, diagnosing, giving an opinion, deciding at the gate."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.cohorts.rules import ENROLMENT_MOVES, move
from incubator.cohorts.tables import Enrolment
from incubator.core.clock import local_date
from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Refused, Stale
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.progress.forms import DiagnosisForm, GateForm, OpinionForm, SuspensionForm
from incubator.progress.letters import tell_team
from incubator.progress.queries.paths import FollowingPhase, axes_of, enrolment_for, phase_after
from incubator.progress.rules import gates as rules
from incubator.progress.rules.facts import EnrolmentFacts
from incubator.progress.tables import CoachOpinion, Diagnosis, GateOutcome, GateReview, Side, Suspension

_GATE_VERBS = {
    GateOutcome.PASS: "gate.passed",
    GateOutcome.PROLONG: "enrolment.prolonged",
    GateOutcome.REDIRECT: "gate.redirected",
    GateOutcome.STOP: "gate.stopped",
}


async def suspend_enrolment(enrolment_id: UUID, form: SuspensionForm, *, by: Person, at: datetime) -> UUID:
    """Stop the clock of a phase from a day; the project's id."""
    async with transaction():
        enrolment, standing = await enrolment_for(by, enrolment_id, lock=True)
        _refuse_unless(standing.is_coach or standing.is_manager)
        if reason := rules.why_not_suspend(enrolment, form.from_on, local_date(at)):
            raise Conflict(reason)
        suspension = Suspension(enrolment=enrolment_id, from_on=form.from_on, reason=form.reason, suspended_by=by.id)
        await Suspension.insert(suspension)
        await _set_state(enrolment, "suspend")
        data = {"on": form.from_on}
        await record(
            "enrolment.suspended", enrolment_id, by=by.id, at=at, project=enrolment.project, reason=form.reason, data=data
        )
        await tell_team(enrolment.project, "suspended", at=at, project=enrolment.project_name, from_on=form.from_on)
        return enrolment.project


async def resume_enrolment(enrolment_id: UUID, *, by: Person, at: datetime) -> UUID:
    """Start the clock again today; the project's id."""
    async with transaction():
        enrolment, standing = await enrolment_for(by, enrolment_id, lock=True)
        _refuse_unless(standing.is_coach or standing.is_manager)
        if reason := rules.why_not_resume(enrolment):
            raise Conflict(reason)
        await _close_suspension(enrolment_id, by=by, at=at)
        await _set_state(enrolment, "resume")
        await record("enrolment.resumed", enrolment_id, by=by.id, at=at, project=enrolment.project)
        await tell_team(enrolment.project, "resumed", at=at, project=enrolment.project_name)
        return enrolment.project


def _refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise Refused(_("La personne qui accompagne le projet, ou la direction du programme, décide de cela."))


async def _close_suspension(enrolment_id: UUID, *, by: Person, at: datetime) -> None:
    await execute(
        "UPDATE suspension SET until_on = GREATEST(from_on, $2), resumed_by = $3 WHERE enrolment = $1 AND until_on IS NULL",
        enrolment_id, local_date(at), by.id,
    )  # fmt: skip


async def _set_state(enrolment: EnrolmentFacts, verb: str) -> None:
    state = move(ENROLMENT_MOVES, verb, enrolment.state)
    await execute("UPDATE enrolment SET state = $2, version = version + 1 WHERE id = $1", enrolment.id, state)


async def diagnose(enrolment_id: UUID, form: DiagnosisForm, *, by: Person, at: datetime) -> UUID:
    """Say where the project stands on each axis, as its team or as its coach; the project's id."""
    async with transaction():
        enrolment, standing = await enrolment_for(by, enrolment_id, lock=True)
        if not (standing.writes or standing.is_coach):
            raise Refused(_("L’équipe du projet et la personne qui l’accompagne font chacune leur diagnostic."))
        side = Side.COACH if standing.is_coach else Side.HOLDER
        if reason := rules.why_not_diagnose(enrolment, side, form.moment):
            raise Conflict(reason)
        rules.check_levels(form.levels, [axis.code for axis in await axes_of(enrolment.plan)])
        diagnosis = Diagnosis(
            enrolment=enrolment_id, side=side.value, moment=form.moment.value, made_at=at, made_by=by.id,
            levels=msgspec.json.encode(form.levels).decode(),
        )  # fmt: skip
        await Diagnosis.insert(diagnosis)
        data = {"side": side.value, "moment": form.moment.value}
        await record("diagnosis.made", diagnosis.id, by=by.id, at=at, project=enrolment.project, data=data)
        return enrolment.project


async def give_opinion(enrolment_id: UUID, form: OpinionForm, *, by: Person, at: datetime) -> UUID:
    """The coach says whether the gate should be passed: the path is then in review (R35). The project's id."""
    async with transaction():
        enrolment, standing = await enrolment_for(by, enrolment_id, lock=True)
        if not standing.is_coach or standing.is_team:
            raise Refused(_("La personne qui accompagne le projet donne cet avis."))
        if reason := rules.why_not_opine(enrolment):
            raise Conflict(reason)
        opinion = CoachOpinion(
            enrolment=enrolment_id, is_favourable=form.is_favourable, text=form.text, given_at=at, given_by=by.id
        )
        await CoachOpinion.insert(opinion)
        await _set_state(enrolment, "review")
        data = {"is_favourable": form.is_favourable, "phase": enrolment.phase_code}
        await record("opinion.given", opinion.id, by=by.id, at=at, project=enrolment.project, data=data)
        return enrolment.project


async def decide_gate(enrolment_id: UUID, form: GateForm, *, by: Person, at: datetime) -> UUID:
    """The manager writes what the gate review decided: pass, prolong once, redirect, stop (R35, R36). The project's id."""
    async with transaction():
        enrolment, standing = await enrolment_for(by, enrolment_id, lock=True)
        if not standing.is_manager or standing.is_team:
            raise Refused(_("La direction du programme écrit la décision de passage."))
        if form.version != enrolment.version:
            raise Stale(_("Ce parcours a changé entre-temps. Relisez-le avant de décider."), {}, enrolment.version)
        months = form.prolonged_months if form.outcome == GateOutcome.PROLONG else None
        if reason := rules.why_not_decide(enrolment, form.outcome, months):
            raise Conflict(reason)
        rules.check_named(form.outcome, form.project_name, enrolment.project_name)
        await GateReview.insert(
            GateReview(
                enrolment=enrolment_id, outcome=form.outcome.value, prolonged_months=months, reason=form.reason,
                decided_at=at, decided_by=by.id,
            )
        )  # fmt: skip
        following = await _apply(enrolment, form, by=by, at=at)
        await tell_team(
            enrolment.project, "gate_decided", at=at, project=enrolment.project_name, phase=enrolment.phase_name,
            outcome=form.outcome.value, months=months, following=following.name if following else "", reason=form.reason,
        )  # fmt: skip
        return enrolment.project


async def _apply(enrolment: EnrolmentFacts, form: GateForm, *, by: Person, at: datetime) -> FollowingPhase | None:
    """The stay in the phase becomes what was decided; after a pass, the next one starts today. Where the path goes on."""
    data = (
        {"phase": enrolment.phase_code, "months": form.prolonged_months}
        if form.prolonged_months
        else {"phase": enrolment.phase_code}
    )
    verb = _GATE_VERBS[form.outcome]
    await record(verb, enrolment.id, by=by.id, at=at, project=enrolment.project, reason=form.reason, data=data)
    if form.outcome == GateOutcome.PROLONG:
        await _set_state(enrolment, "prolong")
        return None
    await _close_suspension(enrolment.id, by=by, at=at)
    await execute(
        "UPDATE enrolment SET state = $2, ended_on = GREATEST(starts_on, $3), end_reason = $4, version = version + 1"
        " WHERE id = $1",
        enrolment.id, move(ENROLMENT_MOVES, form.outcome.value, enrolment.state), local_date(at), form.reason,
    )  # fmt: skip
    return await _start_next(enrolment, by=by, at=at) if form.outcome == GateOutcome.PASS else None


async def _start_next(enrolment: EnrolmentFacts, *, by: Person, at: datetime) -> FollowingPhase | None:
    following = await phase_after(enrolment)
    if following is None:
        return None
    starts_on = max(local_date(at), enrolment.starts_on)
    started = Enrolment(
        place=enrolment.place, project=enrolment.project, cohort=enrolment.cohort, phase=following.id, state="active",
        starts_on=starts_on,
    )  # fmt: skip
    await Enrolment.insert(started)
    data = {"on": starts_on, "phase": following.code}
    await record("enrolment.started", started.id, by=by.id, at=at, project=enrolment.project, data=data)
    return following
