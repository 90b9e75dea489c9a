"""The ready texts staff take up: those of the house, and what is filled in each. No database."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from incubator.applications.tables import TextKind
from incubator.core.language import N_, _

KIND_WORDS = {
    TextKind.ADMISSIBLE: N_("Dossier recevable"),
    TextKind.INADMISSIBLE: N_("Dossier irrecevable"),
    TextKind.COMPLEMENT: N_("Demande de complément"),
}
PLACEHOLDERS = ("projet", "appel", "echeance")
HOUSE: tuple[tuple[TextKind, str, str], ...] = (
    (
        TextKind.ADMISSIBLE,
        N_("Dossier complet"),
        N_("Le dossier de {projet} est complet et remplit les conditions de l’appel « {appel} »."),
    ),
    (
        TextKind.ADMISSIBLE,
        N_("Recevable malgré une règle bloquante"),
        N_("Une condition de l’appel n’est pas remplie. Nous y dérogeons parce que : "),
    ),
    (
        TextKind.INADMISSIBLE,
        N_("Hors du territoire"),
        N_(
            "L’appel « {appel} » s’adresse aux projets implantés ou expérimentés d’abord dans ses départements. Celui de {projet}"
            " ne l’est pas. Un autre incubateur du réseau peut sans doute vous recevoir : écrivez-nous, nous vous orientons."
        ),
    ),
    (
        TextKind.INADMISSIBLE,
        N_("Hors de l’objet de l’appel"),
        N_(
            "L’appel « {appel} » accompagne la création d’une activité durable qui répond à un besoin social ou environnemental."
            " Le dossier de {projet} présente autre chose : "
        ),
    ),
    (
        TextKind.INADMISSIBLE,
        N_("Complément non reçu"),
        N_("Le complément demandé n’est pas arrivé le {echeance}. Sans lui, le dossier de {projet} ne peut pas être examiné."),
    ),
    (
        TextKind.COMPLEMENT,
        N_("Réponses à préciser"),
        N_("Merci pour votre dossier. Pour l’examiner, il nous manque quelques précisions. Répondez au plus tard le {echeance}."),
    ),
    (
        TextKind.COMPLEMENT,
        N_("Pièces à joindre"),
        N_("Merci pour votre dossier. Il manque une pièce ou elle n’est pas lisible. Joignez-la au plus tard le {echeance}."),
    ),
)


class ReadyText(msgspec.Struct, frozen=True):
    """A text to take up. `key`: its id, or its place among those of the house; `version`: 0 for those, which do not change."""

    key: str
    kind: str
    title: str
    text: str
    version: int = 0
    id: UUID | None = None


class Filling(msgspec.Struct, frozen=True):
    """What stands for {projet}, {appel} and {echeance}."""

    projet: str
    appel: str
    echeance: str


def house_texts() -> list[ReadyText]:
    """The texts that come with the product, in the reader's language."""
    return [ReadyText(f"house-{place}", kind.value, _(title), _(text)) for place, (kind, title, text) in enumerate(HOUSE)]


def filled_text(text: str, filling: Filling) -> str:
    """The text with its placeholders filled; any other brace stays as it was written."""
    for name in PLACEHOLDERS:
        text = text.replace("{" + name + "}", getattr(filling, name))
    return text


def filled_texts(texts: list[ReadyText], filling: Mapping[str, Filling]) -> list[ReadyText]:
    """Every text as it would be sent; `filling` by kind."""
    return [msgspec.structs.replace(one, text=filled_text(one.text, filling[one.kind])) for one in texts]


def taken(texts: list[ReadyText], key: str) -> str:
    """The words of the text of that key; nothing when there is none."""
    return next((one.text for one in texts if one.key == key), "")
