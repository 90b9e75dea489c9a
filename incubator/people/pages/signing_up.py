"""Signing up."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from incubator.core.clock import now
from incubator.core.language import _, language
from incubator.core.pages import Typed, filled, page, submit
from incubator.core.policy import PUBLIC
from incubator.people import actions
from incubator.people.forms import (
    SignUpForm,
)
from incubator.people.pages.peer import AnyRequest, peer


@get("/sign-up", opt=PUBLIC)
async def sign_up_page(request: AnyRequest) -> Response[Any]:
    """The form that creates an account."""
    return await _sign_up(request, filled(next=request.query_params.get("next", "")), {}, "")


@post("/sign-up", opt=PUBLIC)
async def sign_up(request: AnyRequest) -> Response[Any]:
    """Create an account (R1); the same answer whether or not the address was known."""

    async def act(form: SignUpForm) -> str:
        await actions.sign_up(form, language=language.get(), address=peer(request), at=now())
        return "/sign-up/done"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _sign_up(request, values, errors, reason)

    return await submit(request, SignUpForm, act, shown, keyed=False)


async def _sign_up(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/sign_up.html", values=values, errors=errors, reason=reason)


@get("/sign-up/done", opt=PUBLIC)
async def signed_up(request: AnyRequest) -> Response[Any]:
    """Look into your mail."""
    return page(
        request,
        "people/look_into_mail.html",
        lead=_("Nous vous avons écrit : ouvrez le courriel pour confirmer votre adresse. Vous pouvez déjà vous connecter."),
        sign_in=True,
    )


HANDLERS = [sign_up_page, sign_up, signed_up]
