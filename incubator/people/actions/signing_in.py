"""Signing in by password or by a link sent by mail: one proof each."""

from __future__ import annotations

from datetime import datetime

from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict, Invalid
from incubator.core.language import _
from incubator.people import rules
from incubator.people.actions.claims import prove
from incubator.people.actions.links import use_link
from incubator.people.actions.sessions import Browser, Entered, enter
from incubator.people.actions.throttling import spend_try
from incubator.people.forms import SignInForm
from incubator.people.queries import Person, person
from incubator.people.queries.sessions import Credentials, OpenSession, credentials
from incubator.people.secrets import hashed, password_matches
from incubator.people.tables import Purpose


async def sign_in(
    form: SignInForm, *, address: str = "", agent: str = "", device: str = "", at: datetime
) -> tuple[Entered, Person]:
    """Check a password and open a session.

    Raises `Invalid`, the same for a wrong password and an unknown address, and `TooMany` past the limits. A browser that was
    signed in from before has tries of its own, so that nobody keeps its owner out (A05).
    """
    email = rules.normal_email(form.email)
    found = await credentials(email, hashed(device))
    bucket = f"password {email}"
    if found and found.knows_device:
        bucket += f" from {hashed(device).hex()}"
        await spend_try(bucket, rules.TRIES_AN_ACCOUNT, at=at)
    else:
        await spend_try(bucket, rules.TRIES_AN_ACCOUNT, at=at)
        await spend_try(f"sign-in from {address}", rules.TRIES_AN_ADDRESS, at=at)
    if not await password_matches(found.password_hash if found else "", form.password[:1000]) or found is None:
        raise _no_match()
    async with transaction():
        await _check_still(found)
        await execute("DELETE FROM throttle WHERE bucket = $1", bucket)
        entered = await enter(found.id, factors=1, how="password", browser=Browser(agent, address, device), at=at)
        return entered, await person(found.id)


def _no_match() -> Invalid:
    return Invalid({"password": _("L’adresse ou le mot de passe ne correspond pas. Vérifiez les deux.")})


async def _check_still(found: Credentials) -> None:
    """The password that matched is still the account's: hashing takes a moment, in which it may have been changed or taken."""
    still = "SELECT true FROM account WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL FOR SHARE"
    if not await value(still, found.id, found.password_hash):
        raise _no_match()


async def sign_in_with_link(token: str, *, browser: Browser, at: datetime) -> Entered:
    """Use a sign-in link: it proves the address, so it confirms it too. Raises `Conflict` when it is worth nothing (A07, A08)."""
    async with transaction():
        link = await use_link(token, (Purpose.SIGN_IN,), at)
        account = await prove(link.account, link.email, keep=None, at=at)
        return await enter(account, factors=1, how="link", browser=browser, at=at)


async def check_password(password: str, *, opened: OpenSession, by: Person, required: bool, at: datetime) -> None:
    """Say one's password again; not enough for who is asked for a second proof when signing in. Raises `Invalid`."""
    await spend_try(f"password again {by.id}", rules.TRIES_AN_ACCOUNT, at=at)
    if opened.asks_second(required=required):
        raise Conflict(_("Donnez un code de votre application, ou votre clé d’accès."))
    kept = await value("SELECT password_hash FROM account WHERE id = $1", by.id)
    if not kept:
        raise Conflict(_("Votre compte n’a pas de mot de passe."))
    if not await password_matches(kept, password[:1000]):
        raise Invalid({"password": _("Ce n’est pas votre mot de passe.")})
