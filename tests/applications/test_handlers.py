"""What is told of a file goes to those who may handle it today, and says no more than they may read (R10, R12, R13, K06)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incubator.applications.actions import (
    answer_complement,
    assign_instructor,
    confirm,
    deposit,
    pronounce,
    request_complement,
    withdraw,
)
from incubator.applications.forms import (
    ComplementForm,
    DepositForm,
    InstructorForm,
    RulingForm,
    WithdrawalForm,
)
from incubator.applications.queries import desk_for
from incubator.applications.queries.files import told_of
from incubator.applications.queries.handlers import handlers_of
from incubator.applications.tables import Outcome
from incubator.calls.definitions import Condition, Effect, EligibilityRule, FormDefinition, Kind, Question, Readers, Section
from incubator.core.database import column, execute, value
from incubator.core.errors import Invalid
from incubator.projects.actions import name_depositor
from tests.world.applications import CVS, a_deposited_application, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.forms import a_form
from tests.world.people import a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project

OPENS, CLOSES = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 1, 30, 22, 59, tzinfo=UTC)
DURING, AFTER = OPENS + timedelta(days=2), CLOSES + timedelta(days=3)


async def the_call(world):
    return await a_call(world, opens_at=OPENS, closes_at=CLOSES)


async def told(kind: str) -> list[str]:
    return await column("SELECT to_email FROM letter WHERE kind = $1 ORDER BY to_email", f"applications.{kind}")


async def test_who_no_longer_works_there_is_told_nothing_more(db):
    world, holder = await the_programme(), await someone()
    application = await a_deposited_application(world, await the_call(world), holder)
    ines, paul = await an_instructor(world.programme), await an_instructor(world.programme, "Paul")
    await assign_instructor(application, InstructorForm(ines.id), by=ines, at=AFTER)
    await request_complement(application, ComplementForm(message="Précisez", questions=["3.1"]), by=ines, at=AFTER)
    await execute("DELETE FROM role_assignment WHERE account = $1", ines.id)
    await answer_complement(application, DepositForm(), by=holder, at=AFTER)
    assert paul.email in await told("complement_answered")
    assert ines.email not in await told("complement_answered")
    await withdraw(application, WithdrawalForm("Repair’Bus"), by=holder, at=AFTER)
    assert ines.email not in await told("withdrawn")


async def test_a_manager_of_the_team_is_not_told_of_a_dangerous_file(db):
    world, holder = await the_programme(), await someone()
    manager, mate = await a_manager(world.programme), await a_manager(world.programme, "Mina Cumul")
    application = await a_deposited_application(world, await the_call(world), holder)
    await a_member(await value("SELECT project FROM application"), mate.name, mate.email, by=holder, at=AFTER)
    found = await told_of(application)
    assert found is not None
    assert {manager.id, mate.id} & {one.id for one in found.staff} == {manager.id}


async def test_only_the_manager_handles_a_limited_file(db):
    world, holder = await the_programme(), await someone()
    application = await a_deposited_application(world, await the_call(world), holder)
    manager, instructor = await a_manager(world.programme), await an_instructor(world.programme)
    assert {one.id for one in await handlers_of(application)} >= {manager.id, instructor.id}
    await execute("UPDATE account SET limited_at = $2 WHERE id = $1", holder.id, AFTER)
    assert {manager.id, instructor.id} & {one.id for one in await handlers_of(application)} == {manager.id}


async def test_a_blocking_rule_on_a_reserved_answer_binds_who_may_not_read_it(db):
    """R5, R12: the verdict is told, the answer is not; to admit nonetheless has its reason."""
    world, holder = await the_programme(), await someone()
    call = await the_call(world)
    asked = (
        Question("1", "Phase", Kind.PHASE, required=True),
        Question("2", "Une procédure est-elle ouverte ?", Kind.YES_NO, required=True, readers=Readers.MANAGER),
    )
    rule = EligibilityRule(
        "X1", "Aucune procédure", Effect.BLOCKING, questions=("2",), met_when=Condition("2", ("no",)), message="Une procédure."
    )
    form = FormDefinition("Formulaire", (Section("S", "Section", asked),), eligibility=(rule,))
    await execute("UPDATE call SET form = $2 WHERE id = $1", call.id, await a_form(world.programme, form, at=OPENS))
    application = await a_draft_application(call, holder)
    await write(application, {"1": "pre_incubation", "2": "yes"}, by=holder, at=DURING)
    await deposit(application, DepositForm(), by=holder, at=DURING)
    instructor, manager = await an_instructor(world.programme), await a_manager(world.programme)
    shown = {one.name: (await desk_for(one, application)).checks[0] for one in (instructor, manager)}
    assert [(shown[one.name].result, shown[one.name].said) for one in (instructor, manager)] == [
        ("failed", "Non remplie, d’après une réponse que le responsable du programme lit seul."),
        ("failed", "Une procédure."),
    ]
    with pytest.raises(Invalid) as refused:
        await pronounce(application, RulingForm(Outcome.ADMISSIBLE, ""), by=instructor, at=AFTER)
    assert list(refused.value.errors) == ["reason"]


async def test_two_deposits_of_one_person_look_alike_whoever_started_them(db):
    """R7."""
    world, dora, mina = await the_programme(), await someone("Dora Dépôt"), await someone("Mina Roy")
    call = await the_call(world)
    first = await a_deposited_application(world, call, dora, name="Repair’Bus")
    project = await a_project(mina, world.programme, "Zèbre", at=OPENS)
    second = await a_draft_application(call, mina, project)
    await a_member(project, dora.name, dora.email, by=mina, at=OPENS)
    seat = await value("SELECT id FROM team_member WHERE project = $1 AND account = $2", project, dora.id)
    await name_depositor(project, seat, by=mina, at=DURING)
    await write(second, whole_answers(name="Zèbre") | CVS, by=dora, at=DURING)
    await confirm(second, by=mina, at=DURING)
    await deposit(second, DepositForm(), by=dora, at=DURING)
    instructor = await an_instructor(world.programme)
    alike = (await desk_for(instructor, first)).lookalikes
    assert [(one.id, one.is_same_depositor) for one in alike] == [(second, True)]
    await execute("UPDATE account SET limited_at = $2 WHERE id = $1", mina.id, AFTER)
    assert (await desk_for(instructor, first)).lookalikes == []
