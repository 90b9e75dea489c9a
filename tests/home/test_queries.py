"""What awaits each person, what each may know of a project, and at which cost."""

from datetime import UTC, datetime, timedelta

import pytest

from incubator.core.clock import local_date
from incubator.core.database import execute
from incubator.core.errors import NotFound
from incubator.home.queries.home import home_of, life_of, thread
from incubator.home.queries.projects import project_card
from incubator.home.queries.timeline import timeline
from incubator.journal.actions import record
from incubator.people.queries import person
from incubator.progress.tables import Moment
from tests.home import builder
from tests.world import progress as paths
from tests.world.coaching import a_coached_project, a_session
from tests.world.cohorts import a_cohort, a_published_decision, an_accepted_project, an_active_enrolment, sign
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme

AT = datetime(2027, 3, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


async def kinds(me, at=AT):
    return [item.kind for item in (await home_of(me, at)).awaiting]


async def titles(me, at=AT):
    return [item.title for item in (await home_of(me, at)).awaiting]


# the team


async def test_a_draft_awaits_its_depositor_until_the_call_closes(db):
    world = await the_programme()
    applied = await builder.an_application(world, await builder.an_open_call(world, AT), AT)
    (item,) = (await home_of(applied.holder, AT)).awaiting
    assert (item.kind, item.href, item.due, item.late) == (
        "deposit", f"/applications/{applied.application}", local_date(AT + 10 * DAY), False,
    )  # fmt: skip
    assert "Repair’Bus" in item.title
    assert await kinds(applied.holder, AT + 10 * DAY) == []


async def test_someone_else_awaits_nothing_of_it(db):
    world = await the_programme()
    await builder.an_application(world, await builder.an_open_call(world, AT), AT)
    assert await kinds(await someone()) == []


async def test_an_address_to_confirm_awaits(db):
    me = await someone()
    await execute("UPDATE account SET confirmed_at = NULL WHERE id = $1", me.id)
    assert await kinds(await person(me.id)) == ["confirm"]


async def test_a_complement_awaits_its_team_then_the_programme(db):
    world = await the_programme()
    call = await builder.an_open_call(world, AT, closes_in=-5)
    applied = await builder.an_application(world, call, AT, state="deposited")
    await builder.a_complement(applied, due_at=AT + DAY)
    manager = await a_manager(world.programme)
    assert await kinds(applied.holder) == ["complement"]
    assert await kinds(manager) == []
    (item,) = (await home_of(manager, AT + 2 * DAY)).awaiting
    assert (item.kind, item.late, item.href) == ("overdue_complement", True, f"/applications/{applied.application}/eligibility")


async def test_a_place_awaits_an_answer_fifteen_days_once_the_cohort_exists(db):
    world = await the_programme()
    call = await builder.an_open_call(world, AT, closes_in=-20)
    decided = await a_published_decision(world, call, at=AT)
    assert await kinds(decided.holder) == []
    gathered = await a_cohort(world, call, at=AT + DAY)
    (item,) = (await home_of(decided.holder, AT + DAY)).awaiting
    assert (item.kind, item.due, item.late) == ("place", local_date(AT + 16 * DAY), False)
    assert await kinds(gathered.manager, AT + DAY) == []
    assert await kinds(gathered.manager, AT + 14 * DAY) == ["unanswered"]


async def test_an_agreement_awaits_one_side_then_the_other(db):
    world = await the_programme()
    enrolled = await an_accepted_project(world, at=AT)
    assert await kinds(enrolled.holder) == ["sign"]
    await sign(enrolled.project, enrolled.holder, at=AT)
    assert await kinds(enrolled.holder) == []
    assert await kinds(enrolled.manager) == ["uncoached", "countersign"]


async def test_late_milestones_come_before_the_next_one(db):
    world = await the_programme()
    coached = await a_coached_project(world, at=AT)
    await paths.a_diagnosis(coached, coached.holder, Moment.ENTRY, at=AT)
    later = AT + 63 * DAY
    found = (await home_of(coached.holder, later)).awaiting
    assert [(item.title, item.late) for item in found] == [
        ("Remettez le livrable « Plan d’action de la pré-incubation »", True),
        ("Remettez le livrable « Enquête auprès des usagers »", True),
        ("Remettez le livrable « Étude d’opportunité et de marché »", False),
    ]


async def test_a_suspension_stops_what_awaits(db):
    world = await the_programme()
    coached = await a_coached_project(world, at=AT)
    await execute("UPDATE enrolment SET state = 'suspended' WHERE id = $1", coached.enrolment)
    assert await kinds(coached.holder, AT + 90 * DAY) == []
    assert await kinds(coached.coach, AT + 90 * DAY) == []


# the committee


async def test_a_member_signs_declares_assesses_hands_in(db):
    world = await the_programme()
    call = await builder.an_open_call(world, AT, closes_in=-5)
    committee = await builder.a_committee(call, AT)
    member = await someone("Membre")
    seat = await builder.a_seat(committee, member, AT, signed=False)
    shown = [
        await builder.a_presentation(committee, await builder.an_application(world, call, AT, state="admissible", name=name), AT)
        for name in ("Un", "Deux", "Trois", "Quatre")
    ]
    assert await kinds(member) == ["undertaking"]
    await execute("INSERT INTO undertaking (id, seat, signed_at, text_hash) VALUES (gen_random_uuid(), $1, $2, '')", seat, AT)
    assert await titles(member) == ["Dites si vous avez un intérêt dans 4 dossiers"]
    for presentation in shown[:3]:
        await builder.a_declaration(seat, presentation, AT, interest=presentation == shown[0])
    await builder.an_assessment(seat, shown[1], AT, handed_in=False)
    assert await titles(member) == [
        "Dites si vous avez un intérêt dans 1 dossier",
        "Remettez 1 évaluation en brouillon",
        "Évaluez 1 dossier",
    ]
    (line,) = (await home_of(member, AT)).committees
    assert (line.files_count, line.handed_in_count) == (3, 0)
    await builder.a_publication(committee, member, AT)
    assert await kinds(member) == []


# the programme


async def test_a_manager_goes_from_eligibility_to_the_cohort(db):
    world = await the_programme()
    call = await builder.an_open_call(world, AT, closes_in=-5)
    manager, member = await a_manager(world.programme), await someone("Membre")
    applied = await builder.an_application(world, call, AT, state="deposited")
    assert await kinds(manager) == ["rule"]
    assert await kinds(await an_instructor(world.programme)) == ["rule"]
    assert await kinds(await a_coach(world.programme)) == []
    await execute("UPDATE application SET state = 'admissible' WHERE id = $1", applied.application)
    assert await kinds(manager) == ["present"]
    committee = await builder.a_committee(call, AT)
    seat = await builder.a_seat(committee, member, AT)
    presentation = await builder.a_presentation(committee, applied, AT)
    assert await kinds(manager) == []
    assert await kinds(manager, AT + 20 * DAY) == ["chase"]
    (line,) = [one for one in (await home_of(manager, AT)).calls if one.code == call.code]
    assert (line.deposited_count, line.handed_in_count, line.expected_count) == (1, 0, 1)
    await builder.a_declaration(seat, presentation, AT)
    await builder.an_assessment(seat, presentation, AT)
    await execute("UPDATE presentation SET assessments_count = 1 WHERE id = $1", presentation)
    (line,) = [one for one in (await home_of(manager, AT)).calls if one.code == call.code]
    assert (line.handed_in_count, line.expected_count) == (1, 1)
    (line,) = [one for one in (await home_of(await a_coach(world.programme), AT)).calls if one.code == call.code]
    assert (line.deposited_count, line.handed_in_count, line.expected_count) == (1, None, None)
    (item,) = (await home_of(manager, AT)).awaiting
    assert (item.kind, item.href, item.due) == ("decide", f"/committees/{committee}/ranking", call.notify_on)
    await builder.a_decision(presentation, world, manager, AT)
    assert await titles(manager) == ["Publiez 1 décision"]
    await builder.a_publication(committee, manager, AT)
    (item,) = (await home_of(manager, AT)).awaiting
    assert (item.kind, item.href) == ("cohort", f"/calls/{call.code}/cohort")


async def test_a_manager_with_an_interest_is_told_nothing_about_that_file(db):
    """R10."""
    world = await the_programme()
    call = await builder.an_open_call(world, AT, closes_in=-5)
    manager, member = await a_manager(world.programme), await someone("Membre")
    applied = await builder.an_application(world, call, AT, state="admissible")
    committee = await builder.a_committee(call, AT)
    seat, own = await builder.a_seat(committee, member, AT), await builder.a_seat(committee, manager, AT)
    await execute("UPDATE seat SET is_voting = false, college = 'team' WHERE id = $1", own)
    presentation = await builder.a_presentation(committee, applied, AT, assessments=1)
    await builder.a_declaration(seat, presentation, AT)
    await builder.an_assessment(seat, presentation, AT)
    assert await kinds(manager) == ["declare", "decide"]
    await builder.a_declaration(own, presentation, AT, interest=True)
    assert await kinds(manager) == []
    labels = [part.label for part in (await life_of(manager, applied.project, AT)).parts]
    assert labels == ["L’équipe"]


# the coach


async def test_a_coach_is_told_of_sessions_planned_missed_and_missing(db):
    """R32, R33."""
    world = await the_programme()
    coached = await a_coached_project(world, at=AT)
    await paths.a_diagnosis(coached, coached.coach, Moment.ENTRY, at=AT)
    assert await kinds(coached.coach) == []
    await a_session(coached, at=AT, next_on=local_date(AT + 10 * DAY))
    assert await kinds(coached.coach) == []
    (item,) = (await home_of(coached.coach, AT + 5 * DAY)).awaiting
    assert (item.kind, item.due, item.late) == ("session", local_date(AT + 10 * DAY), False)
    (item,) = (await home_of(coached.coach, AT + 11 * DAY)).awaiting
    assert (item.kind, item.due, item.late) == ("log", local_date(AT + 10 * DAY), True)
    assert await kinds(coached.coach, AT + 30 * DAY) == ["log"]
    (item,) = (await home_of(coached.coach, AT + 31 * DAY)).awaiting
    assert (item.kind, item.what, item.due) == ("idle", "Aucune séance depuis 31 jours.", local_date(AT + 30 * DAY))


async def test_a_coach_reviews_what_is_handed_in(db):
    world = await the_programme()
    coached = await a_coached_project(world, at=AT)
    await paths.a_diagnosis(coached, coached.coach, Moment.ENTRY, at=AT)
    milestone = await paths.a_submitted_deliverable(coached, "L1", at=AT)
    (item,) = (await home_of(coached.coach, AT)).awaiting
    assert (item.kind, item.href) == ("review", f"/enrolments/{coached.enrolment}/milestones/{milestone.id}")
    assert "L1" not in await kinds(await a_coach(world.programme, "Autre"))


async def test_near_the_gate_each_side_makes_its_diagnosis_and_the_coach_gives_an_opinion(db):
    """R35."""
    world = await the_programme()
    coached = await a_coached_project(world, at=AT)
    for who in (coached.holder, coached.coach):
        await paths.a_diagnosis(coached, who, Moment.ENTRY, at=AT)
    near = AT + 95 * DAY
    await a_session(coached, at=near - DAY)
    assert await kinds(coached.coach, near) == ["opinion", "diagnosis"]
    assert (await kinds(coached.holder, near)).count("diagnosis") == 1
    await paths.a_diagnosis(coached, coached.coach, Moment.GATE, at=near)
    await paths.an_opinion(coached, at=near)
    assert await kinds(coached.coach, near) == []


# order and cost


async def test_what_is_late_comes_first_then_by_day_then_what_has_none(db):
    world = await the_programme()
    call = await builder.an_open_call(world, AT)
    me = await someone()
    late = await builder.an_application(world, await builder.an_open_call(world, AT, closes_in=-9), AT, name="Tard", holder=me)
    await builder.a_complement(late, due_at=AT - DAY)
    await builder.an_application(world, call, AT, name="Tôt", holder=me)
    await builder.an_application(world, await builder.an_open_call(world, AT, closes_in=3), AT, name="Vite", holder=me)
    await execute("UPDATE account SET confirmed_at = NULL WHERE id = $1", me.id)
    found = (await home_of(await person(me.id), AT)).awaiting
    assert [(item.kind, item.late) for item in found] == [
        ("complement", True), ("confirm", False), ("deposit", False), ("deposit", False),
    ]  # fmt: skip
    assert ["Vite" in found[2].title, "Tôt" in found[3].title] == [True, True]


async def test_the_home_page_costs_four_statements_whatever_the_role(db, statements):
    world = await the_programme()
    coached = await a_coached_project(world, at=AT)
    counts = set()
    for me in (await someone(), coached.holder, coached.coach, coached.manager):
        with statements() as seen:
            await home_of(me, AT)
        counts.add(len(seen))
    assert counts == {4}


@pytest.mark.parametrize("count", [1, 3])
async def test_the_home_page_costs_the_same_for_one_project_and_for_three(db, statements, count):
    world = await the_programme()
    first = await a_coached_project(world, "Un", at=AT)
    for name in ("Deux", "Trois")[: count - 1]:
        enrolled = await an_active_enrolment(world, name, at=AT)
        await a_coached_project(world, enrolled=enrolled, coach=first.coach, at=AT)
    with statements() as seen:
        home = await home_of(first.coach, AT)
    assert (len(home.projects), len(seen), sum(one.rows for one in seen)) == (count, 4, count + len(home.calls))


# one project


async def test_outsiders_and_committee_members_find_no_project_page(db):
    world = await the_programme()
    call = await builder.an_open_call(world, AT, closes_in=-5)
    applied = await builder.an_application(world, call, AT, state="admissible")
    committee = await builder.a_committee(call, AT)
    member = await someone("Membre")
    await builder.a_seat(committee, member, AT)
    await builder.a_presentation(committee, applied, AT)
    for stranger in (member, await someone("Passante")):
        for read in (life_of, thread):
            with pytest.raises(NotFound):
                await read(stranger, applied.project, AT)
        with pytest.raises(NotFound):
            await project_card(stranger, applied.project)


async def test_a_decision_is_unknown_to_the_team_until_it_is_published(db):
    world = await the_programme()
    call = await builder.an_open_call(world, AT, closes_in=-5)
    applied = await builder.an_application(world, call, AT, state="admissible")
    committee, manager = await builder.a_committee(call, AT), await a_manager(world.programme)
    presentation = await builder.a_presentation(committee, applied, AT)
    await builder.a_decision(presentation, world, manager, AT)
    await record("application.presented", applied.application, by=manager.id, at=AT, project=applied.project)
    for verb in ("decision.recorded", "decision.published", "assessment.handed_in", "interest.declared"):
        await record(
            verb, applied.application, by=manager.id, at=AT, project=applied.project, reason=builder.CANARY,
            data={"outcome": "retained"},
        )  # fmt: skip
    before = await titles_of(applied.holder, applied.project)
    assert before == ["Premier contact : le projet est créé"]
    coach, instructor = await a_coach(world.programme), await an_instructor(world.programme)
    for colleague in (coach, instructor):
        assert await titles_of(colleague, applied.project) == ["Dossier présenté au comité", *before]
    assert (await titles_of(manager, applied.project))[0] == "Décision enregistrée"
    assert [step.state for step in (await thread(manager, applied.project, AT)).steps][2] == "now"
    await builder.a_publication(committee, manager, AT)
    (entry, _contact) = (await timeline(await project_card(applied.holder, applied.project), None)).items
    assert (entry.title, entry.detail) == ("Décision rendue", "Retenu · Pré-incubation")
    assert entry.href == f"/applications/{applied.application}/decision"


async def titles_of(me, project):
    return [entry.title for entry in (await timeline(await project_card(me, project), None)).items]


async def test_an_instructor_reads_no_session_nor_deliverable(db):
    world = await the_programme()
    coached = await a_coached_project(world, at=AT)
    await a_session(coached, at=AT)
    await paths.a_submitted_deliverable(coached, "L1", at=AT)
    told = {"Séance d’accompagnement", "Livrable remis"}
    assert told <= set(await titles_of(coached.holder, coached.project))
    assert told <= set(await titles_of(await a_coach(world.programme, "Autre"), coached.project))
    instructor = await an_instructor(world.programme)
    assert not told & set(await titles_of(instructor, coached.project))
    page = await timeline(await project_card(instructor, coached.project), None)
    assert not [entry.href for entry in page.items if entry.href and entry.href.endswith("/path")]


async def test_the_timeline_follows_the_day_of_the_fact_and_goes_on_by_key(db):
    world = await the_programme()
    coached = await a_coached_project(world, at=AT)
    at = AT + 60 * DAY
    for index in range(20):
        await a_session(coached, at=at + index * timedelta(hours=1), held_on=local_date(AT + (index % 7) * DAY))
    card = await project_card(coached.holder, coached.project)
    first = await timeline(card, None)
    assert len(first.items) == 15
    assert first.next is not None
    second = await timeline(card, first.next)
    days = [entry.on for entry in first.items + second.items]
    assert days == sorted(days, reverse=True)
    assert sum(entry.kind == "session" for entry in first.items + second.items) == 20
    assert second.next is None


@pytest.mark.parametrize("count", [1, 3])
async def test_a_project_page_costs_four_statements(db, statements, count):
    world = await the_programme()
    coached = await a_coached_project(world, at=AT)
    for index in range(count):
        await a_session(coached, at=AT + index * DAY)
    with statements() as seen:
        life = await life_of(coached.holder, coached.project, AT)
        await timeline(life.card, None)
    assert len(seen) == 4
    with statements() as seen:
        await thread(coached.coach, coached.project, AT)
    assert len(seen) == 1
