"""The eligibility desk: one application beside its rules, who handles it, what is pronounced."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from incubator.applications import actions, queries
from incubator.applications.forms import InstructorForm, RulingForm
from incubator.applications.queries.staff import Desk
from incubator.applications.queries.texts import texts_of
from incubator.applications.rules.eligibility import KIND_WORDS, RESULT_WORDS
from incubator.applications.rules.moves import ApplicationFacts, why_not_pronounce, why_not_request_complement
from incubator.applications.rules.standing import stand_of, standing
from incubator.applications.rules.texts import Filling, ReadyText, filled_texts, taken
from incubator.applications.tables import Outcome, TextKind
from incubator.core.clock import local_date, now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import STAFF
from incubator.core.words import date_words, instant_words

AnyRequest = Request[Any, Any, Any]
RULING_KINDS = (TextKind.ADMISSIBLE, TextKind.INADMISSIBLE)


@get("/applications/{application_id:uuid}/eligibility", opt=STAFF)
async def eligibility(request: AnyRequest, application_id: FromPath[UUID], text: FromQuery[str] = "") -> Response[Any]:
    """The answers on one side, the rules on the other. `text`: the ready text taken up, without JavaScript."""
    return await _desk(request, application_id, None, {}, "", text)


@post("/applications/{application_id:uuid}/eligibility", opt=STAFF)
async def pronounce(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Pronounce on eligibility (R5)."""

    async def act(form: RulingForm) -> str:
        await actions.pronounce(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}/eligibility"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _desk(request, application_id, values, errors, reason, "")

    return await submit(request, RulingForm, act, shown, notice=_("C’est prononcé. L’équipe en est informée par courriel."))


@post("/applications/{application_id:uuid}/instructor", opt=STAFF)
async def assign_instructor(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Say who handles the application (R13)."""

    async def act(form: InstructorForm) -> str:
        await actions.assign_instructor(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}/eligibility"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _desk(request, application_id, None, errors, reason, "")

    return await submit(request, InstructorForm, act, shown, notice=_("C’est noté."))


async def _desk(
    request: AnyRequest, application_id: UUID, values: Typed | None, errors: dict[str, str], reason: str, text: str
) -> Response[Any]:
    desk = await queries.desk_for(request.user, application_id)
    facts, at = desk.dossier.facts, now()
    texts = filled_texts(await texts_of(facts.programme, RULING_KINDS), fillings(facts, at))
    return page(
        request, "applications/eligibility.html", desk=desk, facts=facts, project_id=facts.project, errors=errors,
        values=values or filled(reason=taken(texts, text)), reason=reason, texts=texts, taken=text,
        labels={one.code: one.label for one in desk.dossier.definition.questions}, standing=standing(stand_of(facts), at),
        kinds=KIND_WORDS, results=RESULT_WORDS, once=new_once(),
        handlers=[(one.id, one.name) for one in desk.handlers], age_days=_age(desk, local_date(at)),
        why_not_admit=why_not_pronounce(facts, Outcome.ADMISSIBLE, at),
        why_not_refuse=why_not_pronounce(facts, Outcome.INADMISSIBLE, at),
        why_not_complement=why_not_request_complement(facts),
    )  # fmt: skip


def _age(desk: Desk, today: date) -> int:
    deposited = desk.dossier.facts.deposited_at
    return (today - local_date(deposited)).days if deposited else 0


def fillings(facts: ApplicationFacts, at: datetime, due_at: datetime | None = None) -> dict[str, Filling]:
    """What stands in the ready texts, by kind: the deadline is that of the complement, or the day of the answer."""
    due = due_at or facts.complement_due_at
    answer = date_words(facts.notify_on)
    return {
        TextKind.ADMISSIBLE: Filling(facts.project_name, facts.call_title, answer),
        TextKind.INADMISSIBLE: Filling(facts.project_name, facts.call_title, instant_words(due) if due else answer),
        TextKind.COMPLEMENT: Filling(facts.project_name, facts.call_title, instant_words(due or at)),
    }


def ready_options(texts: list[ReadyText]) -> list[tuple[str, str]]:
    """Ready texts as the options of a list."""
    return [(one.key, one.title) for one in texts]


HANDLERS: list[Any] = [eligibility, pronounce, assign_instructor]
