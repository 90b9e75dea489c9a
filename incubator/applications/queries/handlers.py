"""Whom letters about an application go to among those who run its programme."""

from __future__ import annotations

from uuid import UUID

from incubator.core.database import rows
from incubator.projects.queries import TeamAccount, limited

# R13: never its team; R10: nor who declared an interest in it; K06: nor anyone but its manager while it is limited.
_HANDLERS = (
    "SELECT DISTINCT u.id, u.email, u.name, u.language, false FROM application a JOIN call c ON c.id = a.call"
    " JOIN role_assignment r ON r.programme = c.programme AND r.role = ANY($2) JOIN account u ON u.id = r.account"
    " WHERE a.id = $1 AND u.disabled_at IS NULL"
    " AND NOT EXISTS (SELECT FROM team_member m WHERE m.project = a.project AND m.account = u.id AND m.left_at IS NULL)"
    " AND NOT EXISTS (SELECT FROM seat s JOIN declaration i ON i.seat = s.id AND i.has_interest"
    " JOIN presentation o ON o.id = i.presentation WHERE s.account = u.id AND o.application = a.id)"
    f" AND (r.role = 'manager' OR (a.restricted_at IS NULL AND NOT {limited('a.project')})) ORDER BY u.name, u.id LIMIT 100"
)
ALL, MANAGERS = ("manager", "instructor"), ("manager",)


async def handlers_of(application: UUID, roles: tuple[str, ...] = ALL) -> list[TeamAccount]:
    """Those who may handle an application today, by name."""
    return await rows(TeamAccount, _HANDLERS, application, list(roles))


async def handling(application: UUID, *those: UUID | None) -> list[TeamAccount]:
    """Those of them who are named here; when none of these handles it any more, everyone who may."""
    found = await handlers_of(application)
    return [one for one in found if one.id in those] or found
