"""Where an application stands, as its team is told everywhere: its state in plain words, who acts next, by when. No database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum

import msgspec

from incubator.applications.rules.moves import ApplicationFacts
from incubator.core.clock import local_date
from incubator.core.language import N_, _
from incubator.core.words import date_words, instant_words


class Turn(StrEnum):
    """Whose turn it is."""

    TEAM = "team"
    PROGRAMME = "programme"
    COMMITTEE = "committee"
    NOBODY = "nobody"


WORDS = {
    "draft": N_("Brouillon"),
    "derogation": N_("Brouillon, délai accordé"),
    "lapsed": N_("Brouillon non déposé"),
    "deposited": N_("Déposée"),
    "complement_requested": N_("Complément demandé"),
    "complement_overdue": N_("Complément non reçu"),
    "complement_received": N_("Complément reçu"),
    "admissible": N_("Recevable"),
    "presented": N_("Devant le comité"),
    "decided": N_("Décision rendue"),
    "inadmissible": N_("Irrecevable"),
    "withdrawn": N_("Retirée"),
}
TONES = {
    "draft": "now",
    "derogation": "now",
    "deposited": "info",
    "complement_requested": "late",
    "complement_overdue": "late",
    "complement_received": "info",
    "admissible": "done",
    "presented": "info",
    "decided": "done",
}


class Stand(msgspec.Struct, frozen=True):
    """What tells where an application stands. `writes_until`: the closing, or later by derogation."""

    state: str
    closes_at: datetime
    writes_until: datetime
    notify_on: date
    complement_due_at: datetime | None = None
    deposits_count: int = 0
    is_presented: bool = False
    is_decided: bool = False


class Standing(msgspec.Struct, frozen=True):
    """`state`: a key of `WORDS`; `said`: it in a sentence; `next`: who acts next; `by`: before that instant, or `on` that day."""

    state: str
    label: str
    tone: str
    said: str
    turn: Turn
    next: str
    by: datetime | None = None
    on: date | None = None


def stand_of(facts: ApplicationFacts) -> Stand:
    """What tells where an application stands, of its facts."""
    return Stand(
        state=facts.state.value,
        closes_at=facts.closes_at,
        writes_until=facts.writes_until,
        notify_on=facts.notify_on,
        complement_due_at=facts.complement_due_at,
        deposits_count=facts.deposits_count,
        is_presented=facts.is_presented,
        is_decided=facts.is_decided,
    )


Told = tuple[str, Turn, str, datetime | date | None]


def standing_key(stand: Stand, at: datetime) -> str:
    """The state as it is told: what is derived from the clock and from what happened since, said apart."""
    match stand.state:
        case "draft" if at >= stand.writes_until:
            return "lapsed"
        case "draft" if at >= stand.closes_at:
            return "derogation"
        case "deposited" if stand.deposits_count > 1:
            return "complement_received"
        case "complement_requested" if stand.complement_due_at is not None and at > stand.complement_due_at:
            return "complement_overdue"
        case "admissible" if stand.is_decided:
            return "decided"
        case "admissible" if stand.is_presented:
            return "presented"
    return stand.state


def standing(stand: Stand, at: datetime) -> Standing:
    """Where an application stands at an instant."""
    key = standing_key(stand, at)
    said, turn, following, due = _TOLD[key](stand, at)
    by = due if isinstance(due, datetime) else None
    return Standing(key, _(WORDS[key]), TONES.get(key, "neutral"), said, turn, following, by, None if by else due)


def _draft(stand: Stand, _at: datetime) -> Told:
    following = _("À votre équipe : complétez le dossier et déposez-le avant le {closing}, heure de Paris.")
    said = _("Votre dossier est un brouillon : personne d’autre que votre équipe ne le lit.")
    return said, Turn.TEAM, following.format(closing=instant_words(stand.closes_at)), stand.closes_at


def _derogation(stand: Stand, _at: datetime) -> Told:
    said = _("L’appel est clos. Le programme vous laisse pourtant compléter et déposer ce dossier.")
    following = _("À votre équipe : déposez-le avant le {until}, heure de Paris.")
    return said, Turn.TEAM, following.format(until=instant_words(stand.writes_until)), stand.writes_until


def _lapsed(_stand: Stand, _at: datetime) -> Told:
    said = _("Ce brouillon n’a pas été déposé avant la clôture. Il reste lisible.")
    return (
        said,
        Turn.NOBODY,
        _("Rien n’est plus attendu pour cet appel. Vous pourrez reprendre vos réponses pour un autre."),
        None,
    )


def _deposited(stand: Stand, at: datetime) -> Told:
    following = _("À l’équipe du programme : elle vérifie que le dossier est recevable.")
    return _("Votre dossier est déposé : il ne change plus."), Turn.PROGRAMME, *_answered(following, stand, at)


def _complement_received(stand: Stand, at: datetime) -> Told:
    following = _("À l’équipe du programme : elle vérifie que le dossier est recevable.")
    return _("Votre complément est arrivé."), Turn.PROGRAMME, *_answered(following, stand, at)


def _complement_requested(stand: Stand, _at: datetime) -> Told:
    said = _("Le programme vous demande de compléter quelques réponses ; elles seules changent, et celles qui en dépendent.")
    if stand.complement_due_at is None:
        return said, Turn.TEAM, _("À votre équipe : complétez-les et envoyez-les."), None
    following = _("À votre équipe : complétez-les et envoyez-les au plus tard le {due}, heure de Paris.")
    return said, Turn.TEAM, following.format(due=instant_words(stand.complement_due_at)), stand.complement_due_at


def _complement_overdue(stand: Stand, at: datetime) -> Told:
    said = _("Le complément demandé n’est pas arrivé à temps. Votre dossier reste tel qu’il est déposé.")
    following = _("À l’équipe du programme : elle se prononce sur ce dossier.")
    return said, Turn.PROGRAMME, *_answered(following, stand, at)


def _admissible(stand: Stand, at: datetime) -> Told:
    following = _("Au programme : il présente le dossier au comité de sélection.")
    return _("Votre dossier est recevable."), Turn.PROGRAMME, *_answered(following, stand, at)


def _presented(stand: Stand, at: datetime) -> Told:
    return _("Votre dossier est devant le comité."), Turn.COMMITTEE, *_answered(_("Au comité : il lit et délibère."), stand, at)


def _decided(_stand: Stand, _at: datetime) -> Told:
    return _("La décision est rendue."), Turn.NOBODY, _("La suite est sur la page du projet."), None


def _inadmissible(_stand: Stand, _at: datetime) -> Told:
    said = _("Votre dossier n’est pas recevable ; la raison est dans le courriel reçu et sur cette page.")
    following = _("Rien n’est plus attendu. Si vous y voyez une erreur, écrivez au programme avant la réunion du comité.")
    return said, Turn.NOBODY, following, None


def _withdrawn(_stand: Stand, _at: datetime) -> Told:
    return _("Votre candidature est retirée : elle n’est pas examinée."), Turn.NOBODY, _("Rien n’est plus attendu."), None


def _answered(following: str, stand: Stand, at: datetime) -> tuple[str, date]:
    """The sentence, then by when the team has an answer."""
    if stand.notify_on < local_date(at):
        return f"{following} {_('La réponse tarde : elle vous sera écrite.')}", stand.notify_on
    answer = _("Vous aurez une réponse au plus tard le {day}.").format(day=date_words(stand.notify_on))
    return f"{following} {answer}", stand.notify_on


_TOLD: dict[str, Callable[[Stand, datetime], Told]] = {
    "draft": _draft,
    "derogation": _derogation,
    "lapsed": _lapsed,
    "deposited": _deposited,
    "complement_requested": _complement_requested,
    "complement_received": _complement_received,
    "complement_overdue": _complement_overdue,
    "admissible": _admissible,
    "presented": _presented,
    "decided": _decided,
    "inadmissible": _inadmissible,
    "withdrawn": _withdrawn,
}
