"""Every member of the team agrees before the deposit (R2)."""

from datetime import timedelta

import pytest

from incubator.applications.actions import answer_complement, confirm, deposit, remind, request_complement
from incubator.applications.forms import ComplementForm, DepositForm
from incubator.applications.queries.confirmations import changed_since, confirmations_of
from incubator.applications.queries.dossiers import dossier_for
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, NotFound, Refused
from incubator.projects.actions import name_depositor, remove_member
from tests.world.applications import CVS, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.confirmations import all_agree
from tests.world.people import an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_named_member

pytestmark = pytest.mark.usefixtures("db")


async def _whole(mates=("basile@exemple.fr", "rim@exemple.fr")):
    """A whole draft of a team of three: its depositor, an editor, a reader."""
    world = await the_programme()
    call = await a_call(world, opens_at=now() - timedelta(days=1), closes_at=now() + timedelta(days=9))
    me = await someone("Aïcha", email="aicha@exemple.fr")
    application = await a_draft_application(call, me)
    project = (await dossier_for(me, application)).facts.project
    people = [await someone(email.split("@")[0].title(), email=email) for email in mates]
    for one, role in zip(people, ("editor", "reader"), strict=False):
        await a_member(project, one.name, one.email, by=me, role=role)
    await write(application, whole_answers() | CVS, by=me, at=now())
    return application, project, me, people


async def test_a_deposit_waits_for_every_member_whatever_their_role():
    application, _project, me, (basile, rim) = await _whole()
    with pytest.raises(Conflict, match="Basile, Rim"):
        await deposit(application, DepositForm(), by=me, at=now())
    await confirm(application, by=basile, at=now())
    assert (await dossier_for(me, application)).facts.unconfirmed == ["Rim"]
    with pytest.raises(Conflict, match="Rim n’a pas encore confirmé"):
        await deposit(application, DepositForm(), by=me, at=now())
    await confirm(application, by=rim, at=now())
    await confirm(application, by=rim, at=now() + timedelta(minutes=1))
    assert await column("SELECT verb FROM journal_entry WHERE subject = $1 AND verb = 'application.agreed'", application) == [
        "application.agreed",
        "application.agreed",
    ]
    await deposit(application, DepositForm(), by=me, at=now())
    with pytest.raises(Conflict, match="déjà déposée"):
        await confirm(application, by=rim, at=now())


async def test_what_changes_after_an_agreement_is_said_and_asks_nobody_again(signed_in):
    """The last night of a call needs no one twice; the depositor and the member see what was not there when they agreed."""
    application, _project, me, (basile, rim) = await _whole()
    for one in (basile, rim):
        await confirm(application, by=one, at=now())
    await write(application, {"3.1": "Changé par Basile."}, by=basile, at=now() + timedelta(seconds=1))
    dossier = await dossier_for(me, application)
    told = changed_since(dossier, await confirmations_of(application))
    assert [(one.name, [it.question for it in one.changed]) for one in told] == [("Rim", ["3.1"])]
    theirs, mine = await signed_in(rim), await signed_in(me)
    page = await theirs.get(f"/applications/{application}/confirmation")
    assert ("J’ai relu et je confirme mon accord" in page.text, "une réponse a changé depuis" in page.text) == (True, True)
    assert "Ce qui a changé depuis l’accord de l’équipe" in (await mine.get(f"/applications/{application}/deposit")).text
    later = now() + timedelta(minutes=1)
    await confirm(application, by=rim, at=later)
    assert [one.confirmed_at for one in await confirmations_of(application) if one.account == rim.id] == [later]
    assert changed_since(dossier, await confirmations_of(application)) == []
    await deposit(application, DepositForm(), by=me, at=now())


async def test_a_namesake_s_changes_are_someone_else_s():
    application, _project, _me, (basile, rim) = await _whole()
    await execute("UPDATE account SET name = 'Rim' WHERE id = $1", basile.id)
    await confirm(application, by=rim, at=now())
    await write(application, {"3.1": "Changé par l’autre Rim."}, by=basile, at=now() + timedelta(seconds=1))
    told = changed_since(await dossier_for(rim, application), await confirmations_of(application))
    assert [(one.account, [it.question for it in one.changed]) for one in told] == [(rim.id, ["3.1"])]


async def test_who_carries_the_project_alone_asks_nobody():
    application, project, me, _people = await _whole(())
    await a_named_member(project, "Zoé")
    assert (await dossier_for(me, application)).facts.unconfirmed == []
    await deposit(application, DepositForm(), by=me, at=now())


async def test_who_joins_later_or_comes_back_agrees_too():
    application, project, me, (basile, _rim) = await _whole()
    await all_agree(application, at=now())
    late = await someone("Tard", email="tard@exemple.fr")
    await a_member(project, "Tard", late.email, by=me)
    assert (await dossier_for(me, application)).facts.unconfirmed == ["Tard"]
    member = await value("SELECT id FROM team_member WHERE account = $1", basile.id)
    await remove_member(project, member, by=me, at=now())
    await a_member(project, "Basile", basile.email, by=me)
    assert (await dossier_for(me, application)).facts.unconfirmed == ["Tard", "Basile"]
    await all_agree(application, at=now())
    assert (await dossier_for(me, application)).facts.unconfirmed == []


async def test_who_left_is_not_waited_for_and_agrees_to_nothing():
    application, project, me, (basile, _rim) = await _whole()
    member = await value("SELECT id FROM team_member WHERE account = $1", basile.id)
    await remove_member(project, member, by=me, at=now())
    with pytest.raises(NotFound):
        await confirm(application, by=basile, at=now())
    assert (await dossier_for(me, application)).facts.unconfirmed == ["Rim"]


async def test_a_depositor_named_late_and_the_one_before_them_both_agree():
    application, project, me, (basile, rim) = await _whole()
    await confirm(application, by=rim, at=now())
    member = await value("SELECT id FROM team_member WHERE account = $1", basile.id)
    await name_depositor(project, member, by=me, at=now())
    assert (await dossier_for(me, application)).facts.unconfirmed == ["Aïcha"]
    await confirm(application, by=me, at=now())
    await deposit(application, DepositForm(), by=basile, at=now())


async def test_a_complement_asks_the_team_nothing_more():
    application, project, me, _people = await _whole()
    await all_agree(application, at=now())
    await deposit(application, DepositForm(), by=me, at=now())
    staff = await an_instructor((await dossier_for(me, application)).facts.programme)
    await request_complement(application, ComplementForm(questions=["3.1"], message="Précisez."), by=staff, at=now())
    await a_member(project, "Tard", (await someone("Tard")).email, by=me)
    await write(application, {"3.1": "Nous précisons."}, by=me, at=now())
    await answer_complement(application, DepositForm(), by=me, at=now())
    assert await column("SELECT state FROM application WHERE id = $1", application) == ["deposited"]
    assert await column("SELECT ordinal FROM deposit WHERE application = $1 ORDER BY ordinal", application) == [1, 2]


async def test_a_reminder_goes_once_a_day_to_those_who_have_not_agreed():
    application, _project, me, (basile, rim) = await _whole()
    await confirm(application, by=basile, at=now())
    at = now()
    with pytest.raises(Refused):
        await remind(application, by=rim, at=at)
    assert await remind(application, by=me, at=at) == 1
    with pytest.raises(Conflict, match="demain"):
        await remind(application, by=me, at=at + timedelta(hours=23))
    letters = "SELECT to_email FROM letter WHERE kind = 'applications.confirmation_asked' ORDER BY created_at"
    assert await column(letters) == [rim.email]
    assert await remind(application, by=me, at=at + timedelta(days=1)) == 1
    await confirm(application, by=rim, at=at)
    with pytest.raises(Conflict, match="Toute l’équipe"):
        await remind(application, by=me, at=at + timedelta(days=3))
    assert await column(letters) == [rim.email] * 2


async def test_the_page_of_each(db, signed_in):
    application, _project, me, (basile, rim) = await _whole()
    path = f"/applications/{application}/confirmation"
    his, mine = await signed_in(basile), await signed_in(me)
    shown = await his.get(path)
    assert (shown.status_code, "Je confirme faire partie" in shown.text) == (200, True)
    assert "Je confirme faire partie" not in (await mine.get(path)).text
    assert path in (await mine.get(f"/applications/{application}/deposit")).text
    done = await his.send_form(path)
    assert (done.status_code, done.headers["location"]) == (303, f"/applications/{application}")
    assert [one.name for one in await confirmations_of(application) if one.confirmed_at] == ["Basile"]
    assert (await mine.send_form(f"{path}/reminder")).status_code == 303
    again = await mine.send_form(f"{path}/reminder")
    assert (again.status_code, "demain" in again.text) == (409, True)
    assert (await (await signed_in(rim)).send_form(f"{path}/reminder")).status_code == 403
    stranger = await signed_in(await someone("Sacha"))
    assert [(await stranger.get(path)).status_code, (await stranger.send_form(path)).status_code] == [404, 404]


async def test_who_reads_starts_no_application():
    _application, project, _me, (_basile, rim) = await _whole()
    other = await a_call(await the_programme(), opens_at=now() - timedelta(days=1), closes_at=now() + timedelta(days=9))
    with pytest.raises(Refused):
        await a_draft_application(other, rim, project)
