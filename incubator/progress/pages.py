"""Pages of a path: its milestones, its diagnoses, its gate; and a cohort's board."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from incubator.cohorts.rules import ENROLMENT_STATES
from incubator.core.clock import local_date, now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import SIGNED_IN, STAFF
from incubator.progress.actions import deliverables, enrolments
from incubator.progress.forms import (
    DeliverableForm,
    DiagnosisForm,
    GateForm,
    Nothing,
    OpinionForm,
    ReviewForm,
    SuspensionForm,
    WaiverAnswerForm,
    WaiverForm,
)
from incubator.progress.queries.boards import board
from incubator.progress.queries.paths import axes_of, deliverable_of, enrolment_for, path_of
from incubator.progress.rules import deliverables as deliverable_rules
from incubator.progress.rules import gates
from incubator.progress.rules.dates import milestone_due, phase_end
from incubator.progress.rules.deliverables import STATES
from incubator.progress.tables import GateOutcome, Moment, Side

AnyRequest = Request[Any, Any, Any]
Shown = Callable[[Typed, dict[str, str], str], Awaitable[Response[Any]]]


@get("/cohorts/{cohort_id:uuid}/board", opt=STAFF)
async def board_page(request: AnyRequest, cohort_id: FromPath[UUID]) -> Response[Any]:
    """One line a project: one look shows who is late."""
    today = local_date(now())
    found = await board(request.user, cohort_id, today)
    return page(request, "progress/board.html", board=found, today=today, states=ENROLMENT_STATES)


@get("/projects/{project_id:uuid}/path", opt=SIGNED_IN)
async def path_page(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """The phases and milestones of a project, with their dates and the next obvious thing to do."""
    today = local_date(now())
    path = await path_of(request.user, project_id)
    return page(
        request, "progress/path.html", project_id=project_id, path=path.told(today), standing=path.standing, today=today,
        states=STATES, enrolment_states=ENROLMENT_STATES, outcomes=gates.OUTCOMES,
    )  # fmt: skip


@get("/enrolments/{enrolment_id:uuid}/milestones/{milestone_id:uuid}", opt=SIGNED_IN)
async def milestone_page(request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID]) -> Response[Any]:
    """One deliverable: what is expected, what was written, what was answered."""
    return await _milestone(request, enrolment_id, milestone_id, None, {}, "")


@post("/enrolments/{enrolment_id:uuid}/milestones/{milestone_id:uuid}", opt=SIGNED_IN)
async def write_deliverable(request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID]) -> Response[Any]:
    """Save the team's text, or hand it in."""
    here = f"/enrolments/{enrolment_id}/milestones/{milestone_id}"

    async def act(form: DeliverableForm) -> str:
        project = await deliverables.write_deliverable(enrolment_id, milestone_id, form, by=request.user, at=now())
        return f"/projects/{project}/path" if form.finished else here

    return await submit(request, DeliverableForm, act, _again(request, enrolment_id, milestone_id), notice=_("C’est enregistré."))


@post("/enrolments/{enrolment_id:uuid}/milestones/{milestone_id:uuid}/review", opt=SIGNED_IN)
async def review_deliverable(request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID]) -> Response[Any]:
    """Validate, or send back with a comment."""

    async def act(form: ReviewForm) -> str:
        project = await deliverables.review_deliverable(enrolment_id, milestone_id, form, by=request.user, at=now())
        return f"/projects/{project}/path"

    shown = _again(request, enrolment_id, milestone_id)
    return await submit(request, ReviewForm, act, shown, notice=_("Votre relecture est enregistrée. L’équipe est prévenue."))


@post("/enrolments/{enrolment_id:uuid}/milestones/{milestone_id:uuid}/waiver", opt=SIGNED_IN)
async def ask_waiver(request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID]) -> Response[Any]:
    """Say that the deliverable is without object."""

    async def act(form: WaiverForm) -> str:
        project = await deliverables.ask_waiver(enrolment_id, milestone_id, form, by=request.user, at=now())
        return f"/projects/{project}/path"

    shown = _again(request, enrolment_id, milestone_id)
    return await submit(request, WaiverForm, act, shown, notice=_("La demande est faite : une autre personne y répond."))


@post("/enrolments/{enrolment_id:uuid}/milestones/{milestone_id:uuid}/waiver/answer", opt=SIGNED_IN)
async def answer_waiver(request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID]) -> Response[Any]:
    """Confirm or refuse that the deliverable is without object."""

    async def act(form: WaiverAnswerForm) -> str:
        project = await deliverables.answer_waiver(enrolment_id, milestone_id, form, by=request.user, at=now())
        return f"/projects/{project}/path"

    shown = _again(request, enrolment_id, milestone_id)
    return await submit(request, WaiverAnswerForm, act, shown, notice=_("Votre réponse est enregistrée. L’équipe est prévenue."))


def _again(request: AnyRequest, enrolment_id: UUID, milestone_id: UUID) -> Shown:
    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _milestone(request, enrolment_id, milestone_id, values, errors, reason)

    return shown


async def _milestone(
    request: AnyRequest, enrolment_id: UUID, milestone_id: UUID, values: Typed | None, errors: dict[str, str], reason: str
) -> Response[Any]:
    enrolment, standing = await enrolment_for(request.user, enrolment_id)
    milestone = enrolment.milestone(milestone_id)
    if milestone is None:
        raise NotFound
    deliverable = await deliverable_of(enrolment, milestone_id)
    written = filled(content=deliverable.content if deliverable else "", link=deliverable.link if deliverable else "")
    allowed = {
        verb: deliverable_rules.why_never(verb, standing) is None
        and deliverable_rules.why_not(verb, milestone, enrolment, request.user.id) is None
        for verb in deliverable_rules.MOVES
    }
    return page(
        request, "progress/milestone.html", project_id=enrolment.project, enrolment=enrolment, milestone=milestone,
        deliverable=deliverable, standing=standing, allowed=allowed, values=values or written, errors=errors, reason=reason,
        due=milestone_due(enrolment, milestone, local_date(now())), states=STATES, version=values.version if values else "",
        href=f"/enrolments/{enrolment_id}/milestones/{milestone_id}",
    )  # fmt: skip


@get("/enrolments/{enrolment_id:uuid}/suspension", opt=SIGNED_IN)
async def suspension_page(request: AnyRequest, enrolment_id: FromPath[UUID]) -> Response[Any]:
    """Stop the clock of the path, or start it again."""
    return await _suspension(request, enrolment_id, filled(from_on=local_date(now())), {}, "")


@post("/enrolments/{enrolment_id:uuid}/suspension", opt=SIGNED_IN)
async def suspend(request: AnyRequest, enrolment_id: FromPath[UUID]) -> Response[Any]:
    """Stop the clock."""

    async def act(form: SuspensionForm) -> str:
        return f"/projects/{await enrolments.suspend_enrolment(enrolment_id, form, by=request.user, at=now())}/path"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _suspension(request, enrolment_id, values, errors, reason)

    return await submit(request, SuspensionForm, act, shown, notice=_("Le parcours est suspendu. L’équipe est prévenue."))


@post("/enrolments/{enrolment_id:uuid}/resumption", opt=SIGNED_IN)
async def resume(request: AnyRequest, enrolment_id: FromPath[UUID]) -> Response[Any]:
    """Start the clock again."""

    async def act(_form: Nothing) -> str:
        return f"/projects/{await enrolments.resume_enrolment(enrolment_id, by=request.user, at=now())}/path"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _suspension(request, enrolment_id, filled(from_on=local_date(now())), errors, reason)

    return await submit(request, Nothing, act, shown, notice=_("Le parcours reprend. L’équipe est prévenue."))


async def _suspension(
    request: AnyRequest, enrolment_id: UUID, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    enrolment, standing = await enrolment_for(request.user, enrolment_id)
    today = local_date(now())
    return page(
        request, "progress/suspension.html", project_id=enrolment.project, enrolment=enrolment, standing=standing,
        values=values, errors=errors, reason=reason, may=standing.is_coach or standing.is_manager,
        why_not_suspend=gates.why_not_suspend(enrolment, today, today), why_not_resume=gates.why_not_resume(enrolment),
    )  # fmt: skip


@get("/enrolments/{enrolment_id:uuid}/diagnosis", opt=SIGNED_IN)
async def diagnosis_page(request: AnyRequest, enrolment_id: FromPath[UUID], moment: FromQuery[str] = "entry") -> Response[Any]:
    """The diagnoses made, and the form of the viewer's own."""
    return await _diagnosis(request, enrolment_id, filled(moment=moment), {}, "")


@post("/enrolments/{enrolment_id:uuid}/diagnosis", opt=SIGNED_IN)
async def diagnose(request: AnyRequest, enrolment_id: FromPath[UUID]) -> Response[Any]:
    """Say where the project stands on each axis."""

    async def act(form: DiagnosisForm) -> str:
        return f"/projects/{await enrolments.diagnose(enrolment_id, form, by=request.user, at=now())}/path"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _diagnosis(request, enrolment_id, values, errors, reason)

    return await submit(request, DiagnosisForm, act, shown, notice=_("Votre diagnostic est enregistré."))


async def _diagnosis(
    request: AnyRequest, enrolment_id: UUID, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    enrolment, standing = await enrolment_for(request.user, enrolment_id)
    moment = Moment.GATE if values.moment == "gate" else Moment.ENTRY
    side = Side.COACH if standing.is_coach else Side.HOLDER
    return page(
        request, "progress/diagnosis.html", project_id=enrolment.project, enrolment=enrolment, standing=standing,
        axes=await axes_of(enrolment.plan), moment=moment.value, values=values, errors=errors, reason=reason,
        may=standing.writes or standing.is_coach, why_not=gates.why_not_diagnose(enrolment, side, moment),
        once=new_once(), anchors={mark: _(words) for mark, words in gates.LEVELS.items() if words},
    )  # fmt: skip


@get("/enrolments/{enrolment_id:uuid}/gate", opt=SIGNED_IN)
async def gate_page(request: AnyRequest, enrolment_id: FromPath[UUID]) -> Response[Any]:
    """The gate: what is missing, the coach's opinion, the decision."""
    return await _gate(request, enrolment_id, filled(), {}, "")


@post("/enrolments/{enrolment_id:uuid}/opinion", opt=SIGNED_IN)
async def give_opinion(request: AnyRequest, enrolment_id: FromPath[UUID]) -> Response[Any]:
    """The coach's opinion."""

    async def act(form: OpinionForm) -> str:
        await enrolments.give_opinion(enrolment_id, form, by=request.user, at=now())
        return f"/enrolments/{enrolment_id}/gate"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _gate(request, enrolment_id, values, errors, reason)

    return await submit(request, OpinionForm, act, shown, notice=_("Votre avis est enregistré."))


@post("/enrolments/{enrolment_id:uuid}/gate", opt=SIGNED_IN)
async def decide_gate(request: AnyRequest, enrolment_id: FromPath[UUID]) -> Response[Any]:
    """The decision of the gate review."""

    async def act(form: GateForm) -> str:
        return f"/projects/{await enrolments.decide_gate(enrolment_id, form, by=request.user, at=now())}/path"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _gate(request, enrolment_id, values, errors, reason)

    return await submit(request, GateForm, act, shown, notice=_("La décision est enregistrée. L’équipe est prévenue."))


async def _gate(request: AnyRequest, enrolment_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    enrolment, standing = await enrolment_for(request.user, enrolment_id)
    why_not = {
        "pass": gates.why_not_pass_gate(enrolment),
        "prolong": gates.why_not_prolong(enrolment),
        "redirect": gates.why_not_end(enrolment, GateOutcome.REDIRECT),
        "stop": gates.why_not_end(enrolment, GateOutcome.STOP),
        "opine": gates.why_not_opine(enrolment),
    }
    return page(
        request, "progress/gate.html", project_id=enrolment.project, enrolment=enrolment, standing=standing, values=values,
        errors=errors, reason=reason, missing=gates.missing_for_gate(enrolment), why_not=why_not, outcomes=gates.OUTCOMES,
        axes=await axes_of(enrolment.plan), ends_on=phase_end(enrolment, local_date(now())), states=ENROLMENT_STATES,
    )  # fmt: skip


HANDLERS = [
    board_page,
    path_page,
    milestone_page,
    write_deliverable,
    review_deliverable,
    ask_waiver,
    answer_waiver,
    suspension_page,
    suspend,
    resume,
    diagnosis_page,
    diagnose,
    gate_page,
    give_opinion,
    decide_gate,
]
