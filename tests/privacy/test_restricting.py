"""Three months after it was not kept, a file is read by its team and by its manager alone (R55; reference-programme.md, 10)."""

from datetime import timedelta

import pytest

from incubator.applications.queries import content_for_committee, queue_of
from incubator.applications.queries.dossiers import facts_for
from incubator.cohorts.actions import accept_place, decline_place, offer_place, resize_cohort
from incubator.cohorts.forms import AnswerForm, CapacityForm
from incubator.core.clock import local_date, now
from incubator.core.database import column, execute, value
from incubator.core.errors import NotFound
from incubator.privacy.actions.restricting import restrict
from incubator.privacy.actions.retention import propose
from tests.world.calls import a_call
from tests.world.cohorts import a_closed_call, a_cohort, a_published_decision
from tests.world.everyone import Built, everyone
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme
from tests.world.selection import a_committee

DAY = timedelta(days=1)


@pytest.fixture
async def built(db) -> Built:
    return await everyone()


async def refused_of(built: Built):
    sql = "SELECT a.id FROM application a JOIN team_member m ON m.project = a.project WHERE m.account = $1"
    return await value(sql, built.people["refused_holder"].id)


async def test_it_is_closed_by_the_clock_and_journaled(built):
    at, refused = now(), await refused_of(built)
    assert await restrict(at=at + 88 * DAY) == 0
    assert await restrict(at=at + 93 * DAY) == 1
    assert await restrict(at=at + 94 * DAY) == 0
    assert await column("SELECT id FROM application WHERE restricted_at IS NOT NULL") == [refused]
    sql = "SELECT count(*) FROM journal_entry WHERE verb = 'application.restricted' AND subject = $1"
    assert await value(sql, refused) == 1


async def test_who_goes_on_reading(built, signed_in):
    at, refused, retained = now(), await refused_of(built), built.ids["application_id"]
    instructor = built.people["instructor"]
    await restrict(at=at + 93 * DAY)
    for reader in ("refused_holder", "manager"):
        assert (await facts_for(built.people[reader], refused)).id == refused
    with pytest.raises(NotFound):
        await facts_for(instructor, refused)
    with pytest.raises(NotFound):
        await content_for_committee(refused)
    listed = {who: await queue_of(built.people[who], built.ids["code"], at=at) for who in ("instructor", "manager")}
    assert {who: {one.id for one in queue.page.items} for who, queue in listed.items()} == {
        "instructor": {retained}, "manager": {retained, refused},
    }  # fmt: skip
    browser = await signed_in(instructor)
    for page in ("", "/eligibility", "/dossier.pdf"):
        assert (await browser.get(f"/applications/{refused}{page}")).status_code == 404
    assert (await facts_for(instructor, retained)).id == retained


async def test_the_votes_of_a_committee_that_never_published_go_too(db):
    at, world = now(), await the_programme()
    manager, juror = await a_manager(world.programme), await someone("Jules Juré")
    call = await a_call(world, opens_at=at - 60 * DAY, closes_at=at - 30 * DAY)
    await a_committee(call, members=[juror], manager=manager)
    await propose(at=at + 1800 * DAY)
    assert await value("SELECT count(*) FROM retention_line WHERE keep = 'votes'") == 0
    await propose(at=at + 1950 * DAY)
    assert await value("SELECT count(*) FROM retention_line WHERE keep = 'votes'") == 1


async def test_a_place_given_back_and_a_list_nobody_is_called_from_any_more_are_not_kept_either(db):
    """Neither was selected in the end: three months after the place was given back, or after the promotion began without them."""
    at, world = now(), await the_programme()
    gathered = await a_cohort(world, await a_closed_call(world, at=at), starts_on=local_date(at + 60 * DAY), at=at)
    kept, gave_back, waits = [
        await a_published_decision(world, gathered.call, name, rank=rank, at=at)
        for name, rank in (("Repair’Bus", None), ("Ondes de Brenne", None), ("Bocaux du Berry", 1))
    ]
    await execute("UPDATE application SET deposited_at = $1", at - 40 * DAY)
    await accept_place(kept.project, by=kept.holder, at=at)
    await resize_cohort(gathered.cohort, world.phases["pre_incubation"], CapacityForm(1), by=gathered.manager, at=at)
    await decline_place(gave_back.project, AnswerForm("Un emploi ailleurs."), by=gave_back.holder, at=at + 5 * DAY)
    closed = "SELECT p.name FROM application a JOIN project p ON p.id = a.project WHERE a.restricted_at IS NOT NULL ORDER BY 1"
    assert (await restrict(at=at + 93 * DAY), await column(closed)) == (0, [])
    assert (await restrict(at=at + 99 * DAY), await column(closed)) == (1, ["Ondes de Brenne"])
    assert (await restrict(at=at + 147 * DAY), await column(closed)) == (0, ["Ondes de Brenne"])
    assert (await restrict(at=at + 154 * DAY), await column(closed)) == (1, ["Bocaux du Berry", "Ondes de Brenne"])
    await resize_cohort(gathered.cohort, world.phases["pre_incubation"], CapacityForm(2), by=gathered.manager, at=at)
    await offer_place(gathered.cohort, world.phases["pre_incubation"], by=gathered.manager, at=at + 160 * DAY)
    await restrict(at=at + 161 * DAY)
    assert await column(closed) == ["Ondes de Brenne"], "a place is offered after all: it is read again"
    verbs = "SELECT j.verb FROM journal_entry j JOIN application a ON a.id = j.subject WHERE a.project = $1 ORDER BY j.number"
    told = await column(verbs, waits.project)
    assert [one for one in told if "strict" in one or "reopen" in one] == ["application.restricted", "application.reopened"]
