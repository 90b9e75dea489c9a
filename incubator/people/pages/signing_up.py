"""Starting: a name and an address (R1); the draft can begin at once."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from incubator.core.clock import now
from incubator.core.language import _, language
from incubator.core.pages import Typed, filled, page, safe_next, submit
from incubator.core.policy import PUBLIC
from incubator.people import actions
from incubator.people.forms import SignUpForm
from incubator.people.pages.peer import AnyRequest, browser_of, peer, turn_to, with_session


@get("/sign-up", opt=PUBLIC)
async def sign_up_page(request: AnyRequest) -> Response[Any]:
    """The form that opens an account."""
    return await _sign_up(request, filled(next=request.query_params.get("next", "")), {}, "")


@post("/sign-up", opt=PUBLIC)
async def sign_up(request: AnyRequest) -> Response[Any]:
    """Open an account and go on; the same answer whether or not the address was known."""
    made: list[str] = []

    async def act(form: SignUpForm) -> str:
        agent = browser_of(request).agent
        signed = await actions.sign_up(form, language=language.get(), address=peer(request), agent=agent, at=now())
        made.append(turn_to(request, signed.secret))
        return safe_next(form.next)

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _sign_up(request, values, errors, reason)

    notice = _("Vous pouvez commencer. Ouvrez aussi votre messagerie : un courriel vous attend pour confirmer votre adresse.")
    response = await submit(request, SignUpForm, act, shown, notice=notice, keyed=False)
    return with_session(request, response, made[0]) if made else response


async def _sign_up(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/sign_up.html", values=values, errors=errors, reason=reason)


HANDLERS = [sign_up_page, sign_up]
