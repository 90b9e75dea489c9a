"""Writing answer by answer, for pages that save as one types and for programs."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, post, put
from litestar.params import FromPath, JSONBody, PathParameter

from incubator.applications import actions
from incubator.applications.actions.autosaving import SavedAnswer
from incubator.applications.actions.together import Together
from incubator.applications.forms import AnswerForm, PresenceForm
from incubator.core.clock import now
from incubator.core.policy import SIGNED_IN

AnyRequest = Request[Any, Any, Any]
QuestionPath = Annotated[str, PathParameter(max_length=20, description="Code of the question")]


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


HANDLERS: list[Any] = [save_answer, be_present]
