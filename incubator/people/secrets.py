"""Secrets: random ones kept as hashes, and passwords hashed by Argon2id away from the event loop, two at a time."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_slots = asyncio.Semaphore(2)
# The hash of a random text that was thrown away: signing in costs the same for an unknown address.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$UEydW2sqAu0elUTqE/Yufw$0WowF7Wl9TKl4Y0ZShCJ1LWgdgoD5WjNPzS+FqfzGkE"


def new_secret() -> str:
    """256 bits from the system's generator, as text."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """What the database keeps of a random secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that reads like another


def new_recovery_code() -> str:
    """`AB3D-EFGH5-KLMN7`: four letters to find it by, fifty random bits to compare."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(14))
    return f"{drawn[:4]}-{drawn[4:9]}-{drawn[9:]}"


def split_code(typed: str) -> tuple[str, str]:
    """A recovery code as it was typed, as what finds it and what is compared."""
    letters = "".join(c for c in typed.upper() if c.isalnum())[:40]
    return letters[:4], letters[4:]


def seal(text: str, *, owner: UUID, key: str) -> bytes:
    """Encrypt for the database (AES-GCM) under a key derived from SECRET_KEY; bound to its owner's row."""
    derived, key_id = _derived(key)
    nonce = secrets.token_bytes(12)
    ciphertext: bytes = _cipher(derived).encrypt(nonce, text.encode(), owner.bytes)
    return key_id + nonce + ciphertext


def unseal(sealed: bytes, *, owner: UUID, key: str) -> str | None:
    """What was sealed, or None when it was under another SECRET_KEY."""
    derived, key_id = _derived(key)
    if sealed[:4] != key_id:
        return None
    return str(_cipher(derived).decrypt(sealed[4:16], sealed[16:], owner.bytes), "utf-8")


def _derived(key: str) -> tuple[bytes, bytes]:
    """HKDF-SHA256 (RFC 5869) for one block, and the id of the key that stands before each ciphertext."""
    extracted = hmac.new(b"incubator people", key.encode(), hashlib.sha256).digest()
    derived = hmac.new(extracted, b"sealed secrets v1\x01", hashlib.sha256).digest()
    return derived, hashlib.sha256(b"id" + derived).digest()[:4]


def _cipher(derived: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 45 ms at start-up that few requests need

    return AESGCM(derived)


async def hash_password(password: str) -> str:
    """Argon2id."""
    async with _slots:
        return await asyncio.to_thread(_hasher.hash, password)


async def password_matches(password_hash: str, password: str) -> bool:
    """Compare; the same time is spent when there is no hash."""
    async with _slots:
        return await asyncio.to_thread(_verify, password_hash or NOBODY, password) and bool(password_hash)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except Argon2Error:
        return False
