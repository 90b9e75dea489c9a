"""What goes on now: a call being scored, and a call open."""

from __future__ import annotations

from incubator.demo.campaigns import Campaign, plan_answer, plan_campaign, plan_complement, plan_rulings
from incubator.demo.committees import Panel, plan_committee, words
from incubator.demo.plots.steps import INTRODUCTION
from incubator.demo.stage import Stage
from incubator.demo.teams import question

MAUD, JOCELYN = 5, 10  # places in `cast.MEMBERS`
ANSWERED = (
    "Deux associations portent le besoin avec nous. Faut-il les citer ici ou dans les partenaires ?",
    "Citez ici ce qu’elles vous ont appris du besoin, et dans les partenaires ce qu’elles apportent au projet.",
)
ASKED = "Notre plan de financement commence en mars. Faut-il quand même remplir l’année civile entière ?"
SCORED = ("lessive", "chaleur", "soins", "bois", "mots", "gouters", "terre", "acte")


def plan_scoring(stage: Stage, code: str, season: str) -> None:
    """Closed four weeks ago; ten deposits, eight before a committee of twelve, two conflicts of interest."""
    campaign = Campaign(
        code=code,
        title=f"Appel à candidatures Alter’Incub Centre-Val de Loire — {season}",
        introduction=INTRODUCTION,
        opens=-70,
        closes=-28,
        notify=20,
        pre_incubation=5,
        incubation=1,
        deposits=(*SCORED, "sens", "pedale"),
        direct=("chaleur",),
    )
    plan_campaign(stage, campaign)
    plan_complement(stage, campaign, "acte", -25, ["6.1"], "Précisez qui paie le démontage, et combien.")
    answer = "Les théâtres paient 320 euros par démontage, moins que la benne. La location couvre l’entrepôt dès cent décors."
    plan_answer(stage, campaign, "acte", -21, {"6.1": answer})
    message = "Votre équipe compte une seule personne. Dites comment vous comptez la réunir, et avec qui."
    plan_complement(stage, campaign, "sens", -8, ["2.3", "5.2"], message)
    outside = (
        "Le projet s’implante dans la Nièvre, hors des six départements de l’appel. Nous vous orientons vers la branche voisine."
    )
    plan_rulings(stage, campaign, -17, refused={"pedale": outside}, but=("sens",))
    plan_committee(stage, _panel(code))


def _panel(code: str) -> Panel:
    return Panel(
        call=code,
        members=tuple(range(12)),
        composed=-22,
        presented=-14,
        scored=0,
        files=SCORED,
        qualities={
            "lessive": 4.4,
            "chaleur": 4.1,
            "soins": 4.3,
            "bois": 3.8,
            "mots": 3.6,
            "gouters": 3.2,
            "terre": 3.9,
            "acte": 2.8,
        },
        handed_in=(8, 8, 7, 6, 8, 7, 8, 4, 6, 3, 5, 0),
        divisive=("terre", "gouters"),
        interests={(MAUD, "lessive"): words()["conflict"], (JOCELYN, "bois"): words()["kinship"]},
    )


def plan_open_call(stage: Stage, code: str, season: str) -> None:
    """Open for three weeks and five more: two deposits already, two drafts; a team refused last year is back."""
    campaign = Campaign(
        code=code,
        title=f"Appel à candidatures Alter’Incub Centre-Val de Loire — {season}",
        introduction=INTRODUCTION,
        opens=-21,
        closes=35,
        notify=80,
        pre_incubation=10,
        incubation=2,
        deposits=("velo", "halte"),
        drafts=("cousines", "marmite"),
    )
    plan_campaign(stage, campaign)
    stage.on(-6, question(stage, code, "cousines", "S2", ANSWERED[0], answer=ANSWERED[1]), 14, 20)
    stage.on(-1, question(stage, code, "marmite", "S6", ASKED), 15, 5)
