"""What many projects of the story go through, in the same order."""

from __future__ import annotations

from incubator.demo.milestones import Progress
from incubator.demo.stage import Stage
from incubator.progress.tables import GateOutcome

PRE, INC = "pre_incubation", "incubation"
PRE_CODES = ("L1", "L2", "L3", "L4", "L5", "L6", "L8")
INC_CODES = ("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I9", "I11")
FAVOURABLE = "L’équipe a fait ce qu’elle avait dit. Je donne un avis favorable, avec un point d’attention sur la trésorerie."
PASSED = "Le dossier est complet, l’avis de l’accompagnateur est favorable : la commission valide le passage."
INTRODUCTION = (
    "Vous portez à plusieurs une réponse nouvelle à un besoin mal couvert en Centre-Val de Loire ? Nous vous accompagnons"
    " gratuitement, de l’idée à l’entreprise. Déposez votre candidature : une douzaine de projets seront entendus, une dizaine"
    " entreront dans la promotion.\n\nUne question ? Venez à une réunion d’information ou écrivez-nous."
)


def spread(codes: tuple[str, ...], start: int, end: int) -> dict[str, int]:
    """Those deliverables, evenly between two days."""
    step = (end - start) / (len(codes) + 1)
    return {code: round(start + step * (number + 1)) for number, code in enumerate(codes)}


def whole_pre_incubation(walk: Progress, start: int, end: int, *, back: str = "L3") -> None:
    """From the first session to a gate passed."""
    walk.diagnose(False, start + 4, low=2)
    walk.sessions(PRE, start + 8, end - 8, 15)
    walk.deliver(spread(PRE_CODES, start + 8, end - 20), back=back)
    walk.diagnose(True, end - 7, low=3)
    walk.gate(end, GateOutcome.PASS, PASSED, opinion=FAVOURABLE)


def whole_incubation(walk: Progress, start: int, end: int, *, back: str = "I3") -> None:
    """A year, then the exit review passed: the company exists."""
    walk.sessions(INC, start + 10, end - 8, 18)
    walk.deliver(spread(INC_CODES, start + 20, end - 20), back=back)
    walk.diagnose(True, end - 9, low=4)
    walk.gate(
        end, GateOutcome.PASS, "L’entreprise est immatriculée et son premier client a signé. Bonne route !", opinion=FAVOURABLE
    )


def enter(stage: Stage, key: str, *, accepted: int, signed: int) -> Progress:
    """A project takes its place and signs; its walk goes on from there."""
    walk = Progress(stage, key)
    walk.accept(accepted)
    walk.sign(signed)
    return walk
