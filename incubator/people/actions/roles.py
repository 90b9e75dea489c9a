"""Roles in a programme: given, offered by mail, accepted, withdrawn."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, transaction, value
from incubator.core.errors import Conflict, NotFound, Refused
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.forms import RoleForm
from incubator.people.queries import Person, person_by_email
from incubator.people.rules import role_words
from incubator.people.secrets import hashed, new_secret
from incubator.people.tables import Role, RoleAssignment, RoleInvitation


async def give_role(account: UUID, role: Role, programme: UUID, *, by: Person | None, at: datetime) -> None:
    """Give a role in a programme; once is enough."""
    async with transaction():
        await RoleAssignment.insert(
            RoleAssignment(account=account, role=role.value, programme=programme, created_at=at)
        ).on_conflict(action="DO NOTHING")
        await record("role.given", account, by=by.id if by else None, at=at, data={"role": role.value, "programme": programme})


async def offer_role(programme: UUID, programme_name: str, form: RoleForm, *, by: Person, at: datetime) -> UUID:
    """Offer a role by mail; an offer of the same role to the same address is replaced. Raises `Conflict` when it is held."""
    email = rules.normal_email(form.email)
    async with transaction():
        await _check_still_manages(by, programme)
        known = await person_by_email(email)
        if known is not None and known.has(form.role.value, programme):
            raise Conflict(_("Cette personne a déjà ce rôle."))
        await execute(
            "UPDATE role_invitation SET revoked_at = $4 WHERE programme = $1 AND email = $2 AND role = $3"
            " AND accepted_at IS NULL AND revoked_at IS NULL",
            programme, email, form.role.value, at,
        )  # fmt: skip
        secret = new_secret()
        offer = RoleInvitation(
            programme=programme,
            email=email,
            name=form.name,
            role=form.role.value,
            token_hash=hashed(secret),
            invited_by=by.id,
            created_at=at,
            expires_at=at + rules.ROLE_INVITATION_LASTS,
        )
        await RoleInvitation.insert(offer)
        await record("role.offered", offer.id, by=by.id, at=at, data={"role": form.role.value, "programme": programme})
        await _send_offer(offer.id, email, form, programme_name, secret, by, at)
        return offer.id


async def _check_still_manages(by: Person, programme: UUID) -> None:
    """The role was read when the request came: withdrawn meanwhile, it would be outlived by the offer."""
    held = "SELECT true FROM role_assignment WHERE account = $1 AND role = 'manager' AND programme = $2 FOR SHARE"
    if not await value(held, by.id, programme):
        raise NotFound


async def _send_offer(
    offer: UUID, email: str, form: RoleForm, programme_name: str, secret: str, by: Person, at: datetime
) -> None:
    until = at + rules.ROLE_INVITATION_LASTS
    letter = write(
        "people/letters/role_offered.txt",
        "fr",
        name=form.name,
        role=role_words(form.role.value),
        programme=programme_name,
        by=by.name,
        until=until,
    )
    path = f"/role-invitation?token={secret}"
    await post(letter, kind="people.role_offered", about=offer, to_email=email, path=path, at=at, stale_after=until)


def _check_manages(by: Person, programme: UUID) -> None:
    if not by.manages(programme):
        raise NotFound


async def revoke_offer(offer: UUID, programme: UUID, *, by: Person, at: datetime) -> None:
    """Take an offer back before it is accepted."""
    async with transaction():
        _check_manages(by, programme)
        revoked = await execute(
            "UPDATE role_invitation SET revoked_at = $3 WHERE id = $1 AND programme = $2"
            " AND accepted_at IS NULL AND revoked_at IS NULL",
            offer, programme, at,
        )  # fmt: skip
        if not revoked:
            raise NotFound
        await record("role.offer_revoked", offer, by=by.id, at=at)


class _Offer(msgspec.Struct, frozen=True):
    id: UUID
    programme: UUID
    email: str
    role: str


async def accept_role(token: str, *, by: Person, at: datetime) -> UUID:
    """Take up a role; only whoever has proven the address it was offered to. The programme."""
    async with transaction():
        offer = await row(
            _Offer,
            "SELECT id, programme, email, role FROM role_invitation WHERE token_hash = $1 AND accepted_at IS NULL"
            " AND revoked_at IS NULL AND expires_at > $2 FOR UPDATE",
            hashed(token),
            at,
        )
        if offer is None:
            raise Conflict(_("Cette invitation a déjà servi ou n’est plus valable. Demandez-en une autre."))
        if not by.is_confirmed or by.email != offer.email:
            raise Refused(_("Cette invitation est pour une autre adresse. Connectez-vous avec celle qui l’a reçue."))
        await execute("UPDATE role_invitation SET accepted_at = $2 WHERE id = $1", offer.id, at)
        await record("role.accepted", offer.id, by=by.id, at=at)
        await give_role(by.id, Role(offer.role), offer.programme, by=by, at=at)
        return offer.programme


async def withdraw_role(account: UUID, role: Role, programme: UUID, *, by: Person, at: datetime) -> None:
    """Take a role away: it counts at the next request (A13). The last manager stays, whoever asks (A14).

    What a manager had offered and nobody took up falls with the role: they might have written to themselves.
    """
    async with transaction():
        _check_manages(by, programme)
        await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"roles of {programme}")
        managers = await value(
            "SELECT count(*) FROM role_assignment r JOIN account a ON a.id = r.account WHERE r.programme = $1"
            " AND r.role = 'manager' AND a.disabled_at IS NULL",
            programme,
        )
        if not await value(
            "SELECT EXISTS (SELECT FROM role_assignment WHERE account = $1 AND role = $2 AND programme = $3)",
            account, role.value, programme,
        ):  # fmt: skip
            raise NotFound
        if reason := rules.why_not_withdraw_role(role.value, managers):
            raise Conflict(reason)
        await execute(
            "DELETE FROM role_assignment WHERE account = $1 AND role = $2 AND programme = $3", account, role.value, programme
        )
        if role is Role.MANAGER:
            await execute(
                "UPDATE role_invitation SET revoked_at = $3 WHERE invited_by = $1 AND programme = $2"
                " AND accepted_at IS NULL AND revoked_at IS NULL",
                account, programme, at,
            )  # fmt: skip
        await record("role.withdrawn", account, by=by.id, at=at, data={"role": role.value, "programme": programme})
