"""What is kept about me: to read, to take away, to ask about; and how long anything is kept, for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromQuery

from incubator.core.clock import local_date, now
from incubator.core.language import _, language
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import OWN, PUBLIC, need_proof
from incubator.core.templates import render
from incubator.core.words import date_words, instant_words
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.privacy.actions.requests import ask
from incubator.privacy.forms import RequestForm
from incubator.privacy.queries.cases import own_requests
from incubator.privacy.queries.own import OwnData, own_data, questions_asked
from incubator.privacy.rules.keeping import LIVES
from incubator.privacy.rules.requests import KIND_WORDS, STATE_WORDS
from incubator.privacy.rules.words import COLUMN_WORDS
from incubator.privacy.tables import RequestKind

AnyRequest = Request[Any, Any, Any]
INSTANTS, DAYS = ("at", "answer_by"), ("forget_after",)


@get("/privacy", opt=PUBLIC)
async def privacy(request: AnyRequest) -> Response[Any]:
    """What is kept, how long, why, and what one may ask."""
    return page(request, "privacy/privacy.html", lives=list(LIVES.values()))


@get("/data", opt=OWN)
async def data(request: AnyRequest) -> Response[Any]:
    """Everything kept about me, part by part, and my requests."""
    return page(
        request, "privacy/data.html", own=await own_data(request.user, at=now()), requests=await own_requests(request.user),
        kinds=KIND_WORDS, states=STATE_WORDS, lines=await _lines(request.user),
    )  # fmt: skip


@get("/data/export.json", opt=OWN)
async def export_json(request: AnyRequest) -> Response[Any]:
    """Everything kept about me, for a program."""
    return await _export(request, "json", lambda own: msgspec.json.format(msgspec.json.encode(own), indent=2))


@get("/data/export.html", opt=OWN)
async def export_html(request: AnyRequest) -> Response[Any]:
    """Everything kept about me, in one file a person can read anywhere."""
    said = {"lang": language.get(), "lines": await _lines(request.user)}
    return await _export(request, "html", lambda own: render("privacy/export.html", {"own": own, **said}).encode())


async def _export(request: AnyRequest, kind: str, write: Callable[[OwnData], bytes]) -> Response[Any]:
    need_proof(request, "/data")
    at = now()
    content = write(await own_data(request.user, at=at))
    await record("data.exported", request.user.id, by=request.user.id, at=at, data={"as": kind})
    name = f"mes-donnees-{local_date(at).isoformat()}.{kind}"
    media = {"json": "application/json; charset=utf-8", "html": "text/html; charset=utf-8"}[kind]
    return Response(content, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'})


async def _lines(me: Person) -> Callable[[dict[str, Any]], list[tuple[str, str]]]:
    return partial(lines, questions=await questions_asked(me))


def lines(record: dict[str, Any], questions: dict[str, str]) -> list[tuple[str, str]]:
    """What each piece of a record is called and says, in words; nothing of what is empty. `questions` by file and code."""
    asked = questions.get(f"{record.get('application')} {record.get('question')}")
    told = {name: shown(name, value) for name, value in record.items() if value is not None and value != ""}
    if asked:
        told["question"] += f" · {asked}"
    return [(_(COLUMN_WORDS[name]), text) for name, text in told.items()]


def shown(name: str, value: Any) -> str:
    """A value as one reads it: an instant in Paris, lists and objects as text."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if not isinstance(value, str):
        return msgspec.json.encode(value).decode()
    if name in INSTANTS or name.endswith("_at"):
        return instant_words(datetime.fromisoformat(value))
    return date_words(date.fromisoformat(value)) if name in DAYS or name.endswith("_on") else value


@get("/data/requests/new", opt=OWN)
async def request_page(request: AnyRequest, kind: FromQuery[str] = "") -> Response[Any]:
    """Ask something about one's data."""
    return await _request(request, filled(kind=kind if kind in KIND_WORDS else RequestKind.ERASURE.value), {}, "")


@post("/data/requests/new", opt=OWN)
async def new_request(request: AnyRequest) -> Response[Any]:
    """Open a case; it is answered within a month."""

    async def act(form: RequestForm) -> str:
        await ask(form, by=request.user, at=now())
        return "/data#requests"

    async def again(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _request(request, values, errors, reason)

    return await submit(request, RequestForm, act, again, notice=_("Votre demande est enregistrée. Réponse sous un mois."))


async def _request(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "privacy/request.html", values=values, errors=errors, reason=reason, kinds=KIND_WORDS, once=new_once())


HANDLERS = [privacy, data, export_json, export_html, request_page, new_request]
