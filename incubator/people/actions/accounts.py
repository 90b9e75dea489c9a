"""Accounts: created, confirmed, invited, changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.actions.links import send_link, use_link
from incubator.people.actions.sessions import shut_out
from incubator.people.actions.throttling import spend_try
from incubator.people.forms import AccountForm, SignUpForm
from incubator.people.queries import Person, person, person_by_email
from incubator.people.secrets import hash_password
from incubator.people.tables import Account, Purpose


async def sign_up(form: SignUpForm, *, language: str, address: str, at: datetime) -> None:
    """Create an account and send the link that confirms its address.

    For an address that already has an account the same is answered, and its owner is told by mail.
    """
    email = rules.normal_email(form.email)
    rules.check_password(form.password, email)
    await spend_try(f"mails from {address}", rules.MAILS_AN_ADDRESS, at=at)
    password_hash = await hash_password(form.password)
    async with transaction():
        known = await person_by_email(email)
        if known is not None:
            letter = write("people/letters/already_known.txt", known.language, name=known.name)
            await post(
                letter, kind="people.already_known", about=new_id(), to_email=email, to_account=known.id, path="/sign-in", at=at
            )
            return
        account = await new_account(email, form.name, password_hash, language, at)
        await record("account.created", account, by=account, at=at)
        await send_link(account, email, form.name, language, Purpose.CONFIRM, at=at, next_path=form.next)


async def confirm_address(token: str, *, at: datetime) -> Person:
    """Use a confirmation link. Raises `Conflict` when it is used, too old or unknown."""
    async with transaction():
        link = await use_link(token, (Purpose.CONFIRM,), at)
        await execute("UPDATE account SET confirmed_at = COALESCE(confirmed_at, $2) WHERE id = $1", link.account, at)
        await record("account.confirmed", link.account, by=link.account, at=at)
        return await person(link.account)


async def invite(email: str, name: str, *, by: Person | None, at: datetime) -> UUID:
    """The account of that address, made and invited when there is none (a committee member, a member of staff).

    Anyone can sign up under an address: until it is confirmed, the account is taken back and its owner invited by mail.
    """
    email = rules.normal_email(email)
    async with transaction():
        known = await person_by_email(email)
        if known is not None and not await _take_back(known.id, at):
            return known.id
        account = known.id if known else await new_account(email, name, "", "fr", at)
        await record("account.invited", account, by=by.id if by else None, at=at)
        await send_link(account, email, name, "fr", Purpose.INVITE, at=at)
        return account


async def _take_back(account: UUID, at: datetime) -> bool:
    """Whether a password chosen by who never proved the address was theirs is now worth nothing."""
    taken = await execute(
        "UPDATE account SET password_hash = '' WHERE id = $1 AND confirmed_at IS NULL AND password_hash <> ''", account
    )
    if taken:
        await shut_out(account, at)
    return bool(taken)


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


async def new_account(email: str, name: str, password_hash: str, language: str, at: datetime) -> UUID:
    account = Account(email=email, name=name, password_hash=password_hash, language=language, created_at=at)
    await Account.insert(account)
    return account.id
