"""Tokens for programs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, NotFound
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.people.secrets import hashed, new_secret
from incubator.people.tables import ApiToken


async def create_api_token(name: str, *, by: Person, at: datetime, is_strong: bool = False) -> str:
    """A secret for programs, shown once. `is_strong`: its maker gave two proofs."""
    if not by.is_confirmed:
        raise Conflict(_("Confirmez d’abord votre adresse : le lien est dans votre messagerie."))
    secret = f"inc_{new_secret()}"
    async with transaction():
        token = ApiToken(account=by.id, name=name, token_hash=hashed(secret), created_at=at, is_strong=is_strong)
        await ApiToken.insert(token)
        await record("api_token.created", token.id, by=by.id, at=at)
    return secret


async def revoke_api_token(token: UUID, *, by: Person, at: datetime) -> None:
    """Make a token worthless. Raises `NotFound` for someone else's."""
    async with transaction():
        revoked = await execute(
            "UPDATE api_token SET revoked_at = $3 WHERE id = $1 AND account = $2 AND revoked_at IS NULL", token, by.id, at
        )
        if not revoked:
            raise NotFound
        await record("api_token.revoked", token, by=by.id, at=at)
