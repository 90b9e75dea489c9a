"""A committee as its members see it: the undertaking, their own files, nothing of the others.

Who handles or ruled on an application, or belongs to its team, can neither read nor score it here (R13): like who declared an
interest (R10), they find nothing.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from incubator.applications.queries import content_for_committee
from incubator.core.database import row, rows, value
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, counted, cut, read_cursor
from incubator.people.queries import Person
from incubator.projects.queries import limited
from incubator.selection.rules.committees import Assessing, Member

# Values, not EXISTS: asked of the files that are shown, by their index; EXISTS would be answered from all rulings there are.
NOT_FOR_ME = (
    "(COALESCE(a.instructor = s.account, false)"
    " OR COALESCE((SELECT true FROM ruling r WHERE r.application = a.id AND r.pronounced_by = s.account LIMIT 1), false)"
    " OR COALESCE((SELECT true FROM team_member t WHERE t.project = a.project AND t.account = s.account AND t.left_at IS NULL"
    " LIMIT 1), false))"
)
_LIMITED = limited("a.project")
# What a seat `s` reads: none with an interest (R10), none that is theirs (R13), none whose use is limited (K06).
_OPEN = (
    "a.state = 'admissible' AND p.id <> ALL(ARRAY(SELECT i.presentation FROM declaration i WHERE i.seat = s.id"
    f" AND i.has_interest)) AND NOT {NOT_FOR_ME} AND NOT {_LIMITED}"
)
FILES = counted(f" FROM presentation p JOIN application a ON a.id = p.application WHERE p.committee = s.committee AND {_OPEN}")
HANDED_IN = counted(
    " FROM assessment v JOIN presentation p ON p.id = v.presentation JOIN application a ON a.id = p.application"
    f" WHERE v.seat = s.id AND v.state = 'handed_in' AND {_OPEN}"
)
_BEGUN = (
    "SELECT p.application FROM assessment v JOIN presentation p ON p.id = v.presentation"
    f" JOIN application a ON a.id = p.application WHERE v.seat = s.id AND v.state = 'draft' AND {_OPEN} ORDER BY p.id LIMIT 1"
)
_NOT_BEGUN = (
    "SELECT p.application FROM presentation p JOIN application a ON a.id = p.application WHERE p.committee = s.committee"
    f" AND NOT EXISTS (SELECT FROM assessment v WHERE v.seat = s.id AND v.presentation = p.id) AND {_OPEN} ORDER BY p.id LIMIT 1"
)
_NEXT = f"COALESCE(({_BEGUN}), ({_NOT_BEGUN}))"
_MINE = (
    " FROM presentation p JOIN application a ON a.id = p.application"
    " JOIN seat s ON s.id = $1 AND s.committee = p.committee"
    " LEFT JOIN declaration d ON d.presentation = p.id AND d.seat = s.id"
    " LEFT JOIN assessment x ON x.presentation = p.id AND x.seat = s.id"
)


class MyCommittee(msgspec.Struct, frozen=True):
    """A committee one sits on, for the home page. 100 files, or as many handed in, stand for any number above 99."""

    id: UUID
    name: str
    call_title: str
    is_signed: bool
    is_voting: bool
    is_published: bool
    files_count: int
    handed_in_count: int


class MyFile(msgspec.Struct, frozen=True):
    """A file of mine. `state`: to_declare, to_do, draft, handed_in, withdrawn; recused or not_mine: nothing else is told."""

    application: UUID | None
    name: str | None
    commune: str | None
    phase: str | None
    state: str


class Progress(msgspec.Struct, frozen=True):
    """How many files are mine to score, how many are handed in, and the next one. 100 stands for any number above 99."""

    files_count: int
    handed_in_count: int
    next: UUID | None


class MyFiles(msgspec.Struct, frozen=True):
    """What a member finds in their committee."""

    member: Member
    progress: Progress
    files: Page[MyFile]


class FileToDeclare(msgspec.Struct, frozen=True):
    """Just enough of an application to know whether one has an interest in it."""

    assessing: Assessing
    name: str
    commune: str | None
    team: list[str]


class _Line(msgspec.Struct, frozen=True):
    presentation: UUID
    application: UUID
    name: str
    commune: str | None
    phase: str | None
    state: str


async def member_of(me: Person, committee: UUID) -> Member:
    """One's own live seat. Raises `NotFound` for anyone who has none."""
    found = await row(
        Member,
        "SELECT s.id, c.id, c.name, k.title, s.is_voting, EXISTS (SELECT FROM undertaking u WHERE u.seat = s.id),"
        " EXISTS (SELECT FROM publication b WHERE b.committee = c.id)"
        " FROM seat s JOIN committee c ON c.id = s.committee JOIN call k ON k.id = c.call"
        " WHERE c.id = $1 AND s.account = $2 AND s.ended_at IS NULL",
        committee, me.id,
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found


async def committees_of(me: Person) -> list[MyCommittee]:
    """The committees one sits on, latest first, with what is left to do; recused files are not counted."""
    return await rows(
        MyCommittee,
        "SELECT c.id, c.name, k.title, EXISTS (SELECT FROM undertaking u WHERE u.seat = s.id), s.is_voting,"
        " EXISTS (SELECT FROM publication b WHERE b.committee = c.id),"
        f" {FILES}, {HANDED_IN}"
        " FROM seat s JOIN committee c ON c.id = s.committee JOIN call k ON k.id = c.call"
        " WHERE s.account = $1 AND s.ended_at IS NULL ORDER BY c.created_at DESC, c.id LIMIT 50",
        me.id,
    )


async def my_files(me: Person, committee: UUID, after: str | None) -> MyFiles:
    """One's files in the order they were put before the committee. Before signing there are none (R9)."""
    member = await member_of(me, committee)
    if not member.is_signed:
        return MyFiles(member, Progress(0, 0, None), Page([], None))
    start = read_cursor(after, UUID)
    lines = await rows(
        _Line,
        "SELECT p.id, p.application, a.filed_name, m.name, f.name,"
        f" CASE WHEN d.has_interest THEN 'recused' WHEN {NOT_FOR_ME} THEN 'not_mine'"
        " WHEN a.state <> 'admissible' THEN 'withdrawn' WHEN d.id IS NULL THEN 'to_declare' ELSE COALESCE(x.state, 'to_do') END"
        f"{_MINE} LEFT JOIN commune m ON m.insee_code = a.filed_commune LEFT JOIN phase f ON f.id = a.phase"
        f" WHERE p.committee = $2 AND NOT {_LIMITED} AND ($3::uuid IS NULL OR p.id > $3) ORDER BY p.id LIMIT $4",
        member.seat, committee, start, SIZE + 1,
    )  # fmt: skip
    page = cut(lines, lambda line: line.presentation)
    return MyFiles(member, await progress_of(member), Page([_told(line) for line in page.items], page.next))


def _told(line: _Line) -> MyFile:
    if line.state in ("recused", "not_mine"):
        return MyFile(None, None, None, None, line.state)
    return MyFile(line.application, line.name, line.commune, line.phase, line.state)


async def progress_of(member: Member) -> Progress:
    """How far a member is; the next file is the one begun, else the first one not declared or not scored."""
    found = await row(Progress, f"SELECT {FILES}, {HANDED_IN}, {_NEXT} FROM seat s WHERE s.id = $1", member.seat)
    return found or Progress(0, 0, None)


async def next_file(seat: UUID) -> UUID | None:
    """The file a member would open next, if any is left."""
    found: UUID | None = await value(f"SELECT {_NEXT} FROM seat s WHERE s.id = $1", seat)
    return found


async def assessing_by(me: Person, application: UUID) -> Assessing:
    """A member and an application they may read and score.

    Raises `NotFound` unless they hold a live seat of its committee, have signed (R9), have declared no interest (R10),
    neither handle it nor ruled on it, and are not of its team (R13).
    """
    found = await row(
        Assessing,
        "SELECT s.id, p.id, c.id, a.id, k.grid, s.is_voting, d.has_interest, a.state,"
        " EXISTS (SELECT FROM publication b WHERE b.committee = c.id), COALESCE(x.state, 'to_do'), COALESCE(x.version, 0)"
        " FROM presentation p JOIN application a ON a.id = p.application"
        " JOIN committee c ON c.id = p.committee JOIN call k ON k.id = c.call"
        " JOIN seat s ON s.committee = c.id AND s.account = $2 AND s.ended_at IS NULL"
        " JOIN undertaking u ON u.seat = s.id"
        " LEFT JOIN declaration d ON d.presentation = p.id AND d.seat = s.id"
        " LEFT JOIN assessment x ON x.presentation = p.id AND x.seat = s.id"
        f" WHERE p.application = $1 AND NOT COALESCE(d.has_interest, false) AND NOT {NOT_FOR_ME}",
        application, me.id,
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found


async def file_to_declare(me: Person, application: UUID) -> FileToDeclare:
    """The project's name, its team and where it is, as deposited: what one needs to declare an interest, or none."""
    assessing = await assessing_by(me, application)
    filed = await content_for_committee(application)
    return FileToDeclare(assessing, filed.name, filed.commune, filed.names)
