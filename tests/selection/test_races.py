"""Acts that compete, on a database where they commit (D05, E04)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

from incubator.applications.actions import withdraw
from incubator.applications.forms import WithdrawalForm
from incubator.core.clock import now
from incubator.core.database import column, detached, value
from incubator.core.errors import Conflict
from incubator.people.queries import Person
from incubator.selection import actions
from incubator.selection.forms import AssessmentForm, PublicationForm
from incubator.selection.queries.assessments import sums_of
from incubator.selection.rules.scoring import add_up
from tests.selection.world import a_candidate, a_closed_call
from tests.world.applications import an_admissible_application
from tests.world.calls import a_call
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme
from tests.world.selection import a_committee, decided, declared, marks_of, scored


async def test_fifteen_members_hand_in_at_once_and_every_mark_counts(committed_db: str) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    candidate = await a_candidate(world, call)
    sitting = await a_committee(call, members=15)
    for member in sitting.members:
        await declared(candidate.application, member)
    marks = [1 + index % 5 for index in range(15)]

    async def hand_in(member: Person, mark: int) -> None:
        form = AssessmentForm(scores=marks_of(sitting.criteria, mark, {"A2": None}), finished=True)
        await actions.assess(candidate.application, form, by=member, at=now())

    await asyncio.gather(*[detached(hand_in(*pair)) for pair in zip(sitting.members, marks, strict=True)])
    assert await value("SELECT count(*) FROM score") == 15 * 12
    expected = add_up(
        [{one.code: None if one.code == "A2" else mark for one in sitting.criteria} for mark in marks], sitting.criteria
    )
    assert await sums_of(await value("SELECT id FROM presentation")) == expected
    assert (expected.count, expected.mean) == (15, Decimal("60.000"))


async def test_one_member_handing_in_from_two_tabs_has_one_voice(committed_db: str) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    candidate = await a_candidate(world, call)
    sitting = await a_committee(call, members=1)
    await declared(candidate.application, sitting.members[0])

    async def hand_in(mark: int) -> int:
        form = AssessmentForm(scores=marks_of(sitting.criteria, mark), finished=True)
        return await actions.assess(candidate.application, form, by=sitting.members[0], at=now())

    answers = await asyncio.gather(*[detached(hand_in(mark)) for mark in (2, 3, 4, 5)], return_exceptions=True)
    assert [answer for answer in answers if not isinstance(answer, Conflict)] == [1]
    assert await value("SELECT count(*) FROM assessment") == 1
    assert await value("SELECT assessments_count FROM presentation") == 1


async def test_an_interest_and_a_voice_at_the_same_instant_leave_no_trace_of_the_voice(committed_db: str) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    candidate = await a_candidate(world, call)
    sitting = await a_committee(call, members=1)
    member = sitting.members[0]
    await declared(candidate.application, member)

    async def hand_in() -> None:
        form = AssessmentForm(scores=marks_of(sitting.criteria, 5), finished=True)
        await actions.assess(candidate.application, form, by=member, at=now())

    await asyncio.gather(
        detached(hand_in()), detached(declared(candidate.application, member, interest=True)), return_exceptions=True
    )
    assert await value("SELECT has_interest FROM declaration") is True
    assert await value("SELECT assessments_count FROM presentation") == 0


async def test_two_tabs_publish_once_and_the_second_is_told(committed_db: str) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    candidates = [await a_candidate(world, call, name) for name in ("Un", "Deux", "Trois")]
    sitting = await a_committee(call)
    for candidate in candidates:
        await decided(candidate.application, by=sitting.manager)
    other = await a_manager(world.programme)

    async def publish(by: Person) -> actions.Published:
        return await actions.publish(sitting.id, PublicationForm(call=call.code), by=by, at=now())

    answers = await asyncio.gather(detached(publish(sitting.manager)), detached(publish(other)), return_exceptions=True)
    told = [answer for answer in answers if isinstance(answer, Conflict)]
    assert [str(one) for one in told] == ["Les décisions de ce comité sont déjà publiées."]
    assert await value("SELECT count(*) FROM publication") == 1
    assert await value("SELECT count(*) FROM letter WHERE kind = 'selection.decision'") == 3
    assert await column("SELECT count(*) FROM journal_entry WHERE verb = 'decision.published' GROUP BY subject") == [1, 1, 1]


async def test_a_withdrawal_and_the_publication_end_in_one_truth(committed_db: str) -> None:
    """B23: the team withdraws and is told no decision, or the decision is out and is answered, never both."""
    world = await the_programme()
    for code in ("AAC-A", "AAC-B", "AAC-C", "AAC-D"):
        call = await a_call(world, code=code, opens_at=now() - timedelta(days=60), closes_at=now() - timedelta(days=30))
        holder = await someone()
        application = await an_admissible_application(world, call, holder)
        sitting = await a_committee(call, members=3)
        for member in sitting.members:
            await scored(application, member)
        await decided(application, by=sitting.manager)
        form = PublicationForm(call=call.code)
        results = await asyncio.gather(
            detached(actions.publish(sitting.id, form, by=sitting.manager, at=now())),
            detached(withdraw(application, WithdrawalForm("Repair’Bus"), by=holder, at=now())),
            return_exceptions=True,
        )
        is_out = await value("SELECT count(*) FROM publication WHERE committee = $1", sitting.id)
        state = await value("SELECT state FROM application WHERE id = $1", application)
        letters = await value("SELECT count(*) FROM letter WHERE kind LIKE 'selection.%' AND to_account = $1", holder.id)
        assert (is_out, state, letters) in {(1, "admissible", 1), (0, "withdrawn", 0), (1, "withdrawn", 0)}, results
