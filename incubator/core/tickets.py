"""A secret for a link in a mail, made from what it opens: nothing to keep, nothing to steal from the database.

A ticket names one thing and one purpose and is signed with the site's key. What it opens stays small: a subscription to end,
a registration to look at and to cancel. Whoever signs in gets a random link that serves once instead (`people`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID


def ticket(key: str, purpose: str, subject: UUID) -> str:
    """The text that proves one was written to about this thing, for this purpose."""
    return f"{subject.hex}{_signature(key, purpose, subject)}"


def subject_of(key: str, purpose: str, given: str) -> UUID | None:
    """The thing a ticket names, or None when it was not made here for this purpose; any text may be given."""
    try:
        subject = UUID(hex=given[:32])
    except ValueError:
        return None
    matches = hmac.compare_digest(ticket(key, purpose, subject).encode(), given.encode("utf-8", "replace"))
    return subject if matches else None


def _signature(key: str, purpose: str, subject: UUID) -> str:
    digest = hmac.new(key.encode(), f"ticket\n{purpose}\n{subject.hex}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()
