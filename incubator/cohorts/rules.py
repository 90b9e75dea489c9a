"""Places, signatures and enrolments: what may be done, and when. No clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from incubator.core.clock import end_of_day, local_date
from incubator.core.errors import Conflict, Invalid
from incubator.core.language import N_, _
from incubator.core.words import date_words

ANSWER_DAYS = 15

Moves = Mapping[str, tuple[tuple[str, ...], str]]

# `awaiting` (retained) and `waiting` (waiting list) have no row yet.
PLACE_MOVES: Moves = {
    "offer": (("waiting",), "offered"),
    "accept": (("awaiting", "offered"), "accepted"),
    "decline": (("awaiting", "offered"), "declined"),
    "release": (("awaiting", "offered"), "declined"),
    "withdraw": (("accepted",), "declined"),
}
PLACE_STATES = {
    "awaiting": N_("Réponse attendue"),
    "waiting": N_("Liste d’attente"),
    "offered": N_("Place proposée"),
    "accepted": N_("Place acceptée"),
    "declined": N_("Place rendue"),
}

_OPEN = ("active", "suspended", "in_review")
ENROLMENT_MOVES: Moves = {
    "start": (("to_start",), "active"),
    "cancel": (("to_start",), "stopped"),
    "suspend": (("active",), "suspended"),
    "resume": (("suspended",), "active"),
    "review": (("active", "in_review"), "in_review"),
    "prolong": (("active", "in_review"), "active"),
    "pass": (("active", "in_review"), "passed"),
    "redirect": (_OPEN, "stopped"),
    "stop": (_OPEN, "stopped"),
}
ENROLMENT_STATES = {
    "to_start": N_("Convention à signer"),
    "active": N_("En cours"),
    "suspended": N_("Suspendu"),
    "in_review": N_("En revue de passage"),
    "passed": N_("Phase validée"),
    "stopped": N_("Arrêté"),
}


def move(moves: Moves, verb: str, state: str) -> str:
    """The state a verb leads to. Raises `Conflict` when it does not depart from this one."""
    departures, arrival = moves[verb]
    if state not in departures:
        raise Conflict(_("Ce n’est pas possible dans l’état actuel. Rechargez la page pour voir où en sont les choses."))
    return arrival


class PlaceFacts(msgspec.Struct, frozen=True):
    """A published decision that gives or promises a place, and what came of it."""

    decision: UUID
    project: UUID
    project_name: str
    programme: UUID
    call: UUID
    phase: UUID
    phase_code: str
    phase_name: str
    conditions: str
    outcome: str
    waiting_rank: int | None
    published_at: datetime
    cohort: UUID | None
    cohort_name: str | None
    cohort_created_at: datetime | None
    starts_on: date | None
    place: UUID | None
    place_state: str | None
    place_answer_by: datetime | None
    answered_at: datetime | None
    places_count: int
    taken_count: int
    agreement: UUID | None
    text_hash: str | None
    project_signed_at: datetime | None
    project_signed_by: UUID | None
    programme_signed_at: datetime | None
    programme_signed_by: UUID | None
    enrolment: UUID | None
    enrolment_state: str | None
    is_team: bool
    is_depositor: bool

    @property
    def state(self) -> str:
        """The state of the place, told even before there is a row."""
        return self.place_state or ("awaiting" if self.outcome == "retained" else "waiting")

    @property
    def answer_by(self) -> datetime | None:
        """Until when the project may accept; None while nothing is offered or no cohort exists."""
        if self.place_answer_by or self.cohort_created_at is None or self.outcome != "retained":
            return self.place_answer_by
        return answer_deadline(max(self.published_at, self.cohort_created_at))

    @property
    def is_signed(self) -> bool:
        """True once both sides have signed the agreement (R30)."""
        return self.project_signed_at is not None and self.programme_signed_at is not None


def answer_deadline(offered_at: datetime) -> datetime:
    """Fifteen days to answer, until the end of the last one."""
    return end_of_day(local_date(offered_at) + timedelta(days=ANSWER_DAYS))


def start_of(cohort_starts_on: date, accepted_at: datetime) -> date:
    """A project starts with its cohort, or the day it accepts when it joins later."""
    return max(cohort_starts_on, local_date(accepted_at))


def why_not_create_cohort(has_cohort: bool, starts_on: date, closes_on: date) -> str | None:
    """A call has one cohort, which starts no earlier than the day the call closes."""
    if has_cohort:
        return _("Cet appel a déjà sa promotion.")
    if starts_on < closes_on:
        return _("La promotion ne commence pas avant la clôture de l’appel, le {day}.").format(day=date_words(closes_on))
    return None


def why_not_accept(place: PlaceFacts, at: datetime) -> str | None:
    """A place is accepted in time, while one is left (R26)."""
    if reason := _why_no_answer(place):
        return reason
    if place.answer_by and at > place.answer_by:
        day = date_words(local_date(place.answer_by))
        return _("Le délai de réponse est passé depuis le {day}. Écrivez à l’équipe du programme.").format(day=day)
    if place.taken_count >= place.places_count:
        return _("La promotion est complète.")
    return None


def why_not_decline(place: PlaceFacts, _at: datetime) -> str | None:
    """A place may be declined at any moment before it is accepted."""
    return _why_no_answer(place)


def why_not_release(place: PlaceFacts, at: datetime) -> str | None:
    """Staff free a place nobody answered for, once the deadline has passed."""
    if reason := _why_no_answer(place):
        return reason
    if place.answer_by is None or at <= place.answer_by:
        day = date_words(local_date(place.answer_by or at))
        return _("Le projet peut encore répondre jusqu’au {day}.").format(day=day)
    return None


def why_not_withdraw(place: PlaceFacts, _at: datetime) -> str | None:
    """An accepted place is given back as long as the agreement is not signed by both."""
    if place.state != "accepted":
        return _("Aucune place acceptée n’est à rendre.")
    if place.is_signed:
        return _(
            "La convention est signée. Pour quitter le programme, parlez-en avec votre accompagnateur ou votre accompagnatrice."
        )
    return None


def _why_no_answer(place: PlaceFacts) -> str | None:
    if place.state == "waiting":
        return _("Le projet est sur liste d’attente, au rang {rank}. Une place lui sera proposée si elle se libère.").format(
            rank=place.waiting_rank
        )
    if place.state == "accepted":
        return _("La place est déjà acceptée.")
    if place.state == "declined":
        return _("Cette place a été rendue.")
    if place.cohort is None:
        return _("La promotion n’est pas encore créée. Un courriel préviendra l’équipe dès qu’elle pourra répondre.")
    return None


def why_not_sign_for_project(place: PlaceFacts, person: UUID) -> str | None:
    """The team signs once, by someone else than who signs for the programme (R30)."""
    if reason := _why_no_signature(place):
        return reason
    if place.project_signed_at is not None:
        return _("L’équipe a déjà signé.")
    return _why_same_person(place.programme_signed_by, person)


def why_not_sign_for_programme(place: PlaceFacts, person: UUID) -> str | None:
    """The programme signs once, by someone else than who signs for the team (R30)."""
    if reason := _why_no_signature(place):
        return reason
    if place.programme_signed_at is not None:
        return _("Le programme a déjà signé.")
    return _why_same_person(place.project_signed_by, person)


def _why_no_signature(place: PlaceFacts) -> str | None:
    if place.agreement is None or place.state != "accepted":
        return _("La convention est établie quand le projet accepte sa place.")
    return None


def _why_same_person(other: UUID | None, person: UUID) -> str | None:
    if other == person:
        return _("Vous avez déjà signé pour l’autre partie. Deux personnes différentes signent.")
    return None


def check_agreed(agreed: bool, shown_hash: str, stored_hash: str | None) -> None:
    """A signature is for the text that was shown, said to be read. Raises `Invalid` or `Conflict`."""
    if not agreed:
        raise Invalid({"agreed": _("Cochez cette case si vous acceptez la convention.")})
    if shown_hash != stored_hash:
        raise Conflict(_("La convention a changé depuis que vous l’avez ouverte. Relisez-la avant de signer."))


def why_not_resize(places_count: int, taken_count: int) -> str | None:
    """Places are a ceiling, never below those already taken (R26)."""
    if places_count < taken_count:
        return _("{taken} places sont déjà prises : gardez-en au moins autant.").format(taken=taken_count)
    return None


def why_not_offer(free_count: int, waiting_count: int) -> str | None:
    """A place is offered to the waiting list only when one is free and nobody still has to answer for it (R26)."""
    if free_count < 1:
        return _("Aucune place n’est libre : chaque place est prise ou attend une réponse.")
    if waiting_count < 1:
        return _("Personne n’est sur la liste d’attente de cette phase.")
    return None
