"""Writing answer by answer, for pages that save as one types and for programs."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath, JSONBody, PathParameter

from incubator.applications import actions, queries
from incubator.applications.actions.autosaving import SavedAnswer
from incubator.applications.actions.together import Together
from incubator.applications.forms import AnswerForm, ImportForm, PresenceForm, RebaseForm
from incubator.applications.queries.revisions import Revision, revisions_of
from incubator.applications.rules.carrying import Carrying
from incubator.applications.rules.dossier import located
from incubator.core.api import create
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.policy import SIGNED_IN

AnyRequest = Request[Any, Any, Any]
QuestionPath = Annotated[str, PathParameter(max_length=20, description="Code of the question")]


class Revisions(msgspec.Struct, frozen=True):
    """What an answer was, latest first."""

    items: list[Revision]


class Imported(msgspec.Struct, frozen=True):
    """The questions that were answered."""

    questions: list[str]


@put(
    "/api/v1/applications/{application_id:uuid}/answers/{question:str}",
    opt=SIGNED_IN,
    summary="Write one answer",
    tags=["applications"],
    operation_id="saveAnswer",
)
async def save_answer(
    request: AnyRequest, application_id: FromPath[UUID], question: QuestionPath, data: JSONBody[AnswerForm]
) -> SavedAnswer:
    """Write one answer over the version read; 409 with the words of whoever wrote meanwhile. A retry writes nothing twice."""
    return await actions.save_answer(application_id, question, data, by=request.user, at=now())


@post(
    "/api/v1/applications/{application_id:uuid}/presence",
    opt=SIGNED_IN,
    status_code=200,
    summary="Be present",
    tags=["applications"],
    operation_id="bePresent",
)
async def be_present(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[PresenceForm]) -> Together:
    """Say in which section one is; who else of the team is there, and which of these answers they have changed."""
    return await actions.be_present(application_id, data, by=request.user, at=now())


@get(
    "/api/v1/applications/{application_id:uuid}/answers/{question:str}/versions",
    opt=SIGNED_IN,
    summary="What an answer was",
    tags=["applications"],
    operation_id="listRevisions",
)
async def revisions(request: AnyRequest, application_id: FromPath[UUID], question: QuestionPath) -> Revisions:
    """Each revision of an answer, latest first: what one person wrote in a row, and when."""
    dossier = await queries.dossier_for(request.user, application_id)
    if not dossier.facts.is_mine or located(dossier.definition, question) is None:
        raise NotFound
    return Revisions(await revisions_of(application_id, question))


@put(
    "/api/v1/applications/{application_id:uuid}/form",
    opt=SIGNED_IN,
    summary="Move onto the call's form",
    tags=["applications"],
    operation_id="rebaseApplication",
)
async def rebase(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[RebaseForm]) -> Carrying:
    """Put a draft on the form its call asks for now: what was carried, converted, left, and what is asked anew."""
    return await actions.rebase(application_id, data, by=request.user, at=now())


@post(
    "/api/v1/applications/{application_id:uuid}/imported-answers",
    opt=SIGNED_IN,
    status_code=201,
    summary="Take up a former application",
    tags=["applications"],
    operation_id="importAnswers",
)
async def import_answers(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[ImportForm]) -> Response[Imported]:
    """Write in a draft the answers of another of one's applications that fit (R8); the codes of the questions answered."""

    async def act() -> Imported:
        return Imported(await actions.import_answers(application_id, data, by=request.user, at=now()))

    return await create(request, act)


HANDLERS: list[Any] = [save_answer, be_present, revisions, rebase, import_answers]
