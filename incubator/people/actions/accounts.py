"""Accounts: invited, changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people import rules
from incubator.people.actions.links import send_link
from incubator.people.actions.sessions import shut_out
from incubator.people.forms import AccountForm
from incubator.people.queries import Person, person_by_email
from incubator.people.tables import Account, Purpose


async def invite(email: str, name: str, *, by: Person | None, at: datetime) -> UUID:
    """The account of that address, made and invited when there is none (a committee member, a member of staff).

    Anyone can open an account under an address: until it is confirmed, nothing of it counts and its owner is invited by mail.
    """
    email = rules.normal_email(email)
    async with transaction():
        known = await person_by_email(email)
        if known is not None and not await _take_back(known.id, at):
            return known.id
        account = known.id if known else await _new_account(email, name, at)
        await record("account.invited", account, by=by.id if by else None, at=at)
        await send_link(account, email, name, "fr", Purpose.INVITE, at=at)
        return account


async def await_owner(email: str, name: str, *, by: Person | None, at: datetime) -> UUID:
    """Let a link sent to this address open an account: one without a password is made when there is none. Its id."""
    async with transaction():
        known = await person_by_email(email)
        if known is not None:
            return known.id
        account = await _new_account(email, name, at)
        await record("account.invited", account, by=by.id if by else None, at=at)
        return account


async def _take_back(account: UUID, at: datetime) -> bool:
    """Whether a password chosen by who never proved the address was theirs is now worth nothing."""
    taken = await execute(
        "UPDATE account SET password_hash = '' WHERE id = $1 AND confirmed_at IS NULL AND password_hash <> ''", account
    )
    if taken:
        await shut_out(account, at)
    return bool(taken)


async def _new_account(email: str, name: str, at: datetime) -> UUID:
    account = Account(email=email, name=name, password_hash="", language="fr", created_at=at)
    await Account.insert(account)
    return account.id


async def save_account(form: AccountForm, *, by: Person, at: datetime) -> None:
    """Change one's name and language."""
    async with transaction():
        saved = await execute(
            "UPDATE account SET name = $3, language = $4, version = version + 1 WHERE id = $1 AND version = $2",
            by.id, form.version, form.name, form.language,
        )  # fmt: skip
        if not saved:
            raise Conflict(_("Votre compte a été modifié dans un autre onglet. Rechargez la page."))
        await record("account.changed", by.id, by=by.id, at=at)
