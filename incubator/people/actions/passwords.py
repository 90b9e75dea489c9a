"""Choosing a password with a link."""

from __future__ import annotations

from datetime import datetime

from incubator.core.database import execute, transaction
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.actions.links import send_link, use_link
from incubator.people.actions.sessions import shut_out
from incubator.people.actions.throttling import spend_try
from incubator.people.forms import NewPasswordForm
from incubator.people.queries import person, person_by_email
from incubator.people.secrets import hash_password
from incubator.people.tables import Purpose


async def ask_reset(email: str, *, address: str, at: datetime) -> None:
    """Send a link to choose a new password, when the address is known; the answer never says whether it is."""
    email = rules.normal_email(email)
    await spend_try(f"mails from {address}", rules.MAILS_AN_ADDRESS, at=at)
    async with transaction():
        known = await person_by_email(email)
        if known is None:
            return
        await send_link(known.id, email, known.name, known.language, Purpose.RESET, at=at)


async def choose_password(form: NewPasswordForm, *, at: datetime) -> None:
    """Use a reset, invitation or first-manager link; whoever held the account before holds nothing any more."""
    async with transaction():
        link = await use_link(form.token, (Purpose.RESET, Purpose.INVITE), at)
        rules.check_password(form.password, link.email)
        password_hash = await hash_password(form.password)
        await execute(
            "UPDATE account SET password_hash = $2, confirmed_at = COALESCE(confirmed_at, $3) WHERE id = $1",
            link.account, password_hash, at,
        )  # fmt: skip
        await shut_out(link.account, at)
        await record("account.password_changed", link.account, by=link.account, at=at)
        owner = await person(link.account)
        letter = write("people/letters/password_changed.txt", owner.language, name=owner.name)
        await post(letter, kind="people.password_changed", about=link.id, to_email=owner.email, to_account=owner.id, at=at)
