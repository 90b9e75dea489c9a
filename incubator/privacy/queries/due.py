"""What has been kept long enough. Last contact is an act of the person, in the journal: no mail, no reminder, no staff (K05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import rows
from incubator.privacy.queries.held import SUBJECTS
from incubator.privacy.rules.keeping import Keep

DUE_MAX = 500

_TEAM_CONTACT = (
    '(SELECT max(j.at) FROM team_member m JOIN journal_entry j ON j."by" = m.account WHERE m.project = {project}'
    " AND m.account IS NOT NULL)"
)
_TAKEN = "EXISTS (SELECT FROM place t WHERE t.project = {project} AND t.state = 'accepted')"

_APPLICATION_END = (
    "GREATEST(a.deposited_at, c.closes_at, (SELECT max(r.pronounced_at) FROM ruling r WHERE r.application = a.id),"
    " (SELECT max(b.published_at) FROM presentation o JOIN publication b ON b.committee = o.committee"
    " WHERE o.application = a.id),"
    f" {_TEAM_CONTACT.format(project='a.project')})"
)
_PATH_END = f"GREATEST(max(e.ended_on)::timestamptz, {_TEAM_CONTACT.format(project='e.project')})"

# Holds on what stands around: the team's people, and the committees that decided; of a project, all its applications and calls.
_PEOPLE = "SELECT m.account FROM team_member m WHERE m.project = {project}"
_OF_APPLICATION = (
    "ARRAY[a.id, a.project, a.call, c.programme] || ARRAY(SELECT o.committee FROM presentation o WHERE o.application = a.id"
    f" UNION {_PEOPLE.format(project='a.project')}) AS held"
)
_OF_PROJECT = (
    "ARRAY[{project}, p.programme] || ARRAY(SELECT unnest(ARRAY[x.id, x.call, o.committee]) FROM application x"
    " LEFT JOIN presentation o ON o.application = x.id WHERE x.project = {project} UNION " + _PEOPLE + ") AS held"
)
_OF_PATH = _OF_PROJECT.format(project="e.project")

# People who are not candidates, by their address: what one of them does last counts for all that is kept of them.
_PROSPECTS = (
    "SELECT s.id AS subject, s.email, COALESCE(s.ended_at, s.confirmed_at, s.asked_at) AS since,"
    " ARRAY[s.id, s.programme] AS around FROM subscription s WHERE s.programme = $1 UNION ALL SELECT r.id, r.email,"
    " GREATEST(r.registered_at, r.cancelled_at, m.ends_at), ARRAY[r.id, m.programme, m.call]"
    " FROM registration r JOIN meeting m ON m.id = r.meeting WHERE m.programme = $1 AND r.name <> '(effacé)'"
    " UNION ALL SELECT t.id, t.email, t.consented_at, ARRAY[t.id, c.programme, c.id]"
    " FROM self_test_result t JOIN call c ON c.id = t.call WHERE c.programme = $1"
)

# $1: the programme; each gives the subject, since when, and what a hold may have been placed on.
_DUE: dict[Keep, str] = {
    Keep.PROSPECT: (
        "SELECT x.subject, GREATEST(max(x.since) OVER (PARTITION BY x.email), x.since, (SELECT max(j.at) FROM journal_entry j"
        ' WHERE j."by" = o.id)) AS since, x.around || o.id AS held'
        f" FROM ({_PROSPECTS}) x LEFT JOIN account o ON o.email = x.email AND NOT o.is_claim"
    ),
    Keep.DRAFT: (
        "SELECT a.id AS subject,"
        " GREATEST(c.closes_at, (SELECT g.until_at FROM derogation g WHERE g.application = a.id)) AS since,"
        f" {_OF_APPLICATION} FROM application a JOIN call c ON c.id = a.call WHERE c.programme = $1 AND a.deposited_at IS NULL"
    ),
    Keep.REFUSED: (
        f"SELECT a.id AS subject, {_APPLICATION_END} AS since, {_OF_APPLICATION}"
        " FROM application a JOIN call c ON c.id = a.call WHERE c.programme = $1 AND a.deposited_at IS NOT NULL"
        f" AND a.anonymised_at IS NULL AND NOT {_TAKEN.format(project='a.project')}"
    ),
    Keep.VOTES: (
        "SELECT k.id AS subject, COALESCE(b.published_at, c.notify_on::timestamptz) AS since, ARRAY[k.id, k.call, c.programme]"
        " || ARRAY(SELECT s.account FROM seat s WHERE s.committee = k.id) AS held FROM committee k"
        " JOIN call c ON c.id = k.call LEFT JOIN publication b ON b.committee = k.id WHERE c.programme = $1"
        " AND EXISTS (SELECT FROM seat s JOIN account m ON m.id = s.account WHERE s.committee = k.id AND m.erased_at IS NULL)"
    ),
    Keep.SUPPORTED: (
        f"SELECT e.project AS subject, {_PATH_END} AS since, {_OF_PATH} FROM enrolment e"
        " JOIN project p ON p.id = e.project WHERE p.programme = $1 AND p.anonymised_at IS NULL"
        " GROUP BY e.project, p.programme HAVING bool_and(e.ended_on IS NOT NULL)"
        f" UNION ALL SELECT p.id, GREATEST(p.created_at, {_TEAM_CONTACT.format(project='p.id')}),"
        f" {_OF_PROJECT.format(project='p.id')}"
        " FROM project p WHERE p.programme = $1 AND p.anonymised_at IS NULL"
        " AND NOT EXISTS (SELECT FROM application a WHERE a.project = p.id)"
        " AND NOT EXISTS (SELECT FROM enrolment e WHERE e.project = p.id)"
    ),
    Keep.NOTES: (
        f"SELECT e.project AS subject, max(e.ended_on)::timestamptz AS since, {_OF_PATH}"
        " FROM enrolment e JOIN project p ON p.id = e.project WHERE p.programme = $1 AND EXISTS (SELECT FROM private_note n"
        " JOIN support_session s ON s.id = n.session WHERE s.project = e.project)"
        " GROUP BY e.project, p.programme HAVING bool_and(e.ended_on IS NOT NULL)"
    ),
}
_ALONE = (
    'SELECT a.id AS subject, GREATEST(a.created_at, (SELECT max(j.at) FROM journal_entry j WHERE j."by" = a.id)) AS since,'
    " ARRAY[a.id, a.merged_into] || ARRAY(SELECT s.project FROM private_note n JOIN support_session s ON s.id = n.session"
    " WHERE n.author = a.id) AS held FROM account a WHERE a.erased_at IS NULL AND $1::uuid IS NULL"
    " AND NOT EXISTS (SELECT FROM role_assignment r WHERE r.account = a.id)"
    " AND NOT EXISTS (SELECT FROM seat s WHERE s.account = a.id)"
    " AND NOT EXISTS (SELECT FROM team_member m WHERE m.account = a.id)"
)


class Due(msgspec.Struct, frozen=True):
    """Something kept long enough."""

    subject: UUID
    since: datetime


async def due(
    keep: Keep,
    programme: UUID | None,
    before: datetime,
    *,
    among: Sequence[UUID] | None = None,
    kept_since: datetime | None = None,
) -> list[Due]:
    """What of this class ended before `before` and is not held, oldest first; `among` asks for these things alone.

    With `kept_since`, what waits for an answer already, or was kept on purpose since then, is left out beforehand.
    """
    return await rows(
        Due,
        f"SELECT d.subject, d.since FROM ({_DUE.get(keep, _ALONE)}) d WHERE d.since < $2"
        " AND ($3::uuid[] IS NULL OR d.subject = ANY($3))"
        f" AND NOT EXISTS (SELECT FROM ({SUBJECTS}) h WHERE h.subject = ANY(d.held))"
        " AND ($5::timestamptz IS NULL OR NOT EXISTS (SELECT FROM retention_line l WHERE l.keep = $6 AND l.subject = d.subject"
        " AND (l.state IN ('proposed', 'confirmed') OR (l.state = 'kept' AND l.decided_at > $5))))"
        " ORDER BY d.since, d.subject LIMIT $4",
        programme, before, None if among is None else list(among), max(DUE_MAX, len(among or ())), kept_since, keep.value,
    )  # fmt: skip
