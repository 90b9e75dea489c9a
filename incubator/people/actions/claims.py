"""Starting costs a name and an address (R1): the account is a claim until someone opens a letter sent there.

Nothing tells whether the address was known: every claim is made alike, and joins on confirmation the account that owns the
address, or becomes that account.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, transaction, value
from incubator.core.errors import Conflict
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people import rules
from incubator.people.actions.links import send_link, use_link
from incubator.people.actions.sessions import Browser, Entered, end_others, enter, open_session, shut_out
from incubator.people.actions.throttling import spend_try
from incubator.people.forms import SignUpForm
from incubator.people.queries import Person, person, person_by_email
from incubator.people.secrets import hash_password, hashed
from incubator.people.tables import Account, Purpose


class SignedUp(msgspec.Struct, frozen=True):
    """An account that was just opened, and the secret of its first session."""

    account: UUID
    secret: str


async def sign_up(form: SignUpForm, *, language: str, address: str, at: datetime, agent: str = "") -> SignedUp:
    """Open an account that claims an address, sign its maker in, and send the link that proves the address.

    A password chosen here counts only if this same browser confirms: nobody leaves one on someone else's address.
    """
    email = rules.normal_email(form.email)
    if form.password:
        rules.check_password(form.password, email)
    await spend_try(f"mails from {address}", rules.MAILS_AN_ADDRESS, at=at)
    await spend_try(f"sign-up {email}", rules.MAILS_TO_AN_ADDRESS, at=at)
    password_hash = await hash_password(form.password) if form.password else ""
    async with transaction():
        account = Account(email=email, name=form.name, password_hash="", language=language, created_at=at, is_claim=True)
        await Account.insert(account)
        secret = await open_session(account.id, agent=agent, is_staff=False, at=at)
        await record("account.created", account.id, by=account.id, at=at)
        await _send_confirmation(account.id, email, form.name, language, at, form.next, password_hash)
        return SignedUp(account.id, secret)


async def _send_confirmation(
    account: UUID, email: str, name: str, language: str, at: datetime, next_path: str = "", password_hash: str = ""
) -> None:
    """The letter says what happens to an account that address already has."""
    owner = await person_by_email(email)
    await send_link(
        account,
        email,
        owner.name if owner and owner.is_confirmed else name,
        owner.language if owner else language,
        Purpose.CONFIRM,
        at=at,
        next_path=next_path,
        template="confirm_known" if owner and owner.is_confirmed else "",
        password_hash=password_hash,
    )


async def send_again(*, address: str, by: Person, at: datetime) -> None:
    """Another link to confirm one's address; the one before stops working."""
    await _spend(by, by.email, address, at)
    async with transaction():
        if by.is_confirmed:
            raise Conflict(_("Votre adresse est déjà confirmée."))
        await _send_confirmation(by.id, by.email, by.name, by.language, at, password_hash=await _chosen_password(by.id))


async def _spend(by: Person, email: str, address: str, at: datetime) -> None:
    """A letter to an address that nobody has proven: counted for the browser's place, for the claim and for the mailbox."""
    await spend_try(f"mails from {address}", rules.MAILS_AN_ADDRESS, at=at)
    await spend_try(f"mails of {by.id}", rules.MAILS_TO_AN_ADDRESS, at=at)
    await spend_try(f"sign-up {email}", rules.MAILS_TO_AN_ADDRESS, at=at)


async def _chosen_password(account: UUID) -> str:
    """The hash of the password chosen when signing up, which travels with the latest link; "" for none."""
    sql = "SELECT password_hash FROM link_token WHERE account = $1 AND purpose = 'confirm' ORDER BY id DESC LIMIT 1"
    return await value(sql, account) or ""


async def correct_address(email: str, *, address: str, by: Person, at: datetime) -> None:
    """Claim another address while none is proven: the first one was mistyped."""
    email = rules.normal_email(email)
    await _spend(by, email, address, at)
    async with transaction():
        changed = await execute(
            "UPDATE account SET email = $2, is_claim = true, version = version + 1 WHERE id = $1 AND confirmed_at IS NULL",
            by.id, email,
        )  # fmt: skip
        if not changed:
            raise Conflict(_("Votre adresse est déjà confirmée."))
        await record("account.address_corrected", by.id, by=by.id, at=at)
        await _send_confirmation(by.id, email, by.name, by.language, at, password_hash=await _chosen_password(by.id))


class Confirmed(msgspec.Struct, frozen=True):
    """An address was proven: whose account it is, and what the browser that had signed up goes on with.

    `is_late`: that browser must sign in first.
    """

    person: Person
    entered: Entered | None = None
    is_late: bool = False

    @property
    def secret(self) -> str:
        """The new secret of that browser, "" for any other."""
        return self.entered.secret if self.entered else ""


async def confirm_address(token: str, *, at: datetime, session_secret: str = "", browser: Browser | None = None) -> Confirmed:
    """Use a confirmation link. Raises `Conflict` when it is used, too old or unknown.

    The browser that signed up goes on, in the account that owns the address; any other session is ended. An account confirmed
    before is entered as by any link sent by mail: ten minutes long, and its owner is told of a browser it did not know.
    """
    async with transaction():
        link = await use_link(token, (Purpose.CONFIRM,), at)
        is_same = bool(session_secret) and await value(
            "SELECT EXISTS (SELECT FROM session WHERE token_hash = $1 AND account = $2 AND ended_at IS NULL AND expires_at > $3)",
            hashed(session_secret), link.account, at,
        )  # fmt: skip
        account = await prove(link.account, link.email, keep=link.password_hash if is_same else None, at=at)
        is_late = account != link.account and at - link.created_at > rules.LINK_LASTS and await _is_older(account, at)
        goes_on = is_same and not is_late
        entered = await enter(account, factors=1, how="confirmation", browser=browser or Browser(), at=at) if goes_on else None
        return Confirmed(await person(account), entered, is_late=is_same and is_late)


async def _is_older(account: UUID, at: datetime) -> bool:
    """Someone had proven its address before: who was only invited has never entered, and does now."""
    return bool(await value("SELECT confirmed_at <> $2 FROM account WHERE id = $1", account, at))


class _Owner(msgspec.Struct, frozen=True):
    id: UUID
    is_confirmed: bool
    is_closed: bool


async def prove(account: UUID, email: str, *, keep: str | None, at: datetime) -> UUID:
    """Someone proved they read this address: the account it is from now on. Whoever held an unproven one is shut out.

    `keep`: the password hash to keep, "" for none, None when another browser than the one that signed up confirms.
    """
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"address {email}")
    if await value("SELECT confirmed_at IS NOT NULL AND NOT is_claim FROM account WHERE id = $1", account):
        return account
    await end_others(account, None, at)
    owner = await row(
        _Owner,
        "SELECT id, confirmed_at IS NOT NULL, disabled_at IS NOT NULL FROM account"
        " WHERE email = $1 AND NOT is_claim AND id <> $2 FOR UPDATE",
        email,
        account,
    )
    if owner is None:
        return await _become(account, keep or "", at)
    if owner.is_closed:
        raise Conflict(_("Le compte de cette adresse est fermé. Écrivez à l’équipe du programme."))
    return await _join(account, owner, keep or "", at)


async def _become(account: UUID, password_hash: str, at: datetime) -> UUID:
    """The claim is the account of its address."""
    await execute(
        "UPDATE account SET is_claim = false, confirmed_at = COALESCE(confirmed_at, $2), password_hash = $3 WHERE id = $1",
        account, at, password_hash,
    )  # fmt: skip
    await record("account.confirmed", account, by=account, at=at)
    return account


async def _join(claim: UUID, owner: _Owner, password_hash: str, at: datetime) -> UUID:
    """What the claim made is the owner's (trigger `merged_account_joins_its_owner`); an invited owner is confirmed by the way."""
    if not owner.is_confirmed:
        await shut_out(owner.id, at)
        await execute("UPDATE account SET confirmed_at = $2, password_hash = $3 WHERE id = $1", owner.id, at, password_hash)
        await record("account.confirmed", owner.id, by=owner.id, at=at)
    await execute("UPDATE account SET merged_into = $2, disabled_at = $3 WHERE id = $1", claim, owner.id, at)
    await record("account.merged", owner.id, by=owner.id, at=at, data={"from": str(claim)})
    return owner.id
