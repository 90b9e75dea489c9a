"""Signing in by password."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, transaction
from incubator.core.errors import Invalid
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people import rules
from incubator.people.actions.sessions import open_session
from incubator.people.actions.throttling import spend_try
from incubator.people.forms import SignInForm
from incubator.people.queries import Person, person
from incubator.people.secrets import password_matches


class _Credentials(msgspec.Struct, frozen=True):
    account: UUID
    password_hash: str
    is_staff: bool


async def sign_in(form: SignInForm, *, address: str, agent: str, at: datetime) -> tuple[str, Person]:
    """Check a password and open a session; its secret and the person.

    Raises `Invalid`, the same for a wrong password and an unknown address, and `TooMany` past the limits.
    """
    email = rules.normal_email(form.email)
    await spend_try(f"password {email}", rules.TRIES_AN_ACCOUNT, at=at)
    await spend_try(f"sign-in from {address}", rules.TRIES_AN_ADDRESS, at=at)
    found = await row(
        _Credentials,
        "SELECT a.id, a.password_hash, EXISTS (SELECT FROM role_assignment r WHERE r.account = a.id)"
        " FROM account a WHERE a.email = $1 AND a.disabled_at IS NULL",
        email,
    )
    if not await password_matches(found.password_hash if found else "", form.password[:1000]) or found is None:
        raise Invalid({"password": _("L’adresse ou le mot de passe ne correspond pas. Vérifiez les deux.")})
    async with transaction():
        await execute("DELETE FROM throttle WHERE bucket = $1", f"password {email}")
        secret = await open_session(found.account, agent=agent, is_staff=found.is_staff, at=at)
        await record("session.opened", found.account, by=found.account, at=at)
        return secret, await person(found.account)
