"""Versions of a programme's form and grid: the list, a new draft, what differs, publication, throwing away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from incubator.calls.actions.drafts import discard_draft, publish_draft, start_form
from incubator.calls.actions.grids import start_grid
from incubator.calls.building_forms import NewDraftForm, VersionForm
from incubator.calls.definitions import FormDefinition
from incubator.calls.pages.building import outline
from incubator.calls.pages.building_fields import AnyRequest, Frame, built_page, framed
from incubator.calls.queries.building import built_form, built_forms, built_grids
from incubator.calls.queries.versions import last_form
from incubator.calls.rules.difference import form_difference, summary
from incubator.calls.rules.telling import ToldChange, both_questions, told
from incubator.core.clock import now
from incubator.core.errors import Invalid, NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, lead_to, new_once, page, submit
from incubator.core.policy import STAFF
from incubator.core.values import Wrong, identifier
from incubator.programmes.queries import all_programmes, programme_by_code


@get("/forms", opt=STAFF)
async def programmes_page(request: AnyRequest) -> Response[Any]:
    """The programmes one works for: to the versions of the only one, or a list."""
    mine = [programme for programme in await all_programmes() if request.user.works_for(programme.id)]
    if len(mine) == 1:
        return lead_to(request, f"/programmes/{mine[0].code}/forms")
    return page(request, "calls/build/programmes.html", programmes=mine)


@get("/programmes/{code:str}/forms", opt=STAFF)
async def versions_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Every version of the programme's form and grid, drafts first."""
    return await _versions(request, code, "")


async def _versions(request: AnyRequest, code: str, reason: str) -> Response[Any]:
    programme = await programme_by_code(code)
    if not request.user.works_for(programme.id):
        raise NotFound
    return page(
        request,
        "calls/build/versions.html",
        programme=programme,
        forms=await built_forms(programme.id),
        grids=await built_grids(programme.id),
        may_edit=request.user.manages(programme.id),
        reason=reason,
        once=new_once(),
    )


@post("/programmes/{code:str}/forms", opt=STAFF)
async def start(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Start a draft of the form."""
    programme = await programme_by_code(code)

    async def act(form: NewDraftForm) -> str:
        return f"/forms/{await start_form(programme.id, form.based_on, by=request.user, at=now())}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _versions(request, code, reason)

    return await submit(
        request, NewDraftForm, act, shown, notice=_("Voici le brouillon. Rien ne change pour les équipes avant sa publication.")
    )


@post("/programmes/{code:str}/grids", opt=STAFF)
async def start_a_grid(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Start a draft of the grid."""
    programme = await programme_by_code(code)

    async def act(form: NewDraftForm) -> str:
        return f"/grids/{await start_grid(programme.id, form.based_on, by=request.user, at=now())}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _versions(request, code, reason)

    return await submit(request, NewDraftForm, act, shown, notice=_("Voici le brouillon. Rien ne change avant sa publication."))


@get("/forms/{form_id:uuid}/difference", opt=STAFF)
async def difference_page(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """What changes from another version: the one it was made from, unless `with` names one."""
    frame = await framed(request, form_id)
    before, number = await _before(request, frame)
    changes = _told(before, frame) if before else []
    others = [line for line in await built_forms(frame.form.programme) if line.id != form_id]
    return built_page(
        request, "difference", frame, changes=changes, number=number, others=others, summary=_summary(before, frame)
    )


async def _before(request: AnyRequest, frame: Frame) -> tuple[FormDefinition | None, int | None]:
    """The version to compare with, and its number."""
    wanted = request.query_params.get("with")
    try:
        chosen = identifier(wanted) if wanted else frame.form.based_on
    except Wrong:
        raise Invalid({}, _("Choisissez une version à comparer.")) from None
    if chosen is None:
        latest = await last_form(frame.form.programme)
        return (latest.definition, latest.number) if latest and latest.id != frame.form.id else (None, None)
    other = await built_form(request.user, chosen)
    return other.definition, other.number


def _told(before: FormDefinition, frame: Frame) -> list[ToldChange]:
    return told(form_difference(before, frame.definition), both_questions(before, frame.definition))


def _summary(before: FormDefinition | None, frame: Frame) -> str:
    return summary(form_difference(before, frame.definition)) if before else ""


@get("/forms/{form_id:uuid}/publication", opt=STAFF)
async def publication_page(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """What is to be mended, what changes for the teams, and the button that publishes."""
    return await _publication(request, form_id, "")


async def _publication(request: AnyRequest, form_id: UUID, reason: str) -> Response[Any]:
    frame = await framed(request, form_id)
    if frame.form.published_at is not None:
        return await outline(request, form_id, reason)
    latest = await last_form(frame.form.programme)
    return built_page(
        request,
        "publication",
        frame,
        reason=reason,
        number=latest.number if latest else None,
        changes=_told(latest.definition, frame) if latest else [],
        summary=_summary(latest.definition if latest else None, frame),
    )


@post("/forms/{form_id:uuid}/publication", opt=STAFF)
async def publication(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Freeze a draft: it becomes the form in force."""

    async def act(form: VersionForm) -> str:
        await publish_draft(form_id, form.version, by=request.user, at=now())
        return f"/forms/{form_id}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _publication(request, form_id, reason)

    return await submit(
        request, VersionForm, act, shown, notice=_("Cette version est publiée. Les prochains appels la proposent.")
    )


@post("/forms/{form_id:uuid}/discard", opt=STAFF)
async def discard(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Throw a draft away."""
    form = await built_form(request.user, form_id)

    async def act(sent: VersionForm) -> str:
        await discard_draft(form_id, sent.version, by=request.user, at=now())
        return f"/programmes/{form.programme_code}/forms"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await outline(request, form_id, reason)

    return await submit(request, VersionForm, act, shown, notice=_("Le brouillon est jeté. Les versions publiées sont intactes."))


HANDLERS: list[Any] = [
    programmes_page,
    versions_page,
    start,
    start_a_grid,
    difference_page,
    publication_page,
    publication,
    discard,
]
