"""What the home page counts: exactly up to 99, nothing one may not open, at the same cost however many files there are."""

from datetime import UTC, datetime, timedelta

import pytest

from incubator.core.database import execute, value
from incubator.home.queries.home import home_of, life_of
from incubator.selection.queries.members import my_files
from tests.home import builder
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme

AT = datetime(2027, 3, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def world(db):
    return await the_programme()


@pytest.fixture
async def call(world):
    return await builder.an_open_call(world, AT, closes_in=-5)


async def titles(me, at=AT):
    return [item.title for item in (await home_of(me, at)).awaiting]


async def line_of(me, call):
    (line,) = [one for one in (await home_of(me, AT)).calls if one.code == call.code]
    return line.deposited_count, line.handed_in_count, line.expected_count


# bounds


@pytest.mark.parametrize(("count", "told"), [(99, "99"), (100, "plus de 99"), (140, "plus de 99")])
async def test_beyond_99_files_the_staff_are_told_more_than_99(world, call, count, told):
    await builder.many_applications(world, call, AT, count)
    await builder.many_applications(world, call, AT, count, state="admissible")
    assert sorted(await titles(await a_manager(world.programme))) == [
        f"Prononcez la recevabilité de {told} dossiers",
        f"Présentez au comité {told} dossiers recevables",
    ]


async def test_a_member_is_told_what_is_left_as_long_as_it_can_be_counted(world, call):
    """Each kind by its number; of more than 99 files, all together when they are not of one kind."""
    await builder.many_applications(world, call, AT, 120, state="admissible")
    committee, member = await builder.a_committee(call, AT), await someone("Membre")
    seat = await builder.a_seat(committee, member, AT)
    await builder.present_all(committee, call, member, AT)
    assert await titles(member) == ["Dites si vous avez un intérêt dans plus de 99 dossiers"]
    declare = (
        "INSERT INTO declaration (id, seat, presentation, has_interest, reason, declared_at) SELECT gen_random_uuid(), $1, p.id,"
        " false, '', $2 FROM (SELECT p.id FROM presentation p WHERE NOT EXISTS (SELECT FROM declaration d"
        " WHERE d.presentation = p.id) ORDER BY p.id LIMIT $3) p"
    )
    await execute(declare, seat, AT, 110)
    assert await titles(member) in (["Lisez et évaluez plus de 99 dossiers"], ["Évaluez plus de 99 dossiers"])
    await execute(
        "INSERT INTO assessment (id, seat, presentation, state, comment, saved_at, handed_in_at) SELECT gen_random_uuid(), $1,"
        " d.presentation, 'handed_in', '', $2, $2 FROM (SELECT presentation FROM declaration ORDER BY presentation LIMIT 101) d",
        seat, AT,
    )  # fmt: skip
    assert await titles(member) == ["Dites si vous avez un intérêt dans 10 dossiers", "Évaluez 9 dossiers"]
    (line,) = (await home_of(member, AT)).committees
    assert (line.files_count, line.handed_in_count) == (100, 100)
    progress = (await my_files(member, committee, None)).progress
    left = "SELECT application FROM presentation p WHERE NOT EXISTS (SELECT FROM assessment x WHERE x.presentation = p.id)"
    assert (progress.files_count, progress.handed_in_count) == (100, 100)
    assert progress.next == await value(f"{left} ORDER BY p.id LIMIT 1")


async def test_a_member_with_many_files_reads_numbers_where_a_bar_would_lie(world, call, signed_in):
    await builder.many_applications(world, call, AT, 101, state="admissible")
    committee, member = await builder.a_committee(call, AT), await someone("Membre")
    await builder.a_seat(committee, member, AT)
    await builder.present_all(committee, call, member, AT)
    page = (await (await signed_in(member)).get(f"/committees/{committee}")).text
    assert "Vous avez plus de 99 dossiers, dont 0 remis." in page
    assert "Tout est remis" not in page
    assert "plus de 99 dossiers, 0 évaluation remise" in (await (await signed_in(member)).get("/")).text


async def test_assessments_are_counted_to_the_manager_while_they_are_few(world, call):
    await builder.many_applications(world, call, AT, 100, state="admissible")
    committee, manager = await builder.a_committee(call, AT), await a_manager(world.programme)
    await builder.present_all(committee, call, manager, AT)
    assert await line_of(manager, call) == (100, 0, 0)
    for number in range(99):
        await builder.a_seat(committee, await someone(f"Membre {number}"), AT)
    assert await line_of(manager, call) == (100, 0, 9900)
    await builder.a_seat(committee, await someone("La centième"), AT)
    assert await line_of(manager, call) == (100, None, None)


# limits (K06) and restrictions (R55)


@pytest.mark.parametrize("closed", ["limited", "restricted"])
async def test_staff_are_told_nothing_of_a_file_that_its_manager_alone_reads(world, call, closed):
    shut = await builder.an_application(world, call, AT, state="deposited", name="Fermé")
    await builder.an_application(world, call, AT, state="deposited", name="Ouvert")
    manager, instructor = await a_manager(world.programme), await an_instructor(world.programme)
    coach = await a_coach(world.programme)
    before = ["Prononcez la recevabilité de 2 dossiers"]
    assert (await titles(manager), await titles(instructor), await line_of(coach, call)) == (before, before, (2, None, None))
    if closed == "limited":
        await builder.limit(shut.holder, AT)
    else:
        await execute("UPDATE application SET restricted_at = $2 WHERE id = $1", shut.application, AT)
    assert (await titles(manager), await titles(instructor)) == (before, ["Prononcez la recevabilité de 1 dossier"])
    assert [(await line_of(one, call))[0] for one in (manager, instructor, coach)] == [2, 1, 1]


async def test_an_overdue_complement_of_a_limited_file_is_named_to_its_manager_alone(world, call):
    applied = await builder.an_application(world, call, AT, state="deposited", name="Fermé")
    await builder.a_complement(applied, due_at=AT - DAY)
    manager, instructor = await a_manager(world.programme), await an_instructor(world.programme)
    told = ["Le complément n’est pas arrivé\u00a0: Fermé"]
    assert (await titles(manager), await titles(instructor)) == (told, told)
    await builder.limit(applied.holder, AT)
    assert (await titles(manager), await titles(instructor)) == (told, [])


async def test_no_member_is_waited_for_on_a_limited_file(world, call):
    shut = await builder.an_application(world, call, AT, state="admissible", name="Fermé")
    await builder.an_application(world, call, AT, state="admissible", name="Ouvert")
    committee, manager = await builder.a_committee(call, AT), await a_manager(world.programme)
    member = await someone("Membre")
    seat = await builder.a_seat(committee, member, AT)
    await builder.present_all(committee, call, manager, AT)
    soon = AT + 20 * DAY
    assert await titles(member) == ["Dites si vous avez un intérêt dans 2 dossiers"]
    assert await titles(manager, soon) == ["Relancez le comité\u00a0: 2 dossiers attendent des évaluations"]
    assert await line_of(manager, call) == (2, 0, 2)
    await builder.an_assessment(seat, await value("SELECT id FROM presentation WHERE application = $1", shut.application), AT)
    assert (await line_of(manager, call), (await home_of(member, AT)).committees[0].handed_in_count) == ((2, 1, 2), 1)
    await builder.limit(shut.holder, AT)
    assert await titles(member) == ["Dites si vous avez un intérêt dans 1 dossier"]
    assert await titles(manager, soon) == ["Relancez le comité\u00a0: 1 dossier attend des évaluations"]
    assert await line_of(manager, call) == (2, 0, 1)
    (line,) = (await home_of(member, AT)).committees
    assert (line.files_count, line.handed_in_count) == (1, 0)


async def test_a_limited_file_is_told_once_it_alone_keeps_decisions_from_being_published(world, call):
    """Nobody is waited for on it (K06), so nothing else would lead its manager on."""
    shut = await builder.an_application(world, call, AT, state="admissible", name="Fermé")
    other = await builder.an_application(world, call, AT, state="admissible", name="Ouvert")
    committee, manager = await builder.a_committee(call, AT), await a_manager(world.programme)
    await builder.a_seat(committee, await someone("Membre"), AT)
    closed, opened = [await builder.a_presentation(committee, one, AT) for one in (shut, other)]
    await builder.limit(shut.holder, AT)
    assert await titles(manager) == []
    await builder.a_decision(opened, world, manager, AT)
    assert await titles(manager) == ["Enregistrez la décision pour 1 dossier dont l’usage est limité"]
    await builder.a_decision(closed, world, manager, AT)
    assert await titles(manager) == ["Publiez 2 décisions"]


# interests (R10) and teams (R13)


async def test_staff_are_told_nothing_of_a_file_they_have_an_interest_in(world, call):
    own = await builder.an_application(world, call, AT, state="deposited", name="Lié")
    await builder.an_application(world, call, AT, state="deposited", name="Libre")
    committee, instructor = await builder.a_committee(call, AT), await an_instructor(world.programme)
    seat = await builder.a_seat(committee, instructor, AT)
    presentation = await builder.a_presentation(committee, own, AT)
    assert (await titles(instructor), await line_of(instructor, call)) == (
        ["Prononcez la recevabilité de 2 dossiers"], (2, None, None),
    )  # fmt: skip
    assert [item.kind for item in (await life_of(instructor, own.project, AT)).awaiting] == ["rule_one"]
    await builder.a_declaration(seat, presentation, AT, interest=True)
    assert (await titles(instructor), await line_of(instructor, call)) == (
        ["Prononcez la recevabilité de 1 dossier"], (1, None, None),
    )  # fmt: skip
    assert (await life_of(instructor, own.project, AT)).awaiting == []
    await builder.a_complement(own, due_at=AT - DAY)
    assert await titles(instructor) == ["Prononcez la recevabilité de 1 dossier"]


async def test_who_is_of_the_team_is_not_asked_to_rule_on_it(world, call):
    instructor = await an_instructor(world.programme)
    await builder.an_application(world, call, AT, state="deposited", name="À moi", holder=instructor)
    assert await titles(instructor) == []
    assert await titles(await an_instructor(world.programme, "Autre")) == ["Prononcez la recevabilité de 1 dossier"]


async def test_the_figures_of_a_manager_leave_out_what_they_have_an_interest_in(world, call):
    own = await builder.an_application(world, call, AT, state="admissible", name="Lié")
    other = await builder.an_application(world, call, AT, state="admissible", name="Libre")
    committee, manager = await builder.a_committee(call, AT), await a_manager(world.programme)
    seat = await builder.a_seat(committee, manager, AT)
    await execute("UPDATE seat SET is_voting = false, college = 'team' WHERE id = $1", seat)
    voter = await builder.a_seat(committee, await someone("Membre"), AT)
    shown = [await builder.a_presentation(committee, one, AT, assessments=1) for one in (own, other)]
    for presentation in shown:
        await builder.an_assessment(voter, presentation, AT)
        await builder.a_decision(presentation, world, manager, AT)
    assert (await line_of(manager, call))[1:] == (2, 2)
    assert "Publiez 2 décisions" in await titles(manager)
    await builder.a_declaration(seat, shown[0], AT, interest=True)
    assert (await line_of(manager, call))[1:] == (1, 1)
    assert "Publiez 1 décision" in await titles(manager)


async def test_who_has_an_interest_in_every_file_is_told_to_publish_without_a_number(world, call):
    own = await builder.an_application(world, call, AT, state="admissible", name="Lié")
    committee, manager = await builder.a_committee(call, AT), await a_manager(world.programme)
    other = await a_manager(world.programme, "Autre")
    seat, presentation = await builder.a_seat(committee, manager, AT), await builder.a_presentation(committee, own, AT)
    await builder.a_declaration(seat, presentation, AT, interest=True)
    assert (await titles(manager), await titles(other)) == ([], [])
    await builder.a_decision(presentation, world, other, AT)
    assert (await titles(manager), await titles(other)) == (["Publiez les décisions"], ["Publiez 1 décision"])


# decisions: who has no part in a file is not waited for


async def _interest(seat, member, presentation, applied):
    await builder.a_declaration(seat, presentation, AT, interest=True)


async def _instructor(seat, member, presentation, applied):
    await execute("UPDATE application SET instructor = $2 WHERE id = $1", applied.application, member.id)


async def _ruling(seat, member, presentation, applied):
    await execute(
        "INSERT INTO ruling (id, application, outcome, reason, checks, pronounced_at, pronounced_by)"
        " VALUES (gen_random_uuid(), $1, 'admissible', '', '[]', $2, $3)",
        applied.application, AT, member.id,
    )  # fmt: skip


async def _team(seat, member, presentation, applied):
    await execute(
        "INSERT INTO team_member (id, project, account, role, name, email, skills, joined_at)"
        " VALUES (gen_random_uuid(), $1, $2, 'reader', '', '', '', $3)",
        applied.project, member.id, AT,
    )  # fmt: skip


async def _no_total(seat, member, presentation, applied):
    """Handed in, without enough scores to make a voice (R17)."""
    await builder.an_assessment(seat, presentation, AT)


@pytest.mark.parametrize("part", [_interest, _instructor, _ruling, _team, _no_total])
async def test_a_file_awaits_its_decision_once_everyone_who_has_a_part_in_it_is_done(world, call, part):
    applied = await builder.an_application(world, call, AT, state="admissible")
    committee, manager = await builder.a_committee(call, AT), await a_manager(world.programme)
    first, second = await someone("Une"), await someone("Deux")
    seats = [await builder.a_seat(committee, one, AT) for one in (first, second)]
    presentation = await builder.a_presentation(committee, applied, AT, assessments=1)
    await builder.an_assessment(seats[0], presentation, AT)
    soon, chased = AT + 20 * DAY, ["Relancez le comité\u00a0: 1 dossier attend des évaluations"]
    assert (await titles(manager, soon), (await line_of(manager, call))[1:]) == (chased, (1, 2))
    await part(seats[1], second, presentation, applied)
    expected = (2, 2) if part is _no_total else (1, 1)
    assert await titles(manager, soon) == ["Enregistrez la décision pour 1 dossier évalué"]
    assert (await line_of(manager, call))[1:] == expected


# cost


@pytest.mark.parametrize("count", [3, 120])
async def test_the_home_of_staff_reads_as_much_for_three_files_as_for_many(world, call, statements, count):
    await builder.many_applications(world, call, AT, count)
    await builder.many_applications(world, call, AT, count, state="admissible")
    manager = await a_manager(world.programme)
    with statements() as seen:
        home = await home_of(manager, AT)
    assert (len(seen), sum(one.rows for one in seen)) == (4, 2 + len(home.calls))


@pytest.mark.parametrize("count", [110, 440])
async def test_whom_to_chase_is_not_asked_file_by_file_once_everyone_is_done(world, call, count):
    await builder.many_applications(world, call, AT, count, state="admissible")
    committee, manager, member = await builder.a_committee(call, AT), await a_manager(world.programme), await someone("Membre")
    seat = await builder.a_seat(committee, member, AT)
    await builder.present_all(committee, call, manager, AT)
    await execute(
        "INSERT INTO assessment (id, seat, presentation, state, comment, total, saved_at, handed_in_at) SELECT gen_random_uuid(),"
        " $1, p.id, 'handed_in', '', 60, $2, $2 FROM presentation p",
        seat, AT,
    )  # fmt: skip
    await execute("UPDATE presentation SET assessments_count = 1")
    looks = "SELECT seq_scan + idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'seat'"
    before = await value(looks)
    assert await titles(manager, AT + 20 * DAY) == ["Enregistrez les décisions pour plus de 99 dossiers évalués"]
    assert await value(looks) - before < 220
