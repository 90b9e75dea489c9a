"""Changing one's address: it takes a button pressed behind a letter to the old one, and one behind a letter to the new (A12)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, transaction
from incubator.core.errors import Conflict, Invalid
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.actions.throttling import spend_try
from incubator.people.queries import Person, person, person_by_email
from incubator.people.secrets import hashed, new_secret
from incubator.people.tables import EmailChange


async def ask_email_change(email: str, *, by: Person, at: datetime) -> None:
    """Write to both addresses; until both have answered the old one stays. A change asked before is dropped."""
    email = rules.normal_email(email)
    if email == by.email:
        raise Invalid({"email": _("C’est déjà votre adresse.")})
    await spend_try(f"address of {by.id}", rules.MAILS_TO_AN_ADDRESS, at=at)
    async with transaction():
        if not by.is_confirmed:
            raise Conflict(_("Confirmez d’abord votre adresse : le lien est dans votre messagerie."))
        await execute("UPDATE email_change SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL", by.id, at)
        old_secret, new_address_secret = new_secret(), new_secret()
        change = EmailChange(
            account=by.id,
            old_email=by.email,
            new_email=email,
            old_token_hash=hashed(old_secret),
            new_token_hash=hashed(new_address_secret),
            asked_at=at,
            expires_at=at + rules.EMAIL_CHANGE_LASTS,
        )
        await EmailChange.insert(change)
        await record("account.address_change_asked", by.id, by=by.id, at=at)
        await _write_to_both(change.id, by, email, old_secret, new_address_secret, at)


async def _write_to_both(change: UUID, by: Person, email: str, old_secret: str, new_address_secret: str, at: datetime) -> None:
    until = at + rules.EMAIL_CHANGE_LASTS
    letters = {
        by.email: ("email_change_old", f"/account/email/use?token={old_secret}"),
        email: ("email_change_new", f"/account/email/use?token={new_address_secret}"),
    }
    if await person_by_email(email) is not None:  # whoever owns it is told; the one who asks is not
        letters[email] = ("email_change_taken", "/sign-in")
    for address, (template, path) in letters.items():
        letter = write(f"people/letters/{template}.txt", by.language, name=by.name, address=rules.masked(email), until=until)
        await post(letter, kind=f"people.{template}", about=change, to_email=address, path=path, at=at, stale_after=until)


class _Change(msgspec.Struct, frozen=True):
    id: UUID
    account: UUID
    old_email: str
    new_email: str
    is_old_pressed: bool
    is_new_pressed: bool


async def press_email_link(token: str, *, at: datetime) -> bool:
    """The button behind one of the two letters; True when that was the second and the address is changed. Raises `Conflict`."""
    async with transaction():
        pressed = await row(
            _Change,
            "UPDATE email_change c SET old_pressed_at = CASE WHEN c.old_token_hash = $1 THEN COALESCE(c.old_pressed_at, $2)"
            " ELSE c.old_pressed_at END, new_pressed_at = CASE WHEN c.new_token_hash = $1 THEN COALESCE(c.new_pressed_at, $2)"
            " ELSE c.new_pressed_at END FROM account a WHERE (c.old_token_hash = $1 OR c.new_token_hash = $1)"
            " AND c.ended_at IS NULL AND c.expires_at > $2 AND a.id = c.account AND a.email = c.old_email"
            " AND a.disabled_at IS NULL"
            " RETURNING c.id, c.account, c.old_email, c.new_email, c.old_pressed_at IS NOT NULL, c.new_pressed_at IS NOT NULL",
            hashed(token),
            at,
        )
        if pressed is None:
            raise Conflict(_("Ce lien a déjà servi ou n’est plus valable. Demandez à nouveau le changement."))
        if not (pressed.is_old_pressed and pressed.is_new_pressed):
            return False
        await _change(pressed, at)
        return True


async def _change(change: _Change, at: datetime) -> None:
    """Both have answered. Links to the old address die with it (A08)."""
    if await person_by_email(change.new_email) is not None:
        raise Conflict(_("Un compte existe déjà pour cette adresse."))
    await execute(
        "UPDATE account SET email = $2, version = version + 1 WHERE id = $1 AND email = $3",
        change.account, change.new_email, change.old_email,
    )  # fmt: skip
    await execute("UPDATE email_change SET ended_at = $2 WHERE id = $1", change.id, at)
    await record("account.address_changed", change.account, by=change.account, at=at)
    owner = await person(change.account)
    letter = write("people/letters/email_changed.txt", owner.language, name=owner.name, address=rules.masked(change.new_email))
    for address in (change.old_email, change.new_email):
        await post(letter, kind="people.email_changed", about=new_id(), to_email=address, to_account=owner.id, at=at)


async def cancel_email_change(*, by: Person, at: datetime) -> None:
    """Keep the address one has."""
    async with transaction():
        if await execute("UPDATE email_change SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL", by.id, at):
            await record("account.address_change_dropped", by.id, by=by.id, at=at)
