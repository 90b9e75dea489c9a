"""What a copy of a call takes over besides what its form shows: add here what a later table holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.calls.actions.faq import copy_faq
from incubator.calls.queries import call_by_code
from incubator.core.errors import Invalid, NotFound
from incubator.core.language import _


async def copied_from(code: str, programme: UUID) -> UUID:
    """The call of this programme that is copied. Raises `Invalid`."""
    try:
        source = await call_by_code(code)
    except NotFound:
        source = None
    if source is None or source.programme != programme:
        raise Invalid({"copy_of": _("L’appel à copier n’existe pas dans ce programme.")})
    return source.id


async def copy_parts(source: UUID, made: UUID, *, at: datetime) -> None:
    """Give a new draft what stands beside the copied call."""
    await copy_faq(source, made, at=at)
