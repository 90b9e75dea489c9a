"""Passkeys: registered, used to sign in or as a second proof, removed."""

from __future__ import annotations

import asyncio
import base64
import binascii
import importlib
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from incubator.core.database import column, execute, row, transaction, value
from incubator.core.errors import Conflict, Invalid, NotFound
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.people import rules
from incubator.people.actions.factors import check_may_remove, factor_changed
from incubator.people.actions.sessions import Browser, Entered, enter, renew
from incubator.people.actions.throttling import spend_try
from incubator.people.queries import Person
from incubator.people.queries.sessions import MUST_HAVE, OpenSession
from incubator.people.secrets import hashed
from incubator.people.tables import Ceremony, Passkey

PASSKEYS_MAX = 10


class Site(msgspec.Struct, frozen=True):
    """What keys are bound to: the site as people reach it, and the secret of the browser that asks."""

    public_url: str
    browser_secret: str

    @property
    def rp_id(self) -> str:
        """The host of the site; a trial on 127.0.0.1 is reached by `localhost`, for keys are bound to names."""
        host = urlsplit(self.public_url).hostname or ""
        return "localhost" if host in ("", "127.0.0.1") else host

    @property
    def origin(self) -> str:
        """Its scheme, host and port."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{self.rp_id}" + (f":{parts.port}" if parts.port else "")


async def ask_registration(*, by: Person, site: Site, at: datetime) -> str:
    """JSON that asks the browser for a new key; who must give two proofs needs one that recognises its user."""
    if not by.is_confirmed:
        raise Conflict(_("Confirmez d’abord votre adresse : le lien est dans votre messagerie."))
    known = await column("SELECT credential_id FROM passkey WHERE account = $1 ORDER BY id LIMIT 20", by.id)
    challenge = await _challenge(Ceremony.REGISTRATION, site, at)
    must_verify = await _must_verify(by.id)
    options: str = (await _ceremonies()).registration_options(
        rp_id=site.rp_id,
        account=by.id.bytes,
        email=by.email,
        name=by.name,
        known=known,
        challenge=challenge,
        must_verify=must_verify,
    )
    return options


async def _must_verify(account: UUID) -> bool:
    return bool(await value(f"SELECT {MUST_HAVE.format('a')} FROM account a WHERE a.id = $1", account))  # noqa: S608


async def _ceremonies() -> Any:
    return await asyncio.to_thread(importlib.import_module, "incubator.people.ceremonies")


async def _challenge(ceremony: Ceremony, site: Site, at: datetime) -> bytes:
    """A new challenge for this browser; the one before is worth nothing."""
    drawn = secrets.token_bytes(32)
    await execute(
        "INSERT INTO challenge (id, ceremony, browser_hash, challenge, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (browser_hash, ceremony) DO UPDATE SET challenge = excluded.challenge, created_at = excluded.created_at,"
        " expires_at = excluded.expires_at",
        new_id(), ceremony.value, hashed(site.browser_secret), drawn, at, at + rules.CHALLENGE_LASTS,
    )  # fmt: skip
    return drawn


async def _use_challenge(ceremony: Ceremony, site: Site, at: datetime) -> bytes:
    """The challenge of this browser, used up whatever follows. Raises `Conflict` when it is too old or was used."""
    found: bytes | None = await value(
        "DELETE FROM challenge WHERE browser_hash = $1 AND ceremony = $2 AND expires_at > $3 RETURNING challenge",
        hashed(site.browser_secret), ceremony.value, at,
    )  # fmt: skip
    if found is None:
        raise Conflict(_("La demande a expiré. Recommencez."))
    return found


def _read(credential: str) -> dict[str, Any]:
    """What the browser answered. Raises `Invalid` for anything else."""
    try:
        return msgspec.json.decode(credential, type=dict[str, Any])
    except msgspec.MsgspecError:
        raise Invalid({}, _("La réponse de votre appareil est illisible. Recommencez.")) from None


async def register(credential: str, name: str, *, opened: OpenSession, by: Person, site: Site, at: datetime) -> str:
    """Keep the public key the browser made; a new secret for the session."""
    answer = _read(credential)
    challenge = await _use_challenge(Ceremony.REGISTRATION, site, at)
    must_verify = await _must_verify(by.id)
    made = (await _ceremonies()).registered(
        answer, rp_id=site.rp_id, origin=site.origin, challenge=challenge, must_verify=must_verify
    )
    if made is None:
        raise Conflict(_("Votre appareil n’a pas pu créer la clé d’accès. Recommencez."))
    async with transaction():
        await execute("SELECT 1 FROM account WHERE id = $1 FOR UPDATE", by.id)
        if await value("SELECT count(*) FROM passkey WHERE account = $1", by.id) >= PASSKEYS_MAX:
            raise Conflict(_("Vous avez déjà dix clés d’accès : retirez-en une."))
        await Passkey.insert(
            Passkey(
                account=by.id,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                name=name,
                created_at=at,
            )
        )
        secret = await renew(opened, factors=2 if must_verify else opened.factors_count, at=at)
        await factor_changed("passkey_added", opened=opened, by=by, at=at)
        return secret


async def ask_sign_in(*, site: Site, address: str, at: datetime) -> str:
    """JSON that asks the browser for any key of this site; nothing tells which exist."""
    await spend_try(f"passkey from {address}", rules.CHALLENGES_AN_ADDRESS, at=at)
    challenge = await _challenge(Ceremony.SIGN_IN, site, at)
    options: str = (await _ceremonies()).sign_in_options(rp_id=site.rp_id, known=[], challenge=challenge, must_verify=False)
    return options


async def ask_second_proof(*, by: Person, site: Site, at: datetime) -> str:
    """JSON that asks the browser for a key of this very person."""
    known = await column("SELECT credential_id FROM passkey WHERE account = $1 ORDER BY id LIMIT 20", by.id)
    challenge = await _challenge(Ceremony.SIGN_IN, site, at)
    options: str = (await _ceremonies()).sign_in_options(rp_id=site.rp_id, known=known, challenge=challenge, must_verify=True)
    return options


class _Key(msgspec.Struct, frozen=True):
    id: UUID
    account: UUID
    public_key: bytes
    sign_count: int


class _Proof(msgspec.Struct, frozen=True):
    account: UUID
    is_verified: bool


async def sign_in_with_passkey(credential: str, *, site: Site, browser: Browser, at: datetime) -> Entered:
    """Enter by a key: two proofs when the device recognised its user, else one."""
    answer = _read(credential)
    challenge = await _use_challenge(Ceremony.SIGN_IN, site, at)
    async with transaction():
        proof = await _proof(answer, challenge, site, at)
        return await enter(proof.account, factors=2 if proof.is_verified else 1, how="passkey", browser=browser, at=at)


async def prove_with_passkey(credential: str, *, opened: OpenSession, site: Site, at: datetime) -> str:
    """A key of this very person, as the second proof or to say again who one is; a new secret for the session."""
    answer = _read(credential)
    challenge = await _use_challenge(Ceremony.SIGN_IN, site, at)
    async with transaction():
        proof = await _proof(answer, challenge, site, at)
        if proof.account != opened.owner:
            raise Conflict(_("Cette clé d’accès est d’un autre compte."))
        if not proof.is_verified:
            raise Conflict(_("Votre appareil doit vous reconnaître (code, empreinte ou visage). Recommencez."))
        return await renew(opened, factors=2, at=at)


async def _proof(answer: dict[str, Any], challenge: bytes, site: Site, at: datetime) -> _Proof:
    """Whose key signed, under lock so that its counter never goes back. Raises `Conflict`."""
    key = await row(
        _Key,
        "SELECT k.id, k.account, k.public_key, k.sign_count FROM passkey k JOIN account a ON a.id = k.account"
        " WHERE k.credential_id = $1 AND a.disabled_at IS NULL FOR UPDATE OF k",
        _credential_id(answer),
    )
    checked = key and (await _ceremonies()).signed(
        answer,
        rp_id=site.rp_id,
        origin=site.origin,
        challenge=challenge,
        public_key=key.public_key,
        sign_count=key.sign_count,
    )
    if key is None or not checked:
        raise Conflict(_("Cette clé d’accès ne correspond à aucun compte. Essayez une autre façon de vous connecter."))
    await execute("UPDATE passkey SET sign_count = $2, last_used_at = $3 WHERE id = $1", key.id, checked.sign_count, at)
    return _Proof(key.account, checked.is_verified)


def _credential_id(answer: dict[str, Any]) -> bytes:
    given = answer.get("rawId")
    if not isinstance(given, str) or len(given) > 2000:
        return b""
    try:
        return base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (ValueError, binascii.Error):
        return b""


async def remove_passkey(passkey: UUID, *, opened: OpenSession, by: Person, required: bool, at: datetime) -> None:
    """Forget a key. Raises `NotFound` for someone else's, `Conflict` for the last factor of who must have one."""
    async with transaction():
        if not await value("SELECT EXISTS (SELECT FROM passkey WHERE id = $1 AND account = $2)", passkey, by.id):
            raise NotFound
        await check_may_remove(by.id, required=required)
        await execute("DELETE FROM passkey WHERE id = $1 AND account = $2", passkey, by.id)
        await factor_changed("passkey_removed", opened=opened, by=by, at=at)
