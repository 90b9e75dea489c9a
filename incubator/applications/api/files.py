"""The files of a dossier for programs: in pieces that go on after a cut, then one document."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from incubator.applications import queries
from incubator.applications.actions.files import add_file, place_for, remove_file, start_file
from incubator.applications.queries.files import document_for
from incubator.core.api import create
from incubator.core.clock import now
from incubator.core.errors import Failure
from incubator.core.policy import SIGNED_IN
from incubator.documents.actions import add_piece, assemble, cancel_upload, prepare
from incubator.documents.actions.uploads import view_of
from incubator.documents.forms import UploadForm
from incubator.documents.queries import DocumentView, UploadView, documents_of, upload_of
from incubator.documents.reception import received_piece
from incubator.documents.rules import PIECE_MAX
from incubator.documents.serving import kept_by

AnyRequest = Request[Any, Any, Any]
Offset = Annotated[int, QueryParameter(ge=0, le=1_000_000_000, description="How many bytes were received before this piece")]
QuestionPath = Annotated[str, PathParameter(max_length=20, description="Code of the question")]
TAGS = ["documents"]
ONE = "/api/v1/applications/{application_id:uuid}"


class Documents(msgspec.Struct, frozen=True):
    """The documents of a dossier, oldest first."""

    items: list[DocumentView]


@get(f"{ONE}/documents", opt=SIGNED_IN, summary="The files of a dossier", tags=TAGS, operation_id="listDocuments")
async def list_documents(request: AnyRequest, application_id: FromPath[UUID]) -> Documents:
    """The files the answers of one's dossier name, and where each is: waiting for the scanner, clean, or put aside."""
    dossier = await queries.dossier_for(request.user, application_id)
    seen = {str(one) for value in dossier.answers.values() if isinstance(value, list) for one in value if isinstance(one, str)}
    found = await documents_of(application_id)
    return Documents([one for code, one in found.items() if code in seen])


@get(
    f"{ONE}/documents/{{document_id:uuid}}", opt=SIGNED_IN, summary="A file of a dossier", tags=TAGS, operation_id="readDocument"
)
async def read_document(request: AnyRequest, application_id: FromPath[UUID], document_id: FromPath[UUID]) -> DocumentView:
    """Its name, size, SHA-256 and state; its bytes are at `/applications/{application_id}/documents/{document_id}`."""
    return await document_for(request.user, application_id, document_id)


@post(f"{ONE}/uploads", opt=SIGNED_IN, status_code=201, summary="Start sending a file", tags=TAGS, operation_id="startUpload")
async def start(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[UploadForm]) -> Response[UploadView]:
    """Announce a file: its question, name and size. Refused at once when it would not be taken."""
    return await create(request, lambda: start_file(application_id, data, by=request.user, at=now()))


@get(f"{ONE}/uploads/{{upload_id:uuid}}", opt=SIGNED_IN, summary="How much arrived", tags=TAGS, operation_id="readUpload")
async def read_upload(request: AnyRequest, application_id: FromPath[UUID], upload_id: FromPath[UUID]) -> UploadView:
    """After a cut: send what follows the byte at `received`."""
    return view_of(await upload_of(application_id, upload_id, by=request.user.id, at=now()))


@put(
    f"{ONE}/uploads/{{upload_id:uuid}}",
    opt=SIGNED_IN,
    summary="Send a piece",
    tags=TAGS,
    operation_id="sendPiece",
    request_max_body_size=PIECE_MAX + 1,
)
async def send_piece(
    request: AnyRequest, application_id: FromPath[UUID], upload_id: FromPath[UUID], offset: Offset
) -> UploadView:
    """The bytes that follow the first `offset`, as the body (`application/octet-stream`); 409 when others came first."""
    upload = await upload_of(application_id, upload_id, by=request.user.id, at=now())
    return await add_piece(kept_by(request), upload, offset, await received_piece(request))


@post(
    f"{ONE}/uploads/{{upload_id:uuid}}/completion",
    opt=SIGNED_IN,
    status_code=200,
    summary="Finish sending a file",
    tags=TAGS,
    operation_id="finishUpload",
)
async def finish(request: AnyRequest, application_id: FromPath[UUID], upload_id: FromPath[UUID]) -> DocumentView:
    """Look into the file and make it part of the answer. Finishing twice gives the same document."""
    upload = await upload_of(application_id, upload_id, by=request.user.id, at=now())
    document = upload.document
    if document is None:
        await place_for(await queries.dossier_for(request.user, application_id), upload.place, at=now())
        kept = kept_by(request)
        async with assemble(kept, upload) as file:
            made = await prepare(kept, file, upload.name)
        try:
            document = await add_file(application_id, upload.place, made, upload, by=request.user, at=now())
        except Failure:
            await kept.erase(made.key)
            raise
    return await document_for(request.user, application_id, document)


@delete(f"{ONE}/uploads/{{upload_id:uuid}}", opt=SIGNED_IN, summary="Cancel an upload", tags=TAGS, operation_id="cancelUpload")
async def cancel(request: AnyRequest, application_id: FromPath[UUID], upload_id: FromPath[UUID]) -> None:
    """What came of it is erased."""
    await cancel_upload(kept_by(request), await upload_of(application_id, upload_id, by=request.user.id, at=now()))


@delete(
    f"{ONE}/files/{{question:str}}/{{document_id:uuid}}",
    opt=SIGNED_IN,
    summary="Remove a file",
    tags=TAGS,
    operation_id="removeFile",
)
async def remove(
    request: AnyRequest, application_id: FromPath[UUID], question: QuestionPath, document_id: FromPath[UUID]
) -> None:
    """Take a file out of the answer; what was deposited stays with its deposit."""
    await remove_file(application_id, question, document_id, by=request.user, at=now())


HANDLERS: list[Any] = [list_documents, read_document, start, read_upload, send_piece, finish, cancel, remove]
