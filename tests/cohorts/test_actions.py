"""Opening a cohort, giving and freeing places, signing."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

import pytest

from incubator.cohorts.actions import (
    accept_place,
    create_cohort,
    decline_place,
    offer_place,
    release_place,
    resize_cohort,
    sign_agreement,
    withdraw_place,
)
from incubator.cohorts.forms import AnswerForm, CapacityForm, CohortForm, SignatureForm
from incubator.cohorts.queries import agreement_of, place_of, places_in
from incubator.core.clock import local_date, now
from incubator.core.database import column, value
from incubator.core.errors import Conflict, NotFound, Refused
from tests.world.cohorts import (
    Decided,
    Gathered,
    a_closed_call,
    a_cohort,
    a_published_decision,
    an_accepted_project,
    an_active_enrolment,
    sign,
)
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import World, the_programme
from tests.world.projects import a_member

pytestmark = pytest.mark.usefixtures("db")
NO_REASON = AnswerForm()


async def _two_places(world: World) -> tuple[Gathered, list[Decided]]:
    """Two places in pre-incubation, two retained projects, two waiting."""
    call = await a_closed_call(world, places={"pre_incubation": 2, "incubation": 1})
    names = ("Alpha", None), ("Bravo", None), ("Charlie", 1), ("Delta", 2)
    decided = [await a_published_decision(world, call, name, rank=rank) for name, rank in names]
    return await a_cohort(world, call), decided


async def _states(decided: list[Decided]) -> list[str]:
    return [(await place_of(one.holder, one.project)).state for one in decided]


async def _taken(gathered: Gathered, world: World) -> int:
    taken: int = (await places_in(gathered.cohort, world.phases["pre_incubation"]))[0].taken_count
    return taken


async def _journal(project: UUID) -> list[str]:
    verbs: list[str] = await column(
        "SELECT verb FROM journal_entry WHERE project = $1 AND verb ~ '^(place|agreement|enrolment)' ORDER BY number", project
    )
    return verbs


async def test_a_cohort_copies_the_places_and_tells_the_retained() -> None:
    world = await the_programme()
    gathered, _decided = await _two_places(world)
    places = await places_in(gathered.cohort)
    assert [(p.phase_name, p.places_count, p.awaited_count, p.waiting_count) for p in places] == [
        ("Pré-incubation", 2, 2, 2),
        ("Incubation", 1, 0, 0),
    ]
    told = await column("SELECT subject FROM letter WHERE kind = 'cohorts.place_awaited' ORDER BY subject")
    assert told == ["Alpha : répondez pour votre place", "Bravo : répondez pour votre place"]


async def test_a_call_has_one_cohort_made_by_its_staff() -> None:
    world = await the_programme()
    gathered, _decided = await _two_places(world)
    form = CohortForm(name="Encore", starts_on=local_date(now()))
    with pytest.raises(Conflict, match="déjà sa promotion"):
        await create_cohort(gathered.call.code, form, by=gathered.manager, at=now())
    with pytest.raises(NotFound):
        await create_cohort(gathered.call.code, form, by=await someone(), at=now())


async def test_accepting_takes_a_place_enrols_and_draws_up_the_agreement() -> None:
    world = await the_programme()
    gathered, (alpha, *_others) = await _two_places(world)
    enrolment = await accept_place(alpha.project, by=alpha.holder, at=now())
    place = await place_of(alpha.holder, alpha.project)
    assert (place.state, place.enrolment, place.enrolment_state) == ("accepted", enrolment, "to_start")
    assert await _taken(gathered, world) == 1
    agreement = await agreement_of(place)
    assert agreement
    assert agreement.text_hash == hashlib.sha256(agreement.text.encode()).hexdigest()
    assert "l’équipe du projet Alpha (Porteuse de Alpha)" in agreement.text
    assert "La durée prévue de cette phase est de 4 mois." in agreement.text
    assert await _journal(alpha.project) == ["place.accepted", "agreement.drawn_up"]


async def test_only_the_depositor_answers() -> None:
    world = await the_programme()
    gathered, (alpha, *_others) = await _two_places(world)
    member = await someone("Membre", email="membre@exemple.fr")
    await a_member(alpha.project, "Membre", member.email, by=alpha.holder)
    for refused in (gathered.manager, member):
        with pytest.raises(Refused):
            await accept_place(alpha.project, by=refused, at=now())
        with pytest.raises(Refused):
            await decline_place(alpha.project, NO_REASON, by=refused, at=now())
    with pytest.raises(NotFound):
        await accept_place(alpha.project, by=await someone(), at=now())
    assert await _taken(gathered, world) == 0


async def test_answering_twice_is_a_conflict() -> None:
    world = await the_programme()
    gathered, (alpha, bravo, *_others) = await _two_places(world)
    await accept_place(alpha.project, by=alpha.holder, at=now())
    with pytest.raises(Conflict, match="déjà acceptée"):
        await accept_place(alpha.project, by=alpha.holder, at=now())
    await decline_place(bravo.project, NO_REASON, by=bravo.holder, at=now())
    with pytest.raises(Conflict, match="a été rendue"):
        await accept_place(bravo.project, by=bravo.holder, at=now())
    assert await _taken(gathered, world) == 1


async def test_declining_offers_the_place_to_the_first_waiting() -> None:
    world = await the_programme()
    _gathered, decided = await _two_places(world)
    alpha, _bravo, charlie, _delta = decided
    at = now()
    await decline_place(alpha.project, AnswerForm(reason="Nous partons ailleurs."), by=alpha.holder, at=at)
    assert await _states(decided) == ["declined", "awaiting", "offered", "waiting"]
    offered = await place_of(charlie.holder, charlie.project)
    assert offered.answer_by
    assert local_date(offered.answer_by) == local_date(at) + timedelta(days=15)
    assert await _journal(charlie.project) == ["place.offered"]
    letters = await column("SELECT to_email FROM letter WHERE kind = 'cohorts.place_offered'")
    assert letters == [charlie.holder.email]
    await accept_place(charlie.project, by=charlie.holder, at=at)
    assert await _states(decided) == ["declined", "awaiting", "accepted", "waiting"]


async def test_an_offer_declined_goes_to_the_next() -> None:
    world = await the_programme()
    _gathered, decided = await _two_places(world)
    alpha, _bravo, charlie, _delta = decided
    await decline_place(alpha.project, NO_REASON, by=alpha.holder, at=now())
    await decline_place(charlie.project, NO_REASON, by=charlie.holder, at=now())
    assert await _states(decided) == ["declined", "awaiting", "declined", "offered"]


async def test_withdrawing_before_both_signatures_frees_and_promotes() -> None:
    world = await the_programme()
    gathered, decided = await _two_places(world)
    alpha = decided[0]
    await accept_place(alpha.project, by=alpha.holder, at=now())
    await sign(alpha.project, alpha.holder)
    await withdraw_place(alpha.project, AnswerForm(reason="Un emploi."), by=alpha.holder, at=now())
    assert await _taken(gathered, world) == 0
    assert await _states(decided) == ["declined", "awaiting", "offered", "waiting"]
    assert await column("SELECT state FROM enrolment WHERE project = $1", alpha.project) == ["stopped"]


async def test_nobody_withdraws_after_both_signatures() -> None:
    world = await the_programme()
    enrolled = await an_active_enrolment(world)
    with pytest.raises(Conflict, match="est signée"):
        await withdraw_place(enrolled.project, NO_REASON, by=enrolled.holder, at=now())


async def test_a_place_is_not_offered_while_more_are_retained_than_places() -> None:
    """R26: one of three retained declines; the two others may still take both places."""
    world = await the_programme()
    call = await a_closed_call(world, places={"pre_incubation": 2})
    decided = [await a_published_decision(world, call, name) for name in ("Alpha", "Bravo", "Charlie")]
    waiting = await a_published_decision(world, call, "Delta", rank=1)
    await a_cohort(world, call)
    await decline_place(decided[0].project, NO_REASON, by=decided[0].holder, at=now())
    assert await _states([*decided, waiting]) == ["declined", "awaiting", "awaiting", "waiting"]


async def test_staff_free_a_place_left_without_an_answer() -> None:
    world = await the_programme()
    gathered, decided = await _two_places(world)
    alpha = decided[0]
    with pytest.raises(Conflict, match="peut encore répondre"):
        await release_place(alpha.decision, NO_REASON, by=gathered.manager, at=now())
    late = now() + timedelta(days=16)
    with pytest.raises(Conflict, match="Le délai de réponse est passé"):
        await accept_place(alpha.project, by=alpha.holder, at=late)
    with pytest.raises(Refused):
        await release_place(alpha.decision, NO_REASON, by=alpha.holder, at=late)
    await release_place(alpha.decision, NO_REASON, by=gathered.manager, at=late)
    assert await _states(decided) == ["declined", "awaiting", "offered", "waiting"]


async def test_raising_the_ceiling_lets_staff_offer_a_place() -> None:
    world = await the_programme()
    gathered, decided = await _two_places(world)
    phase = world.phases["pre_incubation"]
    with pytest.raises(Conflict, match="Aucune place n’est libre"):
        await offer_place(gathered.cohort, phase, by=gathered.manager, at=now())
    await resize_cohort(gathered.cohort, phase, CapacityForm(places_count=3), by=gathered.manager, at=now())
    await offer_place(gathered.cohort, phase, by=gathered.manager, at=now())
    assert await _states(decided) == ["awaiting", "awaiting", "offered", "waiting"]


async def test_the_ceiling_never_goes_below_the_places_taken() -> None:
    world = await the_programme()
    gathered, (alpha, *_others) = await _two_places(world)
    phase = world.phases["pre_incubation"]
    await accept_place(alpha.project, by=alpha.holder, at=now())
    with pytest.raises(Conflict, match="déjà prises"):
        await resize_cohort(gathered.cohort, phase, CapacityForm(places_count=0), by=gathered.manager, at=now())
    with pytest.raises(NotFound):
        await resize_cohort(gathered.cohort, phase, CapacityForm(places_count=9), by=alpha.holder, at=now())
    await resize_cohort(gathered.cohort, phase, CapacityForm(places_count=1), by=gathered.manager, at=now())
    assert (await places_in(gathered.cohort, phase))[0].places_count == 1


async def test_both_signatures_start_the_path() -> None:
    """R30."""
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    await sign(enrolled.project, enrolled.holder)
    assert (await place_of(enrolled.holder, enrolled.project)).enrolment_state == "to_start"
    await sign(enrolled.project, enrolled.manager)
    place = await place_of(enrolled.holder, enrolled.project)
    assert (place.is_signed, place.enrolment_state) == (True, "active")
    assert (await _journal(enrolled.project))[-3:] == ["agreement.signed", "agreement.signed", "enrolment.started"]
    told = await column("SELECT kind FROM letter WHERE to_email = $1 AND kind ~ 'agreement'", enrolled.holder.email)
    asked = await column("SELECT kind FROM letter WHERE to_email = $1 AND kind ~ 'agreement'", enrolled.manager.email)
    assert (told, asked) == (["cohorts.agreement_signed"], ["cohorts.agreement_to_sign"])


async def test_the_order_of_signatures_does_not_matter_and_each_signs_once() -> None:
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    await sign(enrolled.project, enrolled.manager)
    other_manager = await a_manager(world.programme, "Autre Gérante")
    with pytest.raises(Conflict, match="Le programme a déjà signé"):
        await sign(enrolled.project, other_manager)
    await sign(enrolled.project, enrolled.holder)
    assert (await place_of(enrolled.holder, enrolled.project)).is_signed


async def test_neither_a_coach_nor_an_instructor_signs() -> None:
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    for person in (await a_coach(world.programme), await an_instructor(world.programme)):
        with pytest.raises(Refused):
            await sign(enrolled.project, person)
    assert await value("SELECT count(*) FROM agreement WHERE programme_signed_at IS NOT NULL") == 0


async def test_a_signature_for_another_text_is_refused() -> None:
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    form = SignatureForm(text_hash="0" * 64, agreed=True)
    with pytest.raises(Conflict, match="a changé"):
        await sign_agreement(enrolled.project, form, by=enrolled.holder, at=now())
    assert (await place_of(enrolled.holder, enrolled.project)).project_signed_at is None


async def test_conditions_of_the_committee_stand_in_the_agreement() -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    decided = await a_published_decision(world, call, conditions="Rencontrer <b>deux</b> élus & une usagère.")
    await a_cohort(world, call)
    await accept_place(decided.project, by=decided.holder, at=now())
    agreement = await agreement_of(await place_of(decided.holder, decided.project))
    assert agreement
    assert "Article 5. Conditions posées par le comité\nRencontrer <b>deux</b> élus & une usagère." in agreement.text
    assert "Article 7. Confidentialité" in agreement.text
