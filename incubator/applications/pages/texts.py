"""The ready texts of a programme, for its manager."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions
from incubator.applications.forms import TextForm
from incubator.applications.queries.texts import text_for, texts_desk
from incubator.applications.rules.texts import KIND_WORDS
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]


class RemovalForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to say."""


@get("/programmes/{code:str}/texts", opt=STAFF)
async def texts(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Those one can change, those of the house, and a form for one more."""
    return await _texts(request, code, filled(), {}, "")


@post("/programmes/{code:str}/texts", opt=STAFF)
async def add_text(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """One more."""

    async def act(form: TextForm) -> str:
        await actions.add_text(code, form, by=request.user, at=now())
        return f"/programmes/{code}/texts"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _texts(request, code, values, errors, reason)

    return await submit(request, TextForm, act, shown, notice=_("Le texte est prêt à servir."))


async def _texts(request: AnyRequest, code: str, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    desk = await texts_desk(request.user, code)
    return page(
        request, "applications/texts.html", desk=desk, values=values, errors=errors, reason=reason, once=new_once(),
        kinds=[(kind.value, _(words)) for kind, words in KIND_WORDS.items()],
    )  # fmt: skip


@get("/texts/{text_id:uuid}", opt=STAFF)
async def text_page(request: AnyRequest, text_id: FromPath[UUID]) -> Response[Any]:
    """A text to change or to remove."""
    stored = await text_for(request.user, text_id)
    values = filled(kind=stored.kind, title=stored.title, text=stored.text, version=stored.version)
    return await _text(request, text_id, values, {}, "")


@post("/texts/{text_id:uuid}", opt=STAFF)
async def save_text(request: AnyRequest, text_id: FromPath[UUID]) -> Response[Any]:
    """Save it."""

    async def act(form: TextForm) -> str:
        return f"/programmes/{await actions.save_text(text_id, form, by=request.user, at=now())}/texts"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _text(request, text_id, values, errors, reason)

    return await submit(request, TextForm, act, shown, notice=_("C’est enregistré."))


@post("/texts/{text_id:uuid}/removal", opt=STAFF)
async def remove_text(request: AnyRequest, text_id: FromPath[UUID]) -> Response[Any]:
    """It is no longer proposed."""

    async def act(_form: RemovalForm) -> str:
        return f"/programmes/{await actions.remove_text(text_id, by=request.user, at=now())}/texts"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _text(request, text_id, filled(), errors, reason)

    return await submit(request, RemovalForm, act, shown, notice=_("Le texte est retiré. Ce qui a été envoyé reste."))


async def _text(request: AnyRequest, text_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    stored = await text_for(request.user, text_id)
    return page(
        request, "applications/text.html", stored=stored, values=values, errors=errors, reason=reason,
        kinds=[(kind.value, _(words)) for kind, words in KIND_WORDS.items()],
    )  # fmt: skip


HANDLERS: list[Any] = [texts, add_text, text_page, save_text, remove_text]
