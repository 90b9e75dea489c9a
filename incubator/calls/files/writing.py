"""Writing the file of a call: the same call is always the same bytes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from incubator.calls.files.parts import CallFile
from incubator.calls.files.plain_yaml import write_yaml
from incubator.core.clock import local


def as_yaml(file: CallFile) -> bytes:
    """The file as YAML."""
    return write_yaml(_plain(file)).encode()


def as_json(file: CallFile) -> bytes:
    """The file as JSON."""
    return msgspec.json.format(msgspec.json.encode(_plain(file)), indent=2) + b"\n"


def _plain(file: CallFile) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(file, builtin_types=(Decimal, date, datetime))
    if file.call is not None:
        plain["call"] |= {"opens_at": local(file.call.opens_at), "closes_at": local(file.call.closes_at)}
    return plain
