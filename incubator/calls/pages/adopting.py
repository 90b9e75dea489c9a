"""A call takes a newer form or grid: what would change for the teams, then the button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls.actions.adopting import adopt_form, adopt_grid
from incubator.calls.building_forms import AdoptionForm
from incubator.calls.pages.managing import managed_call
from incubator.calls.queries import CallAnswer, form_of, form_version, grid_definition, grid_version
from incubator.calls.queries.building import BuiltLine, built_forms, built_grids
from incubator.calls.rules.adopting import why_not_adopt
from incubator.calls.rules.difference import Change, form_difference, grid_difference, summary
from incubator.calls.rules.telling import ToldChange, both_questions, told
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]


class Newer(msgspec.Struct, frozen=True):
    """The latest published version after the one a call uses, and what it changes."""

    id: UUID
    number: int
    summary: str
    changes: list[ToldChange]


@get("/calls/{code:str}/adoption", opt=STAFF)
async def adoption_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """What a newer form or grid would change."""
    return await _shown(request, code, "")


async def _shown(request: AnyRequest, code: str, reason: str) -> Response[Any]:
    call = await managed_call(request, code)
    return page(
        request,
        "calls/build/adoption.html",
        call=call,
        reason=reason,
        why_not=why_not_adopt(call.facts, now()),
        form_newer=await _newer_form(call),
        grid_newer=await _newer_grid(call),
    )


async def _newer_form(call: CallAnswer) -> Newer | None:
    latest = _latest(await built_forms(call.programme), call.form_number)
    if latest is None:
        return None
    before, after = await form_of(call.form), (await form_version(latest.id)).definition
    return _newer(latest, form_difference(before, after), told(form_difference(before, after), both_questions(before, after)))


async def _newer_grid(call: CallAnswer) -> Newer | None:
    latest = _latest(await built_grids(call.programme), call.grid_number)
    if latest is None:
        return None
    before, after = grid_definition(await grid_version(call.grid)), grid_definition(await grid_version(latest.id))
    changes = grid_difference(before, after)
    return _newer(latest, changes, told(changes, {}))


def _latest(lines: Sequence[BuiltLine], number: int) -> BuiltLine | None:
    return next((line for line in lines if line.published_at and line.number > number), None)


def _newer(line: BuiltLine, changes: Sequence[Change], words: list[ToldChange]) -> Newer:
    return Newer(line.id, line.number, summary(changes), words)


@post("/calls/{code:str}/form", opt=STAFF)
async def adopt_form_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The call asks what a newer form asks."""

    async def act(form: AdoptionForm) -> str:
        await adopt_form(code, form.version, by=request.user, at=now())
        return f"/calls/{code}"

    notice = _(
        "L’appel utilise le nouveau formulaire. Les brouillons gardent le leur jusqu’à ce que leur équipe le mette à jour."
    )
    return await submit(request, AdoptionForm, act, _again(request, code), notice=notice)


@post("/calls/{code:str}/grid", opt=STAFF)
async def adopt_grid_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The call is read by a newer grid."""

    async def act(form: AdoptionForm) -> str:
        await adopt_grid(code, form.version, by=request.user, at=now())
        return f"/calls/{code}"

    return await submit(request, AdoptionForm, act, _again(request, code), notice=_("L’appel utilise la nouvelle grille."))


def _again(request: AnyRequest, code: str) -> Any:
    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _shown(request, code, " ".join([reason, *errors.values()]).strip())

    return shown


HANDLERS: list[Any] = [adoption_page, adopt_form_page, adopt_grid_page]
