"""Taking answers along: onto a newer version of the form, or from another of one's applications."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions, queries
from incubator.applications.actions.importing import importing_from
from incubator.applications.actions.rebasing import carrying_of
from incubator.applications.forms import ImportForm, RebaseForm
from incubator.applications.queries.dossiers import Dossier, place_names
from incubator.applications.queries.sources import sources_for
from incubator.applications.rules.carrying import Left
from incubator.applications.rules.moves import why_not_import, why_not_rebase
from incubator.applications.rules.reading import places_in, text_in_words
from incubator.calls.definitions import FormDefinition
from incubator.calls.queries import form_of, form_version
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.language import _, ngettext
from incubator.core.pages import Typed, lead_to, new_once, page, submit
from incubator.core.policy import SIGNED_IN

AnyRequest = Request[Any, Any, Any]


async def _mine(request: AnyRequest, application_id: UUID) -> Dossier:
    """A dossier of one's team. Raises `NotFound`."""
    dossier = await queries.dossier_for(request.user, application_id)
    if not dossier.facts.is_mine:
        raise NotFound
    return dossier


@get("/applications/{application_id:uuid}/form", opt=SIGNED_IN)
async def rebase_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """What a newer version of the form changes in the dossier."""
    return await _rebase(request, application_id, "")


@post("/applications/{application_id:uuid}/form", opt=SIGNED_IN)
async def rebase(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Move the draft onto it."""

    async def act(form: RebaseForm) -> str:
        await actions.rebase(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _rebase(request, application_id, reason)

    return await submit(request, RebaseForm, act, shown, notice=_("Votre dossier suit maintenant le nouveau formulaire."))


async def _rebase(request: AnyRequest, application_id: UUID, reason: str) -> Response[Any]:
    dossier = await _mine(request, application_id)
    facts = dossier.facts
    if facts.call_form in (None, facts.form):
        return lead_to(request, f"/applications/{application_id}")
    carrying = await carrying_of(dossier)
    why_not = why_not_rebase(facts, now()) or (None if facts.can_write else actions.why_reader_only(dossier))
    return page(
        request, "applications/rebase.html", facts=facts, project_id=facts.project, reason=reason, why_not=why_not,
        version=await form_version(facts.call_form), carrying=carrying, once=new_once(),
        left=await _left_in_words(dossier.definition, carrying.left, dossier),
    )  # fmt: skip


async def _left_in_words(definition: FormDefinition, left: list[Left], dossier: Dossier) -> list[tuple[str, str, str]]:
    """Label, why, and the answer in words."""
    values = {one.question: one.value for one in left}
    names = await place_names(places_in(definition, values)) | dossier.phase_names
    questions = {one.code: one for one in definition.questions}
    return [(one.label, one.why, text_in_words(questions[one.question], one.value, names)) for one in left]


@get("/applications/{application_id:uuid}/import", opt=SIGNED_IN)
async def import_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """One's other applications; then what the chosen one brings, and what of it no longer fits."""
    return await _import(request, application_id, request.query_params.get("source", ""), "")


@post("/applications/{application_id:uuid}/import", opt=SIGNED_IN)
async def import_answers(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Take up what fits."""
    chosen: list[str] = []
    taken: list[list[str]] = []

    async def act(form: ImportForm) -> str:
        chosen.append(str(form.source))
        taken.append(await actions.import_answers(application_id, form, by=request.user, at=now()))
        return f"/applications/{application_id}"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _import(request, application_id, chosen[0] if chosen else "", reason or " ".join(errors.values()))

    response = await submit(request, ImportForm, act, shown)
    if not taken:  # refused, or done already under the same key
        return response
    count = len(taken[0])
    told = ngettext("{count} réponse est reprise.", "{count} réponses sont reprises.", count).format(count=count)
    return lead_to(request, f"/applications/{application_id}", _("{told} Relisez-les : c’est un brouillon.").format(told=told))


async def _import(request: AnyRequest, application_id: UUID, source: str, reason: str) -> Response[Any]:
    dossier = await _mine(request, application_id)
    facts = dossier.facts
    sources = await sources_for(request.user, facts)
    chosen = next((one for one in sources if str(one.id) == source), None)
    importing = await importing_from(chosen.id, dossier, by=request.user) if chosen else None
    why_not = why_not_import(facts, now()) or (None if facts.can_write else actions.why_reader_only(dossier))
    left = await _left_in_words(await form_of(chosen.form), importing.carrying.left, dossier) if chosen and importing else []
    return page(
        request, "applications/import.html", facts=facts, project_id=facts.project, reason=reason, why_not=why_not,
        sources=sources, importing=importing, left=left, once=new_once(),
    )  # fmt: skip


HANDLERS: list[Any] = [rebase_page, rebase, import_page, import_answers]
