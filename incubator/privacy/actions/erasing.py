"""Erasing a person: what was theirs alone goes, what they made with others stays without them."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import column, execute, rows
from incubator.journal.actions import forget_reasons, record
from incubator.privacy.actions.erasures import ERASED, NAME_GONE, PERSON_GONE
from incubator.privacy.actions.forgetting import empty_whole_project
from incubator.privacy.queries.own import addresses_of

# As every act does, the file before the person: who still writes to it waits, and nobody waits for each other.
_FILES_FIRST = tuple(
    f"SELECT FROM {table} WHERE {of} IN (SELECT m.project FROM team_member m WHERE m.account = $1) ORDER BY id FOR UPDATE"
    for table, of in (("application", "project"), ("project", "id"))
)


class _Membership(msgspec.Struct, frozen=True):
    project: UUID
    name: str
    names: list[str]
    is_alone: bool


async def forget_person(account: UUID, *, by: UUID | None, at: datetime) -> None:
    """Nobody can tell any more who this account was (K01), nor the claims that joined it. The caller holds a transaction and
    has judged that it may be.
    """
    for statement in _FILES_FIRST:
        await execute(statement, account)
    accounts = await column("SELECT id FROM account WHERE id = $1 OR merged_into = $1 ORDER BY id FOR UPDATE", account)
    addresses = await addresses_of(account)
    for membership in await _memberships(account):
        if membership.is_alone:
            await empty_whole_project(membership.project, by=by, at=at)
        else:
            await _leave_the_file(membership, at)
    await execute(
        "UPDATE team_member SET account = NULL, name = $2, email = '', skills = '', availability = NULL,"
        " left_at = COALESCE(left_at, $3) WHERE account = $1",
        account, ERASED, at,
    )  # fmt: skip
    for one in accounts:
        for statement in PERSON_GONE:
            await execute(statement, one, addresses)
    await forget_reasons(accounts, by=by, at=at)
    await execute(
        "UPDATE account SET email = id || '@effacee.invalid', name = 'Personne effacée', password_hash = '', language = 'fr',"
        " disabled_at = COALESCE(disabled_at, $2), erased_at = $2, version = version + 1 WHERE id = ANY($1)",
        accounts, at,
    )  # fmt: skip
    await record("account.erased", account, by=by, at=at)


async def _leave_the_file(membership: _Membership, at: datetime) -> None:
    """The name as it stands alone in an answer or in the team, written and deposited, and among those present at sessions; a
    sentence of the others is theirs.

    A name of a single word may be the code of an answer, or any word: it leaves the team, not the answers. One taken since is
    sought among those present alone: whoever asks to be erased may call themselves by words the others wrote.
    """
    project = membership.project
    for name in membership.names:
        for statement in NAME_GONE:
            await execute(statement, project, _whole(name), ERASED, name)
    if membership.name in membership.names:
        await _leave_the_answers(project, membership.name, at)


async def _leave_the_answers(project: UUID, name: str, at: datetime) -> None:
    for table in ("answer", "answer_revision") if " " in name else ():
        await execute(
            f"UPDATE {table} t SET value = replace(t.value::text, to_json($2::text)::text, to_json($3::text)::text)::jsonb"
            " FROM application a WHERE a.id = t.application AND a.project = $1"
            " AND strpos(t.value::text, to_json($2::text)::text) > 0",
            project, name, ERASED,
        )  # fmt: skip
    await execute("SELECT forget_in_deposits($1, $2, $3, $4)", project, name, ERASED, at)


def _whole(name: str) -> str:
    """This name as a pattern of PostgreSQL, where it is nobody else's: not inside a longer one (Jean Martin-Dupont, Anne Jean
    Martin), which may be a colleague's; a title may stand before it.
    """
    begins = r"(?<!\w)(?<!\w[-’'])(?<![[:upper:]][\w’'-]*[ \u00a0]+)"
    titled = r"(?<=\m(?:M\.|Mme|Mlle|Mr|Dr|Me|Monsieur|Madame)[ \u00a0]+)"
    ends = r"(?![-’']?\w)(?![ \u00a0]+[[:upper:]])"
    return f"(?:{begins}|{titled}){re.escape(name)}{ends}"


async def _memberships(account: UUID) -> list[_Membership]:
    """The projects this person is or was of, by which names, and whether nobody else with an account is left in the team.

    They are known there by the name they had when they came, and by theirs now; one that someone else of the team bears is that
    other's too, for nobody can tell whose each is. Who left a team and has limited the use of their data still needs it (K06).
    """
    return await rows(
        _Membership,
        "SELECT m.project, m.name, ARRAY(SELECT DISTINCT n FROM unnest(ARRAY[m.name, me.name]) AS n WHERE n <> '' AND NOT EXISTS"
        " (SELECT FROM team_member o LEFT JOIN account a ON a.id = o.account WHERE o.project = m.project AND o.id <> m.id"
        " AND lower(n) IN (lower(o.name), lower(a.name))) ORDER BY n),"
        " NOT EXISTS (SELECT FROM team_member o JOIN account a ON a.id = o.account WHERE o.project = m.project"
        " AND (o.left_at IS NULL OR a.limited_at IS NOT NULL) AND o.account <> $1 AND a.erased_at IS NULL)"
        " FROM team_member m JOIN account me ON me.id = m.account JOIN project p ON p.id = m.project"
        " WHERE m.account = $1 AND p.anonymised_at IS NULL ORDER BY m.project",
        account,
    )
