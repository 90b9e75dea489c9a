"""The third cohort, now in pre-incubation: one place given back and passed on, one path late, one coach to call."""

from __future__ import annotations

from incubator.demo.campaigns import Campaign, plan_campaign, plan_rulings
from incubator.demo.cohorts import plan_cohort
from incubator.demo.committees import Panel, Verdict, plan_committee
from incubator.demo.paths import Walk
from incubator.demo.plots.steps import INTRODUCTION, PRE, enter
from incubator.demo.stage import Stage

FILES = ("aines", "ondes", "cantine", "croc", "graines", "repair", "studio")


def plan(stage: Stage, code: str, season: str) -> None:
    """From the call to the first deliverables."""
    months = stage.calendar.months
    campaign = Campaign(
        code=code,
        title=f"Appel à candidatures Alter’Incub Centre-Val de Loire — {season}",
        introduction=INTRODUCTION,
        opens=months(-5, -15),
        closes=months(-4, -10),
        notify=months(-3, -5),
        pre_incubation=5,
        incubation=1,
        deposits=FILES,
    )
    plan_campaign(stage, campaign)
    plan_rulings(stage, campaign, campaign.closes + 6)
    decided = months(-3, -12)
    plan_committee(stage, _panel(code, campaign.closes, decided))
    start = months(-2, -10)
    plan_cohort(stage, code, "Troisième promotion", created=decided + 4, starts=start)
    _given_back(stage, decided, start)
    _under_way(stage, start, decided)


def _panel(code: str, closed: int, decided: int) -> Panel:
    kept = {key: Verdict("retained", phase=PRE) for key in ("aines", "ondes", "cantine", "croc", "graines")}
    waiting = Verdict("waiting_list", phase=PRE, rank=1, conditions="Confirmer l’achat du bus.")
    redirected = Verdict(
        "redirected", orientation="Votre activité est viable sans incubation : la pépinière de Chartres vous attend."
    )
    return Panel(
        call=code,
        members=(1, 3, 5, 7, 9, 11),
        composed=closed - 12,
        presented=closed + 10,
        scored=decided - 2,
        files=FILES,
        qualities={"aines": 4.3, "ondes": 4.0, "cantine": 4.5, "croc": 3.9, "graines": 3.7, "repair": 3.6, "studio": 2.1},
        handed_in=(7, 7, 7, 7, 7, 7),
        verdicts={**kept, "repair": waiting, "studio": redirected},
        decided=decided,
        published=decided + 4,
    )


def _given_back(stage: Stage, decided: int, start: int) -> None:
    """A place accepted, then given back before signing: the first of the waiting list takes it."""
    walk = Walk(stage, "graines")
    walk.accept(decided + 7)
    walk.withdraw(
        decided + 11, "Notre atelier adapté partenaire ferme. Nous préférons revenir l’an prochain avec un projet solide."
    )
    bus = enter(stage, "repair", accepted=decided + 15, signed=start + 1)
    bus.diagnose(False, start + 8, low=2)
    bus.sessions(PRE, start + 14, 0, 15)
    bus.deliver({"L1": start + 24, "L2": -4}, waiting=("L2",))


def _under_way(stage: Stage, start: int, decided: int) -> None:
    homes = enter(stage, "aines", accepted=decided + 8, signed=start - 6)
    homes.diagnose(False, start + 3, low=2)
    homes.sessions(PRE, start + 8, 0, 14)
    homes.deliver({"L1": start + 12, "L2": -6}, back="L1", waiting=("L2",))
    radio = enter(stage, "ondes", accepted=decided + 8, signed=start - 5)
    radio.diagnose(False, start + 5, low=1)
    radio.sessions(PRE, start + 10, 0, 16)
    radio.deliver({"L1": start + 27})
    kitchen = enter(stage, "cantine", accepted=decided + 7, signed=start - 7)
    kitchen.diagnose(False, start + 2, low=3)
    kitchen.sessions(PRE, start + 6, -35, 13)
    kitchen.deliver({"L1": start + 10, "L2": start + 48, "L5": -12})
    farm = enter(stage, "croc", accepted=decided + 9, signed=start - 4)
    farm.diagnose(False, start + 7, low=2)
    farm.sessions(PRE, start + 11, 0, 15)
    farm.deliver({"L1": start + 14, "L2": -9}, back="L2", waiting=("L2",))
