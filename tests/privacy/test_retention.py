"""R55: twelve years pass; what must go is gone, what must stay stays, and holds win (K01, K05)."""

from datetime import datetime, timedelta
from html import unescape
from uuid import UUID

import msgspec
import pytest

from incubator.coaching.actions import log_session
from incubator.core.clock import now
from incubator.core.database import column, execute, rows, value
from incubator.core.errors import Conflict, NotFound
from incubator.journal.actions import record
from incubator.people.actions import sweep
from incubator.people.queries import person
from incubator.privacy.actions.holding import lift_hold, place_hold
from incubator.privacy.actions.retention import carry_out, decide, propose
from incubator.privacy.actions.sweeping import sweep_private
from incubator.privacy.forms import HoldForm
from incubator.privacy.queries.due import DUE_MAX
from incubator.privacy.queries.retention import lines
from incubator.privacy.tables import RetentionLine
from tests.privacy.scanning import where_is
from tests.world.applications import a_draft_application, write
from tests.world.calls import a_call
from tests.world.coaching import session_form
from tests.world.everyone import Built, everyone
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme

MONTH = timedelta(days=31)

# One of each kind of data that is neither an account nor a file: visitors, who was invited, notes, interests, files, reasons.
TRACES = (
    *("visiteur@exemple.fr", "rappel@exemple.fr", "abonne@exemple.fr", "invitee@exemple.fr", "Tension dans l’équipe."),
    *("Ma sœur y travaille.", "CV de Dora.pdf", "Où déposer les statuts ?", "Relu l’enquête.", "Le besoin est démontré."),
)


class _Line(msgspec.Struct, frozen=True):
    id: UUID
    subject: UUID


async def pass_a_month(at: datetime, manager_id: UUID) -> None:
    """The clock proposes, the manager confirms everything, the worker carries out."""
    await propose(at=at)
    manager = await person(manager_id)
    waiting = [line.id for line in await lines(manager) if line.state == "proposed"]
    if waiting:
        await decide(waiting, confirmed=True, by=manager, at=at)
    while await carry_out(at=at):
        pass
    await execute("UPDATE letter SET state = 'sent'")
    await sweep_private(at=at)
    await sweep(at=at)


async def end_paths(at: datetime) -> None:
    await execute("UPDATE enrolment SET state = 'stopped', ended_on = $1, end_reason = 'Arrêt choisi'", at.date())


@pytest.fixture
async def built(db) -> Built:
    return await everyone()


async def test_twelve_years_pass(built):
    start, manager = now(), built.people["manager"]
    await end_paths(start + timedelta(days=400))
    project = built.ids["project_id"]
    noted = session_form(start, private_note="Tension dans l’équipe.")
    await log_session(project, noted, by=built.people["coach"], at=start)
    for trace in TRACES:
        assert len(await where_is(trace)) > 0, trace
    held = await place_hold(
        [await value("SELECT programme FROM project WHERE id = $1", project)],
        HoldForm(project, "Contrôle de service fait"), by=manager, at=start,
    )  # fmt: skip
    decisions = await value("SELECT count(*) FROM decision")
    scores = await value("SELECT sum(value) FROM score")
    for month in range(1, 12 * 6):
        await pass_a_month(start + month * MONTH, manager.id)
    assert await where_is("Ondes de Brenne") == []
    assert "project" in await where_is("Repair’Bus")
    await lift_hold(held, by=manager, at=start + 72 * MONTH)
    for month in range(72, 12 * 12):
        await pass_a_month(start + month * MONTH, manager.id)
    assert await where_is("Repair’Bus") == []
    gone = ("depositor", "member", "refused_holder", "juror", "juror_in_conflict")
    for name in gone:
        assert await where_is(built.people[name].email) == [], name
        assert await where_is(built.people[name].name) == [], name
    for trace in TRACES:
        assert await where_is(trace) == [], trace
    assert await where_is(manager.email) == ["account"]
    assert await value("SELECT count(*) FROM decision") == decisions
    assert await value("SELECT sum(value) FROM score") == scores
    assert await column("SELECT DISTINCT epci IS NOT NULL FROM project ORDER BY 1") == [True]


async def test_a_refused_application_goes_two_years_after_the_last_contact_only(built):
    """K05: an act of the person counts; a letter, a reminder, an act of staff about them does not."""
    start, manager = now(), built.people["manager"]
    refused = built.people["refused_holder"]
    await record("session.opened", refused.id, by=refused.id, at=start + timedelta(days=300))
    await record("application.inadmissible", refused.id, by=manager.id, at=start + timedelta(days=700))
    await pass_a_month(start + timedelta(days=750), manager.id)
    assert "project" in await where_is("Ondes de Brenne")
    await pass_a_month(start + timedelta(days=1040), manager.id)
    assert "project" not in await where_is("Ondes de Brenne")


async def test_a_draft_goes_six_months_after_closing(db):
    world, start = await the_programme(), now()
    call = await a_call(world, opens_at=start - timedelta(days=20), closes_at=start + timedelta(days=10))
    holder, manager = await someone("Brune Brouillon"), await a_manager(world.programme)
    application = await a_draft_application(call, holder, at=start)
    await write(application, {"1.2": "Un atelier de rêve"}, by=holder, at=start)
    await pass_a_month(start + timedelta(days=180), manager.id)
    assert await value("SELECT count(*) FROM application") == 1
    await pass_a_month(start + timedelta(days=200), manager.id)
    assert await value("SELECT count(*) FROM application") == 0
    assert await where_is("Un atelier de rêve") == []


async def test_staff_may_keep_longer_and_strangers_decide_nothing(built):
    start, manager = now(), built.people["manager"]
    at = start + timedelta(days=1100)
    await propose(at=at)
    found = [line.id for line in await lines(manager)]
    assert len(found) > 0
    assert await propose(at=at) == 0
    with pytest.raises(NotFound):
        await lines(built.people["coach"])
    with pytest.raises(Conflict):
        await decide(found, confirmed=True, by=await a_stranger(built), at=at)
    assert await decide(found, confirmed=False, by=manager, at=at) == len(found)
    assert await propose(at=at + timedelta(days=100)) == 0
    assert await propose(at=at + timedelta(days=366)) == len(found)


async def test_what_is_kept_on_purpose_hides_nothing_that_comes_after_it(db):
    """However many are kept a year more, the next ones are proposed at the next turn."""
    at, manager = now(), await a_manager((await the_programme()).programme)
    await execute(
        "INSERT INTO account (id, email, name, created_at, version) SELECT gen_random_uuid(), g || '@exemple.fr', 'Nom', $1, 1"
        " FROM generate_series(1, $2::int) g", at - timedelta(days=2000), DUE_MAX + 1,
    )  # fmt: skip
    assert await propose(at=at) == DUE_MAX
    proposed = await column("SELECT id FROM retention_line")
    assert await decide(proposed, confirmed=False, by=manager, at=at) == DUE_MAX
    assert await propose(at=at + timedelta(days=7)) == 1
    assert await propose(at=at + timedelta(days=14)) == 0


async def a_stranger(built: Built):
    """Someone who manages nothing."""
    return built.people["stranger"]


async def test_what_is_held_after_being_confirmed_is_not_erased(built):
    start, manager = now(), built.people["manager"]
    at = start + timedelta(days=1100)
    await propose(at=at)
    proposed = await rows(_Line, "SELECT id, subject FROM retention_line WHERE keep = 'refused' AND state = 'proposed'")
    await decide([line.id for line in proposed], confirmed=True, by=manager, at=at)
    programme = await value("SELECT programme FROM project LIMIT 1")
    for line in proposed:
        await place_hold([programme], HoldForm(line.subject, "Litige"), by=manager, at=at)
    await carry_out(at=at)
    assert "project" in await where_is("Ondes de Brenne")
    assert await RetentionLine.count().where(RetentionLine.state == "confirmed") == 0


async def test_what_is_held_or_used_again_since_it_was_proposed_is_not_confirmed(built):
    """The proposal is judged again when it is confirmed, and once more when it is carried out."""
    start, manager, refused = now(), built.people["manager"], built.people["refused_holder"]
    at = start + timedelta(days=1100)
    await propose(at=at)
    waiting = await rows(_Line, "SELECT id, subject FROM retention_line WHERE keep = 'refused' ORDER BY id")
    assert len(waiting) == 1
    await record("session.opened", refused.id, by=refused.id, at=at - timedelta(days=1))
    assert await decide([waiting[0].id], confirmed=True, by=manager, at=at) == 0
    assert await value("SELECT count(*) FROM retention_line WHERE keep = 'refused'") == 0
    with pytest.raises(Conflict):
        await decide([waiting[0].id], confirmed=True, by=manager, at=at)
    verbs = "SELECT count(*) FROM journal_entry WHERE verb LIKE 'retention.%' AND subject = $1"
    assert await value(verbs, waiting[0].subject) == 0


async def test_who_acts_between_the_confirmation_and_the_worker_is_not_erased(built):
    start, manager, refused = now(), built.people["manager"], built.people["refused_holder"]
    at = start + timedelta(days=1100)
    await propose(at=at)
    await decide([line.id for line in await lines(manager)], confirmed=True, by=manager, at=at)
    await record("session.opened", refused.id, by=refused.id, at=at)
    await carry_out(at=at)
    assert "project" in await where_is("Ondes de Brenne")
    assert refused.name == await value("SELECT name FROM account WHERE id = $1", refused.id)


async def test_each_week_the_clock_withdraws_what_it_should_not_have_proposed(built):
    start, manager = now(), built.people["manager"]
    at = start + timedelta(days=1100)
    await propose(at=at)
    subject = await value("SELECT subject FROM retention_line WHERE keep = 'refused'")
    programme = await value("SELECT programme FROM project LIMIT 1")
    await place_hold([programme], HoldForm(subject, "Litige"), by=manager, at=at)
    await propose(at=at + timedelta(days=7))
    assert subject not in await column("SELECT subject FROM retention_line")


async def test_what_was_carried_out_is_done_once(built):
    start, manager = now(), built.people["manager"]
    at = start + timedelta(days=1100)
    await propose(at=at)
    confirmed = [line.id for line in await lines(manager)]
    await decide(confirmed, confirmed=True, by=manager, at=at)
    assert await carry_out(at=at) == len(confirmed) > 1
    told = "SELECT count(*) FROM journal_entry"
    before = await value(told)
    assert await carry_out(at=at) == 0
    with pytest.raises(Conflict):
        await decide(confirmed, confirmed=True, by=manager, at=at)
    await propose(at=at)
    again = await column("SELECT keep || ' ' || subject FROM retention_line GROUP BY keep, subject HAVING count(*) > 1")
    assert (await value(told), again) == (before, [])


async def test_what_cannot_be_erased_stops_nothing_that_comes_after_it(db):
    """A draft that something still refers to is never gone; those confirmed after it are, at the same turn."""
    world, start = await the_programme(), now()
    call = await a_call(world, opens_at=start - timedelta(days=20), closes_at=start + timedelta(days=10))
    manager = await a_manager(world.programme)
    drafts = [await a_draft_application(call, await someone(f"Brune {name}"), at=start) for name in ("Un", "Deux", "Trois")]
    at = start + timedelta(days=200)
    await propose(at=at)
    confirmed = [line.id for line in await lines(manager)]
    assert await decide(confirmed, confirmed=True, by=manager, at=at) == len(drafts)
    first = await value("SELECT subject FROM retention_line WHERE state = 'confirmed' ORDER BY decided_at, id LIMIT 1")
    await execute(
        "INSERT INTO complement_request (id, application, questions, sentences, message, asked_at, asked_by, due_at)"
        " VALUES (gen_random_uuid(), $1, '{1.2}', '{}', '', $2, $3, $2::timestamptz + interval '1 day')",
        first, start, manager.id,
    )  # fmt: skip
    assert await carry_out(at=at) == 2
    assert await column("SELECT id FROM application") == [first]
    assert await column("SELECT subject FROM retention_line WHERE state = 'confirmed'") == [first]
    await execute("DELETE FROM complement_request")
    assert await carry_out(at=at) == 1
    assert await value("SELECT count(*) FROM application") == 0


async def test_the_page_says_that_part_of_what_was_confirmed_may_not_be_erased(built, signed_in):
    """Of two that are confirmed at once, one is used again since: what is said holds for both."""
    manager = built.people["manager"]
    await propose(at=now() + timedelta(days=1100))
    await execute("DELETE FROM retention_line WHERE keep <> 'refused'")
    old = await someone("Alma Ancienne", at=now() - timedelta(days=2000))
    await execute("UPDATE account SET created_at = now() - interval '2000 days' WHERE id = $1", old.id)
    await propose_account(old.id)
    browser = await signed_in(manager)
    sent = await browser.send_form("/retention/confirmation", lines=[str(one.id) for one in await lines(manager)])
    assert sent.status_code == 303
    assert await column("SELECT subject FROM retention_line") == [old.id]
    assert "Ce qui est retenu ou sert de nouveau n’est plus proposé." in unescape((await browser.get("/retention")).text)


async def propose_account(account: UUID) -> None:
    line = RetentionLine(keep="account", subject=account, since=now(), proposed_at=now(), programme=None)
    await RetentionLine.insert(line)


async def test_the_page_says_why_nothing_was_confirmed(built, signed_in):
    manager, refused = built.people["manager"], built.people["refused_holder"]
    await propose(at=now() + timedelta(days=1100))
    line = await value("SELECT id FROM retention_line WHERE keep = 'refused'")
    sent = await (await signed_in(manager)).send_form("/retention/confirmation", lines=[str(line)])
    assert sent.status_code == 409
    assert "n’ont plus lieu d’être" in sent.text
    assert await value("SELECT count(*) FROM retention_line WHERE id = $1", line) == 0
    assert refused.name == await value("SELECT name FROM account WHERE id = $1", refused.id)
