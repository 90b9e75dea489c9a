"""Links sent by mail: asked for, made, sent, used once."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, rows, transaction
from incubator.core.errors import Conflict
from incubator.core.language import _
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.actions.throttling import count_try, spend_try
from incubator.people.queries.sessions import credentials
from incubator.people.secrets import hashed, new_secret
from incubator.people.tables import LinkRequest, LinkToken, Purpose

LASTS = {
    Purpose.CONFIRM: rules.CONFIRM_LASTS,
    Purpose.RESET: rules.LINK_LASTS,
    Purpose.INVITE: rules.INVITE_LASTS,
    Purpose.SIGN_IN: rules.LINK_LASTS,
}
PATHS = {
    Purpose.CONFIRM: "/confirm",
    Purpose.RESET: "/new-password",
    Purpose.INVITE: "/new-password",
    Purpose.SIGN_IN: "/sign-in/link/use",
}
REQUESTS_AT_ONCE = 50


async def ask_link(email: str, purpose: Purpose, *, address: str, at: datetime, next_path: str = "", device: str = "") -> None:
    """Ask for a link to an address; the worker sends it, when there is an account: asking takes the same time for any address.

    Past so many, no further link leaves for that mailbox and the last one stays good; a browser it knows is counted apart (A05).
    """
    email = rules.normal_email(email)
    await spend_try(f"mails from {address}", rules.MAILS_AN_ADDRESS, at=at)
    async with transaction():
        known = await credentials(email, hashed(device))
        bucket = f"mails to {email}" + (f" from {hashed(device).hex()}" if known and known.knows_device else "")
        if await count_try(bucket, at=at) > rules.MAILS_TO_AN_ADDRESS:
            return
        await LinkRequest.insert(LinkRequest(email=email, purpose=purpose.value, next_path=next_path[:200], asked_at=at))


class _Asked(msgspec.Struct, frozen=True):
    email: str
    purpose: str
    next_path: str


class _Addressee(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    language: str


async def answer_link_requests(*, at: datetime) -> int:
    """Send the links that were asked for, to the addresses that have an account; how many were asked."""
    async with transaction():
        asked = await rows(
            _Asked,
            "DELETE FROM link_request WHERE id IN (SELECT id FROM link_request ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)"
            " RETURNING email, purpose, next_path",
            REQUESTS_AT_ONCE,
        )
        for one in asked:
            found = await _addressee(one.email)
            if found is not None:
                purpose = Purpose(one.purpose)
                await send_link(found.id, one.email, found.name, found.language, purpose, at=at, next_path=one.next_path)
        return len(asked)


async def _addressee(email: str) -> _Addressee | None:
    """The account of an address; else the last that claims it (R1)."""
    return await row(
        _Addressee,
        "SELECT id, name, language FROM account WHERE email = $1 AND disabled_at IS NULL"
        " ORDER BY is_claim, created_at DESC, id DESC LIMIT 1",
        email,
    )


async def make_link(
    account: UUID, email: str, purpose: Purpose, *, lasts: timedelta, at: datetime, password_hash: str = ""
) -> tuple[UUID, str]:
    """A single-use link; its id and its secret. Earlier unused ones of the same purpose stop working."""
    await execute(
        "UPDATE link_token SET used_at = $3 WHERE account = $1 AND purpose = $2 AND used_at IS NULL", account, purpose.value, at
    )
    secret = new_secret()
    link = LinkToken(
        account=account,
        purpose=purpose.value,
        token_hash=hashed(secret),
        email=email,
        created_at=at,
        expires_at=at + lasts,
        password_hash=password_hash,
    )
    await LinkToken.insert(link)
    return link.id, secret


async def send_link(
    account: UUID,
    email: str,
    name: str,
    language: str,
    purpose: Purpose,
    *,
    at: datetime,
    next_path: str = "",
    template: str = "",
    password_hash: str = "",
) -> None:
    """Make a link and put the letter that holds it in the outbox."""
    until = at + LASTS[purpose]
    link, secret = await make_link(account, email, purpose, lasts=LASTS[purpose], at=at, password_hash=password_hash)
    await post(
        write(f"people/letters/{template or purpose.value}.txt", language, name=name, until=until),
        kind=f"people.{purpose.value}",
        about=link,
        to_email=email,
        to_account=account,
        path=f"{PATHS[purpose]}?{urlencode({'token': secret} | ({'next': next_path} if next_path else {}))}",
        at=at,
        stale_after=until,
    )


class Link(msgspec.Struct, frozen=True):
    """A link that was just used."""

    id: UUID
    account: UUID
    email: str
    password_hash: str
    created_at: datetime


async def use_link(token: str, purposes: tuple[Purpose, ...], at: datetime) -> Link:
    """Use a link up. Raises `Conflict` when it was used, is too old, unknown, or its account's address has changed (A08)."""
    link = await row(
        Link,
        "UPDATE link_token t SET used_at = $3 FROM account a WHERE t.token_hash = $1 AND t.purpose = ANY($2)"
        " AND t.used_at IS NULL AND t.expires_at > $3 AND a.id = t.account AND a.email = t.email AND a.disabled_at IS NULL"
        " RETURNING t.id, t.account, t.email, t.password_hash, t.created_at",
        hashed(token), [purpose.value for purpose in purposes], at,
    )  # fmt: skip
    if link is None:
        raise Conflict(_("Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau."))
    return link
