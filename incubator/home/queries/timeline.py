"""A project's timeline, read from the journal."""

from __future__ import annotations

from datetime import date

from incubator.core.database import rows
from incubator.core.paging import Page, cut, read_cursor
from incubator.home.queries.projects import ProjectCard
from incubator.home.rules.timeline import Entry, Logged, told, verbs_for

SIZE = 15

_DAY = "COALESCE((j.data ->> 'on')::date, (j.at AT TIME ZONE 'Europe/Paris')::date)"
_VERDICT = (
    "SELECT d.outcome, d.phase, pb.id AS publication FROM presentation pr JOIN decision d ON d.presentation = pr.id"
    " LEFT JOIN publication pb ON pb.committee = pr.committee WHERE pr.application = j.subject"
)
_LOGGED = (
    f"SELECT j.number, j.verb, j.day, j.subject, b.name, COALESCE(t.name, c.name), COALESCE(v.enrolment, e.id), m.id, m.name,"
    " COALESCE(f.name, g.name), s.kind, s.duration_minutes, w.outcome, j.data ->> 'until', j.data ->> 'side',"
    " (j.data ->> 'months')::int, COALESCE(j.data ->> 'due_at', j.data ->> 'until_at')::timestamptz"
    f" FROM (SELECT j.*, {_DAY} AS day FROM journal_entry j WHERE j.project = $1 AND j.verb = ANY($2)"
    " AND (j.verb <> 'decision.published' OR EXISTS (SELECT FROM presentation pr JOIN publication pb"
    " ON pb.committee = pr.committee WHERE pr.application = j.subject))"
    f" AND ($3::date IS NULL OR ({_DAY}, j.number) < ($3, $4::bigint)) ORDER BY day DESC, j.number DESC LIMIT $5) j"
    ' LEFT JOIN account b ON b.id = j."by"'
    " LEFT JOIN team_member t ON t.id = j.subject"
    " LEFT JOIN coach_assignment k ON k.id = j.subject LEFT JOIN account c ON c.id = k.coach"
    " LEFT JOIN deliverable v ON v.id = j.subject LEFT JOIN milestone m ON m.id = v.milestone"
    " LEFT JOIN support_session s ON s.id = j.subject"
    " LEFT JOIN enrolment e ON e.id = j.subject LEFT JOIN phase f ON f.id = e.phase"
    f" LEFT JOIN LATERAL ({_VERDICT}) w ON j.verb IN ('decision.recorded', 'decision.published')"
    " LEFT JOIN place l ON l.id = j.subject LEFT JOIN phase g ON g.id = COALESCE(l.phase, w.phase)"
    " ORDER BY j.day DESC, j.number DESC"
)


async def timeline(card: ProjectCard, after: str | None) -> Page[Entry]:
    """What its reader may know of the life of a project, the latest fact first."""
    day, number = read_cursor(after, tuple[date, int]) or (None, None)
    found = await rows(Logged, _LOGGED, card.id, verbs_for(card.viewer), day, number, SIZE + 1)
    page = cut(found, lambda entry: (entry.on, entry.number), SIZE)
    return Page([told(entry, card.id, card.viewer) for entry in page.items], page.next)
