"""Committees, assessments and decisions for tests, made by the real acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from incubator.calls.queries import CallView, CriterionView, call, criteria_of
from incubator.core.clock import now
from incubator.core.database import value
from incubator.people.queries import Person, person
from incubator.selection import actions
from incubator.selection.forms import (
    AssessmentForm,
    CommitteeForm,
    DecisionForm,
    DeclarationForm,
    Interest,
    Mark,
    PresentationForm,
    PublicationForm,
    SeatForm,
    UndertakingForm,
)
from incubator.selection.queries.decisions import deciding
from incubator.selection.queries.members import member_of
from incubator.selection.rules.committees import text_hash, undertaking_text
from incubator.selection.rules.decisions import is_quorate, side
from incubator.selection.tables import College, DecisionOutcome
from tests.world.people import a_manager, someone

COLLEGES = (College.FUNDERS, College.ESS, College.ENTREPRENEURS)


class Sitting(msgspec.Struct, frozen=True):
    """A committee, who manages it, and its members in the order they were given a seat."""

    id: UUID
    call: CallView
    manager: Person
    members: list[Person]
    criteria: list[CriterionView]


async def a_committee(
    call_view: CallView,
    *,
    members: int | Sequence[Person] = 3,
    applications: Sequence[UUID] | None = None,
    signed: bool = True,
    manager: Person | None = None,
    at: datetime | None = None,
) -> Sitting:
    """The committee of a call with members in three colleges by turns, who signed; it is given the admissible applications.

    `applications`: only these; an empty list: none.
    """
    at = at or now()
    by = manager or await a_manager(call_view.programme)
    committee = await actions.create_committee(call_view.code, CommitteeForm(name="Comité de sélection"), by=by, at=at)
    seated = [await someone(f"Membre {index + 1}", at=at) for index in range(members)] if isinstance(members, int) else members
    for index, member in enumerate(seated):
        await sit(committee, member, COLLEGES[index % len(COLLEGES)], by=by, signed=signed, at=at)
    left = await value("SELECT count(*) FROM application WHERE call = $1 AND state = 'admissible'", call_view.id)
    if applications is None and left:
        await actions.present_applications(committee, PresentationForm(everything=True), by=by, at=at)
    elif applications:
        await actions.present_applications(committee, PresentationForm(applications=list(applications)), by=by, at=at)
    return Sitting(committee, call_view, by, list(seated), await criteria_of(call_view.grid))


async def sit(
    committee: UUID, member: Person, college: College, *, by: Person, signed: bool = True, at: datetime | None = None
) -> UUID:
    """Give someone a seat; they sign."""
    at = at or now()
    form = SeatForm(name=member.name, email=member.email, college=college)
    seat = await actions.give_seat(committee, form, by=by, at=at)
    if signed:
        await sign(committee, member, at=at)
    return seat


async def sign(committee: UUID, member: Person, *, at: datetime | None = None) -> None:
    """A member signs the undertaking."""
    seat = await member_of(member, committee)
    shown = text_hash(undertaking_text(seat.committee_name, seat.call_title))
    await actions.sign_undertaking(committee, UndertakingForm(text_hash=shown, agreed=True), by=member, at=at or now())


async def declared(
    application: UUID, member: Person, *, interest: bool = False, reason: str = "", at: datetime | None = None
) -> None:
    """A member declares an interest, or none."""
    form = DeclarationForm(interest=Interest.INTEREST if interest else Interest.NONE, reason=reason)
    await actions.declare(application, form, by=member, at=at or now())


def marks_of(criteria: Sequence[CriterionView], mark: int, given: Mapping[str, int | None] | None = None) -> dict[str, Mark]:
    """The same mark on each criterion, but for those given (None: NSP)."""
    chosen = {one.code: mark for one in criteria} | dict(given or {})
    return {code: Mark.NSP if score is None else Mark(str(score)) for code, score in chosen.items()}


async def scored(
    application: UUID,
    member: Person,
    mark: int = 4,
    *,
    given: Mapping[str, int | None] | None = None,
    comment: str = "",
    comments: Mapping[str, str] | None = None,
    finished: bool = True,
    at: datetime | None = None,
) -> None:
    """A member declares no interest if they have not yet, and hands in (or saves) their marks."""
    at = at or now()
    known = await value(
        "SELECT d.id FROM declaration d JOIN seat s ON s.id = d.seat JOIN presentation p ON p.id = d.presentation"
        " WHERE p.application = $1 AND s.account = $2",
        application, member.id,
    )  # fmt: skip
    if known is None:
        await declared(application, member, at=at)
    version = await value(
        "SELECT x.version FROM assessment x JOIN seat s ON s.id = x.seat JOIN presentation p ON p.id = x.presentation"
        " WHERE p.application = $1 AND s.account = $2",
        application, member.id,
    )  # fmt: skip
    grid = await value("SELECT k.grid FROM application a JOIN call k ON k.id = a.call WHERE a.id = $1", application)
    form = AssessmentForm(
        scores=marks_of(await criteria_of(grid), mark, given),
        comments=dict(comments or {}),
        comment=comment,
        finished=finished,
        version=version or 0,
    )
    await actions.assess(application, form, by=member, at=at)


async def decided(
    application: UUID,
    *,
    by: Person,
    outcome: DecisionOutcome = DecisionOutcome.RETAINED,
    phase: str = "pre_incubation",
    rank: int | None = None,
    reason: str = "Le besoin est démontré.",
    conditions: str = "",
    orientation: str = "Revenez au prochain appel.",
    at: datetime | None = None,
) -> None:
    """The manager records a decision with every reason it needs, and why without quorum when there is none."""
    facts = await deciding(application, phase)
    asked = [code for code in facts.codes if side(facts.means.get(code)) != "middle"] or facts.codes[:1]
    form = DecisionForm(
        outcome=DecisionOutcome.WAITING_LIST if rank else outcome,
        phase=phase,
        waiting_rank=rank,
        conditions=conditions,
        orientation=orientation,
        reasons={code: reason for code in asked},
        no_quorum_reason="" if is_quorate(facts) else "Le comité s’est prononcé à l’unanimité des présents.",
        version=facts.version,
    )
    await actions.decide(application, form, by=by, at=at or now())


async def published(sitting: Sitting, *, at: datetime | None = None) -> None:
    """Publish the decisions of a committee."""
    form = PublicationForm(call=sitting.call.code)
    await actions.publish(sitting.id, form, by=sitting.manager, at=at or now())


async def a_published_decision(
    application: UUID, *, phase: str = "pre_incubation", rank: int | None = None, at: datetime | None = None
) -> Sitting:
    """An admissible application alone before a committee of three, handed in, decided and published."""
    view = await call(await value("SELECT call FROM application WHERE id = $1", application))
    sitting = await a_committee(view, applications=[application], at=at)
    for member in sitting.members:
        await scored(application, member, at=at)
    await decided(application, by=sitting.manager, phase=phase, rank=rank, at=at)
    await published(sitting, at=at)
    return msgspec.structs.replace(sitting, manager=await person(sitting.manager.id))
