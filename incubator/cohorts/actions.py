"""Opening a cohort, giving and freeing its places, signing agreements."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.cohorts import queries, rules
from incubator.cohorts.forms import AnswerForm, CapacityForm, CohortForm, SignatureForm
from incubator.cohorts.letters import agreement_text, tell
from incubator.cohorts.rules import PlaceFacts
from incubator.cohorts.tables import Agreement, Cohort, Enrolment
from incubator.core.clock import local_date
from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict, NotFound, Refused
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person


async def create_cohort(call_code: str, form: CohortForm, *, by: Person, at: datetime) -> UUID:
    """Create the cohort of a call with the call's places, and tell the retained projects that they can answer."""
    async with transaction():
        call = await queries.call_to_gather(by, call_code)
        if reason := rules.why_not_create_cohort(call.has_cohort, form.starts_on, local_date(call.closes_at)):
            raise Conflict(reason)
        cohort = Cohort(
            programme=call.programme, call=call.id, name=form.name, starts_on=form.starts_on, created_at=at, created_by=by.id
        )
        await Cohort.insert(cohort)
        await execute(
            "INSERT INTO capacity (id, cohort, phase, places_count, taken_count)"
            " SELECT gen_random_uuid(), $1, e.phase, e.places_count, 0 FROM entry_places e WHERE e.call = $2",
            cohort.id, call.id,
        )  # fmt: skip
        await record("cohort.created", cohort.id, by=by.id, at=at, data={"call": call.code, "starts_on": form.starts_on})
        for called in await queries.retained_by(call.id):
            await _tell_called(called, form, at)
        return cohort.id


async def _tell_called(called: queries.Called, form: CohortForm, at: datetime) -> None:
    until = rules.answer_deadline(max(called.published_at, at))
    await tell(
        await queries.team_addresses(called.project),
        "place_awaited",
        about=called.decision,
        path=f"/projects/{called.project}/place",
        at=at,
        project=called.project_name,
        cohort=form.name,
        phase=called.phase_name,
        until=until,
    )


async def resize_cohort(cohort_id: UUID, phase_id: UUID, form: CapacityForm, *, by: Person, at: datetime) -> None:
    """Change how many places an entry phase has, never below those taken (R26)."""
    async with transaction():
        places = await _locked_places(cohort_id, phase_id, by)
        if reason := rules.why_not_resize(form.places_count, places.taken_count):
            raise Conflict(reason)
        await execute(
            "UPDATE capacity SET places_count = $3 WHERE cohort = $1 AND phase = $2", cohort_id, phase_id, form.places_count
        )
        data = {"phase": str(phase_id), "from": places.places_count, "to": form.places_count}
        await record("cohort.resized", cohort_id, by=by.id, at=at, data=data)


async def offer_place(cohort_id: UUID, phase_id: UUID, *, by: Person, at: datetime) -> None:
    """Offer a free place to the first of the waiting list of that phase."""
    async with transaction():
        places = await _locked_places(cohort_id, phase_id, by)
        if reason := rules.why_not_offer(places.free_count, places.waiting_count):
            raise Conflict(reason)
        await _offer_next(cohort_id, phase_id, by=by, at=at)


async def _locked_places(cohort_id: UUID, phase_id: UUID, by: Person) -> queries.PhasePlaces:
    """The places of a phase, which nobody else takes or frees meanwhile. Raises `NotFound`."""
    programme = await value(
        "SELECT co.programme FROM capacity ca JOIN cohort co ON co.id = ca.cohort"
        " WHERE ca.cohort = $1 AND ca.phase = $2 FOR NO KEY UPDATE OF ca",
        cohort_id, phase_id,
    )  # fmt: skip
    if programme is None or not by.works_for(programme):
        raise NotFound
    return (await queries.places_in(cohort_id, phase_id))[0]


async def accept_place(project_id: UUID, *, by: Person, at: datetime) -> UUID:
    """Take a place, enrol in the entry phase and draw up the agreement; the enrolment's id. Never above the ceiling (R26)."""
    async with transaction():
        place = await queries.place_of(by, project_id, lock=True)
        _refuse_unless_depositor(place)
        if reason := rules.why_not_accept(place, at):
            raise Conflict(reason)
        taken = await execute(
            "UPDATE capacity SET taken_count = taken_count + 1"
            " WHERE cohort = $1 AND phase = $2 AND taken_count < places_count",
            place.cohort, place.phase,
        )  # fmt: skip
        if not taken:
            raise Conflict(_("La promotion est complète."))
        place_id = await _write_answer(place, "accept", by=by, at=at)
        data = {"phase": place.phase_code}
        await record("place.accepted", place_id, by=by.id, at=at, project=place.project, data=data)
        enrolment_id = await _enrol(place, place_id, by=by, at=at)
        managers = await queries.manager_addresses(place.programme)
        path = f"/cohorts/{place.cohort}"
        await tell(
            managers, "place_accepted", about=place_id, path=path, at=at, project=place.project_name, phase=place.phase_name
        )
        return enrolment_id


def _refuse_unless_depositor(place: PlaceFacts) -> None:
    if not place.is_depositor:
        raise Refused(_("Seule la personne qui a déposé la candidature répond au nom de l’équipe."))


async def _write_answer(place: PlaceFacts, verb: str, *, by: Person, at: datetime) -> UUID:
    """Write the state a verb leads to on the place, making its row when there is none yet; the place's id."""
    state = rules.move(rules.PLACE_MOVES, verb, place.state)
    found: UUID = await value(
        "INSERT INTO place (id, cohort, decision, project, phase, state, offered_at, answer_by, answered_at, answered_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (decision) DO UPDATE"
        " SET state = EXCLUDED.state, answered_at = EXCLUDED.answered_at, answered_by = EXCLUDED.answered_by RETURNING id",
        new_id(), place.cohort, place.decision, place.project, place.phase, state, place.published_at, place.answer_by,
        at, by.id,
    )  # fmt: skip
    return found


async def _enrol(place: PlaceFacts, place_id: UUID, *, by: Person, at: datetime) -> UUID:
    """An enrolment that waits for its agreement, and the agreement."""
    assert place.cohort is not None
    assert place.starts_on is not None
    starts_on = rules.start_of(place.starts_on, at)
    enrolment = Enrolment(
        place=place_id, project=place.project, cohort=place.cohort, phase=place.phase, state="to_start", starts_on=starts_on
    )
    await Enrolment.insert(enrolment)
    text, text_hash = agreement_text(place, await queries.parties_of(place), starts_on)
    agreement = Agreement(place=place_id, text=text, text_hash=text_hash, drawn_up_at=at)
    await Agreement.insert(agreement)
    await record("agreement.drawn_up", agreement.id, by=by.id, at=at, project=place.project, data={"hash": text_hash})
    return enrolment.id


async def decline_place(project_id: UUID, form: AnswerForm, *, by: Person, at: datetime) -> None:
    """Decline the place one was given or offered; the first of the waiting list is offered it."""
    async with transaction():
        place = await queries.place_of(by, project_id, lock=True)
        _refuse_unless_depositor(place)
        if reason := rules.why_not_decline(place, at):
            raise Conflict(reason)
        await _free(place, "decline", form.reason, by=by, at=at)


async def release_place(decision_id: UUID, form: AnswerForm, *, by: Person, at: datetime) -> None:
    """Staff free a place nobody answered for in time; the first of the waiting list is offered it."""
    async with transaction():
        place = await queries.place_by_decision(by, decision_id, lock=True)
        if not by.works_for(place.programme):
            raise Refused(_("L’équipe du programme libère les places restées sans réponse."))
        if reason := rules.why_not_release(place, at):
            raise Conflict(reason)
        await _free(place, "release", form.reason, by=by, at=at)


async def withdraw_place(project_id: UUID, form: AnswerForm, *, by: Person, at: datetime) -> None:
    """Give an accepted place back before the agreement is signed by both; the first of the waiting list is offered it."""
    async with transaction():
        place = await queries.place_of(by, project_id, lock=True)
        if not (place.is_depositor or by.manages(place.programme)):
            raise Refused(_("Seule la personne qui a déposé la candidature, ou la direction du programme, rend la place."))
        if reason := rules.why_not_withdraw(place, at):
            raise Conflict(reason)
        stopped = rules.move(rules.ENROLMENT_MOVES, "cancel", place.enrolment_state or "")
        await execute(
            "UPDATE enrolment SET state = $2, ended_on = $3, end_reason = $4, version = version + 1 WHERE id = $1",
            place.enrolment, stopped, local_date(at), form.reason,
        )  # fmt: skip
        await execute(
            "UPDATE capacity SET taken_count = taken_count - 1 WHERE cohort = $1 AND phase = $2", place.cohort, place.phase
        )
        await _free(place, "withdraw", form.reason, by=by, at=at)


async def _free(place: PlaceFacts, verb: str, reason: str, *, by: Person, at: datetime) -> None:
    """Write that a place is given back, tell the managers, and pass it on when it is truly free."""
    assert place.cohort is not None
    place_id = await _write_answer(place, verb, by=by, at=at)
    data = {"how": verb, "phase": place.phase_code}
    await record("place.declined", place_id, by=by.id, at=at, project=place.project, reason=reason, data=data)
    managers = await queries.manager_addresses(place.programme)
    path = f"/cohorts/{place.cohort}"
    await tell(managers, "place_declined", about=place_id, path=path, at=at, project=place.project_name, phase=place.phase_name)
    await execute("SELECT FROM capacity WHERE cohort = $1 AND phase = $2 FOR NO KEY UPDATE", place.cohort, place.phase)
    left = await queries.places_in(place.cohort, place.phase)
    if left and not rules.why_not_offer(left[0].free_count, left[0].waiting_count):
        await _offer_next(place.cohort, place.phase, by=by, at=at)


async def _offer_next(cohort_id: UUID, phase_id: UUID, *, by: Person, at: datetime) -> None:
    """A place for the first of the waiting list; the capacity is locked by the caller, who saw that someone waits."""
    call_id = await value("SELECT call FROM cohort WHERE id = $1", cohort_id)
    following = await queries.next_in_line(call_id, phase_id)
    if following is None:
        return
    place_id, until = new_id(), rules.answer_deadline(at)
    state = rules.move(rules.PLACE_MOVES, "offer", "waiting")
    await execute(
        "INSERT INTO place (id, cohort, decision, project, phase, state, offered_at, answer_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        place_id, cohort_id, following.decision, following.project, phase_id, state, at, until,
    )  # fmt: skip
    await record("place.offered", place_id, by=by.id, at=at, project=following.project, data={"until": local_date(until)})
    team = await queries.team_addresses(following.project)
    path = f"/projects/{following.project}/place"
    await tell(team, "place_offered", about=place_id, path=path, at=at, project=following.project_name, until=until)


async def sign_agreement(project_id: UUID, form: SignatureForm, *, by: Person, at: datetime) -> None:
    """Sign for the team (its depositor) or for the programme (a manager); with both signatures the path starts (R30)."""
    async with transaction():
        place = await queries.place_of(by, project_id, lock=True)
        side = _side_of(place, by)
        why_not = rules.why_not_sign_for_project if side == "project" else rules.why_not_sign_for_programme
        if reason := why_not(place, by.id):
            raise Conflict(reason)
        rules.check_agreed(form.agreed, form.text_hash, place.text_hash)
        assert place.agreement is not None
        await execute(
            f"UPDATE agreement SET {side}_signed_at = $2, {side}_signed_by = $3 WHERE id = $1",  # noqa: S608 - two words of ours
            place.agreement, at, by.id,
        )  # fmt: skip
        data = {"side": side, "hash": place.text_hash}
        await record("agreement.signed", place.agreement, by=by.id, at=at, project=place.project, data=data)
        if place.project_signed_at or place.programme_signed_at:
            await _start(place, by=by, at=at)
        elif side == "project":
            managers = await queries.manager_addresses(place.programme)
            path = f"/projects/{place.project}/agreement"
            await tell(managers, "agreement_to_sign", about=place.agreement, path=path, at=at, project=place.project_name)


def _side_of(place: PlaceFacts, by: Person) -> str:
    if place.is_depositor:
        return "project"
    if by.manages(place.programme):
        return "programme"
    raise Refused(_("La convention se signe par la personne qui a déposé la candidature et par la direction du programme."))


async def _start(place: PlaceFacts, *, by: Person, at: datetime) -> None:
    """Both have signed: the enrolment becomes active."""
    assert place.enrolment is not None
    assert place.agreement is not None
    started = rules.move(rules.ENROLMENT_MOVES, "start", place.enrolment_state or "")
    starts_on = await value(
        "UPDATE enrolment SET state = $2, version = version + 1 WHERE id = $1 RETURNING starts_on", place.enrolment, started
    )
    data = {"on": starts_on, "phase": place.phase_code}
    await record("enrolment.started", place.enrolment, by=by.id, at=at, project=place.project, data=data)
    team = await queries.team_addresses(place.project)
    await tell(
        team, "agreement_signed", about=place.agreement, path=f"/projects/{place.project}/path", at=at,
        project=place.project_name, phase=place.phase_name, starts_on=starts_on,
    )  # fmt: skip
