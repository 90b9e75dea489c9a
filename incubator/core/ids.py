"""Identifiers that tell nothing but their order: UUID version 7 (RFC 9562)."""

from __future__ import annotations

import os
import time
import uuid

from piccolo.columns.defaults.uuid import UUID4


def new_id() -> uuid.UUID:
    """A time-ordered UUID: 48 bits of milliseconds, then random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    return uuid.UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


class UUIDv7(UUID4):
    """Column default: made here; the database's own default stays `gen_random_uuid()`."""

    def python(self) -> uuid.UUID:
        return new_id()
