"""Questions often asked: who writes them, in which order they stand, what visitors read, what a new call inherits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incubator.calls.actions.faq import (
    add_faq_entry,
    copy_faq,
    edit_faq_entry,
    move_faq_entry,
    publish_answer,
    remove_faq_entry,
)
from incubator.calls.public_forms import EditFaqForm, FaqForm
from incubator.calls.queries.faq import faq_of, published_faq
from incubator.core.clock import now
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.core.ids import new_id
from tests.world.calls import a_call, a_draft_call
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def call(db):
    return await a_call(await the_programme(), opens_at=now() - 10 * DAY, closes_at=now() + 20 * DAY)


def entry(question: str = "Faut-il être deux ?", **changed) -> FaqForm:
    return FaqForm(**({"question": question, "answer": "Non, mais dites qui vous cherchez.", "published": True} | changed))


async def order(call) -> list[str]:
    return [one.question for one in await faq_of(call.id)]


async def test_managers_and_instructors_write_coaches_read_strangers_see_nothing(call):
    await add_faq_entry(call.code, entry(), by=await a_manager(call.programme), at=now())
    await add_faq_entry(call.code, entry("Et à trois ?"), by=await an_instructor(call.programme), at=now())
    with pytest.raises(Refused):
        await add_faq_entry(call.code, entry(), by=await a_coach(call.programme), at=now())
    with pytest.raises(NotFound):
        await add_faq_entry(call.code, entry(), by=await someone(), at=now())
    assert await order(call) == ["Faut-il être deux ?", "Et à trois ?"]


async def test_visitors_read_what_is_published(call, client):
    manager = await a_manager(call.programme)
    await add_faq_entry(call.code, entry("Publiée ?"), by=manager, at=now())
    hidden = await add_faq_entry(call.code, entry("Cachée ?", published=False), by=manager, at=now())
    page = (await client.get(f"/calls/{call.code}")).text
    assert "Publiée ?" in page
    assert "Cachée ?" not in page
    await edit_faq_entry(
        hidden, EditFaqForm(question="Cachée ?", answer="Plus.", published=True, version=1), by=manager, at=now()
    )
    assert [one.question for one in await published_faq(call.id)] == ["Publiée ?", "Cachée ?"]


async def test_an_entry_stands_in_a_section_of_the_form_or_in_none(call):
    manager = await a_manager(call.programme)
    await add_faq_entry(call.code, entry(section="S2"), by=manager, at=now())
    with pytest.raises(Invalid) as caught:
        await add_faq_entry(call.code, entry(section="S99"), by=manager, at=now())
    assert set(caught.value.errors) == {"section"}


async def test_entries_change_places_within_their_section(call):
    manager = await a_manager(call.programme)
    ids = [await add_faq_entry(call.code, entry(name), by=manager, at=now()) for name in ("a", "b", "c")]
    await add_faq_entry(call.code, entry("d", section="S1"), by=manager, at=now())
    await move_faq_entry(ids[2], up=True, by=manager, at=now())
    assert await order(call) == ["a", "c", "b", "d"]
    await move_faq_entry(ids[0], up=True, by=manager, at=now())
    await move_faq_entry(ids[1], up=False, by=manager, at=now())
    assert await order(call) == ["a", "c", "b", "d"]


async def test_the_second_to_save_sees_the_first_text(call):
    manager = await a_manager(call.programme)
    made = await add_faq_entry(call.code, entry(), by=manager, at=now())
    form = EditFaqForm(question="Faut-il être deux ?", answer="La première.", published=True, version=1)
    await edit_faq_entry(made, form, by=manager, at=now())
    with pytest.raises(Stale) as caught:
        await edit_faq_entry(
            made, EditFaqForm(question="Faut-il être deux ?", answer="La seconde.", version=1), by=manager, at=now()
        )
    assert caught.value.theirs == {"answer": "La première.", "published": "oui"}


async def test_what_visitors_read_is_not_thrown_away(call):
    manager = await a_manager(call.programme)
    made = await add_faq_entry(call.code, entry(), by=manager, at=now())
    with pytest.raises(Conflict):
        await remove_faq_entry(made, by=manager, at=now())
    draft = await add_faq_entry(call.code, entry("Brouillon", published=False), by=manager, at=now())
    await remove_faq_entry(draft, by=manager, at=now())
    assert await order(call) == ["Faut-il être deux ?"]


async def test_the_answer_of_a_conversation_is_published_once_and_follows_its_words(call):
    instructor, thread = await an_instructor(call.programme), new_id()
    said = {"section": "S3", "question": "Quelles sources ?", "asked_in": thread, "by": instructor, "at": now()}
    first = await publish_answer(call.id, answer="Des entretiens.", version=0, **said)
    assert await publish_answer(call.id, answer="Des entretiens et des chiffres.", version=1, **said) == first
    with pytest.raises(Stale) as caught:
        await publish_answer(call.id, answer="Des chiffres.", version=1, **said)
    assert caught.value.theirs == {"answer": "Des entretiens et des chiffres."}
    stored = await faq_of(call.id)
    assert [(one.id, one.answer, one.version) for one in stored] == [(first, "Des entretiens et des chiffres.", 2)]


async def test_an_answer_published_again_stays_where_its_entry_was_moved(call):
    manager, thread = await a_manager(call.programme), new_id()
    said = {"section": "S3", "question": "Quelles sources ?", "asked_in": thread, "by": manager, "at": now()}
    made = await publish_answer(call.id, answer="Des entretiens.", version=0, **said)
    elsewhere = EditFaqForm(section="S4", question="Quelles sources ?", answer="Des entretiens.", published=True, version=1)
    await edit_faq_entry(made, elsewhere, by=manager, at=now())
    await publish_answer(call.id, answer="Des chiffres.", version=2, **said)
    assert [(one.section, one.answer, one.version) for one in await faq_of(call.id)] == [("S4", "Des chiffres.", 3)]


async def test_a_new_call_inherits_the_entries_in_order(call):
    manager = await a_manager(call.programme)
    for name in ("a", "b"):
        await add_faq_entry(call.code, entry(name), by=manager, at=now())
    await add_faq_entry(call.code, entry("c", published=False), by=manager, at=now())
    await publish_answer(call.id, section="", question="d", answer="d", asked_in=new_id(), version=0, by=manager, at=now())
    next_call = await a_draft_call(await the_programme(), opens_at=now() + 60 * DAY, closes_at=now() + 90 * DAY)
    assert await copy_faq(call.id, next_call.id, at=now()) == 4
    assert await order(next_call) == ["a", "b", "c", "d"]
    assert [one.question for one in await published_faq(next_call.id)] == ["a", "b", "d"]
    assert {one.asked_in for one in await faq_of(next_call.id)} == {None}


async def test_staff_do_it_all_from_the_page(call, signed_in):
    manager = await signed_in(await a_manager(call.programme))
    path = f"/calls/{call.code}/faq"
    added = await manager.send_form(path, section="", question="Une ?", answer="<b>Oui</b> #x", published="on")
    assert added.status_code == 303
    await manager.send_form(path, section="", question="Deux ?", answer="Non.")
    page = (await manager.get(path)).text
    assert "&lt;b&gt;Oui&lt;/b&gt; #x" in page
    second = (await faq_of(call.id))[1]
    moved = await manager.send_form(f"{path}/{second.id}/place", way="up")
    assert moved.headers["location"] == f"{path}#entry-{second.id}"
    assert await order(call) == ["Deux ?", "Une ?"]
    assert (await manager.send_form(f"{path}/{second.id}", section="", question="", answer="", version=2)).status_code == 422
    assert (await manager.send_form(f"{path}/{second.id}/removal")).status_code == 303
    assert await order(call) == ["Une ?"]


async def test_the_page_is_for_who_handles_the_files(call, client, signed_in):
    path = f"/calls/{call.code}/faq"
    coach, stranger = await signed_in(await a_coach(call.programme)), await signed_in(await someone())
    assert (await coach.get(path)).status_code == 403
    assert (await stranger.get(path)).status_code == 404
    assert (await client.get(path)).status_code == 303


async def test_programs_read_and_write_entries(call, client, signed_in):
    manager = await signed_in(await a_manager(call.programme))
    path = f"/api/v1/calls/{call.code}/faq"
    made = await manager.send_json("POST", path, {"question": "Une ?", "answer": "Oui.", "published": True})
    assert made.status_code == 201
    read = (await client.get(path)).json()
    assert [(one["section"], one["question"], one["answer"]) for one in read] == [("", "Une ?", "Oui.")]
    one = f"/api/v1/faq/{made.json()['id']}"
    body = {"question": "Une ?", "answer": "Non.", "published": False, "version": 1}
    assert (await manager.send_json("PUT", one, body)).json()["version"] == 2
    assert (await manager.send_json("PUT", one, body)).status_code == 409
    assert (await client.get(path)).json() == []
