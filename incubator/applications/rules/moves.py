"""The life of an application: which verb is allowed in which state, and the sentence that says why not. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec

from incubator.applications.tables import ApplicationState, Outcome
from incubator.calls.rules import CallState, call_state
from incubator.core.language import N_, _, ngettext
from incubator.core.words import instant_words

DRAFT, DEPOSITED, ASKED = ApplicationState.DRAFT, ApplicationState.DEPOSITED, ApplicationState.COMPLEMENT_REQUESTED
ADMISSIBLE, INADMISSIBLE, WITHDRAWN = ApplicationState.ADMISSIBLE, ApplicationState.INADMISSIBLE, ApplicationState.WITHDRAWN

MOVES: dict[str, tuple[frozenset[ApplicationState], ApplicationState]] = {
    "deposit": (frozenset({DRAFT}), DEPOSITED),
    "request_complement": (frozenset({DEPOSITED}), ASKED),
    "answer_complement": (frozenset({ASKED}), DEPOSITED),
    "admit": (frozenset({DEPOSITED, ASKED, INADMISSIBLE}), ADMISSIBLE),
    "refuse": (frozenset({DEPOSITED, ASKED, ADMISSIBLE}), INADMISSIBLE),
    "withdraw": (frozenset({DRAFT, DEPOSITED, ASKED, ADMISSIBLE}), WITHDRAWN),
}
NEVER = datetime.min.replace(tzinfo=UTC)
LAPSED = "lapsed"
STATE_WORDS = {
    "draft": N_("Brouillon"),
    LAPSED: N_("Brouillon non déposé"),
    "deposited": N_("Déposée"),
    "complement_requested": N_("Complément demandé"),
    "admissible": N_("Recevable"),
    "inadmissible": N_("Irrecevable"),
    "withdrawn": N_("Retirée"),
}


class ApplicationFacts(msgspec.Struct, frozen=True):
    """What the rules look at. `complement_*`: the request not answered yet, if any; `is_decided`: its decision is published.

    `entry_phases`: those with a place in the call. `writes_until`: the closing, or later by derogation.
    `call_form`: the version of the form the call asks for now. `unconfirmed`: names of the members who have not agreed yet.
    """

    id: UUID
    call: UUID
    call_code: str
    call_title: str
    programme: UUID
    plan: UUID
    form: UUID
    project: UUID
    project_name: str
    state: ApplicationState
    version: int
    deposited_at: datetime | None
    phase: UUID | None
    departements: list[str]
    published_at: datetime | None
    opens_at: datetime
    closes_at: datetime
    notify_on: date
    complement: UUID | None
    complement_questions: list[str] | None
    complement_message: str | None
    complement_due_at: datetime | None
    complement_by: UUID | None
    deposits_count: int
    number: str | None
    is_mine: bool
    is_depositor: bool
    is_decided: bool = False
    entry_phases: list[UUID] = []
    writes_until: datetime = NEVER
    derogation_reason: str | None = None
    derogation_until: datetime | None = None
    instructor: UUID | None = None
    can_write: bool = False
    call_form: UUID | None = None
    complement_sentences: dict[str, str] = {}
    is_presented: bool = False
    unconfirmed: list[str] = []
    complement_follow_ups: list[str] = []

    def call_state_at(self, at: datetime) -> CallState:
        """Where its call is at an instant."""
        return call_state(self.published_at, self.opens_at, self.closes_at, at)

    def is_writable_at(self, at: datetime) -> bool:
        """True while a draft can be completed and deposited: its call is open, or a derogation runs."""
        state = self.call_state_at(at)
        return state is CallState.OPEN or (state is CallState.CLOSED and at < self.writes_until)


def shown_state(state: ApplicationState, writes_until: datetime, at: datetime) -> str:
    """The state as people read it: a draft that can no longer be deposited has lapsed; that is derived, never stored."""
    return LAPSED if state is DRAFT and at >= writes_until else state.value


def why_not_start(state: CallState, opens_at: datetime) -> str | None:
    """One applies while the call is open."""
    if state is CallState.OPEN:
        return None
    if state in (CallState.CLOSED, CallState.ARCHIVED):
        return _("Cet appel est clos : il ne reçoit plus de candidature.")
    return _("Cet appel ouvre le {opening}.").format(opening=instant_words(opens_at))


def why_not_write(facts: ApplicationFacts, at: datetime) -> str | None:
    """Answers change while a draft can be deposited, and while a complement is awaited (R6)."""
    if facts.state is DRAFT:
        return _why_not_in_time(facts, at)
    if facts.state is ASKED:
        return _why_not_complement_in_time(facts, at)
    if facts.state is WITHDRAWN:
        return _("Cette candidature est retirée : elle ne change plus.")
    return _("Cette candidature est déposée : ses réponses ne changent plus.")


def _why_not_in_time(facts: ApplicationFacts, at: datetime) -> str | None:
    if facts.is_writable_at(at):
        return None
    if facts.derogation_until is not None:
        return _(
            "Le délai accordé après la clôture est passé depuis le {until}. Votre brouillon est conservé et reste lisible ; il"
            " ne peut plus être déposé."
        ).format(until=instant_words(facts.derogation_until))
    return _(
        "L’appel est clos depuis le {closing}. Votre brouillon est conservé et reste lisible ; il ne peut plus être déposé."
    ).format(closing=instant_words(facts.closes_at))


def _why_not_complement_in_time(facts: ApplicationFacts, at: datetime) -> str | None:
    if facts.complement_due_at is None or at <= facts.complement_due_at:
        return None
    return _("Le délai pour compléter est passé depuis le {due}.").format(due=instant_words(facts.complement_due_at))


def deposit_deadline(facts: ApplicationFacts) -> datetime:
    """Until when the team can deposit, or send what was asked for."""
    return facts.complement_due_at if facts.state is ASKED and facts.complement_due_at else facts.writes_until


def why_not_answer(facts: ApplicationFacts, question: str) -> str | None:
    """During a complement only the questions named may change, and those that depend on them (R6)."""
    if facts.state is ASKED and question not in (*(facts.complement_questions or []), *facts.complement_follow_ups):
        return _("Cette question n’est pas dans la demande de complément : sa réponse ne change plus.")
    return None


def why_not_rebase(facts: ApplicationFacts, at: datetime) -> str | None:
    """A draft moves onto the form its call asks for now; what was deposited never does."""
    if facts.state is not DRAFT:
        return _("Cette candidature est déposée : elle garde le formulaire avec lequel elle a été écrite.")
    if facts.call_form is None or facts.call_form == facts.form:
        return _("Ce dossier suit déjà le formulaire de l’appel.")
    return _why_not_in_time(facts, at)


def why_not_import(facts: ApplicationFacts, at: datetime) -> str | None:
    """Answers are taken up in a draft that can still be deposited (R8)."""
    if facts.state is not DRAFT:
        return _("Cette candidature est déposée : ses réponses ne changent plus.")
    return _why_not_in_time(facts, at)


def why_not_deposit(facts: ApplicationFacts, missing_count: int, at: datetime) -> str | None:
    """A draft in time and whole is deposited once all of the team agree (R2, R4)."""
    if facts.state not in MOVES["deposit"][0]:
        return _why_not_again(facts)
    return why_not_write(facts, at) or _why_not_whole(missing_count) or _why_not_agreed(facts.unconfirmed)


def why_not_prove(*, is_confirmed: bool) -> str | None:
    """One writes before one's address is confirmed, and sends afterwards (R1)."""
    return None if is_confirmed else _("Confirmez d’abord votre adresse : le lien est dans votre messagerie.")


def why_not_answer_complement(facts: ApplicationFacts, missing_count: int, at: datetime) -> str | None:
    """What was asked for is sent in time, and whole (R6)."""
    if facts.state not in MOVES["answer_complement"][0]:
        return _("Aucun complément n’est attendu pour cette candidature.")
    return why_not_write(facts, at) or _why_not_whole(missing_count)


def _why_not_again(facts: ApplicationFacts) -> str:
    if facts.state is WITHDRAWN:
        return _("Cette candidature est retirée : elle ne peut plus être déposée.")
    return _("Cette candidature est déjà déposée, sous le numéro {number}.").format(number=facts.number)


def _why_not_whole(missing_count: int) -> str | None:
    if not missing_count:
        return None
    return _("Des réponses obligatoires manquent encore. La liste est sur la page du dossier.")


def _why_not_agreed(names: list[str]) -> str | None:
    """Each member agrees to the deposit; a complement asks them nothing more (R2)."""
    if not names:
        return None
    return ngettext(
        "{names} n’a pas encore confirmé son accord pour déposer.",
        "Ces personnes n’ont pas encore confirmé leur accord pour déposer : {names}.",
        len(names),
    ).format(names=", ".join(names))


def why_not_withdraw(facts: ApplicationFacts, at: datetime) -> str | None:
    """The team withdraws at any moment before the decision; once it is published, the place itself is declined."""
    if facts.state is DRAFT and (reason := _why_not_in_time(facts, at)):
        return reason
    if facts.is_decided:
        return _("La décision est publiée : une candidature ne se retire plus. Une place se rend depuis la page du projet.")
    if facts.state in MOVES["withdraw"][0]:
        return None
    if facts.state is WITHDRAWN:
        return _("Cette candidature est déjà retirée.")
    return _("Cette candidature est irrecevable : il n’y a rien à retirer.")


def why_not_pronounce(facts: ApplicationFacts, outcome: Outcome, at: datetime) -> str | None:
    """Staff pronounce on what is deposited; a complement is awaited until its deadline; a ruling can be revised (R5)."""
    verb = "admit" if outcome is Outcome.ADMISSIBLE else "refuse"
    if facts.state in MOVES[verb][0]:
        due = facts.complement_due_at
        if facts.state is ASKED and due is not None and at <= due:
            return _("L’équipe a jusqu’au {due} pour compléter son dossier.").format(due=instant_words(due))
        return None
    if facts.state is WITHDRAWN:
        return _("Cette candidature est retirée.")
    if facts.state is DRAFT:
        return _("Cette candidature n’est pas déposée.")
    return _("C’est déjà ce qui est prononcé.")


def why_not_request_complement(facts: ApplicationFacts) -> str | None:
    """A complement is asked on a deposited application not yet ruled on (R6)."""
    if facts.state in MOVES["request_complement"][0]:
        return None
    if facts.state is ASKED:
        return _("Un complément est déjà demandé.")
    if facts.state is DRAFT:
        return _("Cette candidature n’est pas déposée.")
    if facts.state is WITHDRAWN:
        return _("Cette candidature est retirée.")
    return _("La recevabilité est déjà prononcée.")


def receipt_number(call_code: str, rank: int) -> str:
    """AAC-CVL-2026-1-0007"""
    return f"{call_code}-{rank:04d}"


def later_number(first: str, ordinal: int) -> str:
    """AAC-CVL-2026-1-0007-2: the second deposit of the same application, after a complement."""
    return f"{first}-{ordinal}"
