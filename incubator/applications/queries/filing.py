"""The project as a deposit keeps it: read once, on the day of the deposit."""

from __future__ import annotations

from uuid import UUID

import msgspec

from incubator.applications.rules.dossier import Answers
from incubator.applications.rules.filed import FiledCard, FiledDocument, FiledMember
from incubator.calls.definitions import FormDefinition, Kind
from incubator.core.database import row
from incubator.core.errors import NotFound
from incubator.documents.queries import documents_of


class _Now(msgspec.Struct, frozen=True):
    card: FiledCard
    team: tuple[FiledMember, ...]


async def project_now(project: UUID) -> tuple[FiledCard, tuple[FiledMember, ...]]:
    """A project as it is now, and its team, depositor first: those who accepted to be in it (R2). Raises `NotFound`."""
    found = await row(
        _Now,
        "SELECT json_build_object('name', p.name, 'summary', p.summary, 'commune', p.commune, 'commune_name', c.name,"
        " 'epci', e.name, 'departement', d.name)::text, COALESCE((SELECT json_agg(m) FROM (SELECT t.name, t.role, t.skills"
        " FROM team_member t WHERE t.project = p.id AND t.left_at IS NULL AND t.account IS NOT NULL"
        " ORDER BY t.role, t.joined_at, t.id LIMIT 50) m), '[]')::text FROM project p"
        " LEFT JOIN commune c ON c.insee_code = p.commune LEFT JOIN epci e ON e.siren = c.epci"
        " LEFT JOIN departement d ON d.code = c.departement WHERE p.id = $1",
        project,
    )
    if found is None:
        raise NotFound
    return found.card, found.team


async def files_of(definition: FormDefinition, answers: Answers, application: UUID) -> tuple[FiledDocument, ...]:
    """The documents joined to these answers, in the order of the form."""
    wanted = [
        (question.code, document)
        for question in definition.questions
        if question.kind is Kind.FILE
        for document in answers.get(question.code) or []
    ]
    found = await documents_of(application, ids=[document for _code, document in wanted]) if wanted else {}
    return tuple(
        FiledDocument(code, one.id, one.name, one.size, one.sha256)
        for code, document in wanted
        if (one := found.get(str(document)))
    )
