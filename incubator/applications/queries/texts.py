"""The ready texts of a programme: its own, then those of the house."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import msgspec

from incubator.applications.rules.texts import ReadyText, house_texts
from incubator.applications.tables import TextKind
from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.people.queries import Person
from incubator.programmes.queries import programme_by_code

TEXTS_MAX = 100


async def texts_of(programme: UUID, kinds: Collection[TextKind] = tuple(TextKind)) -> list[ReadyText]:
    """Those of these kinds: the programme's by title, then those of the house."""
    wanted = [kind.value for kind in kinds]
    own = await rows(
        ReadyText,
        "SELECT t.id::text, t.kind, t.title, t.text, t.version, t.id FROM text_template t"
        " WHERE t.programme = $1 AND t.removed_at IS NULL AND t.kind = ANY($2) ORDER BY t.title, t.id LIMIT $3",
        programme,
        wanted,
        TEXTS_MAX,
    )
    return own + [one for one in house_texts() if one.kind in wanted]


class TextsDesk(msgspec.Struct, frozen=True):
    """The ready texts of a programme, for its manager."""

    programme: UUID
    code: str
    name: str
    texts: list[ReadyText]


async def texts_desk(me: Person, code: str) -> TextsDesk:
    """For the manager of the programme. Raises `NotFound` for everyone else."""
    programme = await programme_by_code(code)
    if not me.manages(programme.id):
        raise NotFound
    return TextsDesk(programme.id, programme.code, programme.name, await texts_of(programme.id))


class StoredText(msgspec.Struct, frozen=True):
    """A text of a programme's own."""

    id: UUID
    programme: UUID
    code: str
    kind: str
    title: str
    text: str
    version: int


async def text_for(me: Person, text_id: UUID) -> StoredText:
    """A text of a programme one manages, not removed. Raises `NotFound`."""
    found = await row(
        StoredText,
        "SELECT t.id, t.programme, p.code, t.kind, t.title, t.text, t.version FROM text_template t"
        " JOIN programme p ON p.id = t.programme WHERE t.id = $1 AND t.removed_at IS NULL",
        text_id,
    )
    if found is None or not me.manages(found.programme):
        raise NotFound
    return found
