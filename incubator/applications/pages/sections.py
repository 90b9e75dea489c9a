"""One section of the form: shown, saved as a draft, shown again with what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions, queries
from incubator.applications.actions import Given
from incubator.applications.forms.answers import Fields, Wrong, field_name, read_answers, sent_answer, sent_fields
from incubator.applications.pages.fields import Shown, field_errors, question_fields
from incubator.applications.queries.dossiers import Dossier, place_names
from incubator.applications.rules.dossier import kept_answers, missing, progress, value_digest
from incubator.applications.rules.moves import why_not_answer, why_not_write
from incubator.applications.rules.reading import communes_in
from incubator.calls.definitions import Kind, Question, Section
from incubator.calls.rules import is_asked
from incubator.core.clock import now
from incubator.core.errors import Conflict, Invalid, NotFound, Stale
from incubator.core.language import _
from incubator.core.pages import lead_to, page, sent_form
from incubator.core.policy import SIGNED_IN
from incubator.territory.queries import FoundCommune, meant_commune

AnyRequest = Request[Any, Any, Any]
OURS = frozenset({"csrf", "then"})


@get("/applications/{application_id:uuid}/sections/{section_code:str}", opt=SIGNED_IN)
async def section_page(request: AnyRequest, application_id: FromPath[UUID], section_code: FromPath[str]) -> Response[Any]:
    """The questions of a section, for the team."""
    dossier, section = await _found(request, application_id, section_code)
    return await _shown(request, dossier, section, Shown(), "")


async def _found(request: AnyRequest, application_id: UUID, section_code: str) -> tuple[Dossier, Section]:
    """The dossier and the section, for the team alone. Raises `NotFound`."""
    dossier = await queries.dossier_for(request.user, application_id)
    section = dossier.definition.section(section_code)
    if section is None or not dossier.facts.is_mine:
        raise NotFound
    return dossier, section


@post("/applications/{application_id:uuid}/sections/{section_code:str}", opt=SIGNED_IN)
async def save_section(request: AnyRequest, application_id: FromPath[UUID], section_code: FromPath[str]) -> Response[Any]:
    """Save what changed in a section; an incomplete answer is fine, one that cannot be taken is shown again."""
    dossier, section = await _found(request, application_id, section_code)
    sent = await sent_form(request)
    communes: dict[str, list[FoundCommune]] = {}
    try:
        given, values = await _given(dossier, section, sent, communes)
        saved = await actions.save_answers(application_id, given, by=request.user, at=now())
    except (Invalid, Conflict) as failure:
        dossier = await queries.dossier_for(request.user, application_id)
        response = await _shown(request, dossier, section, Shown(sent, _told(failure), communes), failure.reason)
        response.status_code = failure.status
        return response
    where = _next(dossier, section, sent, saved, dossier.answers | {code: values[code] for code in given})
    return lead_to(request, where, _("C’est enregistré.") if saved else "")


def _told(failure: Invalid | Conflict) -> dict[str, str]:
    """Sentences by place; what someone else saved is one of them (B07)."""
    if isinstance(failure, Invalid):
        return failure.errors
    if isinstance(failure, Stale):
        return {code: _("Texte enregistré entre-temps : {text}").format(text=text) for code, text in failure.theirs.items()}
    return {}


async def _given(
    dossier: Dossier, section: Section, sent: Fields, communes: dict[str, list[FoundCommune]]
) -> tuple[dict[str, Given], dict[str, Any]]:
    """The answers of a page that differ from what it showed, and its values. Raises `Invalid` with every place that is wrong."""
    questions = _on_page(section, sent)
    raw: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for question in questions:
        try:
            raw[question.code] = sent_answer(question, sent)
        except Wrong as wrong:
            errors[question.code] = wrong.errors[""]
    errors |= await _pick_communes(questions, sent, raw, communes)
    values, wrongs = read_answers({one.code: one for one in questions}, raw, dossier.phase_names)
    if errors := wrongs | errors:
        raise Invalid(errors)
    kept = kept_answers(dossier.definition, dossier.answers | values)
    given = {
        one.code: Given(raw[one.code], _version(sent, one))
        for one in questions
        if is_asked(one, kept) and _changed(sent, one, values[one.code]) and not why_not_answer(dossier.facts, one.code)
    }
    return given, values


def _on_page(section: Section, sent: Fields) -> list[Question]:
    """The questions the page showed as fields. Raises `Invalid` for a field of no question of this section."""
    questions = [one for one in section.questions if f"was.{field_name(one.code)}" in sent]
    known = OURS.union(*(sent_fields(one) for one in questions)) if questions else OURS
    if set(sent) - known:
        raise Invalid({}, _("Cette page a changé depuis que vous l’avez ouverte. Vérifiez vos réponses et renvoyez-les."))
    return questions


async def _pick_communes(
    questions: Iterable[Question], sent: Fields, raw: dict[str, Any], communes: dict[str, list[FoundCommune]]
) -> dict[str, str]:
    """Read each commune's picker into `raw`; where it is not clear, a sentence, and in `communes` what to choose from."""
    errors = {}
    for question in questions:
        if question.kind is not Kind.COMMUNE or question.code not in raw:
            continue
        text = sent.get(f"{field_name(question.code)}_text", [""])[0]
        meant = await meant_commune(raw[question.code], text)
        raw[question.code] = meant.code
        if meant.code is None and text.strip():
            communes[question.code] = meant.options
            errors[question.code] = (
                _("Plusieurs communes correspondent : choisissez la vôtre.")
                if meant.options
                else _("Aucune commune ne correspond. Essayez une partie du nom, ou le code postal.")
            )
    return errors


def _was(sent: Fields, question: Question) -> tuple[str, str]:
    version, _dot, digest = sent[f"was.{field_name(question.code)}"][0].partition(".")
    return version, digest


def _version(sent: Fields, question: Question) -> int:
    version, _digest = _was(sent, question)
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0


def _changed(sent: Fields, question: Question, value: Any) -> bool:
    return value_digest(value) != _was(sent, question)[1]


def _next(dossier: Dossier, section: Section, sent: Fields, saved: list[str], answers: Mapping[str, Any]) -> str:
    """Where to go on: to questions that the answers have just opened, to the same page, else to the next section."""
    base = f"/applications/{dossier.facts.id}"
    here = f"{base}/sections/{section.code}"
    then = sent.get("then", ["next"])[0]
    kept = kept_answers(dossier.definition, answers)
    shown = {one.code for one in _on_page(section, sent)}
    opened = [one for one in section.questions if one.code not in shown and is_asked(one, kept)]
    if opened and saved:
        return f"{here}#f-{field_name(opened[0].code)}"
    if then.startswith("row.") and then[4:] in shown:
        rows = len(answers.get(then[4:]) or [])
        question = next(one for one in section.questions if one.code == then[4:])
        row = min(rows, question.rows_max - 1)
        return f"{here}#f-{field_name(question.code)}_{row}_{question.columns[0].code}"
    if then == "stay":
        return here
    codes = [one.code for one in dossier.definition.sections]
    following = codes.index(section.code) + 1
    return f"{base}/sections/{codes[following]}" if then == "next" and following < len(codes) else base


async def _shown(request: AnyRequest, dossier: Dossier, section: Section, shown: Shown, reason: str) -> Response[Any]:
    facts, at = dossier.facts, now()
    names = await place_names(communes_in(dossier.definition, dossier.answers)) | dossier.phase_names
    sections = progress(dossier.definition, dossier.answers)
    codes = [one.code for one in sections]
    place = codes.index(section.code)
    why_not = why_not_write(facts, at)
    return page(
        request,
        "applications/section.html",
        facts=facts,
        project_id=facts.project,
        section=section,
        sections=sections,
        place=place,
        is_last=place == len(codes) - 1,
        fields=question_fields(section, dossier, names, shown, read_only=why_not is not None),
        errors=field_errors(shown.errors, {one.code for one in section.questions}),
        reason=reason,
        why_not=why_not,
        missing_count=len(missing(dossier.definition, dossier.answers)),
    )


HANDLERS: list[Any] = [section_page, save_section]
