"""One section of the form: shown, saved as a draft, shown again with what was typed beside what someone else saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions, queries
from incubator.applications.forms.answers import Fields, field_name
from incubator.applications.pages.fields import Shown, field_errors, question_fields
from incubator.applications.pages.sending import ReadPage, given_answers, place_after, read_page, touched, without
from incubator.applications.queries.dossiers import Dossier, place_names
from incubator.applications.queries.files import section_files
from incubator.applications.rules.dossier import missing, progress, set_aside
from incubator.applications.rules.moves import why_not_write
from incubator.applications.rules.reading import places_in
from incubator.applications.rules.remarks import remarks
from incubator.calls.definitions import Section
from incubator.core.clock import local_date, now
from incubator.core.errors import Conflict, Failure, Invalid, NotFound, Stale
from incubator.core.language import _, ngettext
from incubator.core.pages import lead_to, page, sent_form
from incubator.core.policy import SIGNED_IN

AnyRequest = Request[Any, Any, Any]


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
    sent = _chosen(section, await sent_form(request))
    read = None
    try:
        read = await read_page(dossier, section, sent)
        given = given_answers(dossier, read, sent)
        saved = await actions.save_answers(application_id, given, by=request.user, at=now())
    except (Invalid, Conflict) as failure:
        return await _shown_again(request, application_id, section, sent, read, failure)
    answers = dossier.answers | {code: read.values[code] for code in given}
    return lead_to(request, place_after(dossier, section, sent, saved, answers), _told(dossier, answers, saved))


def _chosen(section: Section, sent: dict[str, list[str]]) -> Fields:
    """What was sent, without the answer for which a colleague's text was chosen (B07)."""
    then = sent.get("then", [""])[0]
    left = next((one for one in section.questions if then == f"theirs.{one.code}"), None)
    return without(sent, left) if left else sent


async def _shown_again(
    request: AnyRequest, application_id: UUID, section: Section, sent: Fields, read: ReadPage | None, failure: Failure
) -> Response[Any]:
    """What was typed, over what is stored by now: an answer left untouched is the one a colleague may have written meanwhile."""
    dossier = await queries.dossier_for(request.user, application_id)
    shown = Shown(
        touched(read, sent) if read else sent,
        failure.errors if isinstance(failure, Invalid) else {},
        read.options if read else {},
        failure.theirs if isinstance(failure, Stale) else {},
    )
    response = await _shown(request, dossier, section, shown, failure.reason)
    response.status_code = failure.status
    return response


def _told(dossier: Dossier, answers: dict[str, Any], saved: list[str]) -> str:
    """That it is saved; and how many answers have just been set aside, so that none is lost unseen."""
    if not saved:
        return ""
    before = {one.question for one in set_aside(dossier.definition, dossier.answers)}
    aside = [one for one in set_aside(dossier.definition, answers) if one.question not in before]
    if not aside:
        return _("C’est enregistré.")
    return ngettext(
        "C’est enregistré. Une réponse est mise de côté, car sa question n’est plus posée : « {label} ».",
        "C’est enregistré. {count} réponses sont mises de côté, car leurs questions ne sont plus posées.",
        len(aside),
    ).format(count=len(aside), label=aside[0].label)


async def _shown(request: AnyRequest, dossier: Dossier, section: Section, shown: Shown, reason: str) -> Response[Any]:
    facts, at = dossier.facts, now()
    names = await place_names(places_in(dossier.definition, dossier.answers)) | dossier.phase_names
    sections = progress(dossier.definition, dossier.answers)
    codes = [one.code for one in sections]
    place = codes.index(section.code)
    until = facts.complement_due_at or facts.writes_until
    why_not = why_not_write(facts, at) or (None if facts.can_write else actions.why_reader_only(dossier))
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
        aside=[one for one in set_aside(dossier.definition, dossier.answers) if one.section == section.code],
        section_files=await section_files(dossier, section),
        remarks=remarks(dossier.definition, dossier.answers),
        errors=field_errors(shown.errors, {one.code for one in section.questions}),
        disputed={field_name(code): reason for code in shown.theirs},
        reason=reason,
        why_not=why_not,
        missing_count=len(missing(dossier.definition, dossier.answers)),
        until=until,
        until_day=local_date(until),
    )


HANDLERS: list[Any] = [section_page, save_section]
