"""Who coaches, what a session must say, until when it is edited, who is left without news. No clock, no database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.coaching.forms import SessionForm
from incubator.coaching.tables import SessionKind
from incubator.core.clock import local_date
from incubator.core.errors import Invalid
from incubator.core.language import N_, _
from incubator.core.words import date_words

ACTIVE_PROJECTS_MAX = 15
EDIT_DAYS = 10

KINDS = {
    SessionKind.ONE_TO_ONE: N_("Rendez-vous"),
    SessionKind.REMOTE: N_("Visio"),
    SessionKind.PHONE: N_("Téléphone"),
    SessionKind.VISIT: N_("Visite sur place"),
    SessionKind.GROUP: N_("Petit groupe"),
    SessionKind.DIAGNOSIS: N_("Diagnostic d’entrée"),
}


class Standing(msgspec.Struct, frozen=True):
    """What a person is to a project: of its team (perhaps only to read), its coach, a coach of its programme, its manager."""

    project: UUID
    project_name: str
    programme: UUID
    is_team: bool
    is_depositor: bool
    is_coach: bool
    is_colleague: bool
    is_manager: bool
    is_reader: bool = False

    @property
    def writes(self) -> bool:
        """The team but for those who are in it to read."""
        return self.is_team and not self.is_reader

    @property
    def reads_minutes(self) -> bool:
        """The team, its coaches and the manager read what was said; other coaches see dates only."""
        return self.is_team or self.is_coach or self.is_manager


class Assigning(msgspec.Struct, frozen=True):
    """What decides whether someone may become a coach of a project."""

    is_enrolled: bool
    is_coach_here: bool
    lead: UUID | None
    seconds: tuple[UUID, ...]


class Journey(msgspec.Struct, frozen=True):
    """What decides whether a session may be logged: when the agreement was signed by both, when the path ended."""

    signed_at: datetime | None
    is_enrolled: bool
    ended_on: date | None


class Followed(msgspec.Struct, frozen=True):
    """A project someone coaches, and its latest session."""

    project: UUID
    project_name: str
    commune: str | None
    phase_name: str
    alert_days: int
    state: str
    starts_on: date
    is_lead: bool
    last_on: date | None
    next_on: date | None


class Load(msgspec.Struct, frozen=True):
    """How many projects on their way a coach follows, and the days planned for them."""

    coach: UUID
    name: str
    active_count: int
    planned_days: Decimal

    @property
    def is_heavy(self) -> bool:
        """Above fifteen active projects (R31)."""
        return self.active_count > ACTIVE_PROJECTS_MAX


def why_not_assign(facts: Assigning, coach: UUID, is_lead: bool) -> str | None:
    """A project on its way has one lead coach at a time, and others beside (R31)."""
    if not facts.is_enrolled:
        return _("Le projet n’est pas en parcours : il n’a pas de place acceptée, ou son parcours est terminé.")
    if not facts.is_coach_here:
        return _("Cette personne n’accompagne pas de projets dans ce programme.")
    if facts.lead == coach:
        return (
            _("Cette personne est déjà référente du projet.")
            if is_lead
            else _("Cette personne est référente du projet. Désignez d’abord une autre personne référente.")
        )
    if not is_lead and coach in facts.seconds:
        return _("Cette personne accompagne déjà le projet.")
    return None


def why_not_end_assignment(is_lead: bool) -> str | None:
    """A lead coach is mandatory: one is replaced, never removed (R31)."""
    if is_lead:
        return _("Un projet a toujours une personne référente. Désignez la suivante pour la remplacer.")
    return None


def why_not_log(journey: Journey, kind: SessionKind, held_on: date) -> str | None:
    """No session before the agreement is signed, except the diagnosis meeting (R30); none after the path ended."""
    if not journey.is_enrolled and journey.ended_on and held_on > journey.ended_on:
        return _("Le parcours s’est terminé le {day}. Une séance ne peut pas être plus tardive.").format(
            day=date_words(journey.ended_on)
        )
    if kind == SessionKind.DIAGNOSIS:
        return None
    if journey.signed_at is None:
        return _("La convention n’est pas encore signée : seul le diagnostic d’entrée peut être noté.")
    if held_on < local_date(journey.signed_at):
        return _("La convention a été signée le {day} : avant, seul le diagnostic d’entrée peut être noté.").format(
            day=date_words(local_date(journey.signed_at))
        )
    return None


def check_session(form: SessionForm, at: datetime) -> None:
    """A session is held, has its next date or the reason for none (R33). Raises `Invalid`."""
    errors = {}
    if form.held_on > local_date(at):
        errors["held_on"] = _("Notez la séance une fois tenue : cette date est à venir.")
    if form.next_on is None and not form.no_next_reason:
        errors["next_on"] = _("Donnez la date de la prochaine séance, ou dites plus bas pourquoi il n’y en a pas.")
    if form.next_on is not None and form.next_on < form.held_on:
        errors["next_on"] = _("La prochaine séance vient après celle-ci.")
    if form.next_on is not None and form.no_next_reason:
        errors["no_next_reason"] = _("Gardez la date, ou la raison de son absence : pas les deux.")
    if errors:
        raise Invalid(errors)


def is_editable(logged_at: datetime, at: datetime) -> bool:
    """Its author edits a session freely until the end of the tenth day."""
    return local_date(at) <= last_edit_on(logged_at)


def last_edit_on(logged_at: datetime) -> date:
    """The last day a session is edited without a reason."""
    return local_date(logged_at) + timedelta(days=EDIT_DAYS)


def check_correction(reason: str, logged_at: datetime, at: datetime) -> None:
    """After ten days a change is a correction and says why. Raises `Invalid`."""
    if not is_editable(logged_at, at) and not reason:
        raise Invalid({"reason": _("Cette séance a plus de dix jours : dites pourquoi vous la corrigez.")})


def idle_days(project: Followed, today: date) -> int:
    """Days since the latest session, or since the start without any."""
    return (today - (project.last_on or project.starts_on)).days


def is_idle(project: Followed, today: date) -> bool:
    """Without a session for as long as its phase's alert says (R32); a suspended project is left in peace."""
    return project.state in ("active", "in_review") and project.alert_days > 0 and idle_days(project, today) > project.alert_days


def is_missed(project: Followed, today: date) -> bool:
    """The next date has passed and no session was logged since."""
    return project.next_on is not None and project.next_on < today and project.state in ("active", "in_review")


def most_urgent_first(projects: list[Followed], today: date) -> list[Followed]:
    """Idle ones by how long, then missed dates, then by next date, then by name."""

    def urgency(project: Followed) -> tuple[int, int, date, str]:
        if is_idle(project, today):
            return (0, -idle_days(project, today), date.min, project.project_name)
        if is_missed(project, today):
            return (1, 0, project.next_on or date.max, project.project_name)
        return (2, 0, project.next_on or date.max, project.project_name)

    return sorted(projects, key=urgency)
