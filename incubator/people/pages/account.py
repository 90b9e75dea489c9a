"""One's own account: name, language, address, tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, new_once, page, submit
from incubator.core.policy import OWN, need_proof
from incubator.people import actions
from incubator.people.forms import AccountForm, EmailForm, TokenForm
from incubator.people.pages.peer import AnyRequest, opened_of, peer
from incubator.people.queries import own_account


@get("/account", opt=OWN)
async def account_page(request: AnyRequest) -> Response[Any]:
    """One's own account: name, language, address, API tokens."""
    return await _account(request, None, {}, "")


@post("/account", opt=OWN)
async def save_account(request: AnyRequest) -> Response[Any]:
    """Change one's name and language."""

    async def act(form: AccountForm) -> str:
        await actions.save_account(form, by=request.user, at=now())
        return "/account"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _account(request, values, errors, reason)

    return await submit(request, AccountForm, act, shown, notice=_("Votre compte est à jour."))


async def _account(
    request: AnyRequest, values: Typed | None, errors: dict[str, str], reason: str, *, secret: str | None = None
) -> Response[Any]:
    mine = await own_account(request.user, at=now())
    values = values or filled(name=mine.name, language=mine.language, version=mine.version)
    return page(
        request,
        "people/account.html",
        mine=mine,
        values=values,
        errors=errors,
        reason=reason,
        once=new_once(),
        secret=secret,
    )


@post("/account/confirmation", opt=OWN)
async def send_confirmation(request: AnyRequest) -> Response[Any]:
    """Send the link that confirms one's address again."""
    await actions.send_again(address=peer(request), by=request.user, at=now())
    return lead_to(request, "/account", _("Un nouveau lien vient de partir. Ouvrez votre messagerie."))


@get("/account/email", opt=OWN)
async def email_page(request: AnyRequest) -> Response[Any]:
    """Change one's address."""
    if request.user.is_confirmed:
        need_proof(request, "/account/email")
    return await _email(request, filled(), {}, "")


@post("/account/email", opt=OWN)
async def change_email(request: AnyRequest) -> Response[Any]:
    """Write to both addresses; or, while none is confirmed, only to the new one."""
    if request.user.is_confirmed:
        need_proof(request, "/account/email")

    async def act(form: EmailForm) -> str:
        if request.user.is_confirmed:
            await actions.ask_email_change(form.email, by=request.user, at=now())
        else:
            await actions.correct_address(form.email, address=peer(request), by=request.user, at=now())
        return "/account"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _email(request, values, errors, reason)

    both = _("Deux courriels viennent de partir, un à chaque adresse. Ouvrez les deux pour changer d’adresse.")
    one = _("Un courriel vient de partir à cette adresse. Ouvrez-le pour la confirmer.")
    return await submit(request, EmailForm, act, shown, notice=both if request.user.is_confirmed else one, keyed=False)


async def _email(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/email.html", values=values, errors=errors, reason=reason)


@post("/account/email/cancellation", opt=OWN)
async def cancel_email_change(request: AnyRequest) -> Response[Any]:
    """Keep the address one has."""
    await actions.cancel_email_change(by=request.user, at=now())
    return lead_to(request, "/account", _("Vous gardez votre adresse."))


@post("/account/tokens", opt=OWN)
async def create_token(request: AnyRequest) -> Response[Any]:
    """Make an API token; its secret is shown once, on the page that answers."""
    made: list[str] = []

    async def act(form: TokenForm) -> str:
        need_proof(request, "/account")
        is_strong = opened_of(request).factors_count >= 2
        made.append(await actions.create_api_token(form.name, by=request.user, at=now(), is_strong=is_strong))
        return "/account"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _account(request, None, errors, reason)

    response = await submit(request, TokenForm, act, shown)
    if not made:
        return response
    return await _account(request, None, {}, "", secret=made[0])


@post("/account/tokens/{token_id:uuid}/revocation", opt=OWN)
async def revoke_token(request: AnyRequest, token_id: FromPath[UUID]) -> Response[Any]:
    """Make a token worthless."""
    await actions.revoke_api_token(token_id, by=request.user, at=now())
    return lead_to(request, "/account", _("Le jeton ne vaut plus rien."))


HANDLERS = [
    account_page,
    save_account,
    send_confirmation,
    email_page,
    change_email,
    cancel_email_change,
    create_token,
    revoke_token,
]
