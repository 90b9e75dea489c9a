"""Reading who asked to be called back after the self-test, and who wants to know when a call opens."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows

LIST_MAX = 500


class SelfTestLine(msgspec.Struct, frozen=True):
    """Someone to call back, and what they answered."""

    id: UUID
    email: str
    answers: dict[str, str]
    consented_at: datetime
    forget_after: date
    called_back_at: datetime | None
    called_back_by: str


async def self_tests_of(call: UUID) -> list[SelfTestLine]:
    """Those who asked to be called back about a call: who waits first, oldest first."""
    return await rows(
        SelfTestLine,
        "SELECT s.id, s.email, s.answers::text, s.consented_at, s.forget_after, s.called_back_at, COALESCE(a.name, '')"
        " FROM self_test_result s LEFT JOIN account a ON a.id = s.called_back_by WHERE s.call = $1"
        f" ORDER BY s.called_back_at IS NOT NULL, s.consented_at, s.id LIMIT {LIST_MAX}",
        call,
    )


class SubscriptionView(msgspec.Struct, frozen=True):
    """A subscription and the programme it is to."""

    id: UUID
    programme: UUID
    programme_code: str
    programme_name: str
    email: str
    language: str
    asked_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None


_SUBSCRIPTION = (
    "SELECT s.id, s.programme, p.code, p.name, s.email, s.language, s.asked_at, s.confirmed_at, s.ended_at"
    " FROM subscription s JOIN programme p ON p.id = s.programme"
)


async def subscription(subscription_id: UUID, *, lock: bool = False) -> SubscriptionView | None:
    """A subscription by id, or None."""
    return await row(SubscriptionView, f"{_SUBSCRIPTION} WHERE s.id = $1{' FOR UPDATE OF s' if lock else ''}", subscription_id)


async def subscription_of(programme: UUID, email: str) -> SubscriptionView | None:
    """The subscription of an address to a programme, locked, or None."""
    return await row(
        SubscriptionView, f"{_SUBSCRIPTION} WHERE s.programme = $1 AND s.email = $2 FOR UPDATE OF s", programme, email
    )


async def subscribers(programme: UUID) -> list[SubscriptionView]:
    """Those who confirmed and stayed."""
    return await rows(
        SubscriptionView,
        f"{_SUBSCRIPTION} WHERE s.programme = $1 AND s.confirmed_at IS NOT NULL AND s.ended_at IS NULL ORDER BY s.id",
        programme,
    )
