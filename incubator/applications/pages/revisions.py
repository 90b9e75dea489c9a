"""What an answer was before: read again, copied, or taken up again. And the token of a page whose session has changed."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, PathParameter

from incubator.applications import actions, queries
from incubator.applications.actions import Given
from incubator.applications.forms import RestoreForm
from incubator.applications.queries.dossiers import Dossier, StoredAnswer, place_names
from incubator.applications.queries.revisions import Revision, revisions_of
from incubator.applications.rules.dossier import SetAside, located
from incubator.applications.rules.moves import why_not_answer, why_not_write
from incubator.applications.rules.reading import places_in, text_in_words
from incubator.calls.definitions import Question
from incubator.core.clock import now
from incubator.core.errors import NotFound, Refused
from incubator.core.language import _
from incubator.core.pages import Typed, form_token, page, submit
from incubator.core.policy import SIGNED_IN

AnyRequest = Request[Any, Any, Any]
Code = Annotated[str, PathParameter(max_length=20)]


class ShownRevision(msgspec.Struct, frozen=True):
    """A revision in words; `is_now`: it is the answer."""

    version: int
    words: str
    written_at: Any
    by: str
    is_now: bool


@get("/applications/{application_id:uuid}/answers/{question_code:str}/versions", opt=SIGNED_IN)
async def revisions(request: AnyRequest, application_id: FromPath[UUID], question_code: Code) -> Response[Any]:
    """Each revision of an answer, latest first."""
    return await _shown(request, application_id, question_code, "")


@post("/applications/{application_id:uuid}/answers/{question_code:str}/versions", opt=SIGNED_IN)
async def restore(request: AnyRequest, application_id: FromPath[UUID], question_code: Code) -> Response[Any]:
    """Take up again what an answer was; what it is now stays among its revisions."""
    _dossier, question, place = await _found(request, application_id, question_code)

    async def act(form: RestoreForm) -> str:
        past = next((one for one in await revisions_of(application_id, question.code) if one.version == form.revision), None)
        if past is None:
            raise NotFound
        given = {question.code: Given(past.value, form.version)}
        await actions.save_answers(application_id, given, by=request.user, at=now())
        return f"/applications/{application_id}/sections/{place.section}#f-q{question.code.replace('.', '-')}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _shown(request, application_id, question_code, reason or " ".join(_errors.values()))

    return await submit(request, RestoreForm, act, shown, notice=_("C’est de nouveau votre réponse."))


async def _found(request: AnyRequest, application_id: UUID, code: str) -> tuple[Dossier, Question, SetAside]:
    """The dossier of one's team, one of its questions, and where it stands. Raises `NotFound`."""
    dossier = await queries.dossier_for(request.user, application_id)
    place = located(dossier.definition, code)
    if place is None or not dossier.facts.is_mine:
        raise NotFound
    return dossier, next(one for one in dossier.definition.questions if one.code == code), place


async def _shown(request: AnyRequest, application_id: UUID, code: str, reason: str) -> Response[Any]:
    dossier, question, place = await _found(request, application_id, code)
    past, facts = await revisions_of(application_id, code), dossier.facts
    values = [dossier.answers | {code: one.value} for one in past]
    codes = {place for answers in values for place in places_in(dossier.definition, answers)}
    names = await place_names(sorted(codes)) | dossier.phase_names
    stored = dossier.stored.get(code, StoredAnswer())
    why_not = why_not_write(facts, now()) or why_not_answer(facts, code)
    return page(
        request, "applications/revisions.html", facts=facts, project_id=facts.project, question=question, place=place,
        reason=reason, version=stored.version, can_write=facts.can_write and why_not is None,
        revisions=[_shown_revision(question, one, names, stored.version) for one in past],
    )  # fmt: skip


def _shown_revision(question: Question, one: Revision, names: dict[str, str], version: int) -> ShownRevision:
    words = text_in_words(question, one.value, names)
    return ShownRevision(one.version, words, one.written_at, one.by, one.version == version)


class FormToken(msgspec.Struct, frozen=True):
    """What proves that a form comes from a page of ours, for this session; and whose session it is."""

    token: str
    person: UUID


@get("/form-token", opt=SIGNED_IN)
async def token(request: AnyRequest) -> FormToken:
    """For a page left open whose person has signed in again in another tab; never for another site."""
    if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
        raise Refused(_("Cette demande vient d’un autre site."))
    return FormToken(form_token(request), request.user.id)


HANDLERS: list[Any] = [revisions, restore, token]
