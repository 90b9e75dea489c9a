"""The second proof, when signing in or to say again who one is before something that matters."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from incubator.core.clock import now
from incubator.core.pages import Typed, filled, page, safe_next, settings_of, submit
from incubator.core.policy import OWN, SECOND_PROOF
from incubator.people import actions
from incubator.people.forms import CodeForm, CredentialForm, IdentityForm
from incubator.people.pages.peer import AnyRequest, opened_of, site_of, turn_to, with_session
from incubator.people.queries import own_security


@get("/second-factor", opt=SECOND_PROOF)
async def second_factor_page(request: AnyRequest) -> Response[Any]:
    """A code of the application, a recovery code, or a passkey."""
    return await _second_factor(request, filled(next=request.query_params.get("next", "")), {}, "")


@post("/second-factor", opt=SECOND_PROOF)
async def second_factor(request: AnyRequest) -> Response[Any]:
    """Give a code, and go on."""
    renewed: list[str] = []

    async def act(form: CodeForm) -> str:
        key = settings_of(request).secret_key
        opened = opened_of(request)
        secret = await actions.give_second_proof(form.code, opened=opened, by=request.user, key=key, at=now())
        renewed.append(turn_to(request, secret))
        return safe_next(form.next)

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _second_factor(request, values, errors, reason)

    response = await submit(request, CodeForm, act, shown, keyed=False)
    return with_session(request, response, renewed[0]) if renewed else response


async def _second_factor(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    opened = opened_of(request)
    return page(request, "people/second_factor.html", values=values, errors=errors, reason=reason, opened=opened)


@post("/second-factor/passkey/options", opt=SECOND_PROOF, status_code=200)
async def passkey_options(request: AnyRequest) -> Response[str]:
    """What the browser asks its authenticator: one of this person's keys."""
    options = await actions.ask_second_proof(by=request.user, site=site_of(request), at=now())
    return Response(options, media_type="application/json; charset=utf-8")


@post("/second-factor/passkey", opt=SECOND_PROOF)
async def passkey(request: AnyRequest) -> Response[Any]:
    """Give a key, and go on."""
    renewed: list[str] = []

    async def act(form: CredentialForm) -> str:
        opened = opened_of(request)
        secret = await actions.prove_with_passkey(form.credential, opened=opened, site=site_of(request), at=now())
        renewed.append(turn_to(request, secret))
        return safe_next(form.next)

    async def shown(values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _second_factor(request, filled(next=values.next), {}, reason)

    response = await submit(request, CredentialForm, act, shown, keyed=False)
    return with_session(request, response, renewed[0]) if renewed else response


@get("/identity", opt=OWN)
async def identity_page(request: AnyRequest) -> Response[Any]:
    """Say again who one is: by the second proof one has, else by password, else by a link."""
    return await _identity(request, filled(next=request.query_params.get("next", "")), {}, "")


@post("/identity", opt=OWN)
async def identity(request: AnyRequest) -> Response[Any]:
    """By password, for who is asked for no second proof."""
    renewed: list[str] = []

    async def act(form: IdentityForm) -> str:
        opened = opened_of(request)
        required = settings_of(request).second_factor_required
        await actions.check_password(form.password, opened=opened, by=request.user, required=required, at=now())
        renewed.append(turn_to(request, await actions.renew(opened, factors=1, at=now())))
        return safe_next(form.next)

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _identity(request, values, errors, reason)

    response = await submit(request, IdentityForm, act, shown, keyed=False)
    return with_session(request, response, renewed[0]) if renewed else response


async def _identity(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    mine = await own_security(request.user, at=now())
    asks_second = opened_of(request).asks_second(required=settings_of(request).second_factor_required)
    return page(request, "people/identity.html", values=values, errors=errors, reason=reason, mine=mine, asks_second=asks_second)


HANDLERS = [second_factor_page, second_factor, passkey_options, passkey, identity_page, identity]
