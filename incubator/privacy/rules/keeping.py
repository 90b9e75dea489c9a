"""The classes of retention (R55; reference-programme.md, 10): after what, for how long, then what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from incubator.core.clock import add_months, local, local_date
from incubator.core.language import N_


class Keep(StrEnum):
    """A class of data with one life."""

    PROSPECT = "prospect"
    DRAFT = "draft"
    READ = "read"
    REFUSED = "refused"
    VOTES = "votes"
    SUPPORTED = "supported"
    NOTES = "notes"
    LETTERS = "letters"
    ACCOUNT = "account"
    SECURITY = "security"
    REQUEST = "request"
    PROOF = "proof"


class Life(msgspec.Struct, frozen=True):
    """How long (`months`), from when, then what happens; `is_proposed`: staff confirm each, else the worker does it alone."""

    title: str
    months: int
    since: str
    then: str
    basis: str
    is_proposed: bool = True


LIVES: dict[Keep, Life] = {
    Keep.PROSPECT: Life(
        N_("Contacts, inscriptions aux réunions, abonnements"), 36, N_("le dernier contact"), N_("effacement"),
        N_("intérêt légitime, recommandation de la CNIL sur les prospects"),
    ),
    Keep.DRAFT: Life(
        N_("Brouillons jamais déposés"), 6, N_("la clôture de l’appel"), N_("effacement"), N_("mesures précontractuelles"),
    ),
    Keep.READ: Life(
        N_("Dossiers non retenus, lus par qui les a instruits"), 3, N_("la décision"),
        N_("lecture par le responsable du programme seul"), N_("explication de la décision"), False,
    ),
    Keep.REFUSED: Life(
        N_("Candidatures non retenues"), 24, N_("la décision ou le dernier contact"),
        N_("anonymisation : l’EPCI, les choix et les dates restent"), N_("mesures précontractuelles"),
    ),
    Keep.VOTES: Life(
        N_("Notes et avis des membres de comité"), 61, N_("la publication des décisions"),
        N_("anonymisation des membres : les décisions restent"), N_("mission d’intérêt public, preuve"),
    ),
    Keep.SUPPORTED: Life(
        N_("Projets accompagnés"), 24, N_("la fin du parcours ou le dernier contact"),
        N_("anonymisation : l’EPCI, les phases et les dates restent"), N_("contrat, obligations envers les financeurs"),
    ),
    Keep.NOTES: Life(
        N_("Notes privées des accompagnateurs"), 24, N_("la fin du parcours"), N_("effacement"), N_("intérêt légitime"),
    ),
    Keep.ACCOUNT: Life(
        N_("Comptes sans projet, sans rôle et sans siège"), 36, N_("le dernier contact"), N_("effacement de la personne"),
        N_("exécution du service demandé"),
    ),
    Keep.REQUEST: Life(
        N_("Demandes sur les données personnelles, retenues"), 60, N_("la réponse ou la levée"), N_("effacement"),
        N_("obligation légale"), False,
    ),
    Keep.LETTERS: Life(
        N_("Courriels envoyés"), 12, N_("l’envoi"), N_("effacement"), N_("preuve de l’information donnée"), False,
    ),
    Keep.SECURITY: Life(
        N_("Sessions, appareils, liens, invitations, tentatives"), 12, N_("leur fin"), N_("effacement"),
        N_("sécurité du service"), False,
    ),
    Keep.PROOF: Life(
        N_("Journal et sceaux, sans rien de ce que les personnes ont écrit"), 120, N_("l’acte"), N_("conservation"),
        N_("obligation légale, piste d’audit"), False,
    ),
}  # fmt: skip


def passed_before(at: datetime, months: int) -> datetime:
    """What ended before this instant has been kept for so many months."""
    day = add_months(local_date(at), -months)
    return local(at).replace(year=day.year, month=day.month, day=day.day)


def due_in_a_month(at: datetime) -> datetime:
    """A request is answered within a month (RGPD, article 12)."""
    day = add_months(local_date(at), 1)
    return local(at).replace(year=day.year, month=day.month, day=day.day)
