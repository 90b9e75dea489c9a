"""Authenticator applications: set up, used as a second proof, removed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
import pyotp

from incubator.core.database import execute, row, transaction, value
from incubator.core.errors import Conflict, Invalid
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.people import rules
from incubator.people.actions.factors import check_may_remove, factor_changed
from incubator.people.actions.recovery import new_codes, use_code
from incubator.people.actions.sessions import renew
from incubator.people.actions.throttling import spend_try
from incubator.people.queries import Person
from incubator.people.queries.sessions import OpenSession
from incubator.people.secrets import seal, unseal


class SetUp(msgspec.Struct, frozen=True):
    """What is scanned or typed into an authenticator application."""

    secret: str
    address: str


async def start_totp(*, by: Person, key: str, at: datetime) -> None:
    """Draw a secret, not used until a first code proves that it was taken in."""
    async with transaction():
        _check_confirmed(by)
        made = await execute(
            "INSERT INTO totp (id, account, sealed_secret, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (account) DO UPDATE"
            " SET sealed_secret = excluded.sealed_secret, created_at = excluded.created_at WHERE totp.confirmed_at IS NULL",
            new_id(), by.id, seal(pyotp.random_base32(), owner=by.id, key=key), at,
        )  # fmt: skip
        if not made:
            raise Conflict(_("Une application est déjà en place. Retirez-la avant d’en mettre une autre."))


def _check_confirmed(by: Person) -> None:
    if not by.is_confirmed:
        raise Conflict(_("Confirmez d’abord votre adresse : le lien est dans votre messagerie."))


async def totp_set_up(*, by: Person, key: str) -> SetUp | None:
    """The secret that waits for its first code; None when there is none, or it was drawn under another SECRET_KEY."""
    sealed = await value("SELECT sealed_secret FROM totp WHERE account = $1 AND confirmed_at IS NULL", by.id)
    secret = unseal(sealed, owner=by.id, key=key) if sealed else None
    if secret is None:
        return None
    return SetUp(secret, pyotp.TOTP(secret).provisioning_uri(name=by.email, issuer_name="Alter’Incub"))


async def confirm_totp(code: str, *, opened: OpenSession, by: Person, key: str, at: datetime) -> tuple[str, list[str]]:
    """The first code: from now on it is asked for. A new secret for this session, and the recovery codes, shown once."""
    await spend_try(f"factor {by.id}", rules.TRIES_AN_ACCOUNT, at=at)
    codes = await new_codes()
    async with transaction():
        if not await _takes(by.id, code, key, at, confirmed=False):
            raise Invalid({"code": _("Ce code ne correspond pas. Vérifiez l’heure de votre téléphone et tapez le code affiché.")})
        await execute("UPDATE totp SET confirmed_at = $2 WHERE account = $1", by.id, at)
        await codes.keep(by.id, at)
        secret = await renew(opened, factors=2, at=at)
        await factor_changed("totp_added", opened=opened, by=by, at=at)
        return secret, codes.shown


async def give_second_proof(code: str, *, opened: OpenSession, by: Person, key: str, at: datetime) -> str:
    """A code of the application, or a recovery code; a new secret for the session. Raises `Invalid`."""
    await spend_try(f"factor {by.id}", rules.TRIES_AN_ACCOUNT, at=at)
    digits = "".join(code.split())
    async with transaction():
        if digits.isascii() and digits.isdigit() and len(digits) == 6:
            is_good = await _takes(by.id, digits, key, at, confirmed=True)
        else:
            is_good = await use_code(code, by=by, at=at)
        if not is_good:
            raise Invalid({"code": _("Ce code ne correspond pas, ou il a déjà servi. Attendez le suivant et tapez-le.")})
        return await renew(opened, factors=2, at=at)


class _Kept(msgspec.Struct, frozen=True):
    sealed_secret: bytes
    last_step: int | None


async def _takes(account: UUID, code: str, key: str, at: datetime, *, confirmed: bool) -> bool:
    """Whether the code is of a step near now and later than any used before: under lock, so that one serves once (A09)."""
    kept = await row(
        _Kept,
        "SELECT sealed_secret, last_step FROM totp WHERE account = $1 AND (confirmed_at IS NOT NULL) = $2 FOR UPDATE",
        account,
        confirmed,
    )
    secret = unseal(kept.sealed_secret, owner=account, key=key) if kept else None
    if kept is None or secret is None:
        return False
    totp = pyotp.TOTP(secret)
    steps = [step for step in rules.totp_steps(at) if pyotp.utils.strings_equal(totp.generate_otp(step), code.strip())]
    step = next((step for step in steps if kept.last_step is None or step > kept.last_step), None)
    if step is None:
        return False
    await execute("UPDATE totp SET last_step = $2 WHERE account = $1", account, step)
    return True


async def remove_totp(*, opened: OpenSession, by: Person, required: bool, at: datetime) -> None:
    """Stop asking for codes; its recovery codes go with it."""
    async with transaction():
        await check_may_remove(by.id, required=required)
        if not await execute("DELETE FROM totp WHERE account = $1", by.id):
            raise Conflict(_("Aucune application n’est en place."))
        await execute("DELETE FROM recovery_code WHERE account = $1", by.id)
        await factor_changed("totp_removed", opened=opened, by=by, at=at)


async def regenerate_codes(*, opened: OpenSession, by: Person, at: datetime) -> list[str]:
    """New recovery codes, shown once; the old ones stop working, other sessions end, their owner is told (A17)."""
    codes = await new_codes()
    async with transaction():
        if not await value("SELECT confirmed_at IS NOT NULL FROM totp WHERE account = $1 FOR UPDATE", by.id):
            raise Conflict(_("Mettez d’abord une application d’authentification en place."))
        await codes.keep(by.id, at)
        await factor_changed("recovery_codes_made", opened=opened, by=by, at=at)
    return codes.shown
