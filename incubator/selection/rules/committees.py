"""When a committee may be changed, a member may sign, declare, open, assess."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from uuid import UUID

import msgspec

from incubator.core.errors import Conflict
from incubator.core.language import N_, _
from incubator.selection.tables import AssessmentState, College

TO_DO = "to_do"
MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    "save": (frozenset({TO_DO, AssessmentState.DRAFT}), AssessmentState.DRAFT.value),
    "hand_in": (frozenset({TO_DO, AssessmentState.DRAFT}), AssessmentState.HANDED_IN.value),
}
COLLEGES: Mapping[str, str] = {
    College.FUNDERS.value: N_("Financeurs publics"),
    College.ESS.value: N_("ESS et coopération"),
    College.ENTREPRENEURS.value: N_("Entrepreneurs et usagers"),
    College.EXPERTS.value: N_("Personnes qualifiées (voix consultative)"),
    College.TEAM.value: N_("Équipe du programme (sans vote)"),
}
VOTING = frozenset({College.FUNDERS.value, College.ESS.value, College.ENTREPRENEURS.value})
VOICES_FOR_QUORUM = 2  # one voice for so many voting members
COLLEGES_FOR_QUORUM = 2

UNDERTAKING = N_(
    "Je siège au comité « {committee} » de l’appel « {call} ».\n\n"
    "Je garde pour moi ce que je lis, ce que j’entends et ce que je note, pendant l’appel et après lui. Je ne copie ni ne"
    " transmets aucun dossier.\n\n"
    "Je ne prends pas contact avec les équipes candidates au sujet de leur dossier. Si une équipe m’écrit, je le signale au"
    " programme.\n\n"
    "Avant d’ouvrir un dossier, je dis si j’y ai un intérêt, pour moi, un proche ou mon organisation. Si j’en ai un, je me"
    " déporte : je ne lis pas ce dossier, je ne le note pas et je ne prends pas part à sa discussion.\n\n"
    "Je ne tire de ce rôle aucun avantage pour moi, mes proches ou mon organisation."
)


class Seating(msgspec.Struct, frozen=True):
    """What is judged before a seat is given: is the person staff of the programme, seated already, are results out?"""

    is_staff: bool
    is_seated: bool
    is_published: bool


class Presenting(msgspec.Struct, frozen=True):
    """What is judged before applications are put before a committee."""

    is_published: bool
    asked_count: int
    found_count: int


class Member(msgspec.Struct, frozen=True):
    """A seat in the eyes of its holder."""

    seat: UUID
    committee: UUID
    committee_name: str
    call_title: str
    is_voting: bool
    is_signed: bool
    is_published: bool


class Assessing(msgspec.Struct, frozen=True):
    """A member and an application put before their committee. `has_interest` is None until they have declared."""

    seat: UUID
    presentation: UUID
    committee: UUID
    application: UUID
    grid: UUID
    is_voting: bool
    has_interest: bool | None
    application_state: str
    is_published: bool
    state: str
    version: int


def move(verb: str, state: str) -> str:
    """The state the verb leads to. Raises `Conflict` when it does not start from `state`."""
    departures, arrival = MOVES[verb]
    if state not in departures:
        raise Conflict(_("Votre évaluation est remise : elle ne change plus."))
    return arrival


def votes(college: str) -> bool:
    """Experts advise and the programme's team presents: neither votes nor scores (reference programme, section 5)."""
    return college in VOTING


def undertaking_text(committee_name: str, call_title: str) -> str:
    """What a member signs, in their language (R9)."""
    return _(UNDERTAKING).format(committee=committee_name, call=call_title)


def text_hash(text: str) -> str:
    """SHA-256 of a text, in hexadecimal: what was signed can be proved later."""
    return hashlib.sha256(text.encode()).hexdigest()


def why_not_create_committee(exists: bool) -> str | None:
    """A call has one committee."""
    return _("Cet appel a déjà un comité.") if exists else None


def why_not_give_seat(facts: Seating, college: str) -> str | None:
    """Who works for the programme presents files and never scores them (R13)."""
    if facts.is_published:
        return published()
    if facts.is_seated:
        return _("Cette personne siège déjà dans ce comité.")
    if facts.is_staff and votes(college):
        return _(
            "Cette personne travaille pour le programme : elle présente les dossiers et ne les note pas."
            " Choisissez le collège de l’équipe."
        )
    return None


def why_not_end_seat(*, is_published: bool, is_ended: bool) -> str | None:
    """A seat ends once, while the committee works."""
    if is_published:
        return published()
    return _("Ce siège a déjà pris fin.") if is_ended else None


def why_not_present(facts: Presenting) -> str | None:
    """Only admissible applications of the call, each put before the committee once."""
    if facts.is_published:
        return published()
    if not facts.asked_count:
        return _("Choisissez au moins un dossier.")
    if facts.found_count < facts.asked_count:
        return _("Un des dossiers choisis n’est plus recevable, ou a déjà été présenté. Rechargez la page.")
    return None


def why_not_sign(facts: Member, shown_hash: str, text: str, *, agreed: bool) -> str | None:
    """One signs once, the very text that was shown (R9)."""
    if facts.is_signed:
        return _("Vous avez déjà signé cet engagement.")
    if shown_hash != text_hash(text):
        return _("Le texte de l’engagement a changé. Relisez-le avant de signer.")
    return None if agreed else _("Cochez la case pour signer l’engagement.")


def why_not_declare(facts: Assessing) -> str | None:
    """One may declare an interest later, even after handing in: the voice is then withdrawn (R10)."""
    return published() if facts.is_published else None


def why_not_open(facts: Assessing) -> str | None:
    """A file opens once its reader has said that they have no interest in it (R10)."""
    if facts.has_interest is None:
        return _("Dites d’abord si vous avez un intérêt dans ce dossier.")
    return None


def why_not_assess(facts: Assessing) -> str | None:
    """A voting member scores a live application, until they hand in or decisions are out (R14, R16)."""
    if reason := why_not_open(facts):
        return reason
    if facts.is_published:
        return published()
    if not facts.is_voting:
        return _("Votre voix est consultative : vous lisez les dossiers, vous ne les notez pas.")
    if facts.application_state != "admissible":
        return _("L’équipe a retiré ce dossier : il n’est plus à noter.")
    if facts.state == AssessmentState.HANDED_IN:
        return _("Votre évaluation est remise : elle ne change plus.")
    return None


def has_quorum(*, voters: int, voices: int, colleges: int) -> bool:
    """Half of the voting members who are not recused have handed in, from two colleges at least (R24)."""
    return voices * VOICES_FOR_QUORUM >= voters and colleges >= COLLEGES_FOR_QUORUM


def published() -> str:
    """Once decisions are out, nothing in the committee changes."""
    return _("Les décisions de ce comité sont publiées : il ne change plus.")
