"""Calls: made, edited, published, extended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from incubator.calls.actions import create_call, edit_call, extend_call, publish_call, publish_form, publish_grid
from incubator.calls.forms import CallForm, EditCallForm, ExtensionForm
from incubator.calls.queries import call_by_code, criteria_of, form_of, last_form, last_grid
from incubator.calls.reference import reference
from incubator.calls.rules import CallState
from incubator.core.database import rows, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.core.ids import new_id
from tests.world.calls import a_call, a_draft_call, call_form
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")

BEFORE = datetime(2025, 11, 20, 9, tzinfo=UTC)
OPENS = datetime(2025, 12, 1, 8, tzinfo=UTC)
CLOSES = datetime(2026, 1, 30, 22, 59, tzinfo=UTC)


class Told(msgspec.Struct, frozen=True):
    """A journal entry."""

    verb: str
    reason: str
    data: dict[str, object]


async def told(call_id: object) -> list[Told]:
    return await rows(
        Told,
        "SELECT e.verb, COALESCE(r.words, ''), e.data::text FROM journal_entry e LEFT JOIN journal_reason r ON r.entry = e.number"
        " WHERE e.subject = $1 ORDER BY e.number",
        call_id,
    )


def edited(form: CallForm, version: int, **changed: object) -> EditCallForm:
    facts = {name: getattr(form, name) for name in EditCallForm.__struct_fields__ if name != "version"}
    return EditCallForm(**(facts | {"version": version} | changed))  # type: ignore[arg-type]


async def test_a_manager_creates_a_draft_then_publishes_it() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    made = await create_call(call_form(world, opens_at=OPENS, closes_at=CLOSES, code="AAC-CVL-2026-1"), by=manager, at=BEFORE)
    await publish_call("AAC-CVL-2026-1", by=manager, at=BEFORE + timedelta(hours=1))
    call = await call_by_code("AAC-CVL-2026-1")
    assert (call.id, call.published_at, call.version) == (made.id, BEFORE + timedelta(hours=1), 2)
    assert [(place.code, place.places_count) for place in call.places] == [("pre_incubation", 10), ("incubation", 2)]
    assert [area.name for area in call.departements][:2] == ["Cher", "Eure-et-Loir"]
    assert [entry.verb for entry in await told(made.id)] == ["call.created", "call.published"]
    assert call.state_at(OPENS - timedelta(seconds=1)) is CallState.SCHEDULED
    assert call.state_at(OPENS) is CallState.OPEN
    assert call.state_at(CLOSES) is CallState.CLOSED


async def test_every_wrong_field_is_told_at_once_and_nothing_is_written() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    form = call_form(
        world,
        opens_at=CLOSES,
        closes_at=OPENS,
        code="été 2026",
        notify_on=date(2025, 1, 1),
        places={"follow_up": 3},
        departements=["75"],
        form=new_id(),
        grid=world.form,
    )
    with pytest.raises(Invalid) as wrong:
        await create_call(form, by=manager, at=BEFORE)
    assert sorted(wrong.value.errors) == ["closes_at", "code", "departements", "form", "grid", "notify_on", "places"]
    assert await value("SELECT count(*) FROM call") == 0


async def test_a_code_serves_once() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    form = call_form(world, opens_at=OPENS, closes_at=CLOSES, code="AAC-CVL-2026-1")
    await create_call(form, by=manager, at=BEFORE)
    with pytest.raises(Invalid) as wrong:
        await create_call(form, by=manager, at=BEFORE)
    assert wrong.value.errors == {"code": "Un appel porte déjà ce code."}


async def test_a_plan_that_does_not_exist_is_told() -> None:
    world = await the_programme()
    with pytest.raises(Invalid) as wrong:
        await create_call(
            call_form(world, opens_at=OPENS, closes_at=CLOSES, plan=new_id()), by=await a_manager(world.programme), at=BEFORE
        )
    assert list(wrong.value.errors) == ["plan"]


async def test_only_the_manager_of_the_programme_acts() -> None:
    world = await the_programme()
    draft = await a_draft_call(world, opens_at=OPENS, closes_at=CLOSES)
    coach, stranger, elsewhere = await a_coach(world.programme), await someone(), await someone("Ailleurs")
    form = call_form(world, opens_at=OPENS, closes_at=CLOSES)
    for person, failure in ((coach, Refused), (stranger, NotFound)):
        with pytest.raises(failure):
            await create_call(form, by=person, at=BEFORE)
        with pytest.raises(failure):
            await edit_call(draft.code, edited(form, 1), by=person, at=BEFORE)
        with pytest.raises(failure):
            await publish_call(draft.code, by=person, at=BEFORE)
    published = await a_call(world, opens_at=OPENS, closes_at=CLOSES)
    later = ExtensionForm(closes_at=CLOSES + timedelta(days=1), reason="Neige")
    for person in (coach, elsewhere):
        with pytest.raises(Refused):
            await extend_call(published.code, later, by=person, at=OPENS)
    assert (await call_by_code(published.code)).closes_at == CLOSES


async def test_a_draft_is_edited_with_its_places_and_code() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    draft = await a_draft_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    form = call_form(world, opens_at=OPENS, closes_at=CLOSES, code="AAC-NEUF", title="Autre titre", places={"pre_incubation": 4})
    await edit_call(draft.code, edited(form, 1), by=manager, at=BEFORE)
    call = await call_by_code("AAC-NEUF")
    assert (call.id, call.title, call.version) == (draft.id, "Autre titre", 2)
    assert [place.places_count for place in call.places] == [4, 0]


async def test_the_second_to_save_sees_what_the_first_wrote() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    draft = await a_draft_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    form = call_form(world, opens_at=OPENS, closes_at=CLOSES, code=draft.code)
    await edit_call(draft.code, edited(form, 1, title="Le premier"), by=manager, at=BEFORE)
    with pytest.raises(Stale) as stale:
        await edit_call(draft.code, edited(form, 1, title="Le second"), by=manager, at=BEFORE)
    assert (stale.value.theirs, stale.value.version) == ({"title": "Le premier"}, 2)
    assert (await call_by_code(draft.code)).title == "Le premier"


async def test_no_field_of_a_call_is_undone_unseen() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    draft = await a_draft_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    form = call_form(world, opens_at=OPENS, closes_at=CLOSES, code=draft.code)
    first = edited(form, 1, places={"pre_incubation": 3}, departements=["45"])
    await edit_call(draft.code, first, by=manager, at=BEFORE)
    with pytest.raises(Stale) as stale:
        await edit_call(draft.code, edited(form, 1, title="Le second"), by=manager, at=BEFORE)
    assert stale.value.theirs == {
        "title": draft.title, "departements": "Loiret", "places": "Pré-incubation 3, Incubation 0",
    }  # fmt: skip


async def test_a_published_call_is_no_longer_edited() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    form = edited(call_form(world, opens_at=OPENS, closes_at=CLOSES, code=call.code), call.version, title="Autre")
    with pytest.raises(Conflict, match="publié"):
        await edit_call(call.code, form, by=manager, at=OPENS)
    assert (await call_by_code(call.code)).title == call.title


async def test_publishing_says_what_is_missing() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    draft = await a_draft_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager, places={})
    with pytest.raises(Conflict, match="aucune place"):
        await publish_call(draft.code, by=manager, at=BEFORE)
    assert (await call_by_code(draft.code)).published_at is None


async def test_the_closing_moves_later_while_open_and_the_reason_is_kept() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    later = CLOSES + timedelta(days=7)
    await extend_call(
        call.code, ExtensionForm(closes_at=later, reason="Panne du réseau"), by=manager, at=CLOSES - timedelta(seconds=1)
    )
    moved = await call_by_code(call.code)
    assert (moved.closes_at, moved.notify_on) == (later, call.notify_on)
    last = (await told(call.id))[-1]
    assert (last.verb, last.reason) == ("call.extended", "Panne du réseau")
    assert last.data["closes_at"] == [CLOSES.isoformat(), later.isoformat()]


@pytest.mark.parametrize(
    ("at", "closes_at", "words"),
    [
        (OPENS - timedelta(seconds=1), CLOSES + timedelta(days=1), "pas encore ouvert"),
        (CLOSES, CLOSES + timedelta(days=1), "clos"),
        (OPENS, CLOSES, "repoussée"),
        (OPENS, CLOSES - timedelta(days=1), "repoussée"),
    ],
)
async def test_the_closing_stays_otherwise(at: datetime, closes_at: datetime, words: str) -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    with pytest.raises(Conflict, match=words):
        await extend_call(call.code, ExtensionForm(closes_at=closes_at, reason="x"), by=manager, at=at)
    assert (await call_by_code(call.code)).closes_at == CLOSES


async def test_the_answer_to_teams_follows_the_closing() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    later = CLOSES + timedelta(days=90)
    with pytest.raises(Invalid) as wrong:
        await extend_call(call.code, ExtensionForm(closes_at=later, reason="x"), by=manager, at=OPENS)
    assert list(wrong.value.errors) == ["notify_on"]
    await extend_call(call.code, ExtensionForm(closes_at=later, notify_on=date(2026, 6, 1), reason="x"), by=manager, at=OPENS)
    assert (await call_by_code(call.code)).notify_on == date(2026, 6, 1)


async def test_a_changed_form_is_the_next_version_and_calls_keep_theirs() -> None:
    world = await the_programme()
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES)
    changed = msgspec.structs.replace(reference().form, title="Dossier plus court")
    second = await publish_form(world.programme, changed, by=None, at=BEFORE)
    assert await publish_form(world.programme, changed, by=None, at=OPENS) == second
    latest = await last_form(world.programme)
    assert latest is not None
    assert (latest.id, latest.number, latest.title) == (second, 2, "Dossier plus court")
    assert (await form_of((await call_by_code(call.code)).form)).title == reference().form.title


async def test_a_changed_grid_is_the_next_version_and_weights_make_100() -> None:
    world = await the_programme()
    grid = reference().grid
    block = grid.blocks[0]
    heavy = msgspec.structs.replace(block.criteria[0], weight=13)
    lighter = msgspec.structs.replace(block.criteria[1], weight=9)
    unbalanced = msgspec.structs.replace(block, criteria=(heavy, *block.criteria[1:]))
    with pytest.raises(Conflict, match="101"):
        await publish_grid(
            world.programme, msgspec.structs.replace(grid, blocks=(unbalanced, *grid.blocks[1:])), by=None, at=BEFORE
        )
    balanced = msgspec.structs.replace(block, criteria=(heavy, lighter, *block.criteria[2:]))
    await publish_grid(world.programme, msgspec.structs.replace(grid, blocks=(balanced, *grid.blocks[1:])), by=None, at=BEFORE)
    latest = await last_grid(world.programme)
    assert latest is not None
    assert (latest.number, latest.criteria[0].weight) == (2, 13)
    assert [criterion.weight for criterion in await criteria_of(world.grid)] == [12, 10, 8, 9, 8, 8, 10, 7, 8, 8, 6, 6]
