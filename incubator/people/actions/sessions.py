"""Sessions: opened with a new secret, kept alive, renewed, ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, NotFound
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.queries import Person
from incubator.people.queries.sessions import Entering, OpenSession, entering
from incubator.people.secrets import hashed, new_secret
from incubator.people.tables import Session


class Browser(msgspec.Struct, frozen=True):
    """Where someone signs in: what the browser calls itself, its network address, and the secret it is known by, if any."""

    agent: str = ""
    address: str = ""
    device: str = ""


class Entered(msgspec.Struct, frozen=True):
    """A session that was just opened: its secret, who entered, and by how many proofs."""

    secret: str
    device: str
    factors_count: int
    who: Entering

    def standing(self, *, required: bool) -> str:
        """Let in, asked for a second proof, or led to set one up."""
        who = self.who
        return rules.standing(
            self.factors_count, has_totp=who.has_totp, has_passkey=who.has_passkey, must_have=required and who.must_have
        )


async def enter(account: UUID, *, factors: int, how: str, browser: Browser, at: datetime) -> Entered:
    """Let someone in who gave `factors` proofs: a new session, and a letter when this browser is new to them (ASVS 6.3.5)."""
    async with transaction():
        device = browser.device or new_secret()
        who = await entering(account, hashed(device))
        if who is None:
            raise Conflict(_("Ce compte est fermé. Écrivez à l’équipe du programme."))
        secret = await open_session(account, agent=browser.agent, is_staff=who.is_staff, at=at, factors=factors)
        await record("session.opened", account, by=account, at=at, data={"how": how, "factors": factors})
        await _remember(who, device, at)
        if who.has_entered and not who.knows_device:
            device_words = rules.device_words(browser.agent)
            letter = write("people/letters/new_device.txt", who.language, name=who.name, device=device_words, at=at)
            await post(
                letter,
                kind="people.new_device",
                about=new_id(),
                to_email=who.email,
                to_account=who.id,
                path="/account/security",
                at=at,
            )
        return Entered(secret, device, factors, who)


async def _remember(who: Entering, device: str, at: datetime) -> None:
    """Know this browser from now on; the oldest of too many is forgotten."""
    known = hashed(device)
    await execute(
        "INSERT INTO known_device (id, account, token_hash, created_at, seen_at) VALUES ($1, $2, $3, $4, $4)"
        " ON CONFLICT (account, token_hash) DO UPDATE SET seen_at = excluded.seen_at",
        new_id(), who.id, known, at,
    )  # fmt: skip
    if not who.knows_device:
        await execute(
            "DELETE FROM known_device WHERE account = $1 AND id NOT IN"
            " (SELECT id FROM known_device WHERE account = $1 ORDER BY seen_at DESC, id DESC LIMIT $2)",
            who.id, rules.DEVICES_AN_ACCOUNT,
        )  # fmt: skip


async def open_session(account: UUID, *, agent: str, is_staff: bool, at: datetime, factors: int = 1) -> str:
    """A new session, always with a new secret (never one the browser brought)."""
    secret = new_secret()
    session = Session(
        account=account,
        token_hash=hashed(secret),
        agent=agent[:200],
        factors_count=factors,
        created_at=at,
        proven_at=at,
        seen_at=at,
        expires_at=rules.session_end(at, at, staff=is_staff),
    )
    await Session.insert(session)
    return secret


async def renew(opened: OpenSession, *, factors: int, at: datetime) -> str:
    """The same session under a new secret, once its owner has proven again who they are (ASVS 7.2.4)."""
    secret = new_secret()
    async with transaction():
        renewed = await execute(
            "UPDATE session SET token_hash = $2, factors_count = GREATEST(factors_count, $3), proven_at = $4, seen_at = $4"
            " WHERE id = $1 AND ended_at IS NULL AND expires_at > $4",
            opened.session, hashed(secret), factors, at,
        )  # fmt: skip
        if not renewed:
            raise Conflict(_("Votre session est fermée. Connectez-vous."))
        await record("session.proven", opened.owner, by=opened.owner, at=at, data={"factors": factors})
    return secret


async def touch_session(session: UUID, created_at: datetime, *, is_staff: bool, at: datetime) -> None:
    """Say that a session is in use: a live one, so that an ended one stays ended; looking as someone is not prolonged."""
    ends = rules.session_end(created_at, at, staff=is_staff)
    await execute(
        "UPDATE session SET seen_at = $2, expires_at = CASE WHEN viewing IS NULL THEN $3 ELSE expires_at END"
        " WHERE id = $1 AND ended_at IS NULL",
        session, at, ends,
    )  # fmt: skip


async def end_session(session: UUID, *, by: Person, at: datetime) -> None:
    """End one of one's own sessions. Raises `NotFound` for any other."""
    async with transaction():
        ended = await execute(
            "UPDATE session SET ended_at = $3 WHERE id = $1 AND account = $2 AND ended_at IS NULL", session, by.id, at
        )
        if not ended:
            raise NotFound
        await record("session.ended", session, by=by.id, at=at)


async def end_other_sessions(session: UUID, *, by: Person, at: datetime) -> int:
    """End all of one's own sessions but this one; how many."""
    async with transaction():
        ended = await end_others(by.id, session, at)
        await record("session.others_ended", by.id, by=by.id, at=at, data={"count": ended})
        return ended


async def end_others(account: UUID, session: UUID | None, at: datetime) -> int:
    """End every session of an account but one."""
    return await execute(
        "UPDATE session SET ended_at = $3 WHERE account = $1 AND id IS DISTINCT FROM $2 AND ended_at IS NULL",
        account,
        session,
        at,
    )


async def end_session_by(token_hash: bytes, *, at: datetime) -> None:
    """Sign out; nothing happens when nobody is signed in."""
    await execute("UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL", token_hash, at)


async def shut_out(account: UUID, at: datetime) -> None:
    """End every session and every token of an account, and forget its browsers."""
    await end_others(account, None, at)
    await execute("UPDATE api_token SET revoked_at = $2 WHERE account = $1 AND revoked_at IS NULL", account, at)
    await execute("DELETE FROM known_device WHERE account = $1", account)
