"""Secrets: random ones kept as hashes, and passwords hashed by Argon2id away from the event loop, two at a time."""

from __future__ import annotations

import asyncio
import hashlib
import secrets

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
