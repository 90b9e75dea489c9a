"""What erasing a person reaches beside their account: former addresses, joined claims, lines that name them (R56, K01)."""

from datetime import timedelta
from uuid import UUID

import pytest

from incubator.applications.actions import confirm, deposit
from incubator.applications.forms import DepositForm
from incubator.applications.queries.dossiers import dossier_for
from incubator.calls.queries import call_by_code
from incubator.coaching.actions import edit_session
from incubator.coaching.forms import SessionEditForm
from incubator.coaching.tables import SessionKind
from incubator.core.clock import local_date, now
from incubator.core.database import column, execute, value
from incubator.people.actions import ask_email_change, confirm_address, press_email_link, sign_up
from incubator.people.forms import SignUpForm
from incubator.people.queries import Person, person
from incubator.privacy.actions.erasing import forget_person
from incubator.privacy.queries.own import own_data
from tests.privacy.scanning import where_is
from tests.world.applications import CVS, MATE, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.events import a_meeting, comes
from tests.world.everyone import Built, everyone
from tests.world.people import last_token, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project

DAY = timedelta(days=1)


@pytest.fixture
async def built(db) -> Built:
    return await everyone()


async def moved_to(me: Person, email: str) -> Person:
    """The same person, at another address since now."""
    at = now()
    await ask_email_change(email, by=me, at=at)
    for address, kind in ((me.email, "people.email_change_old"), (email, "people.email_change_new")):
        await press_email_link(await last_token(address, kind), at=at)
    return await person(me.id)


async def came_to_a_meeting(built: Built, email: str) -> None:
    call = await call_by_code(built.ids["code"])
    meeting = await a_meeting(call, starts_at=now() + 4 * DAY, at=now(), by=built.people["manager"])
    await comes(meeting, email, at=now(), name="Mina Membre")


async def test_a_claim_that_joined_its_owner_goes_with_them(built):
    owner = built.people["stranger"]
    await sign_up(SignUpForm(email=owner.email, name="S. P. autrement"), language="fr", address="192.0.2.9", at=now())
    confirmed = await confirm_address(await last_token(owner.email, "people.confirm"), at=now())
    assert confirmed.person.id == owner.id
    await forget_person(owner.id, by=None, at=now())
    assert (await where_is(owner.email), await where_is("S. P. autrement")) == ([], [])


async def test_what_was_sent_to_a_former_address_is_given_and_goes(built):
    """The team's invitation, the registration to a meeting: made before the address changed."""
    before = built.people["member"]
    await came_to_a_meeting(built, before.email)
    me = await moved_to(before, "mina.ailleurs@exemple.fr")
    given = {part.table: part.records for part in (await own_data(me, at=now())).parts}
    assert [one["email"] for one in given["registration"]] == [before.email]
    assert [one["email"] for one in given["team_invitation"]] == [before.email]
    await forget_person(me.id, by=None, at=now())
    assert (await where_is(before.email), await where_is(me.email)) == ([], [])
    assert await value("SELECT count(*) FROM registration WHERE name = '(effacé)'") == 1


async def test_nobody_is_given_what_a_former_address_gets_from_its_next_owner(built):
    """An address left behind may be someone else's one day: what comes there later is theirs."""
    before = built.people["member"]
    me = await moved_to(before, "mina.ailleurs@exemple.fr")
    next_owner = await someone("Mona Nouvelle", email=before.email)
    await came_to_a_meeting(built, before.email)
    assert "registration" not in {part.table for part in (await own_data(me, at=now())).parts}
    await forget_person(me.id, by=None, at=now())
    assert await value("SELECT count(*) FROM registration WHERE email = $1", next_owner.email) == 1


async def test_who_takes_an_address_over_is_given_nothing_its_former_owner_got_there_and_takes_none_of_it(built):
    """An address of a house goes from hand to hand: each one's registrations, invitations and letters stay theirs."""
    before = built.people["member"]
    await came_to_a_meeting(built, before.email)
    await moved_to(before, "mina.ailleurs@exemple.fr")
    next_owner = await someone("Mona Nouvelle", email=before.email)
    theirs = "SELECT count(*) FROM letter WHERE to_account = $1 AND to_email = $2"
    letters = await value(theirs, before.id, before.email)
    given = {part.table: part.records for part in (await own_data(next_owner, at=now())).parts}
    assert {"registration", "team_invitation"} & set(given) == set()
    assert before.name not in str(given)
    await forget_person(next_owner.id, by=None, at=now())
    assert await value("SELECT count(*) FROM registration WHERE name = $1", before.name) == 1
    assert await value("SELECT count(*) FROM team_invitation WHERE accepted_by = $1", before.id) == 1
    assert await value(theirs, before.id, before.email) == letters > 0


async def test_nor_once_its_next_owner_has_left_it_too(built):
    """Whose each thing sent there was, nobody can tell any more: it waits for its own time."""
    before = built.people["member"]
    me = await moved_to(before, "mina.ailleurs@exemple.fr")
    next_owner = await someone("Mona Nouvelle", email=before.email)
    await came_to_a_meeting(built, before.email)
    after = await moved_to(next_owner, "mona.ailleurs@exemple.fr")
    for who in (me, after):
        assert "registration" not in {part.table for part in (await own_data(who, at=now())).parts}
    await forget_person(me.id, by=None, at=now())
    assert await value("SELECT count(*) FROM registration WHERE email = $1", before.email) == 1


async def test_who_is_erased_is_named_in_no_session_of_the_team(built):
    """Who was there is a line of names: the others' names stay, and so does what was said."""
    member, coach, session = built.people["member"], built.people["coach"], built.ids["session_id"]
    for who in ("Mina Membre, Dora Dépôt", "Dora Dépôt et Mina Membre"):
        form = SessionEditForm(
            held_on=local_date(now()), duration_minutes=60, kind=SessionKind.VISIT, participants=who, done="Relu l’enquête.",
            no_next_reason="L’équipe rappelle.", reason="Une faute.",
            version=await value("SELECT version FROM support_session WHERE id = $1", session),
        )  # fmt: skip
        await edit_session(session, form, by=coach, at=now() + 20 * DAY)
    await forget_person(member.id, by=None, at=now())
    assert await value("SELECT participants FROM support_session WHERE id = $1", session) == "Dora Dépôt et (effacé)"
    kept = "SELECT before ->> 'participants' FROM session_correction ORDER BY corrected_at, id"
    assert await column(kept) == ["Toute l’équipe", "(effacé), Dora Dépôt"]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Jean Martin", "(effacé)"),
        ("Dora Dépôt, Jean Martin et le maire", "Dora Dépôt, (effacé) et le maire"),
        ("M. Jean Martin, Mme Jean Martin", "M. (effacé), Mme (effacé)"),
        ("Présents : Jean Martin (matin).\nJean Martin", "Présents : (effacé) (matin).\n(effacé)"),
        ("Marie-Jean Martin, Anne Jean Martin", None),
        ("Jean Martin-Dupont, Jean Martin Dupont, Jean Martine", None),
        ("L’équipe des Jean Martin’s", None),
    ],
)
async def test_a_longer_name_is_someone_elses(built, said, left):
    """A colleague whose name holds the one that goes keeps theirs whole."""
    member, session = built.people["member"], built.ids["session_id"]
    await execute("UPDATE team_member SET name = 'Jean Martin' WHERE account = $1", member.id)
    await execute("UPDATE support_session SET participants = $2 WHERE id = $1", session, said)
    await forget_person(member.id, by=None, at=now())
    assert await value("SELECT participants FROM support_session WHERE id = $1", session) == (left or said)


@pytest.mark.parametrize("name", ["scic", "days", "web", "(", '"'])
async def test_who_is_called_like_a_code_takes_no_answer_of_their_team(db, name):
    """Their line in the team goes, as deposited too."""
    answers, teams = "SELECT value::text FROM answer ORDER BY question", "SELECT content -> 'team' #>> '{1,name}' FROM deposit"
    member, application = await a_team_that_deposited(name)
    before, deposited = await column(answers), await value("SELECT (content -> 'answers')::text FROM deposit")
    assert await value(teams) == name
    await forget_person(member.id, by=None, at=now())
    assert (await column(answers), await value("SELECT (content -> 'answers')::text FROM deposit")) == (before, deposited)
    assert await value(teams) == "(effacé)"
    assert (
        await dossier_for(await person(await value("SELECT started_by FROM application")), application)
    ).facts.id == application


async def test_who_calls_themselves_by_what_the_others_wrote_takes_none_of_it(db):
    member, _application = await a_team_that_deposited("Mina Membre")
    answers = "SELECT value::text FROM answer UNION ALL SELECT (content -> 'answers')::text FROM deposit ORDER BY 1"
    before = await column(answers)
    await execute("UPDATE account SET name = (SELECT value #>> '{}' FROM answer WHERE question = '1.2') WHERE id = $1", member.id)
    await forget_person(member.id, by=None, at=now())
    assert await column(answers) == before


async def a_team_that_deposited(name: str) -> tuple[Person, UUID]:
    """Its second member, of this name, and its application."""
    at, world = now(), await the_programme()
    holder, member = await someone("Hana Porteuse"), await someone(name, email="membre@exemple.fr")
    call = await a_call(world, opens_at=at - 5 * DAY, closes_at=at + 5 * DAY)
    project = await a_project(holder, world.programme, at=at - 4 * DAY)
    application = await a_draft_application(call, holder, project, at=at - 4 * DAY)
    await a_member(project, member.name, member.email, by=holder, at=at - 3 * DAY)
    await write(application, whole_answers() | CVS, by=holder, at=at - 2 * DAY)
    await confirm(application, by=member, at=at - DAY)
    await deposit(application, DepositForm(), by=holder, at=at - DAY)
    return member, application


async def test_who_took_another_name_is_named_by_neither(built):
    """The team knows them by the name they came with, those who log sessions by the one they have now."""
    member, session = built.people["member"], built.ids["session_id"]
    await execute("UPDATE account SET name = 'Mina Mariée' WHERE id = $1", member.id)
    await execute("UPDATE support_session SET participants = 'Mina Mariée, Mina Membre, Dora Dépôt' WHERE id = $1", session)
    await forget_person(member.id, by=None, at=now())
    assert await value("SELECT participants FROM support_session WHERE id = $1", session) == "(effacé), (effacé), Dora Dépôt"


async def test_a_coach_of_the_same_name_is_still_named_at_their_sessions(built):
    member, coach, session = built.people["member"], built.people["coach"], built.ids["session_id"]
    await execute("UPDATE team_member SET name = $2 WHERE account = $1", member.id, coach.name)
    await execute("UPDATE support_session SET participants = $2 WHERE id = $1", session, f"{coach.name}, Dora Dépôt")
    await forget_person(member.id, by=None, at=now())
    assert await value("SELECT participants FROM support_session WHERE id = $1", session) == f"{coach.name}, Dora Dépôt"


async def test_who_bears_the_same_name_in_the_team_keeps_theirs(db):
    """Nobody can tell which of the two a line speaks of: what the one who stays said and can do is theirs."""
    at, world = now(), await the_programme()
    holder, father = await someone("Hana Porteuse"), await someone("Jean Martin", email="pere@exemple.fr")
    son = await someone("Jean Martin", email="fils@exemple.fr")
    call = await a_call(world, opens_at=at - 5 * DAY, closes_at=at + 5 * DAY)
    project = await a_project(holder, world.programme, at=at - 4 * DAY)
    application = await a_draft_application(call, holder, project, at=at - 4 * DAY)
    for one in (father, son):
        await a_member(project, one.name, one.email, by=holder, at=at - 3 * DAY)
    await execute("UPDATE team_member SET skills = 'Comptabilité' WHERE account = $1", son.id)
    team = [MATE | {"name": one.name} for one in (holder, father, son)]
    await write(application, whole_answers() | CVS | {"2.1": team}, by=holder, at=at - 2 * DAY)
    for one in (father, son):
        await confirm(application, by=one, at=at - DAY)
    await deposit(application, DepositForm(), by=holder, at=at - DAY)
    kept = (
        "SELECT unnest(ARRAY[d.content::text, w.value::text]) FROM deposit d JOIN answer w ON w.application = d.application"
        " WHERE w.question = '2.1'"
    )
    before = await column(kept)
    await forget_person(father.id, by=None, at=at)
    assert await column(kept) == before
    assert await column("SELECT email FROM team_member WHERE name = 'Jean Martin'") == [son.email]
    await forget_person(son.id, by=None, at=at)
    assert await where_is("Jean Martin") == ["letter"], "once both are gone, nobody bears it"


async def test_the_words_of_an_interest_go_with_whoever_declared_it(built):
    """That there was one stays: it is why a voice did not count."""
    juror = built.people["juror_in_conflict"]
    assert await where_is("Ma sœur y travaille.") == ["declaration"]
    await forget_person(juror.id, by=None, at=now())
    assert await where_is("Ma sœur y travaille.") == []
    interests = "SELECT count(*) FROM declaration d JOIN seat s ON s.id = d.seat WHERE s.account = $1 AND d.has_interest"
    assert await value(interests, juror.id) == 1
