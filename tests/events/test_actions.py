"""Meetings announced, moved and cancelled; seats taken, given back, never more than there are; who came."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from incubator.core.database import column, detached, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, Stale
from incubator.core.tickets import ticket
from incubator.events.actions import (
    cancel_meeting,
    create_meeting,
    edit_meeting,
    leave,
    mark_attendance,
    register,
    registration_by,
    remind_meetings,
)
from incubator.events.forms import AttendanceForm, CancellationForm, EditMeetingForm, RegistrationForm
from incubator.events.letters import PURPOSE
from incubator.events.queries import meeting, registrations
from tests.world.calls import a_call
from tests.world.events import KEY, a_meeting, comes, meeting_form
from tests.world.people import a_coach, someone
from tests.world.programmes import the_programme

AT = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
START = datetime(2026, 1, 14, 17, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def the_call():
    world = await the_programme()
    return await a_call(world, opens_at=AT - 30 * DAY, closes_at=AT + 25 * DAY, at=AT - 40 * DAY)


async def letters(kind: str) -> list[str]:
    return await column("SELECT to_email FROM letter WHERE kind = $1 ORDER BY to_email", f"events.{kind}")


async def taken(meeting_id: UUID) -> int:
    return await value("SELECT seats_taken FROM meeting WHERE id = $1", meeting_id)


def edited(view, **changed) -> EditMeetingForm:
    names = ("title", "description", "starts_at", "ends_at", "seats", "place_name", "address", "is_remote", "link", "version")
    return EditMeetingForm(**({name: getattr(view, name) for name in names} | changed))


async def test_any_of_the_staff_announces_a_meeting_and_nobody_else(db):
    call = await the_call()
    made = await create_meeting(call.code, meeting_form(START), by=await a_coach(call.programme), at=AT)
    assert (await meeting(made)).call == call.id
    with pytest.raises(NotFound):
        await create_meeting(call.code, meeting_form(START), by=await someone(), at=AT)
    everywhere = await a_meeting(call, starts_at=START, at=AT, every_call=True)
    assert everywhere.call is None


async def test_what_a_meeting_lacks_is_said_field_by_field(db):
    call = await the_call()
    with pytest.raises(Invalid) as caught:
        await a_meeting(call, starts_at=START, at=AT, place_name="", is_remote=True, commune_text="zzzz")
    assert set(caught.value.errors) == {"link", "commune"}


async def test_coming_takes_seats_and_the_letter_leads_to_ones_own_page(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT, seats=5)
    mine = await comes(view, "zoe@exemple.fr", at=AT, people_count=3)
    assert await taken(view.id) == 3
    path = await value("SELECT path FROM letter WHERE kind = 'events.registered'")
    assert path == f"/registrations/{ticket(KEY, PURPOSE, UUID(mine))}"
    assert (await registration_by(path.rsplit("/", 1)[1], key=KEY)).email == "zoe@exemple.fr"


async def test_coming_twice_is_coming_once_and_the_letter_is_sent_again(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT)
    await comes(view, "zoe@exemple.fr", at=AT)
    await comes(view, "ZOE@exemple.fr ".strip().lower(), at=AT, people_count=4)
    assert await taken(view.id) == 1
    assert await letters("registered") == ["zoe@exemple.fr", "zoe@exemple.fr"]


async def test_seats_given_back_are_free_and_may_be_taken_again(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT, seats=2)
    mine = await comes(view, "zoe@exemple.fr", at=AT, people_count=2)
    given = ticket(KEY, PURPOSE, UUID(mine))
    for who in ("autre@exemple.fr", "zoe@exemple.fr"):  # a full meeting tells nobody who comes; its letter does
        with pytest.raises(Conflict, match=r"Toutes les places sont prises.*déjà une place, sa lettre"):
            await comes(view, who, at=AT)
    assert await letters("registered") == ["zoe@exemple.fr"] * 2
    await leave(given, key=KEY, at=AT)
    await leave(given, key=KEY, at=AT)
    assert await taken(view.id) == 0
    assert await comes(view, "zoe@exemple.fr", at=AT) == mine
    assert await taken(view.id) == 1
    with pytest.raises(Conflict, match="a commencé"):
        await leave(given, key=KEY, at=START)


@pytest.mark.parametrize("given", ["", "x", "0" * 56, "é" * 60, "a" * 32 + "b" * 24])
async def test_a_link_that_was_not_made_here_names_nobody(db, given):
    with pytest.raises(NotFound):
        await registration_by(given, key=KEY)


async def test_the_link_of_one_purpose_serves_no_other(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT)
    mine = UUID(await comes(view, "zoe@exemple.fr", at=AT))
    with pytest.raises(NotFound):
        await registration_by(ticket(KEY, "unsubscribe", mine), key=KEY)
    with pytest.raises(NotFound):
        await registration_by(ticket("another secret", PURPOSE, mine), key=KEY)


async def test_who_comes_is_told_what_changes_and_nothing_when_it_does_not_matter(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT)
    await comes(view, "zoe@exemple.fr", at=AT)
    gone = ticket(KEY, PURPOSE, UUID(await comes(view, "partie@exemple.fr", at=AT)))
    await leave(gone, key=KEY, at=AT)
    staff = await a_coach(view.programme)
    await edit_meeting(view.id, edited(view, seats=12, title="Autre titre"), key=KEY, by=staff, at=AT)
    assert await letters("moved") == []
    view = await meeting(view.id)
    await edit_meeting(view.id, edited(view, place_name="Tiers-lieu"), key=KEY, by=staff, at=AT)
    assert await letters("moved") == ["zoe@exemple.fr"]


async def test_the_second_to_save_is_told_and_seats_taken_stay(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT)
    await comes(view, "zoe@exemple.fr", at=AT, people_count=4)
    staff = await a_coach(view.programme)
    with pytest.raises(Invalid) as caught:
        await edit_meeting(view.id, edited(view, seats=3), key=KEY, by=staff, at=AT)
    assert caught.value.errors == {"seats": "4 places sont déjà prises."}
    await edit_meeting(view.id, edited(view, title="La première"), key=KEY, by=staff, at=AT)
    with pytest.raises(Stale) as stale:
        await edit_meeting(view.id, edited(view, title="La seconde"), key=KEY, by=staff, at=AT)
    assert stale.value.theirs == {"title": "La première"}
    other = edited(view, title="La première", seats=12, link="https://visio.exemple.fr/x", version=2)
    await edit_meeting(view.id, other, key=KEY, by=staff, at=AT)
    with pytest.raises(Stale) as stale:
        await edit_meeting(view.id, edited(view, title="La première", version=2), key=KEY, by=staff, at=AT)
    assert stale.value.theirs == {"seats": "12", "link": "https://visio.exemple.fr/x"}


async def test_the_link_of_a_meeting_that_has_begun_is_mended(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT)
    staff, begun = await a_coach(view.programme), START + timedelta(minutes=5)
    mended = edited(view, is_remote=True, link="https://visio.exemple.fr/autre")
    await edit_meeting(view.id, mended, key=KEY, by=staff, at=begun)
    assert (await meeting(view.id)).link == "https://visio.exemple.fr/autre"
    with pytest.raises(Invalid) as caught:
        await edit_meeting(view.id, edited(view, starts_at=START - timedelta(hours=1), version=2), key=KEY, by=staff, at=begun)
    assert "starts_at" in caught.value.errors


async def test_cancelling_tells_who_comes_and_closes_the_meeting(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT)
    await comes(view, "zoe@exemple.fr", at=AT)
    staff = await a_coach(view.programme)
    await cancel_meeting(view.id, CancellationForm("La salle est fermée."), key=KEY, by=staff, at=AT)
    assert await letters("cancelled") == ["zoe@exemple.fr"]
    assert "La salle est fermée." in await value("SELECT text FROM letter WHERE kind = 'events.cancelled'")
    with pytest.raises(Conflict):
        await comes(view, "autre@exemple.fr", at=AT)
    with pytest.raises(Conflict):
        await cancel_meeting(view.id, CancellationForm("Encore."), key=KEY, by=staff, at=AT)


async def test_the_day_before_each_is_reminded_once(db):
    call = await the_call()
    view = await a_meeting(call, starts_at=START, at=AT)
    cancelled = await a_meeting(call, starts_at=START, at=AT)
    await comes(view, "zoe@exemple.fr", at=AT)
    await comes(cancelled, "lea@exemple.fr", at=AT)
    await cancel_meeting(cancelled.id, CancellationForm("Non."), key=KEY, by=await a_coach(call.programme), at=AT)
    eve = datetime(2026, 1, 13, 8, 0, tzinfo=UTC)
    assert await remind_meetings(key=KEY, at=eve - timedelta(minutes=1)) == 0
    assert await remind_meetings(key=KEY, at=eve) == 1
    assert await remind_meetings(key=KEY, at=eve + timedelta(minutes=10)) == 0
    assert await letters("reminder") == ["zoe@exemple.fr"]


async def test_a_meeting_moved_to_another_day_is_reminded_again(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT)
    await comes(view, "zoe@exemple.fr", at=AT)
    assert await remind_meetings(key=KEY, at=START - DAY) == 1
    later = edited(view, starts_at=START + 7 * DAY, ends_at=START + 7 * DAY + timedelta(hours=1))
    await edit_meeting(view.id, later, key=KEY, by=await a_coach(view.programme), at=START - DAY)
    assert await remind_meetings(key=KEY, at=START + 6 * DAY) == 1


async def test_who_came_is_said_once_it_has_begun_and_may_be_said_again(db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT)
    first, second = UUID(await comes(view, "a@exemple.fr", at=AT)), UUID(await comes(view, "b@exemple.fr", at=AT))
    staff = await a_coach(view.programme)
    with pytest.raises(Conflict):
        await mark_attendance(view.id, AttendanceForm([first]), by=staff, at=AT)
    with pytest.raises(NotFound):
        await mark_attendance(view.id, AttendanceForm([first]), by=await someone(), at=START)
    await mark_attendance(view.id, AttendanceForm([first]), by=staff, at=START)
    await mark_attendance(view.id, AttendanceForm([second]), by=staff, at=START)
    assert {one.id: one.has_come for one in await registrations(view.id)} == {first: False, second: True}


async def test_fifty_at_once_take_ten_seats_and_no_more(committed_db):
    view = await a_meeting(await the_call(), starts_at=START, at=AT, seats=10)

    async def one(number: int) -> bool:
        form = RegistrationForm(name=f"Personne {number}", email=f"p{number}@exemple.fr")
        try:
            await register(view.id, form, language="fr", address=f"10.0.0.{number}", key=KEY, at=AT)
        except Conflict:
            return False
        return True

    kept = await asyncio.gather(*(detached(one(number)) for number in range(50)))
    assert sum(kept) == 10
    assert await taken(view.id) == 10
    assert await value("SELECT sum(people_count) FROM registration WHERE meeting = $1 AND cancelled_at IS NULL", view.id) == 10
    assert len(await letters("registered")) == 10
    await execute("DELETE FROM registration WHERE meeting = $1", view.id)
