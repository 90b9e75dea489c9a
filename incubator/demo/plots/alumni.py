"""The first cohort, two years ago: two companies created, one of them in another authority, and a project redirected."""

from __future__ import annotations

from datetime import datetime

from incubator.demo.campaigns import Campaign, plan_campaign, plan_rulings
from incubator.demo.cohorts import plan_cohort
from incubator.demo.committees import Panel, Verdict, plan_committee
from incubator.demo.plots.steps import (
    FAVOURABLE,
    INTRODUCTION,
    PASSED,
    PRE,
    PRE_CODES,
    enter,
    spread,
    whole_incubation,
    whole_pre_incubation,
)
from incubator.demo.stage import Act, Stage
from incubator.progress.tables import GateOutcome
from incubator.projects.actions import save_project
from incubator.projects.forms import ProjectForm

CHATEAUROUX = "36044"
FILES = ("halle", "argile", "relais")


def plan(stage: Stage, code: str, season: str) -> None:
    """From the call to three projects on their way and two companies."""
    months = stage.calendar.months
    campaign = Campaign(
        code=code,
        title=f"Appel à candidatures Alter’Incub Centre-Val de Loire — {season}",
        introduction=INTRODUCTION,
        opens=months(-27),
        closes=months(-26),
        notify=months(-25),
        pre_incubation=3,
        incubation=1,
        deposits=FILES,
    )
    plan_campaign(stage, campaign)
    plan_rulings(stage, campaign, months(-26, 6))
    decided = months(-25, -6)
    plan_committee(stage, _panel(code, months(-26), decided))
    start = months(-24)
    plan_cohort(stage, code, "Première promotion", created=decided + 4, starts=start)
    _halle(stage, start, decided)
    _argile(stage, start, decided)
    _relais(stage, start, decided)


def _panel(code: str, closed: int, decided: int) -> Panel:
    return Panel(
        call=code,
        members=(0, 1, 4, 5, 8, 9),
        composed=closed - 10,
        presented=closed + 10,
        scored=decided - 2,
        files=FILES,
        qualities={"halle": 4.2, "argile": 4.0, "relais": 3.5},
        handed_in=(3, 3, 3, 3, 3, 3),
        verdicts={key: Verdict("retained", phase=PRE) for key in FILES},
        decided=decided,
        published=decided + 4,
    )


def _halle(stage: Stage, start: int, decided: int) -> None:
    months = stage.calendar.months
    walk = enter(stage, "halle", accepted=decided + 7, signed=start - 6)
    whole_pre_incubation(walk, start, months(-20), back="L2")
    whole_incubation(walk, months(-20), months(-8))


def _argile(stage: Stage, start: int, decided: int) -> None:
    """Prolonged by two months, then a company registered in another authority than the one it started from."""
    months = stage.calendar.months
    walk = enter(stage, "argile", accepted=decided + 9, signed=start - 5)
    walk.diagnose(False, start + 5, low=1)
    walk.sessions(PRE, start + 9, months(-18) - 8, 16)
    walk.deliver(spread(PRE_CODES, start + 10, months(-18) - 20), back="L4")
    walk.gate(months(-20), GateOutcome.PROLONG, "Deux mois de plus pour finir les essais de matériau.", months=2)
    walk.diagnose(True, months(-18) - 7, low=3)
    walk.gate(months(-18), GateOutcome.PASS, PASSED, opinion=FAVOURABLE)
    whole_incubation(walk, months(-18), months(-6), back="I7")
    stage.on(months(-6) + 12, _move_away(stage), 14, 30)


def _move_away(stage: Stage) -> Act:
    async def act(at: datetime) -> None:
        sheet = stage.sheets["argile"]
        form = ProjectForm(name=sheet.name, version=1, summary=sheet.said("summary"), commune=CHATEAUROUX)
        await save_project(stage.projects["argile"], form, by=stage.holders["argile"], at=at)

    return act


def _relais(stage: Stage, start: int, decided: int) -> None:
    walk = enter(stage, "relais", accepted=decided + 12, signed=start - 4)
    walk.diagnose(False, start + 6, low=2)
    walk.sessions(PRE, start + 10, start + 100, 17)
    walk.deliver(spread(PRE_CODES[:3], start + 10, start + 90))
    reason = "L’enquête montre que les communes préfèrent ouvrir un service public. L’équipe les rejoint : c’est une belle issue."
    walk.gate(start + 112, GateOutcome.REDIRECT, reason, opinion="Le besoin est réel, l’entreprise n’est pas la bonne réponse.")
