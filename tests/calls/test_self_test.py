"""The self-test: ten kind answers, nothing kept without consent, forgotten on the day that was told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incubator.calls.actions.prospects import keep_self_test, mark_called_back
from incubator.calls.public_forms import CallBackForm
from incubator.calls.queries import form_of
from incubator.calls.queries.prospects import self_tests_of
from incubator.calls.rules.self_test import outcome
from incubator.core.clock import add_months, local_date, now
from incubator.core.database import value
from incubator.core.errors import Invalid, NotFound, TooMany
from incubator.privacy.actions.prospects import forget_promised
from tests.world.calls import a_call
from tests.world.people import a_coach, someone
from tests.world.programmes import the_programme

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def call(db):
    return await a_call(await the_programme(), opens_at=now() - 10 * DAY, closes_at=now() + 20 * DAY)


@pytest.fixture
async def wanted(call) -> dict[str, str]:
    return {question.code: question.wanted for question in (await form_of(call.form)).self_test}


def other(answer: str) -> str:
    return "no" if answer == "yes" else "yes"


async def kept() -> int:
    return await value("SELECT count(*) FROM self_test_result")


async def test_there_are_ten_questions_and_three_are_indispensable(call):
    test = (await form_of(call.form)).self_test
    assert len(test) == 10
    assert [question.code for question in test if question.effect == "blocking"] == ["T1", "T2", "T3"]
    assert all(question.message for question in test)


async def test_the_outcome_says_what_is_met_and_what_to_look_at(call, wanted):
    form = await form_of(call.form)
    whole = outcome(form, wanted)
    assert (len(whole.met), whole.blocking, whole.to_look_at, whole.unanswered) == (10, [], [], [])
    told = outcome(form, wanted | {"T1": "no", "T4": "no", "T10": "yes", "T5": ""})
    assert [question.code for question in told.blocking] == ["T1"]
    assert [question.code for question in told.to_look_at] == ["T4", "T10"]
    assert told.unanswered == ["T5"]
    assert "candidater" in whole.words
    assert whole.words != outcome(form, wanted | {"T4": "no"}).words != told.words


async def test_taking_the_test_keeps_nothing(call, wanted, client, statements):
    page = await client.get(f"/calls/{call.code}/self-test")
    assert page.text.count("<fieldset") == 10
    fields = {f"answers.{code}": answer for code, answer in (wanted | {"T8": "no"}).items()}
    with statements() as seen:
        answer = await client.send_form(f"/calls/{call.code}/self-test", **fields)
    assert answer.status_code == 200
    assert "C’est le meilleur usage d’une demi-heure" in answer.text
    assert "9 points sont réunis" in answer.text
    assert not [one for one in seen if one.sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert await kept() == 0


async def test_what_is_not_answered_is_said_and_what_is_stays_ticked(call, wanted, client):
    answer = await client.send_form(f"/calls/{call.code}/self-test", **{"answers.T1": "no"})
    assert answer.status_code == 422
    assert answer.text.count("répondez par oui ou par non") == 9
    assert "9 questions attendent votre réponse, à commencer par celle-ci" in answer.text
    assert 'name="answers.T1" value="no" checked' in answer.text


@pytest.mark.parametrize(
    "fields", [{"answers.T1": "peut-être"}, {"answers.ZZ": "yes"}, {"other": "x"}, {"answers.T1": "x" * 5000}]
)
async def test_hostile_answers_are_told_kindly(call, client, fields):
    answer = await client.send_form(f"/calls/{call.code}/self-test", **fields)
    assert answer.status_code == 422
    assert await kept() == 0


async def test_without_consent_nothing_is_kept(call, wanted, client):
    fields = {f"answers.{code}": answer for code, answer in wanted.items()}
    page = await client.send_form(f"/calls/{call.code}/self-test", **fields)
    assert 'name="consent" value="on" required' in page.text
    refused = await client.send_form(f"/calls/{call.code}/self-test/call-back", email="zoe@exemple.fr", **fields)
    assert refused.status_code == 422
    assert "Cochez cette case" in refused.text
    assert "zoe@exemple.fr" in refused.text
    assert await kept() == 0
    agreed = await client.send_form(f"/calls/{call.code}/self-test/call-back", email="zoe@exemple.fr", consent="on", **fields)
    assert agreed.status_code == 303
    assert [(one.email, one.answers) for one in await self_tests_of(call.id)] == [("zoe@exemple.fr", wanted)]


async def test_other_answers_under_the_same_address_stand_beside_the_first(call, wanted):
    """Nobody has proven the address: whoever types it later neither replaces nor reopens what was asked before."""
    for number, answers in enumerate((wanted, wanted | {"T4": other(wanted["T4"]), "ZZ": "yes"})):
        form = CallBackForm(answers=answers, email="Zoe@Exemple.fr", consent=True)
        await keep_self_test(call.code, form, by=None, address=f"10.0.0.{number}", at=now())
        if number == 0:
            [first] = await self_tests_of(call.id)
            await mark_called_back(first.id, by=await a_coach(call.programme), at=now())
    waiting, called = await self_tests_of(call.id)
    assert (called.id, called.answers, called.called_back_by) == (first.id, wanted, "Colin Coach")
    assert (waiting.answers, waiting.called_back_at) == (wanted | {"T4": "no"}, None)
    assert {waiting.forget_after, called.forget_after} == {add_months(local_date(call.closes_at), 3)}


async def test_the_same_answers_again_are_the_same_request(call, wanted):
    form = CallBackForm(answers=wanted, email="zoe@exemple.fr", consent=True)
    for _time in range(2):
        await keep_self_test(call.code, form, by=None, address="10.0.0.1", at=now())
        [line] = await self_tests_of(call.id)
        assert line.called_back_at is None
        await mark_called_back(line.id, by=await a_coach(call.programme), at=now())


async def test_who_sends_too_many_is_told_to_wait(call, wanted):
    form = CallBackForm(answers=wanted, email="zoe@exemple.fr", consent=True)
    for _number in range(20):
        await keep_self_test(call.code, form, by=None, address="10.0.0.1", at=now())
    with pytest.raises(TooMany):
        await keep_self_test(call.code, form, by=None, address="10.0.0.1", at=now())
    with pytest.raises(Invalid):
        await keep_self_test(call.code, CallBackForm(email="x@y.fr"), by=None, address="10.0.0.2", at=now())


async def test_staff_see_who_waits_and_say_that_they_called(call, wanted, signed_in, client):
    for name in ("a", "b"):
        form = CallBackForm(answers=wanted | {"T1": "no"}, email=f"{name}@exemple.fr", consent=True)
        await keep_self_test(call.code, form, by=None, address="10.0.0.1", at=now())
    coach = await signed_in(await a_coach(call.programme))
    path = f"/calls/{call.code}/self-tests"
    assert "b@exemple.fr" in (await coach.get(path)).text
    first, _second = await self_tests_of(call.id)
    done = await coach.send_form(f"/self-tests/{first.id}/call-back")
    assert done.headers["location"] == path
    assert [one.called_back_at is None for one in await self_tests_of(call.id)] == [True, False]
    stranger = await someone()
    with pytest.raises(NotFound):
        await mark_called_back(first.id, by=stranger, at=now())
    assert (await (await signed_in(stranger)).get(path)).status_code == 404
    assert (await client.get(path)).status_code == 303


async def test_what_was_promised_to_be_forgotten_is(call, wanted):
    form = CallBackForm(answers=wanted, email="zoe@exemple.fr", consent=True)
    await keep_self_test(call.code, form, by=None, address="10.0.0.1", at=now())
    last = (await self_tests_of(call.id))[0].forget_after
    start = now()
    days = (last - local_date(start)).days
    assert await forget_promised(at=start + days * DAY) == 0
    assert await forget_promised(at=start + (days + 1) * DAY) == 1
    assert await kept() == 0
