"""The second cohort, now in incubation: a company, a path on time, one suspended, one late, one that gave up."""

from __future__ import annotations

from incubator.demo.campaigns import Campaign, plan_campaign, plan_rulings
from incubator.demo.cohorts import plan_cohort
from incubator.demo.committees import Panel, Verdict, plan_committee
from incubator.demo.paths import Walk
from incubator.demo.plots.steps import (
    FAVOURABLE,
    INC,
    INTRODUCTION,
    PASSED,
    PRE,
    PRE_CODES,
    enter,
    spread,
    whole_incubation,
    whole_pre_incubation,
)
from incubator.demo.stage import Stage
from incubator.progress.tables import GateOutcome

FILES = ("bocaux", "bricole", "sologne", "tissu", "eau", "abri", "velo")


def plan(stage: Stage, code: str, season: str) -> None:
    """From the call to paths still under way."""
    months = stage.calendar.months
    campaign = Campaign(
        code=code,
        title=f"Appel à candidatures Alter’Incub Centre-Val de Loire — {season}",
        introduction=INTRODUCTION,
        opens=months(-17),
        closes=months(-16),
        notify=months(-15),
        pre_incubation=4,
        incubation=1,
        deposits=FILES,
        direct=("bricole",),
    )
    plan_campaign(stage, campaign)
    plan_rulings(stage, campaign, months(-16, 6))
    decided = months(-15, -6)
    plan_committee(stage, _panel(code, months(-16), decided))
    start = months(-14)
    plan_cohort(stage, code, "Deuxième promotion", created=decided + 4, starts=start)
    Walk(stage, "eau").decline(decided + 8, "Un chantier naval de Touraine nous ouvre ses portes : laissons la place à d’autres.")
    _on_time(stage, start, decided)
    _suspended(stage, start, decided)
    _late(stage, start, decided)
    _gave_up(stage, start, decided)


def _panel(code: str, closed: int, decided: int) -> Panel:
    waiting = Verdict("waiting_list", phase=PRE, rank=1, conditions="Vérifier d’abord ce que permet la sécurité incendie.")
    refused = Verdict(
        "not_retained", orientation="Étoffez l’équipe, faites chiffrer l’abonnement par deux employeurs, et revenez."
    )
    kept = {key: Verdict("retained", phase=PRE) for key in ("bocaux", "sologne", "tissu", "eau")}
    direct = Verdict("retained", phase=INC, conditions="Signer le bail du hangar avant la convention.")
    return Panel(
        call=code,
        members=(0, 2, 4, 6, 8, 10),
        composed=closed - 12,
        presented=closed + 10,
        scored=decided - 2,
        files=FILES,
        qualities={"bricole": 4.5, "bocaux": 4.4, "sologne": 4.0, "tissu": 3.8, "eau": 3.8, "abri": 3.4, "velo": 2.7},
        handed_in=(7, 7, 7, 7, 7, 7),
        verdicts={**kept, "bricole": direct, "abri": waiting, "velo": refused},
        decided=decided,
        published=decided + 4,
    )


def _on_time(stage: Stage, start: int, decided: int) -> None:
    """The company was registered last month; the conserverie is where it should be."""
    months = stage.calendar.months
    company = enter(stage, "bricole", accepted=decided + 7, signed=start - 6)
    company.diagnose(False, start + 4, low=3)
    whole_incubation(company, start, months(-1))
    company.sessions(INC, months(-1) + 14, 0, 30)
    walk = enter(stage, "bocaux", accepted=decided + 7, signed=start - 5)
    whole_pre_incubation(walk, start, months(-10), back="L6")
    walk.sessions(INC, months(-10) + 8, 0, 15)
    walk.deliver({"I1": months(-7) - 9, "I2": months(-7) - 4, "I3": months(-4) - 8, "I4": months(-4) - 3, "I5": months(-4) - 2})
    walk.deliver({"I6": months(-1) - 4, "I7": -3}, back="I6", waiting=("I7",))


def _suspended(stage: Stage, start: int, decided: int) -> None:
    months = stage.calendar.months
    walk = enter(stage, "sologne", accepted=decided + 9, signed=start - 4)
    whole_pre_incubation(walk, start, months(-10), back="L2")
    walk.sessions(INC, months(-10) + 12, months(-1), 17)
    walk.deliver({"I1": months(-7) + 3, "I2": months(-7) - 6, "I3": months(-4) - 2, "I4": months(-4) + 1, "I5": months(-4) - 5})
    walk.suspend(months(-1) + 4, "Corentin est en congé de paternité ; l’équipe reprend à deux dans quelques semaines.")


def _late(stage: Stage, start: int, decided: int) -> None:
    """Prolonged once in pre-incubation; its business plan is two months late."""
    months = stage.calendar.months
    walk = enter(stage, "tissu", accepted=decided + 12, signed=start - 6)
    walk.diagnose(False, start + 6, low=2)
    walk.sessions(PRE, start + 10, months(-8) - 8, 15)
    walk.deliver(spread(PRE_CODES, start + 10, months(-8) - 20), back="L6")
    walk.gate(months(-10), GateOutcome.PROLONG, "Deux mois de plus pour fixer le prix de revient.", months=2)
    walk.diagnose(True, months(-8) - 7, low=3)
    walk.gate(months(-8), GateOutcome.PASS, PASSED, opinion=FAVOURABLE)
    walk.sessions(INC, months(-8) + 12, months(-1) + 9, 18)
    walk.deliver({"I1": months(-5) + 6, "I2": months(-5) + 2}, back="I1")


def _gave_up(stage: Stage, start: int, decided: int) -> None:
    """Promoted from the waiting list, then stopped by its own team."""
    months = stage.calendar.months
    walk = enter(stage, "abri", accepted=decided + 13, signed=start - 3)
    whole_pre_incubation(walk, start, months(-9), back="L4")
    walk.sessions(INC, months(-9) + 10, months(-6), 20)
    walk.deliver({"I1": months(-7)}, waiting=("I1",))
    reason = "Ottilie quitte la région et l’assurance a refusé de couvrir les nuits. L’équipe arrête, en bons termes."
    walk.gate(months(-6) + 3, GateOutcome.STOP, reason)
