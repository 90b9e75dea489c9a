"""Pages of a list by key, not by number: the same cost on page 1 and page 1 000, stable while rows come and go.

What is counted for a page is counted up to a bound, for the same reason.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import Meta

from incubator.core.errors import Invalid
from incubator.core.language import _

T = TypeVar("T")
K = TypeVar("K")

SIZE = 50
COUNTED_MAX = 99
Cursor = Annotated[str, Meta(max_length=400, description="`next` of the page before")]


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items in a stated order; `next` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None


def cut(items: list[T], key: Any, size: int = SIZE) -> Page[T]:
    """A page from `size + 1` fetched items; `key(item)` gives the values the list is ordered by."""
    if len(items) <= size:
        return Page(items, None)
    kept = items[:size]
    return Page(kept, base64.urlsafe_b64encode(msgspec.json.encode(key(kept[-1]))).decode().rstrip("="))


def counted(found: str) -> str:
    """SQL for how many rows `FROM … WHERE …` finds, exact up to `COUNTED_MAX`; one more stands for all that are beyond."""
    return f"(SELECT count(*)::int FROM (SELECT{found} LIMIT {COUNTED_MAX + 1}) counted)"  # noqa: S608 - our own constants


def read_cursor(cursor: str | None, shape: type[K]) -> K | None:
    """The key after which the page starts. Raises `Invalid` when the cursor was not made here."""
    if not cursor:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=shape)
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise Invalid({"after": _("Ce lien de page n’est plus valable. Revenez au début de la liste.")}) from None
