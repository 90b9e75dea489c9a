"""What awaits the members of a team, who is invited to one, and who answers its questions."""

from datetime import UTC, datetime, timedelta

from incubator.applications.actions import ask, confirm, remind, reply
from incubator.applications.forms.inquiries import InquiryForm, ReplyForm
from incubator.home.queries.home import home_of
from tests.home import builder
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, invited

AT = datetime(2027, 3, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


async def _lines(me, at=AT):
    return [(item.kind, item.title, item.href) for item in (await home_of(me, at)).awaiting]


async def _applied():
    world = await the_programme()
    return world, await builder.an_application(world, await builder.an_open_call(world, AT), AT)


async def test_an_invitation_awaits_whoever_confirmed_the_address_until_it_ends(db):
    _world, applied = await _applied()
    zoe = await someone("Zoé", email="zoe@exemple.fr")
    invitation = await invited(applied.project, zoe.email, by=applied.holder, at=AT)
    assert await _lines(zoe) == [("invited", "Rejoignez l’équipe de Repair’Bus, ou déclinez", f"/invitations/{invitation}")]
    assert await _lines(zoe, AT + 14 * DAY) == []
    assert await _lines(await someone()) == []


async def test_who_reads_awaits_only_to_agree_and_only_near_the_end_or_once_asked(db):
    """R2."""
    _world, applied = await _applied()
    editor, reader = await someone("Ed"), await someone("Rim")
    await a_member(applied.project, "Ed", editor.email, by=applied.holder, at=AT)
    await a_member(applied.project, "Rim", reader.email, by=applied.holder, role="reader", at=AT)
    agree = (
        "agree",
        "Confirmez votre accord pour déposer\N{NO-BREAK SPACE}: Repair’Bus",
        f"/applications/{applied.application}/confirmation",
    )
    assert ([one[0] for one in await _lines(editor)], await _lines(reader)) == (["draft"], [])
    assert await _lines(reader, AT + 4 * DAY) == [agree]
    await remind(applied.application, by=applied.holder, at=AT)
    assert await _lines(reader) == [agree]
    await confirm(applied.application, by=reader, at=AT)
    assert await _lines(reader, AT + 4 * DAY) == []
    assert sorted(one[0] for one in await _lines(editor)) == ["agree", "draft"]


async def test_questions_without_an_answer_await_who_handles_the_call(db):
    world, applied = await _applied()
    staff, manager = await an_instructor(world.programme), await a_manager(world.programme)
    href = f"/calls/{applied.call.code}/inquiries"
    asked = [await ask(applied.application, InquiryForm(text="Où ?"), by=applied.holder, at=AT - place * DAY) for place in (2, 1)]
    line = ("inquiries", "Répondez à 2 questions d’équipes", href)
    assert line in await _lines(staff)
    assert line in await _lines(manager)
    assert await _lines(await a_coach(world.programme)) == []
    await reply(asked[0], ReplyForm(text="Ici."), by=staff, at=AT)
    assert ("inquiries", "Répondez à 1 question d’une équipe", href) in await _lines(staff)
    await reply(asked[1], ReplyForm(text="Là."), by=staff, at=AT)
    assert [one for one in await _lines(staff) if one[0] == "inquiries"] == []
