"""Questions to the programme: the team's page, the conversation, and the staff's list and publication."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions, queries
from incubator.applications.forms.inquiries import TEXT_MAX, InquiryForm, PublicationForm, ReplyForm
from incubator.applications.queries.inquiries import inquiries_of, inquiries_to, inquiry_for, messages_of, section_titles
from incubator.applications.rules.inquiries import INQUIRY_WORDS, why_not_ask, why_not_reply
from incubator.calls.queries.faq import entry_asked_in
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import SIGNED_IN, STAFF
from incubator.projects.forms import Nothing

AnyRequest = Request[Any, Any, Any]


@get("/applications/{application_id:uuid}/inquiries", opt=SIGNED_IN)
async def inquiries(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """What the team has asked, and the form that asks; `section` is where one came from."""
    asked = filled(section=request.query_params.get("section", ""))
    return await _inquiries(request, application_id, asked, {}, "")


@post("/applications/{application_id:uuid}/inquiries", opt=SIGNED_IN)
async def ask(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Ask the programme."""

    async def act(form: InquiryForm) -> str:
        return f"/inquiries/{await actions.ask(application_id, form, by=request.user, at=now())}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _inquiries(request, application_id, values, errors, reason)

    return await submit(
        request, InquiryForm, act, shown, notice=_("Votre question est partie. La réponse arrivera par courriel.")
    )


async def _inquiries(
    request: AnyRequest, application_id: UUID, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    facts = (await queries.dossier_for(request.user, application_id)).facts
    if not facts.is_mine:
        raise NotFound
    lines = await inquiries_of(application_id)
    why_not = why_not_ask(facts, sum(one.closed_at is None for one in lines))
    return page(
        request, "applications/inquiries.html", facts=facts, project_id=facts.project, lines=lines, values=values, errors=errors,
        reason=reason, titles=await section_titles(facts.form), why_not=why_not, words=INQUIRY_WORDS, text_max=TEXT_MAX,
        once=new_once(),
    )  # fmt: skip


@get("/inquiries/{inquiry_id:uuid}", opt=SIGNED_IN)
async def inquiry(request: AnyRequest, inquiry_id: FromPath[UUID]) -> Response[Any]:
    """The conversation, for the team and for who answers."""
    return await _inquiry(request, inquiry_id, filled(), {}, "")


@post("/inquiries/{inquiry_id:uuid}", opt=SIGNED_IN)
async def reply(request: AnyRequest, inquiry_id: FromPath[UUID]) -> Response[Any]:
    """Write on."""

    async def act(form: ReplyForm) -> str:
        await actions.reply(inquiry_id, form, by=request.user, at=now())
        return f"/inquiries/{inquiry_id}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _inquiry(request, inquiry_id, values, errors, reason)

    return await submit(request, ReplyForm, act, shown, notice=_("Votre message est parti."))


async def _inquiry(request: AnyRequest, inquiry_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    facts = await inquiry_for(request.user, inquiry_id)
    return page(
        request, "applications/inquiry.html", facts=facts, project_id=facts.project, values=values, errors=errors, reason=reason,
        messages=await messages_of(request.user, inquiry_id), titles=await section_titles(facts.form), words=INQUIRY_WORDS,
        why_not=why_not_reply(facts), text_max=TEXT_MAX, once=new_once(),
    )  # fmt: skip


@post("/inquiries/{inquiry_id:uuid}/closing", opt=STAFF)
async def close_inquiry(request: AnyRequest, inquiry_id: FromPath[UUID]) -> Response[Any]:
    """Nothing more is to be said."""

    async def act(_form: Nothing) -> str:
        await actions.close_inquiry(inquiry_id, by=request.user, at=now())
        return f"/inquiries/{inquiry_id}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _inquiry(request, inquiry_id, filled(), {}, reason)

    return await submit(request, Nothing, act, shown, notice=_("La question est close."))


@get("/inquiries/{inquiry_id:uuid}/publication", opt=STAFF)
async def publication(request: AnyRequest, inquiry_id: FromPath[UUID]) -> Response[Any]:
    """Question and answer, to rewrite for everybody."""
    facts = await inquiry_for(request.user, inquiry_id)
    if known := await entry_asked_in(facts.call, facts.id):
        values = filled(question=known.question, answer=known.answer, version=known.version)
        return await _publication(request, inquiry_id, values, {}, "")
    messages = await messages_of(request.user, facts.id)
    said = [one.text for one in messages if one.is_staff]
    values = filled(question=" ".join(messages[0].text.split())[:300], answer=said[-1] if said else "", version=0)
    return await _publication(request, inquiry_id, values, {}, "")


@post("/inquiries/{inquiry_id:uuid}/publication", opt=STAFF)
async def publish_inquiry(request: AnyRequest, inquiry_id: FromPath[UUID]) -> Response[Any]:
    """Publish in the call's questions and answers."""

    async def act(form: PublicationForm) -> str:
        await actions.publish_inquiry(inquiry_id, form, by=request.user, at=now())
        return f"/inquiries/{inquiry_id}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _publication(request, inquiry_id, values, errors, reason)

    return await submit(request, PublicationForm, act, shown, notice=_("C’est publié sur la page de l’appel."))


async def _publication(
    request: AnyRequest, inquiry_id: UUID, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    facts = await inquiry_for(request.user, inquiry_id)
    if facts.is_mine:
        raise NotFound
    return page(
        request, "applications/inquiry_publication.html", facts=facts, project_id=facts.project, values=values, errors=errors,
        reason=reason, titles=await section_titles(facts.form), once=new_once(),
    )  # fmt: skip


@get("/calls/{code:str}/inquiries", opt=STAFF)
async def call_inquiries(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The questions of a call: those that wait, first asked first; or those that are closed."""
    is_open = request.query_params.get("state") != "closed"
    desk = await inquiries_to(request.user, code, is_open=is_open, after=request.query_params.get("after"))
    kept = {name: value for name, value in (("state", "" if is_open else "closed"), ("after", desk.page.next)) if value}
    return page(
        request, "applications/inquiries_desk.html", call=desk.call, titles=desk.titles, lines=desk.page.items, is_open=is_open,
        words=INQUIRY_WORDS, next_href=f"/calls/{code}/inquiries?{urlencode(kept)}" if desk.page.next else None,
    )  # fmt: skip


HANDLERS: list[Any] = [
    inquiries,
    ask,
    inquiry,
    reply,
    close_inquiry,
    publication,
    publish_inquiry,
    call_inquiries,
]
