"""The files of a question: sending and removing them without JavaScript, opening them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import queries
from incubator.applications.actions.files import Place, add_file, check_file, place_for, remove_file
from incubator.applications.forms.answers import field_name
from incubator.applications.queries.dossiers import Dossier, StoredAnswer
from incubator.applications.queries.files import document_for
from incubator.applications.rules.files import accepted, file_question, limits_of, limits_words
from incubator.core.clock import now
from incubator.core.errors import Conflict, Failure, Invalid, NotFound, Refused
from incubator.core.language import _
from incubator.core.pages import lead_to, page, submit
from incubator.core.policy import SIGNED_IN, STREAMED
from incubator.documents.actions import prepare
from incubator.documents.forms import Nothing
from incubator.documents.queries import documents_of
from incubator.documents.reception import FORM_MAX, received
from incubator.documents.serving import kept_by, serve

AnyRequest = Request[Any, Any, Any]


@get("/applications/{application_id:uuid}/files/{question_code:str}", opt=SIGNED_IN)
async def files_page(request: AnyRequest, application_id: FromPath[UUID], question_code: FromPath[str]) -> Response[Any]:
    """The files of a question, and a form to add one."""
    return await _files(request, application_id, question_code, None)


@get("/applications/{application_id:uuid}/files/{question_code:str}/list", opt=SIGNED_IN)
async def files_list(request: AnyRequest, application_id: FromPath[UUID], question_code: FromPath[str]) -> Response[Any]:
    """The same files as a fragment, for the page that shows them already."""
    return await _files(request, application_id, question_code, None, template="documents/_file_list.html")


@post("/applications/{application_id:uuid}/files/{question_code:str}", opt=STREAMED, request_max_body_size=FORM_MAX)
async def send_file(request: AnyRequest, application_id: FromPath[UUID], question_code: FromPath[str]) -> Response[Any]:
    """Send a file; it is looked into as soon as it is there."""
    try:
        where = await _receive(request, application_id, question_code)
    except (Invalid, Conflict) as failure:
        return await _files(request, application_id, question_code, failure)
    return lead_to(request, where, _("Le fichier est reçu. Il s’ouvrira une fois vérifié."))


async def _receive(request: AnyRequest, application_id: UUID, code: str) -> str:
    place = await place_for(await queries.dossier_for(request.user, application_id), code, at=now())
    kept = kept_by(request)
    async with received(request, kept, place.limits.size_max) as sent:
        await check_file(place, sent.name, sent.size)
        made = await prepare(kept, sent.file, sent.name)
    try:
        await add_file(application_id, code, made, by=request.user, at=now())
    except Failure:
        await kept.erase(made.key)
        raise
    return f"/applications/{application_id}/files/{code}"


@post("/applications/{application_id:uuid}/files/{question_code:str}/{document_id:uuid}/removal", opt=SIGNED_IN)
async def remove(
    request: AnyRequest, application_id: FromPath[UUID], question_code: FromPath[str], document_id: FromPath[UUID]
) -> Response[Any]:
    """Take a file away."""

    async def act(_form: Nothing) -> str:
        await remove_file(application_id, question_code, document_id, by=request.user, at=now())
        return f"/applications/{application_id}/files/{question_code}"

    async def shown(_values: Any, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _files(request, application_id, question_code, Conflict(reason))

    return await submit(request, Nothing, act, shown, notice=_("Le fichier est retiré."))


@get("/applications/{application_id:uuid}/documents/{document_id:uuid}", opt=SIGNED_IN)
async def open_document(request: AnyRequest, application_id: FromPath[UUID], document_id: FromPath[UUID]) -> Response[Any]:
    """Download a document: for its team, and for staff once it is deposited."""
    return await serve(request, await document_for(request.user, application_id, document_id))


async def _files(
    request: AnyRequest, application_id: UUID, code: str, failure: Failure | None, *, template: str = "applications/files.html"
) -> Response[Any]:
    dossier = await queries.dossier_for(request.user, application_id)
    question = file_question(dossier.definition, code)
    if question is None or not dossier.facts.is_mine:
        raise NotFound
    ids = dossier.stored.get(code, StoredAnswer()).value or []
    documents = await documents_of(application_id, ids=ids) if ids else {}
    place, why_not = await _open(dossier, code)
    errors = failure.errors if isinstance(failure, Invalid) else {}
    limits = limits_of(dossier.definition, question)
    section = next(one for one in dossier.definition.sections if question in one.questions)
    shown = page(
        request, template, facts=dossier.facts, project_id=dossier.facts.project, section=section, question=question,
        files=[documents[one] for one in ids if one in documents], is_full=len(ids) >= limits.files_max, why_not=why_not,
        errors=errors, reason=failure.reason if failure else "", words=limits_words(limits), accepted=accepted(limits),
        can_write=place is not None, version=dossier.stored.get(code, StoredAnswer()).version, field=field_name(code),
    )  # fmt: skip
    shown.status_code = failure.status if failure else 200
    return shown


async def _open(dossier: Dossier, code: str) -> tuple[Place | None, str]:
    """Where a file may be sent now, or why not."""
    try:
        return await place_for(dossier, code, at=now()), ""
    except (Conflict, Refused) as failure:
        return None, failure.reason


HANDLERS: list[Any] = [files_page, files_list, send_file, remove, open_document]
