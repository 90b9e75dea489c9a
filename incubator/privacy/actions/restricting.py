"""A file that was not kept is read by all who handled it for a while, then by its manager alone (R55): no answer is needed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import column, transaction
from incubator.journal.actions import record
from incubator.privacy.queries.retention import months_of
from incubator.privacy.rules.keeping import Keep, passed_before

# What each of these ends with: a ruling or a withdrawal, a published refusal, a place given back, a promotion that began without
# who was on its waiting list.
_RESTRICT = (
    "UPDATE application a SET restricted_at = $1 FROM call c WHERE c.id = a.call AND c.programme = $2"
    " AND a.restricted_at IS NULL AND a.deposited_at IS NOT NULL AND ((a.state IN ('inadmissible', 'withdrawn')"
    " AND GREATEST(a.deposited_at, c.closes_at, (SELECT max(r.pronounced_at) FROM ruling r WHERE r.application = a.id)) < $3)"
    " OR EXISTS (SELECT FROM presentation o JOIN publication b ON b.committee = o.committee"
    " JOIN decision d ON d.presentation = o.id LEFT JOIN place t ON t.decision = d.id LEFT JOIN cohort h ON h.call = a.call"
    " WHERE o.application = a.id AND b.published_at < $3 AND (d.outcome IN ('not_retained', 'redirected')"
    " OR (t.state = 'declined' AND t.answered_at < $3)"
    " OR (d.outcome = 'waiting_list' AND t.id IS NULL AND h.starts_on::timestamptz < $3)))) RETURNING a.id"
)
_REOPEN = (
    "UPDATE application a SET restricted_at = NULL FROM call c WHERE c.id = a.call AND c.programme = $1"
    " AND a.restricted_at IS NOT NULL AND EXISTS (SELECT FROM presentation o JOIN decision d ON d.presentation = o.id"
    " JOIN place t ON t.decision = d.id AND t.state <> 'declined' WHERE o.application = a.id) RETURNING a.id"
)


async def restrict(*, at: datetime) -> int:
    """Close the files that ended long enough ago; how many. The team goes on reading its own.

    A file that is offered a place after all is read again.
    """
    return sum([await _restrict(programme, at) for programme in await column("SELECT id FROM programme ORDER BY id")])


async def _restrict(programme: UUID, at: datetime) -> int:
    async with transaction():
        for application in await column(_REOPEN, programme):
            await record("application.reopened", application, by=None, at=at)
        months = (await months_of(programme))[Keep.READ]
        closed = await column(_RESTRICT, at, programme, passed_before(at, months))
        for application in closed:
            await record("application.restricted", application, by=None, at=at)
        return len(closed)
