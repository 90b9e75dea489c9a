"""Deliverables, diagnoses and opinions for tests, made by the real acts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.clock import now
from incubator.people.queries import Person
from incubator.progress.actions.deliverables import review_deliverable, write_deliverable
from incubator.progress.actions.enrolments import diagnose, give_opinion
from incubator.progress.forms import DeliverableForm, DiagnosisForm, OpinionForm, ReviewForm, Verdict
from incubator.progress.queries.paths import axes_of, enrolment_for
from incubator.progress.rules.facts import EnrolmentFacts, MilestoneFacts
from incubator.progress.tables import Moment
from tests.world.coaching import Coached


async def facts_of(coached: Coached, enrolment: UUID | None = None) -> EnrolmentFacts:
    """The stay in the phase as its manager sees it."""
    found, _standing = await enrolment_for(coached.manager, enrolment or coached.enrolment)
    return found


async def milestone_of(coached: Coached, code: str) -> MilestoneFacts:
    """A milestone of the entry phase by its code."""
    facts = await facts_of(coached)
    return next(milestone for milestone in facts.milestones if milestone.code == code)


async def a_submitted_deliverable(coached: Coached, code: str, *, at: datetime | None = None) -> MilestoneFacts:
    """The team hands a deliverable in; the milestone as it is then."""
    milestone = await milestone_of(coached, code)
    form = DeliverableForm(content="Voici notre travail.", finished=True, version=milestone.version)
    await write_deliverable(coached.enrolment, milestone.id, form, by=coached.holder, at=at or now())
    return await milestone_of(coached, code)


async def a_valid_deliverable(coached: Coached, code: str, *, at: datetime | None = None) -> MilestoneFacts:
    """The team hands it in and its coach validates it."""
    milestone = await a_submitted_deliverable(coached, code, at=at)
    form = ReviewForm(verdict=Verdict.VALIDATE, version=milestone.version)
    await review_deliverable(coached.enrolment, milestone.id, form, by=coached.coach, at=at or now())
    return await milestone_of(coached, code)


async def a_diagnosis(coached: Coached, by: Person, moment: Moment, *, level: int = 3, at: datetime | None = None) -> None:
    """The same level on each axis of the plan."""
    axes = await axes_of((await facts_of(coached)).plan)
    form = DiagnosisForm(moment=moment, levels={axis.code: level for axis in axes})
    await diagnose(coached.enrolment, form, by=by, at=at or now())


async def an_opinion(coached: Coached, *, is_favourable: bool = True, at: datetime | None = None) -> None:
    """The coach's opinion on passing the gate."""
    form = OpinionForm(text="Le projet est prêt.", is_favourable=is_favourable)
    await give_opinion(coached.enrolment, form, by=coached.coach, at=at or now())


async def ready_for_gate(coached: Coached, *, at: datetime | None = None) -> EnrolmentFacts:
    """Everything a gate asks for (R35); the stay as it is then."""
    for milestone in (await facts_of(coached)).milestones:
        if milestone.is_mandatory:
            await a_valid_deliverable(coached, milestone.code, at=at)
    await a_diagnosis(coached, coached.holder, Moment.GATE, at=at)
    await a_diagnosis(coached, coached.coach, Moment.GATE, at=at)
    await an_opinion(coached, at=at)
    return await facts_of(coached)
