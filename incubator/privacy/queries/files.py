"""The files that may speak of whoever asks to be erased: erasing leaves them to the team that goes on, and a manager looks."""

from __future__ import annotations

from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import FREE_OF_INTEREST
from incubator.core.database import rows
from incubator.core.text import search_form
from incubator.people.queries import Person
from incubator.privacy.queries.cases import Case, managed

# $1: who looks, $2: the person. What was deposited last: a manager reads no draft.
_OF_TEAMS_THAT_GO_ON = (
    "SELECT d.id, a.id, d.name, p.name, d.uploaded_by = $2 FROM document d JOIN application a ON a.id = d.about"
    " JOIN project p ON p.id = a.project JOIN call c ON c.id = a.call WHERE d.removed_at IS NULL AND a.anonymised_at IS NULL"
    f" AND c.programme = ANY($3) AND {FREE_OF_INTEREST}"
    " AND a.project IN (SELECT m.project FROM team_member m WHERE m.account = $2)"
    " AND EXISTS (SELECT FROM team_member o JOIN account u ON u.id = o.account WHERE o.project = a.project AND o.account <> $2"
    " AND (o.left_at IS NULL OR u.limited_at IS NOT NULL) AND u.erased_at IS NULL)"
    " AND (SELECT x.content -> 'files' FROM deposit x WHERE x.application = a.id ORDER BY x.ordinal DESC LIMIT 1)"
    " @> jsonb_build_array(jsonb_build_object('document', d.id::text)) ORDER BY p.name, d.name, d.id LIMIT 500"
)


class NamedFile(msgspec.Struct, frozen=True):
    """A file of a team that goes on. `is_sent`: by the person; else its name bears theirs."""

    id: UUID
    application: UUID
    name: str
    project: str
    is_sent: bool


async def files_naming(case: Case, *, by: Person) -> list[NamedFile]:
    """The files this manager may open that the person sent, or whose name bears theirs, even in part."""
    words = [word for word in search_form(case.name).split() if len(word) > 2]
    found = await rows(NamedFile, _OF_TEAMS_THAT_GO_ON, by.id, case.account, managed(by))
    return [one for one in found if one.is_sent or any(word in search_form(one.name) for word in words)]
