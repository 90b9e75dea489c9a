"""What the queue counts: exactly up to 99, and of the files one may open alone (R10, K06, R55)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from incubator.applications.queries import queue_of
from incubator.core.database import execute, value
from incubator.selection.tables import College, Declaration
from tests.world.applications import a_deposited_application
from tests.world.calls import a_call
from tests.world.people import a_coach, a_manager, an_instructor
from tests.world.programmes import the_programme
from tests.world.selection import sit

OPENS = datetime(2027, 1, 4, 9, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=30)
AFTER = CLOSES + timedelta(days=3)


@pytest.fixture
async def world(db):
    return await the_programme()


@pytest.fixture
async def call(world):
    return await a_call(world, opens_at=OPENS, closes_at=CLOSES)


async def told(me, call):
    found = await queue_of(me, call.code, at=AFTER)
    return found.counts, found.unassigned_count, len(found.page.items)


@pytest.mark.parametrize("closed", ["limited", "restricted"])
async def test_what_its_manager_alone_reads_is_counted_to_its_manager_alone(world, call, closed):
    shut = await a_deposited_application(world, call, name="Fermé", at=CLOSES - timedelta(days=5))
    await a_deposited_application(world, call, name="Ouvert", at=CLOSES - timedelta(days=5))
    people = [await a_manager(world.programme), await an_instructor(world.programme), await a_coach(world.programme)]
    both = ({"deposited": 2}, 2, 2)
    assert [await told(one, call) for one in people] == [both, both, both]
    if closed == "limited":
        await execute(
            "UPDATE account SET limited_at = $2 WHERE id = (SELECT started_by FROM application WHERE id = $1)", shut, AFTER
        )
    else:
        await execute("UPDATE application SET restricted_at = $2 WHERE id = $1", shut, AFTER)
    one = ({"deposited": 1}, 1, 1)
    assert [await told(person, call) for person in people] == [both, one, one]


async def test_a_limited_draft_is_not_even_counted_to_staff_but_its_manager(world, call):
    drafted = await a_deposited_application(world, call, at=CLOSES - timedelta(days=5))
    await execute("UPDATE application SET state = 'draft', deposited_at = NULL WHERE id = $1", drafted)
    manager, instructor = await a_manager(world.programme), await an_instructor(world.programme)
    assert [(await told(one, call))[0] for one in (manager, instructor)] == [{"draft": 1}, {"draft": 1}]
    await execute(
        "UPDATE account SET limited_at = $2 WHERE id = (SELECT started_by FROM application WHERE id = $1)", drafted, AFTER
    )
    assert [(await told(one, call))[0] for one in (manager, instructor)] == [{"draft": 1}, {}]


async def test_a_draft_that_was_withdrawn_is_not_counted_where_no_list_shows_it(world, call):
    await a_deposited_application(world, call, name="Reste", at=CLOSES - timedelta(days=5))
    for name, deposited_at in (("Retirée", CLOSES - timedelta(days=5)), ("Jamais déposée", None)):
        gone = await a_deposited_application(world, call, name=name, at=CLOSES - timedelta(days=5))
        await execute("UPDATE application SET state = 'withdrawn', deposited_at = $2 WHERE id = $1", gone, deposited_at)
    assert await told(await a_manager(world.programme), call) == ({"deposited": 1, "withdrawn": 1}, 1, 2)


async def test_what_is_to_take_is_what_its_button_leads_to(world, call, signed_in):
    """Neither what somebody handles nor what was ruled on, though nobody ever took it."""
    manager, taken = await a_manager(world.programme), await a_deposited_application(world, call, at=CLOSES - timedelta(days=5))
    await execute("UPDATE application SET instructor = $2 WHERE id = $1", taken, manager.id)
    for name, state in (("Jamais prise", "deposited"), ("À compléter", "complement_requested"), ("Prononcée", "admissible")):
        made = await a_deposited_application(world, call, name=name, at=CLOSES - timedelta(days=5))
        await execute("UPDATE application SET state = $2 WHERE id = $1", made, state)
    browser = await signed_in(manager)
    page = (await browser.get(f"/calls/{call.code}/applications")).text
    (href,) = re.findall(r'<a class="button" href="([^"]+)">2 dossiers à prendre</a>', page)
    shown = (await browser.get(href)).text
    assert ["Jamais prise" in shown, "À compléter" in shown, "Prononcée" in shown] == [True, True, False]
    assert (shown.count('<th scope="row">'), '<option value="to_take" selected>À prendre</option>' in shown) == (2, True)


async def test_what_one_has_an_interest_in_is_not_counted(world, call):
    own = await a_deposited_application(world, call, name="Lié", at=CLOSES - timedelta(days=5))
    await a_deposited_application(world, call, name="Libre", at=CLOSES - timedelta(days=5))
    instructor, other = await an_instructor(world.programme), await an_instructor(world.programme, "Autre")
    committee = await value(
        "INSERT INTO committee (id, call, name, created_at) VALUES (gen_random_uuid(), $1, 'Comité', $2) RETURNING id",
        call.id,
        AFTER,
    )
    await sit(committee, instructor, College.TEAM, by=await a_manager(world.programme))
    presentation = await value(
        "INSERT INTO presentation (id, committee, application, presented_at, presented_by, assessments_count, mean, median, low,"
        " high, deviation, knock_out_mean, first_block_mean, flags, criteria) VALUES (gen_random_uuid(), $1, $2, $3, $4,"
        " 0, 0, 0, 0, 0, 0, 0, 0, '{}', '{}') RETURNING id",
        committee, own, AFTER, other.id,
    )  # fmt: skip
    both, one = ({"deposited": 2}, 2, 2), ({"deposited": 1}, 1, 1)
    assert await told(instructor, call) == both
    seat = await value("SELECT id FROM seat WHERE account = $1", instructor.id)
    await Declaration.insert(
        Declaration(seat=seat, presentation=presentation, has_interest=True, reason="Parent", declared_at=AFTER)
    )
    assert (await told(instructor, call), await told(other, call)) == (one, both)


async def test_beyond_99_the_queue_says_more_than_99(world, call, signed_in):
    first = await a_deposited_application(world, call, at=CLOSES - timedelta(days=5))
    await execute(
        "WITH made AS (INSERT INTO project (id, programme, name, summary, created_at, created_by) SELECT gen_random_uuid(),"
        " p.programme, 'Projet ' || n, '', p.created_at, p.created_by FROM generate_series(1, 119) n, application a"
        " JOIN project p ON p.id = a.project WHERE a.id = $1 RETURNING id)"
        " INSERT INTO application (id, call, project, form, phase, state, started_at, started_by, deposited_at, filed_name,"
        " version) SELECT gen_random_uuid(), a.call, m.id, a.form, a.phase, a.state, a.started_at, a.started_by, a.deposited_at,"
        " 'Projet', 1"
        " FROM made m, application a WHERE a.id = $1",
        first,
    )
    manager = await a_manager(world.programme)
    assert await told(manager, call) == ({"deposited": 100}, 100, 50)
    page = (await (await signed_in(manager)).get(f"/calls/{call.code}/applications")).text
    assert ("plus de 99 dossiers à prendre" in page, "</span> plus de 99</a>" in page) == (True, True)
