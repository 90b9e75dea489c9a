"""What is common to second proofs: who must keep one, and who is told when they change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, value
from incubator.core.errors import Conflict
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.actions.sessions import end_others
from incubator.people.queries import Person
from incubator.people.queries.sessions import MUST_HAVE, OpenSession

_SAID: dict[str, Callable[[], str]] = {
    "totp_added": lambda: _("Une application d’authentification a été ajoutée."),
    "totp_removed": lambda: _("L’application d’authentification a été retirée."),
    "passkey_added": lambda: _("Une clé d’accès a été ajoutée."),
    "passkey_removed": lambda: _("Une clé d’accès a été retirée."),
}


async def check_may_remove(account: UUID, *, required: bool) -> None:
    """Raises `Conflict` when that is the last factor of someone who must have one."""
    await execute("SELECT 1 FROM account WHERE id = $1 FOR UPDATE", account)
    passkeys = await value("SELECT count(*) FROM passkey WHERE account = $1", account)
    totps = await value("SELECT count(*) FROM totp WHERE account = $1 AND confirmed_at IS NOT NULL", account)
    must_have = required and await value(f"SELECT {MUST_HAVE.format('a')} FROM account a WHERE a.id = $1", account)  # noqa: S608
    if reason := rules.why_not_remove_factor(passkeys + totps - 1, must_have=must_have):
        raise Conflict(reason)


async def factor_changed(what: str, *, opened: OpenSession, by: Person, at: datetime) -> None:
    """Journal, end the other sessions (ASVS 7.4.3), tell by mail (ASVS 6.3.7)."""
    await end_others(by.id, opened.session, at)
    await record(f"account.{what}", by.id, by=by.id, at=at)
    letter = write("people/letters/factor_changed.txt", by.language, name=by.name, what=_SAID[what](), at=at)
    await post(
        letter, kind="people.factor_changed", about=new_id(), to_email=by.email, to_account=by.id, path="/account/security", at=at
    )
