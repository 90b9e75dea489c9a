"""Being told when the next call opens: asked here, confirmed by a link, ended by another."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls.actions import prospects as actions
from incubator.calls.forms import Confirmation
from incubator.calls.public_forms import SubscriptionForm
from incubator.core.clock import now
from incubator.core.errors import Conflict
from incubator.core.language import _, language
from incubator.core.pages import Typed, filled, page, settings_of, submit
from incubator.core.policy import FROM_A_MAIL, PUBLIC
from incubator.people.pages.peer import peer
from incubator.programmes.queries import programme_by_code

AnyRequest = Request[Any, Any, Any]


@get("/programmes/{code:str}/subscription", opt=PUBLIC)
async def subscription_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """An address is all it takes."""
    return await _asked(request, code, filled(email=request.user.email if request.user else ""), {}, "")


@post("/programmes/{code:str}/subscription", opt=PUBLIC)
async def subscribe(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Send the link that confirms; the answer is the same whatever is known of the address."""

    async def act(form: SubscriptionForm) -> str:
        await actions.ask_subscription(
            code, form.email, language=language.get(), address=peer(request), key=_key(request), at=now()
        )
        return f"/programmes/{code}/subscription/asked"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _asked(request, code, values, errors, reason)

    return await submit(request, SubscriptionForm, act, shown, keyed=False)


async def _asked(request: AnyRequest, code: str, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    programme = await programme_by_code(code)
    return page(request, "calls/subscription.html", programme=programme, values=values, errors=errors, reason=reason)


@get("/programmes/{code:str}/subscription/asked", opt=PUBLIC)
async def subscription_asked(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Look into your mail."""
    return page(request, "calls/subscription_asked.html", programme=await programme_by_code(code))


@get("/subscriptions/{given:str}", opt=PUBLIC)
async def confirm_page(request: AnyRequest, given: FromPath[str]) -> Response[Any]:
    """A button: only pressing it confirms, so that a mail scanner that follows the link does not."""
    try:
        await actions.subscription_to_confirm(given, key=_key(request), at=now())
    except Conflict as failure:
        return _link(request, given, "confirm", failure.reason)
    return _link(request, given, "confirm", "")


@post("/subscriptions/{given:str}", opt=PUBLIC)
async def confirm(request: AnyRequest, given: FromPath[str]) -> Response[Any]:
    """The owner of the address wants our letters."""

    async def act(_form: Confirmation) -> str:
        found = await actions.confirm_subscription(given, key=_key(request), at=now())
        return f"/programmes/{found.programme_code}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return _link(request, given, "confirm", reason)

    return await submit(
        request, Confirmation, act, shown, notice=_("C’est noté : vous serez prévenu·e de l’ouverture du prochain appel.")
    )


@get("/subscriptions/{given:str}/end", opt=PUBLIC)
async def end_page(request: AnyRequest, given: FromPath[str]) -> Response[Any]:
    """A button that ends the letters."""
    await actions.subscription_to_end(given, key=_key(request))
    return _link(request, given, "end", "")


@post("/subscriptions/{given:str}/end", opt=FROM_A_MAIL, status_code=200)
async def end(request: AnyRequest, given: FromPath[str]) -> Response[Any]:
    """End the letters at once, for a person or for their mail program (RFC 8058): the address of the link is the proof."""
    await actions.end_subscription(given, key=_key(request), at=now())
    return _link(request, given, "ended", "")


def _link(request: AnyRequest, given: str, step: str, reason: str) -> Response[Any]:
    return page(
        request, "calls/subscription_link.html", given=given, step=step, reason=reason, status_code=409 if reason else 200
    )


def _key(request: AnyRequest) -> str:
    return settings_of(request).secret_key


HANDLERS = [subscription_page, subscribe, subscription_asked, confirm_page, confirm, end_page, end]
