"""Accounts, sessions, links, tokens: creating them, using them, ending them."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, transaction, value
from incubator.core.errors import Conflict, Invalid, NotFound, TooMany
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.forms import AccountForm, NewPasswordForm, SignInForm, SignUpForm
from incubator.people.queries import Person, person, person_by_email
from incubator.people.secrets import hash_password, hashed, new_secret, password_matches
from incubator.people.tables import Account, ApiToken, LinkToken, Purpose, Role, RoleAssignment, Session


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
        account = await _new_account(email, form.name, password_hash, language, at)
        await record("account.created", account, by=account, at=at)
        await _send_link(account, email, form.name, language, Purpose.CONFIRM, at=at, next_path=form.next)


async def confirm_address(token: str, *, at: datetime) -> Person:
    """Use a confirmation link. Raises `Conflict` when it is used, too old or unknown."""
    async with transaction():
        link = await _use_link(token, (Purpose.CONFIRM,), at)
        await execute("UPDATE account SET confirmed_at = COALESCE(confirmed_at, $2) WHERE id = $1", link.account, at)
        await record("account.confirmed", link.account, by=link.account, at=at)
        return await person(link.account)


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


async def open_session(account: UUID, *, agent: str, is_staff: bool, at: datetime) -> str:
    """A new session, always with a new secret (never one the browser brought)."""
    secret = new_secret()
    ends = rules.session_end(at, at, staff=is_staff)
    await Session.insert(
        Session(account=account, token_hash=hashed(secret), agent=agent[:200], created_at=at, seen_at=at, expires_at=ends)
    )
    return secret


async def touch_session(session: UUID, created_at: datetime, *, is_staff: bool, at: datetime) -> None:
    """Say that a session is in use; only a live one, so that an ended session stays ended."""
    ends = rules.session_end(created_at, at, staff=is_staff)
    await execute("UPDATE session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND ended_at IS NULL", session, at, ends)


async def end_session(session: UUID, *, by: Person, at: datetime) -> None:
    """End one of one's own sessions. Raises `NotFound` for any other."""
    async with transaction():
        ended = await execute(
            "UPDATE session SET ended_at = $3 WHERE id = $1 AND account = $2 AND ended_at IS NULL", session, by.id, at
        )
        if not ended:
            raise NotFound
        await record("session.ended", session, by=by.id, at=at)


async def end_session_by(token_hash: bytes, *, at: datetime) -> None:
    """Sign out; nothing happens when nobody is signed in."""
    await execute("UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL", token_hash, at)


async def ask_reset(email: str, *, address: str, at: datetime) -> None:
    """Send a link to choose a new password, when the address is known; the answer never says whether it is."""
    email = rules.normal_email(email)
    await spend_try(f"mails from {address}", rules.MAILS_AN_ADDRESS, at=at)
    async with transaction():
        known = await person_by_email(email)
        if known is None:
            return
        await _send_link(known.id, email, known.name, known.language, Purpose.RESET, at=at)


async def choose_password(form: NewPasswordForm, *, at: datetime) -> None:
    """Use a reset, invitation or first-manager link; whoever held the account before holds nothing any more."""
    async with transaction():
        link = await _use_link(form.token, (Purpose.RESET, Purpose.INVITE), at)
        rules.check_password(form.password, link.email)
        password_hash = await hash_password(form.password)
        await execute(
            "UPDATE account SET password_hash = $2, confirmed_at = COALESCE(confirmed_at, $3) WHERE id = $1",
            link.account, password_hash, at,
        )  # fmt: skip
        await _shut_out(link.account, at)
        await record("account.password_changed", link.account, by=link.account, at=at)
        owner = await person(link.account)
        letter = write("people/letters/password_changed.txt", owner.language, name=owner.name)
        await post(letter, kind="people.password_changed", about=link.id, to_email=owner.email, to_account=owner.id, at=at)


async def _shut_out(account: UUID, at: datetime) -> None:
    """End every session and every token of an account."""
    await execute("UPDATE session SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL", account, at)
    await execute("UPDATE api_token SET revoked_at = $2 WHERE account = $1 AND revoked_at IS NULL", account, at)


async def invite(email: str, name: str, *, by: Person | None, at: datetime) -> UUID:
    """The account of that address, made and invited when there is none (a committee member, a member of staff).

    Anyone can sign up under an address: until it is confirmed, the account is taken back and its owner invited by mail.
    """
    email = rules.normal_email(email)
    async with transaction():
        known = await person_by_email(email)
        if known is not None and not await _take_back(known.id, at):
            return known.id
        account = known.id if known else await _new_account(email, name, "", "fr", at)
        await record("account.invited", account, by=by.id if by else None, at=at)
        await _send_link(account, email, name, "fr", Purpose.INVITE, at=at)
        return account


async def _take_back(account: UUID, at: datetime) -> bool:
    """Whether a password chosen by who never proved the address was theirs is now worth nothing."""
    taken = await execute(
        "UPDATE account SET password_hash = '' WHERE id = $1 AND confirmed_at IS NULL AND password_hash <> ''", account
    )
    if taken:
        await _shut_out(account, at)
    return bool(taken)


async def give_role(account: UUID, role: Role, programme: UUID, *, by: Person | None, at: datetime) -> None:
    """Give a role in a programme; once is enough."""
    async with transaction():
        await RoleAssignment.insert(
            RoleAssignment(account=account, role=role.value, programme=programme, created_at=at)
        ).on_conflict(action="DO NOTHING")
        await record("role.given", account, by=by.id if by else None, at=at, data={"role": role.value, "programme": programme})


async def make_link(account: UUID, email: str, purpose: Purpose, *, lasts: timedelta, at: datetime) -> tuple[UUID, str]:
    """A single-use link; its id and its secret. Earlier unused ones of the same purpose stop working."""
    await execute(
        "UPDATE link_token SET used_at = $3 WHERE account = $1 AND purpose = $2 AND used_at IS NULL", account, purpose.value, at
    )
    secret = new_secret()
    link = LinkToken(
        account=account, purpose=purpose.value, token_hash=hashed(secret), email=email, created_at=at, expires_at=at + lasts
    )
    await LinkToken.insert(link)
    return link.id, secret


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


async def create_api_token(name: str, *, by: Person, at: datetime) -> str:
    """A secret for programs, shown once."""
    secret = f"inc_{new_secret()}"
    async with transaction():
        token = ApiToken(account=by.id, name=name, token_hash=hashed(secret), created_at=at)
        await ApiToken.insert(token)
        await record("api_token.created", token.id, by=by.id, at=at)
    return secret


async def revoke_api_token(token: UUID, *, by: Person, at: datetime) -> None:
    """Make a token worthless. Raises `NotFound` for someone else's."""
    async with transaction():
        revoked = await execute(
            "UPDATE api_token SET revoked_at = $3 WHERE id = $1 AND account = $2 AND revoked_at IS NULL", token, by.id, at
        )
        if not revoked:
            raise NotFound
        await record("api_token.revoked", token, by=by.id, at=at)


async def spend_try(bucket: str, tries_max: int, *, at: datetime) -> None:
    """Count a try, in the database, before it is made. Raises `TooMany` past `tries_max` in a quarter of an hour."""
    tries = await value(
        "INSERT INTO throttle (bucket, opened_at, tries_count) VALUES ($1, $2, 1) ON CONFLICT (bucket) DO UPDATE SET"
        " tries_count = CASE WHEN throttle.opened_at < $3 THEN 1 ELSE throttle.tries_count + 1 END,"
        " opened_at = CASE WHEN throttle.opened_at < $3 THEN $2 ELSE throttle.opened_at END RETURNING tries_count",
        bucket, at, at - rules.TRIES_WINDOW,
    )  # fmt: skip
    if tries > tries_max:
        raise TooMany(_("Trop d’essais. Attendez un quart d’heure, ou demandez un nouveau mot de passe."), 900)


async def _new_account(email: str, name: str, password_hash: str, language: str, at: datetime) -> UUID:
    account = Account(email=email, name=name, password_hash=password_hash, language=language, created_at=at)
    await Account.insert(account)
    return account.id


async def _send_link(
    account: UUID,
    email: str,
    name: str,
    language: str,
    purpose: Purpose,
    *,
    at: datetime,
    next_path: str = "",
) -> None:
    lasts = {Purpose.CONFIRM: rules.CONFIRM_LASTS, Purpose.RESET: rules.LINK_LASTS, Purpose.INVITE: rules.INVITE_LASTS}[purpose]
    path = {Purpose.CONFIRM: "/confirm", Purpose.RESET: "/new-password", Purpose.INVITE: "/new-password"}[purpose]
    link, secret = await make_link(account, email, purpose, lasts=lasts, at=at)
    letter = write(f"people/letters/{purpose.value}.txt", language, name=name, until=at + lasts)
    await post(
        letter,
        kind=f"people.{purpose.value}",
        about=link,
        to_email=email,
        to_account=account,
        path=f"{path}?{urlencode({'token': secret} | ({'next': next_path} if next_path else {}))}",
        at=at,
        stale_after=at + lasts,
    )


class _Link(msgspec.Struct, frozen=True):
    id: UUID
    account: UUID
    email: str


async def _use_link(token: str, purposes: tuple[Purpose, ...], at: datetime) -> _Link:
    link = await row(
        _Link,
        "UPDATE link_token t SET used_at = $3 FROM account a WHERE t.token_hash = $1 AND t.purpose = ANY($2)"
        " AND t.used_at IS NULL AND t.expires_at > $3 AND a.id = t.account AND a.email = t.email AND a.disabled_at IS NULL"
        " RETURNING t.id, t.account, t.email",
        hashed(token), [purpose.value for purpose in purposes], at,
    )  # fmt: skip
    if link is None:
        raise Conflict(_("Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau."))
    return link


async def sweep(*, at: datetime) -> int:
    """Forget sessions, links and tries that ended a month ago; how many."""
    before = at - timedelta(days=30)
    gone = await execute("DELETE FROM session WHERE expires_at < $1 OR ended_at < $1", before)
    gone += await execute("DELETE FROM link_token WHERE expires_at < $1", before)
    return gone + await execute("DELETE FROM throttle WHERE opened_at < $1", before)
