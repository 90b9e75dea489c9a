"""Recovery codes: ten, kept as Argon2id hashes, each good once; a letter each time (A17)."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, value
from incubator.core.ids import new_id
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.queries import Person
from incubator.people.secrets import hash_password, new_recovery_code, password_matches, split_code
from incubator.people.tables import RecoveryCode


class Codes(msgspec.Struct, frozen=True):
    """Codes as they are shown, and what is kept of each."""

    shown: list[str]
    hashes: list[str]

    async def keep(self, account: UUID, at: datetime) -> None:
        """Replace the codes of an account by these."""
        await execute("DELETE FROM recovery_code WHERE account = $1", account)
        await RecoveryCode.insert(
            *(
                RecoveryCode(account=account, selector=split_code(code)[0], code_hash=kept, created_at=at)
                for code, kept in zip(self.shown, self.hashes, strict=True)
            )
        )


async def new_codes() -> Codes:
    """Ten of them; hashing takes a moment, so it is done before any transaction."""
    drawn: dict[str, str] = {}
    while len(drawn) < rules.RECOVERY_CODES:
        code = new_recovery_code()
        drawn.setdefault(split_code(code)[0], code)
    shown = list(drawn.values())
    return Codes(shown, list(await asyncio.gather(*(hash_password(split_code(code)[1]) for code in shown))))


class _Kept(msgspec.Struct, frozen=True):
    id: UUID
    code_hash: str


async def use_code(typed: str, *, by: Person, at: datetime) -> bool:
    """Whether this is an unused code of this person; it is used up, and they are told."""
    selector, rest = split_code(typed)
    kept = await row(
        _Kept,
        "SELECT id, code_hash FROM recovery_code WHERE account = $1 AND selector = $2 AND used_at IS NULL FOR UPDATE",
        by.id,
        selector,
    )
    if not await password_matches(kept.code_hash if kept else "", rest) or kept is None:
        return False
    await execute("UPDATE recovery_code SET used_at = $2 WHERE id = $1", kept.id, at)
    left = await value("SELECT count(*) FROM recovery_code WHERE account = $1 AND used_at IS NULL", by.id)
    await record("account.recovery_code_used", by.id, by=by.id, at=at, data={"left": left})
    letter = write("people/letters/recovery_code_used.txt", by.language, name=by.name, left=left, at=at)
    await post(
        letter, kind="people.recovery_code", about=new_id(), to_email=by.email, to_account=by.id, path="/account/security", at=at
    )
    return True
