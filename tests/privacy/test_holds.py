"""Holds win over every clock, not only over proposals (R50, R55)."""

from datetime import timedelta

import pytest

from incubator.coaching.actions import log_session
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict
from incubator.journal.actions import record
from incubator.people.actions import confirm_address, give_role, sign_up
from incubator.people.forms import SignUpForm
from incubator.people.queries import Person, person
from incubator.people.tables import Role
from incubator.privacy.actions.holding import lift_hold, place_hold
from incubator.privacy.actions.prospects import forget_promised
from incubator.privacy.actions.requests import answer, ask
from incubator.privacy.actions.sweeping import sweep_private
from incubator.privacy.forms import AnswerForm, HoldForm, RequestForm
from incubator.privacy.queries.due import due
from incubator.privacy.rules.keeping import Keep
from incubator.privacy.tables import RequestKind
from tests.privacy.scanning import where_is
from tests.world.applications import a_draft_application
from tests.world.calls import a_call
from tests.world.coaching import session_form
from tests.world.everyone import Built, everyone
from tests.world.people import a_manager, last_token, someone
from tests.world.programmes import the_programme

DAY = timedelta(days=1)
FAR = 5000 * DAY


@pytest.fixture
async def built(db) -> Built:
    return await everyone()


async def held(built: Built, subject) -> None:
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    await place_hold([programme], HoldForm(subject, "Contrôle"), by=built.people["manager"], at=now())


async def prospects_due(built: Built) -> int:
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    return len(await due(Keep.PROSPECT, programme, now() + FAR))


async def test_a_held_call_keeps_who_came_to_its_meetings_and_who_tested_themselves(built):
    await execute("UPDATE subscription SET confirmed_at = asked_at")
    assert await prospects_due(built) == 3
    await held(built, await value("SELECT id FROM call WHERE code = $1", built.ids["code"]))
    assert await prospects_due(built) == 1
    assert await forget_promised(at=now() + FAR) == 0
    assert await where_is("rappel@exemple.fr") == ["self_test_result"]


async def test_what_one_does_last_counts_for_all_that_is_kept_of_an_address(built):
    """Three years after the last contact (reference-programme.md, 10): a meeting someone comes to keeps their subscription."""
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    await execute("UPDATE subscription SET email = 'visiteur@exemple.fr', confirmed_at = asked_at - interval '2 years'")
    subscription = await value("SELECT id FROM subscription")
    since = [one.since for one in await due(Keep.PROSPECT, programme, now() + FAR, among=[subscription])]
    assert since == [await value("SELECT ends_at FROM meeting WHERE id = $1", built.ids["meeting_id"])]
    owner = await someone("Vic Visiteur", email="visiteur@exemple.fr")
    await record("session.opened", owner.id, by=owner.id, at=now() + 30 * DAY)
    assert await due(Keep.PROSPECT, programme, now() + 29 * DAY, among=[subscription]) == []


async def test_without_a_hold_what_was_promised_to_be_forgotten_is(built):
    assert await forget_promised(at=now() + FAR) == 2
    assert await where_is("rappel@exemple.fr") == []


@pytest.mark.parametrize("email", ["visiteur@exemple.fr", "abonne@exemple.fr", "rappel@exemple.fr"])
async def test_a_held_person_is_kept_by_their_address_too(built, email):
    before = await prospects_due(built)
    await held(built, (await someone("Paule Prospect", email=email)).id)
    assert await prospects_due(built) == before - 1


@pytest.mark.parametrize("thing", ["application", "project", "call", "committee", "programme", "person"])
async def test_a_held_file_keeps_the_letters_about_it(built, thing):
    """The letter proves that the team was told."""
    depositor, project = built.people["depositor"], built.ids["project_id"]
    subjects = {
        "application": built.ids["application_id"], "project": project, "committee": built.ids["committee_id"],
        "call": await value("SELECT id FROM call WHERE code = $1", built.ids["code"]), "person": depositor.id,
        "programme": await value("SELECT programme FROM project WHERE id = $1", project),
    }  # fmt: skip
    await execute("UPDATE letter SET state = 'sent'")
    told = "SELECT id FROM letter WHERE to_email = $1 AND path LIKE '/applications/%' ORDER BY id"
    letters = await column(told, depositor.email)
    assert len(letters) > 0
    await held(built, subjects[thing])
    assert await sweep_private(at=now() + 400 * DAY) > 0
    assert await column(told, depositor.email) == letters


async def test_a_hold_on_a_file_no_committee_has_keeps_that_file_alone(built):
    call = await a_call(await the_programme(), opens_at=now() - 5 * DAY, closes_at=now() + 5 * DAY)
    await held(built, await a_draft_application(call, await someone("Nora Brouillon"), at=now()))
    await execute("UPDATE letter SET state = 'sent'")
    await sweep_private(at=now() + 400 * DAY)
    assert await value("SELECT count(*) FROM letter WHERE to_email = $1", built.people["depositor"].email) == 0


async def test_letters_about_nothing_held_go_after_a_year(built):
    await execute("UPDATE letter SET state = 'sent'")
    await sweep_private(at=now() + 360 * DAY)
    assert await value("SELECT count(*) FROM letter") > 0
    await sweep_private(at=now() + 367 * DAY)
    assert await value("SELECT count(*) FROM letter") == 0


async def test_what_a_held_person_asked_is_kept_and_goes_once_the_hold_is_lifted(built):
    member, manager, at = built.people["member"], built.people["manager"], now()
    case = await ask(RequestForm(RequestKind.OBJECTION, "Pas de relance."), by=member, at=at)
    await answer(case, AnswerForm(True, "Noté."), by=manager, at=at)
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    hold = await place_hold([programme], HoldForm(member.id, "Litige"), by=manager, at=at)
    await sweep_private(at=at + 1900 * DAY)
    assert await value("SELECT count(*) FROM data_request") == 1
    await lift_hold(hold, by=manager, at=at + 1900 * DAY)
    await sweep_private(at=at + 1901 * DAY)
    assert await value("SELECT count(*) FROM data_request") == 0


async def test_the_reason_of_a_hold_goes_five_years_after_it_was_lifted(built):
    manager, at = built.people["manager"], now()
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    subject = built.ids["application_id"]
    hold = await place_hold([programme], HoldForm(subject, "Plainte de Zélie Zorn"), by=manager, at=at)
    await sweep_private(at=at + FAR)
    assert await value("SELECT count(*) FROM hold") == 1
    await lift_hold(hold, by=manager, at=at)
    await sweep_private(at=at + 1820 * DAY)
    assert await value("SELECT count(*) FROM hold") == 1
    await sweep_private(at=at + 1828 * DAY)
    assert await value("SELECT count(*) FROM hold") == 0


async def a_coach_who_left(built: Built) -> Person:
    """The coach wrote a note for themselves, then lost their role."""
    coach, project = built.people["coach"], built.ids["project_id"]
    form = session_form(now(), private_note="Tension dans l’équipe.")
    await log_session(project, form, by=coach, at=now())
    await execute("DELETE FROM role_assignment WHERE account = $1", coach.id)
    return await person(coach.id)


async def test_a_held_project_keeps_the_notes_of_a_coach_who_asks_to_be_erased(built):
    coach, manager = await a_coach_who_left(built), built.people["manager"]
    assert coach.id in {one.subject for one in await due(Keep.ACCOUNT, None, now() + FAR)}
    await held(built, built.ids["project_id"])
    assert coach.id not in {one.subject for one in await due(Keep.ACCOUNT, None, now() + FAR)}
    case = await ask(RequestForm(RequestKind.ERASURE, confirmation=coach.email), by=coach, at=now())
    with pytest.raises(Conflict, match="retenue"):
        await answer(case, AnswerForm(True, "C’est fait."), by=manager, at=now())
    assert await where_is("Tension dans l’équipe.") == ["private_note"]


@pytest.mark.parametrize("who", ["former_member", "depositor"])
async def test_a_held_person_keeps_the_files_of_their_team_from_a_mate_who_asks_to_be_erased(built, who):
    member, manager, at = built.people["member"], built.people["manager"], now()
    await execute("UPDATE enrolment SET state = 'stopped', ended_on = $1, end_reason = 'Arrêt choisi'", at.date())
    case = await ask(RequestForm(RequestKind.ERASURE, confirmation=member.email), by=member, at=at)
    await held(built, built.people[who].id)
    with pytest.raises(Conflict, match="retenue"):
        await answer(case, AnswerForm(True, "C’est fait."), by=manager, at=at)
    assert await value("SELECT name FROM team_member WHERE account = $1", member.id) == member.name


async def test_a_held_person_keeps_the_claims_that_joined_them(built):
    owner = built.people["refused_holder"]
    await sign_up(SignUpForm(email=owner.email, name="R. R. autrement"), language="fr", address="192.0.2.9", at=now())
    await confirm_address(await last_token(owner.email, "people.confirm"), at=now())
    claim = await value("SELECT id FROM account WHERE merged_into = $1", owner.id)
    assert claim in {one.subject for one in await due(Keep.ACCOUNT, None, now() + FAR)}
    await held(built, owner.id)
    assert claim not in {one.subject for one in await due(Keep.ACCOUNT, None, now() + FAR)}


async def test_who_manages_two_programmes_holds_what_is_in_either(built, signed_in):
    manager, elsewhere = built.people["manager"], await value("SELECT id FROM programme WHERE code = 'ailleurs'")
    both = await a_manager(elsewhere, "Gisèle Deux")
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    await give_role(both.id, Role.MANAGER, programme, by=manager, at=now())
    browser = await signed_in(await person(both.id))
    for subject in (built.ids["project_id"], elsewhere):
        sent = await browser.send_form("/retention/holds", subject=str(subject), reason="Contrôle")
        assert sent.status_code == 303, subject
    assert await column("SELECT programme FROM hold ORDER BY placed_at") == [programme, elsewhere]
