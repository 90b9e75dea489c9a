"""Pages of a member: the undertaking, my files, the declaration, the file beside the grid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications.queries.files import committee_document
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, page, submit
from incubator.core.policy import SIGNED_IN
from incubator.documents.serving import serve
from incubator.selection import actions
from incubator.selection.forms import AssessmentForm, DeclarationForm, Interest, UndertakingForm
from incubator.selection.queries.assessments import MyAssessment, my_assessment, my_file, radar_points
from incubator.selection.queries.members import assessing_by, file_to_declare, member_of, my_files
from incubator.selection.rules.committees import text_hash, undertaking_text

AnyRequest = Request[Any, Any, Any]


@get("/committees/{committee_id:uuid}", opt=SIGNED_IN)
async def files_page(request: AnyRequest, committee_id: FromPath[UUID]) -> Response[Any]:
    """My files, or the undertaking to sign before any opens (R9)."""
    mine = await my_files(request.user, committee_id, request.query_params.get("after"))
    if not mine.member.is_signed:
        return lead_to(request, f"/committees/{committee_id}/undertaking")
    return page(request, "selection/my_files.html", mine=mine)


@get("/committees/{committee_id:uuid}/undertaking", opt=SIGNED_IN)
async def undertaking_page(request: AnyRequest, committee_id: FromPath[UUID]) -> Response[Any]:
    """The confidentiality undertaking."""
    return await _undertaking(request, committee_id, {}, "")


@post("/committees/{committee_id:uuid}/undertaking", opt=SIGNED_IN)
async def sign_undertaking(request: AnyRequest, committee_id: FromPath[UUID]) -> Response[Any]:
    """Sign it."""

    async def act(form: UndertakingForm) -> str:
        await actions.sign_undertaking(committee_id, form, by=request.user, at=now())
        return f"/committees/{committee_id}"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _undertaking(request, committee_id, errors, reason)

    return await submit(request, UndertakingForm, act, shown, notice=_("Votre engagement est signé. Voici vos dossiers."))


async def _undertaking(request: AnyRequest, committee_id: UUID, errors: dict[str, str], reason: str) -> Response[Any]:
    member = await member_of(request.user, committee_id)
    text = undertaking_text(member.committee_name, member.call_title)
    shown: dict[str, Any] = {"member": member, "text": text, "text_hash": text_hash(text), "errors": errors, "reason": reason}
    return page(request, "selection/undertaking.html", **shown)


@get("/applications/{application_id:uuid}/conflict-declaration", opt=SIGNED_IN)
async def declaration_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Say whether I have an interest in this application, before it opens (R10)."""
    return await _declaration(request, application_id, filled(), {}, "")


@post("/applications/{application_id:uuid}/conflict-declaration", opt=SIGNED_IN)
async def declare(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Declare it; with an interest, back to my other files."""
    committee = (await assessing_by(request.user, application_id)).committee

    async def act(form: DeclarationForm) -> str:
        await actions.declare(application_id, form, by=request.user, at=now())
        if form.interest is Interest.INTEREST:
            return f"/committees/{committee}"
        return f"/applications/{application_id}/assessments/mine"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _declaration(request, application_id, values, errors, reason)

    return await submit(request, DeclarationForm, act, shown, notice=_("Votre déclaration est enregistrée."))


async def _declaration(
    request: AnyRequest, application_id: UUID, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    file = await file_to_declare(request.user, application_id)
    return page(request, "selection/conflict_declaration.html", file=file, values=values, errors=errors, reason=reason)


@get("/applications/{application_id:uuid}/assessments/mine", opt=SIGNED_IN)
async def my_assessment_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """The file beside the grid; before a declaration, the page that asks for it."""
    if (await assessing_by(request.user, application_id)).has_interest is None:
        return lead_to(request, f"/applications/{application_id}/conflict-declaration")
    return await _mine(request, application_id, None, {}, "")


@post("/applications/{application_id:uuid}/assessments/mine", opt=SIGNED_IN)
async def assess(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Save my assessment, or hand it in."""

    async def act(form: AssessmentForm) -> str:
        await actions.assess(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}/assessments/mine"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _mine(request, application_id, values, errors, reason)

    return await submit(request, AssessmentForm, act, shown, notice=_("Votre évaluation est enregistrée."))


@get("/applications/{application_id:uuid}/assessments/mine/documents/{document_id:uuid}", opt=SIGNED_IN)
async def my_document(request: AnyRequest, application_id: FromPath[UUID], document_id: FromPath[UUID]) -> Response[Any]:
    """Download a document of a file that is mine to assess, among those the committee reads (R9, R10, R12)."""
    file = await my_file(request.user, application_id)
    return await serve(request, await committee_document(application_id, file.files, document_id))


async def _mine(
    request: AnyRequest, application_id: UUID, values: Typed | None, errors: dict[str, str], reason: str
) -> Response[Any]:
    mine = await my_assessment(request.user, application_id)
    shown: dict[str, Any] = {"mine": mine, "values": values or _stored(mine), "errors": errors, "reason": reason}
    radar = radar_points(mine.criteria, mine.spread) if mine.spread else []
    return page(request, "selection/my_assessment.html", radar=radar, **shown)


def _stored(mine: MyAssessment) -> Typed:
    marks = {f"scores.{code}": score.mark for code, score in mine.scores.items()}
    comments = {f"comments.{code}": score.comment for code, score in mine.scores.items()}
    return filled(comment=mine.comment, version=mine.version, **marks, **comments)


HANDLERS: list[Any] = [
    files_page,
    undertaking_page,
    sign_undertaking,
    declaration_page,
    declare,
    my_assessment_page,
    assess,
    my_document,
]
