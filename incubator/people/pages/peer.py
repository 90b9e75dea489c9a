"""Who speaks to us."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request

from incubator.core.pages import settings_of

AnyRequest = Request[Any, Any, Any]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""


def peer(request: AnyRequest) -> str:
    """The address that speaks to us. What a client says in X-Forwarded-For is believed only behind our own proxy."""
    if settings_of(request).behind_proxy:
        forwarded = request.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded[:45]
    return request.client.host if request.client else "local"
