"""Reading calls. A published call is public; a draft is for those who work for its programme."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.calls.rules import CallFacts, CallState, call_state, state_of
from incubator.core.database import row, rows
from incubator.core.errors import NotFound, Refused
from incubator.core.language import _
from incubator.core.paging import SIZE, Page, cut, read_cursor
from incubator.people.queries import Person


class Place(msgspec.Struct, frozen=True):
    """How many places a call has in an entry phase."""

    phase: UUID
    code: str
    name: str
    description: str
    planned_months: Decimal
    places_count: int


class Area(msgspec.Struct, frozen=True):
    """A département."""

    code: str
    name: str


class CallView(msgspec.Struct, frozen=True):
    """A call, its places and the versions it uses."""

    id: UUID
    code: str
    title: str
    introduction: str
    programme: UUID
    programme_code: str
    programme_name: str
    contact_email: str
    opens_at: datetime
    closes_at: datetime
    notify_on: date
    departements: tuple[Area, ...]
    places: tuple[Place, ...]
    form: UUID
    form_number: int
    grid: UUID
    grid_number: int
    plan: UUID
    plan_number: int
    published_at: datetime | None
    version: int
    archived_at: datetime | None = None

    def state_at(self, at: datetime) -> CallState:
        """Where the call is at an instant."""
        return state_of(self.facts, at)

    @property
    def entry_phases_count(self) -> int:
        """How many phases have a place to enter by."""
        return sum(place.places_count > 0 for place in self.places)

    @property
    def facts(self) -> CallFacts:
        """What the rules look at."""
        facts = {
            name: getattr(self, name) for name in CallFacts.__struct_fields__ if name not in ("places_count", "departements")
        }
        places_count = sum(place.places_count for place in self.places)
        return CallFacts(departements=[area.code for area in self.departements], places_count=places_count, **facts)


class CallAnswer(CallView, frozen=True, kw_only=True):
    """A call and the state it is in now."""

    state: CallState


_AREAS = (
    "SELECT COALESCE(json_agg(json_build_object('code', d.code, 'name', d.name) ORDER BY d.code), '[]')"
    " FROM departement d WHERE d.code = ANY (c.departements)"
)
_PLACES = (
    "SELECT COALESCE(json_agg(json_build_object('phase', h.id, 'code', h.code, 'name', h.name, 'description', h.description,"
    " 'planned_months', h.planned_months, 'places_count', e.places_count) ORDER BY h.position), '[]')"
    " FROM entry_places e JOIN phase h ON h.id = e.phase WHERE e.call = c.id"
)
_VIEW = (
    "SELECT c.id, c.code, c.title, c.introduction, c.programme, p.code, p.name, p.contact_email, c.opens_at, c.closes_at,"
    f" c.notify_on, ({_AREAS})::text, ({_PLACES})::text, c.form, f.number, c.grid, g.number, c.plan, n.number,"
    " c.published_at, c.version, c.archived_at"
    " FROM call c JOIN programme p ON p.id = c.programme JOIN form_version f ON f.id = c.form"
    " JOIN grid g ON g.id = c.grid JOIN plan_version n ON n.id = c.plan"
)


async def call_by_code(code: str) -> CallView:
    """A call by its code, whoever asks: rooms above decide who sees. Raises `NotFound`."""
    return _found(await row(CallView, f"{_VIEW} WHERE c.code = $1", code))


async def call(call_id: UUID) -> CallView:
    """A call by id, whoever asks. Raises `NotFound`."""
    return _found(await row(CallView, f"{_VIEW} WHERE c.id = $1", call_id))


def _found(view: CallView | None) -> CallView:
    if view is None:
        raise NotFound
    return view


async def visible_call(me: Person | None, code: str, *, at: datetime) -> CallAnswer:
    """A call this person may see: published, or of a programme they work for. Raises `NotFound`."""
    view = await call_by_code(code)
    state = view.state_at(at)
    if state is CallState.DRAFT and not (me and me.works_for(view.programme)):
        raise NotFound
    return CallAnswer(**{name: getattr(view, name) for name in CallView.__struct_fields__}, state=state)


async def call_of_staff(me: Person, code: str, *, at: datetime) -> CallAnswer:
    """A call of a programme this person works for. Raises `NotFound`, or `Refused` for who only sees its public page."""
    view = await visible_call(me, code, at=at)
    if not me.works_for(view.programme):
        raise Refused(_("Seule l’équipe du programme voit cela."))
    return view


class CallLine(msgspec.Struct, frozen=True):
    """A call in a list."""

    id: UUID
    code: str
    title: str
    programme_name: str
    opens_at: datetime
    closes_at: datetime
    notify_on: date
    published_at: datetime | None
    places_count: int
    state: CallState = CallState.DRAFT


async def calls(me: Person | None, *, at: datetime, after: str | None = None, archived: bool = False) -> Page[CallLine]:
    """The calls this person may see, or the archived ones, latest opening first, fifty a page."""
    key = read_cursor(after, tuple[datetime, UUID])
    found = await rows(
        CallLine,
        "SELECT c.id, c.code, c.title, p.name, c.opens_at, c.closes_at, c.notify_on, c.published_at,"
        " (SELECT COALESCE(sum(e.places_count), 0)::int FROM entry_places e WHERE e.call = c.id)"
        " FROM call c JOIN programme p ON p.id = c.programme"
        " WHERE (c.published_at <= $1 OR c.programme = ANY ($2::uuid[]))"
        " AND ($3::timestamptz IS NULL OR (c.opens_at, c.id) < ($3, $4::uuid)) AND (c.archived_at IS NOT NULL) = $6"
        " ORDER BY c.opens_at DESC, c.id DESC LIMIT $5",
        at,
        me.programmes if me else [],
        key[0] if key else None,
        key[1] if key else None,
        SIZE + 1,
        archived,
    )
    stated = [msgspec.structs.replace(line, state=CallState.ARCHIVED if archived else _by_clock(line, at)) for line in found]
    return cut(stated, lambda line: (line.opens_at, line.id))


def _by_clock(line: CallLine, at: datetime) -> CallState:
    return call_state(line.published_at, line.opens_at, line.closes_at, at)


class StoredCall(msgspec.Struct, frozen=True):
    """What an act on a call judges: its facts, and its texts to show to whoever saves too late."""

    facts: CallFacts
    title: str
    introduction: str


class _Stored(CallFacts, frozen=True):
    title: str = ""
    introduction: str = ""


async def locked_call(code: str) -> StoredCall:
    """A call for an act, locked until its transaction ends. Raises `NotFound`."""
    found = await row(
        _Stored,
        "SELECT c.id, c.programme, c.code, c.opens_at, c.closes_at, c.notify_on, c.departements, c.published_at, c.version,"
        " (SELECT COALESCE(sum(e.places_count), 0)::int FROM entry_places e WHERE e.call = c.id), c.archived_at,"
        " c.title, c.introduction FROM call c WHERE c.code = $1 FOR UPDATE OF c",
        code,
    )
    if found is None:
        raise NotFound
    facts = CallFacts(**{name: getattr(found, name) for name in CallFacts.__struct_fields__})
    return StoredCall(facts, found.title, found.introduction)


class Choice(msgspec.Struct, frozen=True):
    """A published version one may choose."""

    id: UUID
    number: int
    title: str


class EntryPhase(msgspec.Struct, frozen=True):
    """A phase one can enter by, in any published plan."""

    code: str
    name: str


class Choices(msgspec.Struct, frozen=True):
    """What a call of a programme may be made of. Versions: latest first."""

    programme: UUID
    code: str
    name: str
    forms: tuple[Choice, ...]
    grids: tuple[Choice, ...]
    plans: tuple[Choice, ...]
    phases: tuple[EntryPhase, ...]
    departements: tuple[Area, ...]
    codes: tuple[str, ...]


def _versions(table: str, title: str) -> str:
    return (
        f"SELECT COALESCE(json_agg(json_build_object('id', v.id, 'number', v.number, 'title', {title}) ORDER BY v.number DESC),"
        f" '[]') FROM {table} v WHERE v.programme = p.id AND v.published_at IS NOT NULL"
    )


async def choices_of(programme: UUID) -> Choices:
    """What a call of this programme may be made of, in one statement. Raises `NotFound`."""
    found = await row(
        Choices,
        f"SELECT p.id, p.code, p.name, ({_versions('form_version', 'v.title')})::text, ({_versions('grid', 'v.title')})::text,"
        f" ({_versions('plan_version', chr(39) * 2)})::text,"
        " (SELECT COALESCE(json_agg(json_build_object('code', h.code, 'name', h.name) ORDER BY h.position), '[]') FROM"
        " (SELECT DISTINCT ON (h.code) h.code, h.name, h.position FROM phase h JOIN plan_version n ON n.id = h.plan"
        " WHERE n.programme = p.id AND n.published_at IS NOT NULL AND h.is_entry ORDER BY h.code, n.number DESC) h)::text,"
        " (SELECT COALESCE(json_agg(json_build_object('code', d.code, 'name', d.name) ORDER BY d.code), '[]')"
        " FROM departement d WHERE d.region = p.region)::text,"
        " (SELECT COALESCE(json_agg(c.code), '[]') FROM call c WHERE c.programme = p.id)::text"
        " FROM programme p WHERE p.id = $1",
        programme,
    )
    if found is None:
        raise NotFound
    return found


class VersionLine(msgspec.Struct, frozen=True):
    """A published version of a form or a grid."""

    id: UUID
    kind: str
    number: int
    title: str
    published_at: datetime


async def versions_of(programme_code: str) -> list[VersionLine]:
    """Every published form and grid of a programme, forms first, latest first."""
    return await rows(
        VersionLine,
        "SELECT v.id, v.kind, v.number, v.title, v.published_at FROM ("
        " SELECT id, 'form' AS kind, number, title, published_at, programme FROM form_version UNION ALL"
        " SELECT id, 'grid', number, title, published_at, programme FROM grid) v"
        " JOIN programme p ON p.id = v.programme WHERE p.code = $1 AND v.published_at IS NOT NULL"
        " ORDER BY v.kind, v.number DESC LIMIT 200",
        programme_code,
    )
