"""What holds and limitations keep, whatever the clock says (R50): one statement, for what is swept without being proposed."""

from __future__ import annotations

from uuid import UUID

from incubator.core.database import column

# A limitation keeps as a hold does: who asked for it may need the data (RGPD, article 18).
SUBJECTS = (
    "SELECT h.subject FROM hold h WHERE h.lifted_at IS NULL UNION SELECT l.id FROM account l WHERE l.limited_at IS NOT NULL"
    " AND l.erased_at IS NULL"
)

# What is held, and what stands around it: of a programme its calls and projects, of a call its applications and committees;
# of a person the files of their teams.
HELD = (
    f"{SUBJECTS} UNION SELECT unnest(array_remove(ARRAY[a.id, a.project, o.committee], NULL)) FROM application a"
    " JOIN call c ON c.id = a.call LEFT JOIN presentation o ON o.application = a.id"
    f" WHERE ARRAY[a.id, a.project, a.call, c.programme, o.committee] && ARRAY({SUBJECTS})"
    f" OR a.project IN (SELECT m.project FROM team_member m WHERE m.account IN ({SUBJECTS}))"
    f" UNION SELECT p.id FROM project p WHERE p.programme IN ({SUBJECTS})"
)
HELD_ADDRESSES = f"SELECT a.email FROM account a WHERE a.id IN ({SUBJECTS})"


async def held_subjects() -> list[UUID]:
    """What holds and limitations were placed on."""
    return await column(SUBJECTS)
