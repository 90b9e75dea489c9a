"""A conversation between a team and the programme: who writes in it, and until when. No database."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from incubator.applications.rules.moves import WITHDRAWN, ApplicationFacts
from incubator.applications.tables import ApplicationState
from incubator.core.language import N_, _

OPEN_MAX = 10
MESSAGES_MAX = 40


class InquiryState(StrEnum):
    """Where a conversation is: derived from its messages and its closing."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


INQUIRY_WORDS = {
    "waiting": N_("Attend une réponse"),
    "answered": N_("Répondue"),
    "closed": N_("Close"),
}


def inquiry_state(closed_at: datetime | None, waiting_since: datetime | None) -> InquiryState:
    """`waiting_since`: when the team wrote what nobody has answered, if anything."""
    if closed_at is not None:
        return InquiryState.CLOSED
    return InquiryState.ANSWERED if waiting_since is None else InquiryState.WAITING


class InquiryFacts(msgspec.Struct, frozen=True):
    """What the rules look at. `can_write`: of the team, and not only to read; `handles`: staff who may answer."""

    id: UUID
    application: UUID
    call: UUID
    call_code: str
    call_title: str
    programme: UUID
    project: UUID
    project_name: str
    form: UUID
    section: str
    application_state: str
    instructor: UUID | None
    asked_at: datetime
    closed_at: datetime | None
    waiting_since: datetime | None
    messages_count: int
    is_decided: bool
    is_mine: bool
    can_write: bool

    @property
    def state(self) -> InquiryState:
        """Where it is."""
        return inquiry_state(self.closed_at, self.waiting_since)


def why_not_ask(facts: ApplicationFacts, open_count: int) -> str | None:
    """One asks about an application until it is decided on; ten conversations are open at most."""
    if reason := _why_over(facts.state is WITHDRAWN, facts.is_decided):
        return reason
    if open_count >= OPEN_MAX:
        return _("Vous avez déjà {count} questions ouvertes. Attendez une réponse, ou écrivez dans l’une d’elles.").format(
            count=open_count
        )
    return None


def why_not_reply(facts: InquiryFacts) -> str | None:
    """A closed conversation is opened again by writing in it; one that is too long goes on in another."""
    if reason := _why_over(facts.application_state == ApplicationState.WITHDRAWN, facts.is_decided):
        return reason
    if facts.messages_count >= MESSAGES_MAX:
        return _("Cette conversation est trop longue pour continuer ici. Posez une autre question.")
    return None


def why_not_close(facts: InquiryFacts) -> str | None:
    """Closed once."""
    return _("Cette question est déjà close.") if facts.closed_at is not None else None


def _why_over(is_withdrawn: bool, is_decided: bool) -> str | None:
    if is_withdrawn:
        return _("Cette candidature est retirée.")
    if is_decided:
        return _("La décision est publiée : les questions sur cette candidature sont closes.")
    return None
