"""What saving one answer looks at, in one statement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import COLUMNS, FROM, Dossier, StoredAnswer, entry_phases_of
from incubator.applications.rules.moves import ApplicationFacts
from incubator.applications.tables import ApplicationState
from incubator.calls.queries import form_of
from incubator.core.database import row
from incubator.core.errors import NotFound
from incubator.people.queries import Person


class _Kept(msgspec.Struct, frozen=True):
    value: Any
    version: int


class _Writing(ApplicationFacts, frozen=True):
    answers: dict[str, _Kept] = msgspec.field(default_factory=dict)
    is_place: bool = False


_ANSWERS = (
    "COALESCE((SELECT json_object_agg(w.question, json_build_object('value', w.value, 'version', w.version)) FROM answer w"
    " WHERE w.application = a.id), '{}')::text"
)
_IS_PLACE = "EXISTS (SELECT FROM commune x WHERE x.insee_code = $3) OR EXISTS (SELECT FROM epci x WHERE x.siren = $3)"
_WRITING = f"SELECT {COLUMNS}, {_ANSWERS}, {_IS_PLACE}{FROM}"


async def writing_for(me: Person, application_id: UUID, sent: Any) -> tuple[Dossier, bool]:
    """The team's dossier as it stands, and whether `sent` is the code of a place. Raises `NotFound` for anyone else (B21)."""
    place = sent if isinstance(sent, str) and len(sent) <= 9 and "\x00" not in sent else None
    found = await row(_Writing, _WRITING, me.id, application_id, place)
    if found is None or not found.is_mine:
        raise NotFound
    facts = ApplicationFacts(**{name: getattr(found, name) for name in ApplicationFacts.__struct_fields__})
    facts = msgspec.structs.replace(facts, state=ApplicationState(facts.state))
    stored = {code: StoredAnswer(one.value, one.version) for code, one in found.answers.items()}
    return Dossier(facts, await form_of(facts.form), await entry_phases_of(facts), stored), found.is_place
