"""Links sent by mail: made, sent, used once."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from incubator.core.database import execute, row
from incubator.core.errors import Conflict
from incubator.core.language import _
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.secrets import hashed, new_secret
from incubator.people.tables import LinkToken, Purpose


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


async def send_link(
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


class Link(msgspec.Struct, frozen=True):
    id: UUID
    account: UUID
    email: str


async def use_link(token: str, purposes: tuple[Purpose, ...], at: datetime) -> Link:
    link = await row(
        Link,
        "UPDATE link_token t SET used_at = $3 FROM account a WHERE t.token_hash = $1 AND t.purpose = ANY($2)"
        " AND t.used_at IS NULL AND t.expires_at > $3 AND a.id = t.account AND a.email = t.email AND a.disabled_at IS NULL"
        " RETURNING t.id, t.account, t.email",
        hashed(token), [purpose.value for purpose in purposes], at,
    )  # fmt: skip
    if link is None:
        raise Conflict(_("Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau."))
    return link
