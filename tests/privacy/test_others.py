"""What is one person's, or held, or another project's, is neither shown nor erased with someone else's (R50, R55, R56)."""

import json
from datetime import timedelta
from html import unescape

import pytest

from incubator import invariants
from incubator.applications.actions import confirm, deposit
from incubator.applications.forms import DepositForm
from incubator.applications.queries.receipts import Verified, verified
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict
from incubator.people.actions import sign_up
from incubator.people.forms import SignUpForm
from incubator.people.queries import Person, person
from incubator.privacy.actions.erasing import forget_person
from incubator.privacy.actions.holding import place_hold
from incubator.privacy.actions.requests import answer, ask
from incubator.privacy.forms import AnswerForm, HoldForm, RequestForm
from incubator.privacy.queries.due import due
from incubator.privacy.queries.own import own_data
from incubator.privacy.rules.keeping import Keep
from incubator.privacy.tables import RequestKind
from tests.privacy.scanning import where_is
from tests.world.applications import CVS, MATE, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.everyone import Built, everyone
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project

FAR = timedelta(days=5000)


@pytest.fixture
async def built(db) -> Built:
    return await everyone()


async def a_claim_of(email: str) -> Person:
    """Someone who says that an address is theirs, and has not proven it."""
    made = await sign_up(SignUpForm(email=email, name="Malo Malin"), language="fr", address="192.0.2.9", at=now())
    return await person(made.account)


async def test_who_only_claims_an_address_is_given_nothing_that_was_sent_there(built):
    owner = built.people["depositor"]
    claim = await a_claim_of(owner.email)
    assert await value("SELECT count(*) FROM letter WHERE to_email = $1", owner.email) > 1
    own = await own_data(claim, at=now())
    assert {part.table for part in own.parts} == {"account", "session", "link_token", "journal_entry"}
    assert owner.name not in json.dumps([part.records for part in own.parts], ensure_ascii=False)


async def test_erasing_a_claim_leaves_what_is_its_owners(built):
    """Claims that were never proven, and those that joined their owner, are erased in their time."""
    owner = built.people["depositor"]
    letters = await column("SELECT id FROM letter WHERE to_email = $1 ORDER BY id", owner.email)
    claim = await a_claim_of(owner.email)
    await forget_person(claim.id, by=None, at=now())
    assert await column("SELECT id FROM letter WHERE to_email = $1 ORDER BY id", owner.email) == letters != []
    assert await value("SELECT email FROM account WHERE id = $1", claim.id) == f"{claim.id}@effacee.invalid"


@pytest.mark.parametrize("held", ["application", "call", "committee", "programme", "person"])
async def test_a_hold_on_anything_around_wins_over_a_request_and_over_time(built, held):
    at, refused, manager = now(), built.people["refused_holder"], built.people["manager"]
    found = (
        "SELECT {} FROM application a JOIN team_member m ON m.project = a.project JOIN call c ON c.id = a.call"
        " JOIN presentation o ON o.application = a.id WHERE m.account = $1 LIMIT 1"
    )
    column_of = {
        "application": "a.id",
        "call": "a.call",
        "committee": "o.committee",
        "programme": "c.programme",
        "person": "m.account",
    }
    programme, application = [await value(found.format(one), refused.id) for one in ("c.programme", "a.id")]
    assert await due(Keep.REFUSED, programme, at + FAR, among=[application]) != []
    await place_hold([programme], HoldForm(await value(found.format(column_of[held]), refused.id), "Contrôle"), by=manager, at=at)
    assert await due(Keep.REFUSED, programme, at + FAR, among=[application]) == []
    case = await ask(RequestForm(RequestKind.ERASURE, confirmation=refused.email), by=refused, at=at)
    with pytest.raises(Conflict):
        await answer(case, AnswerForm(True, "C’est fait."), by=manager, at=at)


async def test_a_hold_on_an_application_keeps_its_supported_project(built):
    at, manager, project = now(), built.people["manager"], built.ids["project_id"]
    await execute("UPDATE enrolment SET state = 'stopped', ended_on = $1, end_reason = 'Arrêt choisi'", at.date())
    programme = await value("SELECT programme FROM project WHERE id = $1", project)
    assert [one.subject for one in await due(Keep.SUPPORTED, programme, at + FAR, among=[project])] == [project]
    application = await value("SELECT id FROM application WHERE project = $1", project)
    await place_hold([programme], HoldForm(application, "Litige"), by=manager, at=at)
    assert await due(Keep.SUPPORTED, programme, at + FAR, among=[project]) == []


async def test_a_project_named_like_any_word_takes_no_other_letter_with_it(built):
    letters = await column("SELECT id FROM letter ORDER BY id")
    holder = await someone("Nora Salut")
    call = await a_call(await the_programme(), opens_at=now() - timedelta(days=20), closes_at=now() + timedelta(days=10))
    application = await a_draft_application(call, holder, at=now())
    for name in ("Bonjour", "Candidature"):
        await execute(
            "UPDATE project SET name = $2 WHERE id = (SELECT project FROM application WHERE id = $1)", application, name
        )
    await forget_person(holder.id, by=None, at=now())
    assert await column("SELECT id FROM letter ORDER BY id") == letters != []


async def test_a_withdrawn_draft_and_a_project_that_never_applied_go_too(db):
    at, world = now(), await the_programme()
    call = await a_call(world, opens_at=at - timedelta(days=20), closes_at=at + timedelta(days=10))
    draft, other = [await a_draft_application(call, await someone(name), at=at) for name in ("Nora Un", "Nora Deux")]
    await execute("UPDATE application SET state = 'withdrawn' WHERE id = $1", draft)
    project = await value("SELECT project FROM application WHERE id = $1", other)
    await execute("DELETE FROM application WHERE id = $1", other)
    assert [one.subject for one in await due(Keep.DRAFT, world.programme, at + timedelta(days=11))] == [draft]
    assert [one.subject for one in await due(Keep.SUPPORTED, world.programme, at + timedelta(days=11))] == [project]


async def test_a_draft_let_in_late_is_kept_as_long_as_it_may_be_deposited(db):
    at, world = now(), await the_programme()
    call = await a_call(world, opens_at=at - timedelta(days=20), closes_at=at + timedelta(days=10))
    draft, until = await a_draft_application(call, await someone("Nora Tard"), at=at), at + timedelta(days=240)
    giver = await someone("Maryse")
    await execute(
        "INSERT INTO derogation (id, application, reason, until_at, given_by, given_at) VALUES"
        " (gen_random_uuid(), $1, 'Hospitalisation', $2, $3, $4)", draft, until, giver.id, at,
    )  # fmt: skip
    assert await due(Keep.DRAFT, world.programme, at + timedelta(days=239)) == []
    assert [one.subject for one in await due(Keep.DRAFT, world.programme, at + timedelta(days=241))] == [draft]


async def test_who_is_erased_leaves_the_answers_and_the_deposit_of_their_team(db, client):
    """K01: the name alone is gone; the team keeps its file, and the receipt says why it can no longer be hashed again."""
    at, world = now(), await the_programme()
    holder, member = await someone("Hana Porteuse"), await someone("Mina Membre")
    call = await a_call(world, opens_at=at - timedelta(days=5), closes_at=at + timedelta(days=5))
    project = await a_project(holder, world.programme, at=at - timedelta(days=4))
    application = await a_draft_application(call, holder, project, at=at - timedelta(days=4))
    await a_member(project, member.name, member.email, by=holder, at=at - timedelta(days=3))
    team = [MATE | {"name": one.name} for one in (holder, member)]
    await write(application, whole_answers() | CVS | {"2.1": team}, by=holder, at=at - timedelta(days=2))
    await confirm(application, by=member, at=at - timedelta(days=1))
    await deposit(application, DepositForm(), by=holder, at=at - timedelta(days=1))
    number, digest, before = await column(
        "SELECT unnest(ARRAY[number, content_hash, content::text]) FROM deposit WHERE application = $1", application
    )
    assert member.name in before
    assert await verified(number, digest) is Verified.MATCHES
    await forget_person(member.id, by=None, at=now())
    after = await value("SELECT content::text FROM deposit WHERE application = $1", application)
    assert after == before.replace(member.name, "(effacé)")
    assert await where_is(member.name) == ["letter"]  # what the others were written stays its year
    assert await verified(number, digest) is Verified.ERASED
    page = await client.get("/receipts", params={"number": number, "content_hash": digest})
    assert "contenu effacé depuis" in unescape(page.text)
    assert await invariants.broken() == []
