"""A team asks, the programme answers, and may publish; the committee reads none of it (R15)."""

from datetime import timedelta

import pytest

from incubator.applications.actions import ask, close_inquiry, publish_inquiry, reply
from incubator.applications.forms.inquiries import InquiryForm, PublicationForm, ReplyForm
from incubator.applications.queries.dossiers import dossier_for
from incubator.applications.queries.inquiries import inquiries_of, inquiries_to, inquiry_for, messages_of
from incubator.applications.rules.inquiries import OPEN_MAX
from incubator.calls.queries.faq import published_faq
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused
from incubator.core.ids import new_id
from incubator.people.queries import person, staff_of
from incubator.projects.actions import remove_member
from tests.world.applications import a_draft_application
from tests.world.calls import a_call
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member
from tests.world.selection import a_committee

pytestmark = pytest.mark.usefixtures("db")
QUESTION = "Faut-il compter les bénévoles ?"


class Scene:
    """A draft, its team of three, the staff, and one question on its third section."""


async def _scene() -> Scene:
    scene = Scene()
    scene.world = await the_programme()
    scene.call = await a_call(scene.world, opens_at=now() - timedelta(days=1), closes_at=now() + timedelta(days=9))
    scene.me, scene.reader = await someone("Aïcha"), await someone("Rim")
    scene.application = await a_draft_application(scene.call, scene.me)
    scene.project = (await dossier_for(scene.me, scene.application)).facts.project
    await a_member(scene.project, "Rim", scene.reader.email, by=scene.me, role="reader")
    scene.manager, scene.staff = await a_manager(scene.world.programme), await an_instructor(scene.world.programme)
    scene.inquiry = await ask(scene.application, InquiryForm(text=QUESTION, section="S3"), by=scene.me, at=now())
    return scene


async def test_a_question_goes_to_who_handles_the_call_and_its_answer_to_the_team():
    scene = await _scene()
    asked = "SELECT to_email FROM letter WHERE kind = 'applications.inquiry_asked' ORDER BY to_email"
    handlers = [one.email for role in ("manager", "instructor") for one in await staff_of(scene.world.programme, role)]
    assert {scene.manager.email, scene.staff.email} <= set(handlers)
    assert await column(asked) == sorted(handlers)
    desk = await inquiries_to(scene.staff, scene.call.code, is_open=True)
    assert [(one.id, one.question, one.section, one.state) for one in desk.page.items] == [
        (scene.inquiry, QUESTION, "S3", "waiting")
    ]
    await reply(scene.inquiry, ReplyForm(text="Oui, en équivalents temps plein."), by=scene.staff, at=now())
    told = "SELECT to_email FROM letter WHERE kind = 'applications.inquiry_answered' ORDER BY to_email"
    assert await column(told) == sorted([scene.me.email, scene.reader.email])
    said = await messages_of(scene.me, scene.inquiry)
    assert [(one.by, one.is_staff, one.text) for one in said] == [
        ("Aïcha", False, QUESTION), ("Inès Instructrice", True, "Oui, en équivalents temps plein."),
    ]  # fmt: skip
    assert (await inquiry_for(scene.me, scene.inquiry)).state == "answered"


async def test_who_instructs_the_application_is_asked_alone():
    scene = await _scene()
    await execute("UPDATE application SET instructor = $2 WHERE id = $1", scene.application, scene.staff.id)
    await execute("DELETE FROM letter")
    await reply(scene.inquiry, ReplyForm(text="Et les stagiaires ?"), by=scene.me, at=now())
    assert await column("SELECT to_email FROM letter") == [scene.staff.email]


async def test_nobody_else_finds_it_least_of_all_the_committee():
    """R15; a coach of the programme does not handle its applications either."""
    scene = await _scene()
    sitting = await a_committee(scene.call, members=1, applications=[], manager=scene.manager)
    elsewhere = await an_instructor(await _another_programme(scene.world.programme))
    for other in (sitting.members[0], await a_coach(scene.world.programme), elsewhere, await someone("Sacha")):
        for act in (
            inquiry_for(other, scene.inquiry),
            reply(scene.inquiry, ReplyForm(text="X"), by=other, at=now()),
            close_inquiry(scene.inquiry, by=other, at=now()),
            inquiries_to(other, scene.call.code, is_open=True),
            ask(scene.application, InquiryForm(text="X"), by=other, at=now()),
        ):
            with pytest.raises(NotFound):
                await act
    assert await value("SELECT count(*) FROM inquiry_message") == 1


async def _another_programme(like):
    made = new_id()
    await execute(
        "INSERT INTO programme (id, code, name, carrier, description, contact_email, region, axis)"
        " SELECT $1, 'ailleurs', 'Ailleurs', 'X', 'X', 'x@exemple.fr', region, axis FROM programme WHERE id = $2",
        made, like,
    )  # fmt: skip
    return made


async def test_staff_of_the_team_or_with_an_interest_do_not_answer():
    """R10, R13."""
    scene = await _scene()
    await a_member(scene.project, "Inès", scene.staff.email, by=scene.me)
    staff = await person(scene.staff.id)
    with pytest.raises(Refused):
        await close_inquiry(scene.inquiry, by=staff, at=now())
    assert (await inquiries_to(staff, scene.call.code, is_open=True)).page.items == []
    await reply(scene.inquiry, ReplyForm(text="Nous attendons.", closes=True), by=staff, at=now())
    assert [(one.is_staff) for one in await messages_of(scene.me, scene.inquiry)] == [False, False]
    assert (await inquiry_for(scene.me, scene.inquiry)).state == "waiting"


async def test_a_reader_reads_and_who_left_does_not():
    """B21."""
    scene = await _scene()
    assert [one.id for one in await inquiries_of(scene.application)] == [scene.inquiry]
    assert (await inquiry_for(scene.reader, scene.inquiry)).is_mine
    for act in (
        ask(scene.application, InquiryForm(text="X"), by=scene.reader, at=now()),
        reply(scene.inquiry, ReplyForm(text="X"), by=scene.reader, at=now()),
    ):
        with pytest.raises(Refused):
            await act
    member = await value("SELECT id FROM team_member WHERE account = $1", scene.reader.id)
    await remove_member(scene.project, member, by=scene.me, at=now())
    with pytest.raises(NotFound):
        await inquiry_for(scene.reader, scene.inquiry)
    await execute("DELETE FROM letter")
    await reply(scene.inquiry, ReplyForm(text="Oui."), by=scene.staff, at=now())
    assert await column("SELECT to_email FROM letter") == [scene.me.email]


async def test_a_conversation_is_closed_by_the_programme_and_opened_again_by_writing():
    scene = await _scene()
    await reply(scene.inquiry, ReplyForm(text="Oui.", closes=True), by=scene.staff, at=now())
    assert (await inquiry_for(scene.me, scene.inquiry)).state == "closed"
    with pytest.raises(Conflict, match="déjà close"):
        await close_inquiry(scene.inquiry, by=scene.staff, at=now())
    await reply(scene.inquiry, ReplyForm(text="Et les stagiaires ?"), by=scene.me, at=now())
    facts = await inquiry_for(scene.me, scene.inquiry)
    assert (facts.state, facts.messages_count) == ("waiting", 3)
    await close_inquiry(scene.inquiry, by=scene.manager, at=now())
    assert [one.id for one in (await inquiries_to(scene.staff, scene.call.code, is_open=False)).page.items] == [scene.inquiry]
    with pytest.raises(Refused):
        await close_inquiry(scene.inquiry, by=scene.me, at=now())


async def test_an_answer_is_published_in_other_words_once_a_conversation():
    scene = await _scene()
    await reply(scene.inquiry, ReplyForm(text="Oui, ceux de Repair’Bus compris."), by=scene.staff, at=now())
    form = PublicationForm(question="Compte-t-on les bénévoles ?", answer="Oui.")
    with pytest.raises(Refused):
        await publish_inquiry(scene.inquiry, form, by=scene.me, at=now())
    assert await published_faq(scene.call.id) == []
    await publish_inquiry(scene.inquiry, form, by=scene.staff, at=now())
    again = PublicationForm("Compte-t-on les bénévoles ?", "Oui, en équivalents temps plein.", version=1)
    await publish_inquiry(scene.inquiry, again, by=scene.manager, at=now())
    assert [(one.section, one.question, one.answer) for one in await published_faq(scene.call.id)] == [
        ("S3", "Compte-t-on les bénévoles ?", "Oui, en équivalents temps plein.")
    ]


async def test_what_cannot_be_asked_is_told_and_nothing_is_written():
    scene = await _scene()
    with pytest.raises(Invalid):
        await ask(scene.application, InquiryForm(text="X", section="S99"), by=scene.me, at=now())
    for _place in range(OPEN_MAX - 1):
        await ask(scene.application, InquiryForm(text="X"), by=scene.me, at=now())
    with pytest.raises(Conflict, match="10 questions ouvertes"):
        await ask(scene.application, InquiryForm(text="X"), by=scene.me, at=now())
    await execute("UPDATE application SET state = 'withdrawn' WHERE id = $1", scene.application)
    for act in (
        ask(scene.application, InquiryForm(text="X"), by=scene.me, at=now()),
        reply(scene.inquiry, ReplyForm(text="X"), by=scene.me, at=now()),
    ):
        with pytest.raises(Conflict, match="retirée"):
            await act
    assert await value("SELECT count(*) FROM inquiry") == OPEN_MAX


async def test_the_pages_from_the_question_to_its_publication(signed_in):
    scene = await _scene()
    mine, theirs = await signed_in(scene.me), await signed_in(scene.staff)
    path = f"/applications/{scene.application}/inquiries"
    form = await mine.get(f"{path}?section=S3")
    assert '<option value="S3" selected>' in form.text
    wrong = await mine.send_form(path, text="", section="S3")
    assert (wrong.status_code, "obligatoire" in wrong.text) == (422, True)
    sent = await mine.send_form(path, text="Peut-on <b>joindre</b> une vidéo ?", section="")
    assert sent.status_code == 303
    shown = await theirs.get(sent.headers["location"])
    assert "Peut-on &lt;b&gt;joindre&lt;/b&gt; une vidéo ?" in shown.text
    desk = await theirs.get(f"/calls/{scene.call.code}/inquiries")
    assert (sent.headers["location"] in desk.text, "Répondre à la plus ancienne" in desk.text) == (True, True)
    here = f"/inquiries/{scene.inquiry}"
    assert (await theirs.send_form(here, text="Oui.", closes="on")).status_code == 303
    assert "Oui." in (await mine.get(here)).text
    assert "Publier dans" not in (await mine.get(here)).text
    assert QUESTION in (await theirs.get(f"{here}/publication")).text
    done = await theirs.send_form(f"{here}/publication", question="Les bénévoles ?", answer="Oui.", version="0")
    assert done.status_code == 303
    again = await theirs.send_form(f"{here}/closing")
    assert (again.status_code, "déjà close" in again.text) == (409, True)
    assert (await mine.get(f"{here}/publication")).status_code == 404
    stranger = await signed_in(await someone("Sacha"))
    for one in (here, path, f"/inquiries/{new_id()}"):
        assert (await stranger.get(one)).status_code == 404


async def test_by_program(signed_in):
    scene = await _scene()
    mine, theirs = await signed_in(scene.me), await signed_in(scene.staff)
    base = f"/api/v1/applications/{scene.application}"
    body = {"text": "Et la vidéo ?", "section": "S1"}
    made = await mine.send_json("POST", f"{base}/inquiries", body, **{"Idempotency-Key": "k1"})
    again = await mine.send_json("POST", f"{base}/inquiries", body, **{"Idempotency-Key": "k1"})
    assert (made.status_code, again.json()) == (201, made.json())
    assert [one["question"] for one in (await mine.get(f"{base}/inquiries")).json()] == ["Et la vidéo ?", QUESTION]
    one = f"/api/v1/inquiries/{made.json()['id']}"
    said = await theirs.send_json("POST", f"{one}/messages", {"text": "Non."})
    assert [line["text"] for line in said.json()] == ["Et la vidéo ?", "Non."]
    listed = (await theirs.get(f"/api/v1/calls/{scene.call.code}/inquiries")).json()["items"]
    assert [line["question"] for line in listed] == [QUESTION, "Et la vidéo ?"]
    published = await theirs.send_json("POST", f"{one}/publication", {"question": "La vidéo ?", "answer": "Non."})
    assert published.status_code == 200
    agreed = await (await signed_in(scene.reader)).send_json("POST", f"{base}/confirmations")
    assert [(line["name"], line["confirmed_at"] is not None) for line in agreed.json()] == [("Aïcha", False), ("Rim", True)]
    assert (await theirs.get(f"{base}/confirmations")).status_code == 404


async def test_lists_cost_the_same_for_one_and_for_three(signed_in, statements):
    scene = await _scene()
    mine, theirs = await signed_in(scene.me), await signed_in(scene.staff)
    paths = [(theirs, f"/calls/{scene.call.code}/inquiries"), (mine, f"/applications/{scene.application}/inquiries")]
    counts = []
    for more in (0, 2):
        for _one in range(more):
            await ask(scene.application, InquiryForm(text="Encore ?"), by=scene.me, at=now())
        for browser, path in paths:
            with statements() as seen:
                assert (await browser.get(path)).status_code == 200
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
