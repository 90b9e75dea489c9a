"""Choosing a password: with a link, or signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.actions.claims import prove
from incubator.people.actions.links import use_link
from incubator.people.actions.sessions import end_others, shut_out
from incubator.people.forms import NewPasswordForm
from incubator.people.queries import Person, person
from incubator.people.queries.sessions import OpenSession
from incubator.people.secrets import hash_password
from incubator.people.tables import Purpose


async def choose_password(form: NewPasswordForm, *, at: datetime) -> None:
    """Use a reset, invitation or first-manager link; whoever held the account before holds nothing any more.

    The second proof, for who has one, is asked at the next sign-in as ever (ASVS 6.4.3).
    """
    async with transaction():
        link = await use_link(form.token, (Purpose.RESET, Purpose.INVITE), at)
        rules.check_password(form.password, link.email)
        password_hash = await hash_password(form.password)
        account = await prove(link.account, link.email, keep=None, at=at)
        await execute("UPDATE account SET password_hash = $2 WHERE id = $1", account, password_hash)
        await shut_out(account, at)
        await _tell(account, at)


async def set_password(password: str, *, opened: OpenSession, by: Person, at: datetime) -> None:
    """Choose a password while signed in; every other session ends (ASVS 7.4.3)."""
    rules.check_password(password, by.email)
    password_hash = await hash_password(password)
    async with transaction():
        changed = await execute(
            "UPDATE account SET password_hash = $2 WHERE id = $1 AND confirmed_at IS NOT NULL", by.id, password_hash
        )
        if not changed:
            raise Conflict(_("Confirmez d’abord votre adresse : le lien est dans votre messagerie."))
        if await value("SELECT ended_at IS NOT NULL FROM session WHERE id = $1", opened.session):  # while it was hashed
            raise Conflict(_("Votre session est fermée. Connectez-vous."))
        await end_others(by.id, opened.session, at)
        await _tell(by.id, at)


async def _tell(account: UUID, at: datetime) -> None:
    await record("account.password_changed", account, by=account, at=at)
    owner = await person(account)
    letter = write("people/letters/password_changed.txt", owner.language, name=owner.name)
    await post(letter, kind="people.password_changed", about=new_id(), to_email=owner.email, to_account=owner.id, at=at)
