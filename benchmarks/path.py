"""The whole application, signed in: from creating a project to depositing, by the forms of the pages or by the API."""

from __future__ import annotations

import random
from itertools import count
from typing import Any
from uuid import UUID

import msgspec

from benchmarks.client import post_file, post_form, send
from benchmarks.filling.answers import answers
from benchmarks.lanes import Lane, Once, Wrong
from benchmarks.papers import CV_BYTES, CVS, a_pdf
from benchmarks.visitors import Visitor
from incubator.applications.forms.answers import field_name, stored_fields
from incubator.applications.rules.dossier import value_digest
from incubator.calls.definitions import FormDefinition, Kind, Prefill, Section
from incubator.calls.reference import reference

COMMUNE, COMMUNE_NAME = "37261", "Tours"
PHASE = "pre_incubation"
FORM: FormDefinition = reference().form
PAGE_REQUESTS = 3 + len(FORM.sections)
API_REQUESTS = 7
NAME = "Banc d’essai"
CARD = {Prefill.NAME: NAME, Prefill.COMMUNE: COMMUNE}  # what a draft begins with
BEGUN = {one.code: 1 for one in FORM.questions if one.prefill in CARD}
CV = a_pdf(CV_BYTES)
GIVEN = answers(FORM, random.Random(7), COMMUNE, PHASE)


def apply_by_pages(lane: Lane) -> Once:
    """The forms a team posts, one section after another; each client plays its own people, turn by turn."""
    turns = count()

    async def once() -> int:
        who = _applicant(lane, next(turns))
        begun = await _post(
            lane,
            who,
            f"/calls/{lane.world.call}/apply/new-project",
            [("name", NAME), ("commune", COMMUNE), ("commune_text", COMMUNE_NAME), ("once", _once())],
        )
        application = begun.partition("/sections/")[0]
        for section in FORM.sections:
            await _post(lane, who, f"{application}/sections/{section.code}", _section_fields(section))
        await lane.ask(post_file(f"{application}/files/{CVS}", lane.port, who.cookie, who.token, "CV.pdf", CV), 303)
        await _post(lane, who, f"{application}/deposit", [("once", _once())])
        return 0

    return once


def _applicant(lane: Lane, turn: int) -> Visitor:
    people = lane.visitors.applicants
    return people[(lane.number + 16 * turn) % len(people)]


_keys = count()


def _once() -> str:
    return f"measured-key-{next(_keys)}-{random.getrandbits(64)}"


async def _post(lane: Lane, who: Visitor, path: str, fields: list[tuple[str, str]]) -> str:
    """Post a form; where it leads to. Raises `Wrong` when it is shown again."""
    answer = await lane.ask(post_form(path, lane.port, who.cookie, who.token, fields), 303)
    where = answer.header("location").split("#")[0]
    if not where:
        raise Wrong(f"{path} leads nowhere")
    return where


def _section_fields(section: Section) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for question in section.questions:
        if question.code not in GIVEN:
            continue
        name = field_name(question.code)
        begun = CARD.get(question.prefill)
        fields += [(f"was.{name}", f"{int(begun is not None)}.{value_digest(begun)}")]
        fields += [(one, text) for one, texts in stored_fields(question, GIVEN[question.code]).items() for text in texts]
        if question.kind is Kind.COMMUNE:
            fields.append((f"{name}_text", COMMUNE_NAME))
    return fields


def apply_by_api(lane: Lane) -> Once:
    """The same as a program does it: every answer in one request."""
    turns = count()

    async def once() -> int:
        who, base = _applicant(lane, next(turns)), "/api/v1"
        project = await _send(lane, who, "POST", f"{base}/projects", {"name": NAME, "commune": COMMUNE})
        application = await _send(lane, who, "POST", f"{base}/calls/{lane.world.call}/applications", {"project": project})
        await _send(lane, who, "PUT", f"{base}/applications/{application}/answers", {"answers": GIVEN, "versions": BEGUN})
        await _upload(lane, who, f"{base}/applications/{application}/uploads")
        await _send(lane, who, "POST", f"{base}/applications/{application}/deposit", {})
        return 0

    return once


async def _upload(lane: Lane, who: Visitor, path: str) -> None:
    """A CV: announced, sent, completed."""
    upload = await _send(lane, who, "POST", path, {"question": CVS, "name": "CV.pdf", "size": len(CV)})
    piece = send("PUT", f"{path}/{upload}?offset=0", lane.port, who.cookie, who.token, CV, "application/octet-stream")
    await lane.ask(piece, 200)
    await _send(lane, who, "POST", f"{path}/{upload}/completion", {})


async def _send(lane: Lane, who: Visitor, method: str, path: str, body: Any) -> UUID:
    request = send(method, path, lane.port, who.cookie, who.token, msgspec.json.encode(body))
    answer = await lane.ask(request, 200, 201)
    return UUID(msgspec.json.decode(answer.body)["id"])
