"""The columns every table uses, with the defaults we want instead of Piccolo's (not null, restrict, indexed)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from piccolo.columns import UUID, BigInt, Date, ForeignKey, Integer, Numeric, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Check

from incubator.core.ids import UUIDv7


def identity() -> UUID:
    """Primary key."""
    return UUID(primary_key=True, default=UUIDv7(), null=False)


def reference(
    table: Any, *, null: bool = False, index: bool = True, cascade: bool = False, unique: bool = False
) -> ForeignKey[Any]:
    """Foreign key that forbids deleting what it points at, unless `cascade`."""
    rule = OnDelete.cascade if cascade else OnDelete.restrict
    return ForeignKey(
        table,
        null=null,
        default=None,
        on_delete=rule,
        index=index and not unique,
        unique=unique,
        index_method=IndexMethod.btree,
    )


def instant(*, null: bool = False, index: bool = False) -> Timestamptz:
    """A moment; always given by the act (`at`), never by the database."""
    return Timestamptz(null=null, default=None, index=index)


def day(*, null: bool = False) -> Date:
    """A calendar day in France."""
    return Date(null=null, default=None)


def words(*, null: bool = False, default: str | None = "") -> Text:
    """Text of bounded length (bounded by the form that takes it)."""
    return Text(null=null, default=default)


def count(*, default: int = 0, null: bool = False) -> Integer:
    """A whole number."""
    return Integer(null=null, default=default)


def version() -> Integer:
    """Counts the edits of a row: whoever saves names the version they read (optimistic lock)."""
    return Integer(null=False, default=1)


def number(*, null: bool = False) -> BigInt:
    """A large whole number."""
    return BigInt(null=null, default=None)


def one_of(column: str, values: type[StrEnum]) -> Check:
    """The column holds a value of the enumeration."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return Check(f"{column} IN ({listed})")


def decimal(digits: int, scale: int, *, null: bool = False) -> Numeric:
    """An exact decimal of so many digits, `scale` of them after the point; zero by default, or null."""
    return Numeric(digits=(digits, scale), null=null, default=None if null else Decimal(0))
