"""Steps 4 and 5: a committee declares, scores and ranks; decisions are recorded and published."""

from __future__ import annotations

import random
import re
from typing import Any

from tests.journey.cast import QUALITY, Cast, Member, Team
from tests.journey.telling import expect, step, table, told

CODES = ("A1", "A2", "A3", "B4", "B5", "B6", "C7", "C8", "C9", "D10", "D11", "D12")
RETAINED = ("bocaux", "sologne", "aines", "ondes", "cantine")
WAITING = ("croc", "repair")
OUTCOMES = {
    "bricole": {"outcome": "retained", "phase": "incubation"},
    **{key: {"outcome": "retained", "phase": "pre_incubation"} for key in RETAINED},
    **{key: {"outcome": "waiting_list", "phase": "pre_incubation", "waiting_rank": rank} for rank, key in enumerate(WAITING, 1)},
    "tissu": {"outcome": "redirected", "orientation": "La pépinière textile de Vierzon vous attend."},
    "abri": {"outcome": "not_retained", "orientation": "Faites vérifier la sécurité incendie, puis revenez."},
}


def compose(cast: Cast) -> None:
    """Twelve members are invited, choose a password, sign in; the ten files are put before them."""
    step(4, "Douze membres du comité signent, déclarent, lisent et notent")
    manager = cast.manager
    page = manager.get(f"/calls/{cast.call}/committee")
    manager.send(page, "/committee", name="Comité de sélection")
    cast.committee = manager.read(f"/calls/{cast.call}/committee")["committee"]["id"]
    first, *others = cast.members
    seats = manager.get(f"/calls/{cast.call}/committee")
    manager.send(seats, "/seats", name=first.visitor.name, email=first.visitor.email, college=first.college)
    for member in others:
        body = {"name": member.visitor.name, "email": member.visitor.email, "college": member.college}
        manager.call("POST", f"/committees/{cast.committee}/seats", body, status=201)
    made = manager.call("POST", f"/committees/{cast.committee}/presentations", {"everything": True}, status=201)
    for member in cast.members:
        member.visitor.choose_password(cast.house.mailbox.wait(member.visitor.email, "invité").link)
    told(f"12 sièges dans 3 collèges, invités par courriel, mots de passe choisis ; {made['presented_count']} dossiers présentés")


def score(cast: Cast) -> None:
    """Sign, declare, read, score, hand in: the first member's first file by pages, the rest by the API."""
    teams = list(cast.teams.values())
    first, *others = cast.members
    _before_signing(cast, first, teams[0])
    _score_by_page(cast, first, teams[0])
    _score_all(cast, first, teams[1:])
    for member in others:
        visitor = member.visitor
        text = visitor.read(f"/committees/{cast.committee}/undertaking")
        signed = {"text_hash": text["text_hash"], "agreed": True}
        visitor.call("POST", f"/committees/{cast.committee}/undertaking", signed, status=201)
        _score_all(cast, member, teams)
    recused = [member for member in cast.members if member.conflict]
    for member in recused:
        _nothing_of(cast, member)
    told(f"{len(cast.members) * len(teams) - len(recused)} évaluations remises")


def _before_signing(cast: Cast, member: Member, team: Team) -> None:
    member.visitor.read(f"/applications/{team.application}/assessments/mine", status=404)
    member.visitor.get(f"/committees/{cast.committee}/ranking", status=404)
    told("avant signature, aucun dossier ne s’ouvre (R9) ; le classement n’existe pas pour un membre (R14)")


def _score_by_page(cast: Cast, member: Member, team: Team) -> None:
    visitor = member.visitor
    visitor.send(visitor.get(f"/committees/{cast.committee}/undertaking"), "/undertaking", agreed="on")
    declaration = visitor.get(f"/applications/{team.application}/conflict-declaration")
    expect(not declaration.says(team.sheet.said("solution")), "the file is not shown before declaring")
    visitor.send(declaration, "/conflict-declaration", interest="none")
    page = visitor.get(f"/applications/{team.application}/assessments/mine")
    expect(page.says(team.sheet.said("need"), "Besoin social"), "the file stands beside the grid with its anchors")
    half = {f"scores.{code}": 4 for code in CODES[:5]}
    saved = visitor.send(page, "/assessments/mine", **half)
    refused = visitor.send(visitor.get(page.url), "/assessments/mine", status=422, finished="on", **half)
    expect(refused.says("donnez une note de 1 à 5, ou NSP"), "handing in half is refused, kept as typed")
    marks = {f"scores.{code}": "nsp" if code == "A3" else 4 for code in CODES}
    visitor.send(visitor.get(page.url), "/assessments/mine", finished="on", comment="Dossier solide.", **marks)
    told(f"{visitor.name} : par pages, brouillon, remise à moitié refusée, puis remise — {saved.title}")


def _score_all(cast: Cast, member: Member, teams: list[Team]) -> None:
    for team in teams:
        address = f"/applications/{team.application}"
        if team.sheet.key == member.conflict:
            body = {"interest": "interest", "reason": "Un des porteurs est mon ancien associé."}
            member.visitor.call("POST", f"{address}/conflict-declaration", body, status=201)
            continue
        member.visitor.call("POST", f"{address}/conflict-declaration", {"interest": "none"}, status=201)
        member.visitor.call("PUT", f"{address}/assessments/mine", _assessment(member, team))


def _assessment(member: Member, team: Team) -> dict[str, Any]:
    dice = random.Random(f"{member.number} {team.sheet.key}")
    quality = QUALITY[team.sheet.key]
    scores = {code: str(min(5, max(1, quality + dice.choice((-1, 0, 0, 0, 1))))) for code in CODES}
    return {"scores": scores, "comment": "Lu avec attention.", "finished": True}


def _nothing_of(cast: Cast, member: Member) -> None:
    """A member in conflict sees neither the file nor anything that derives from it (R10)."""
    assert member.conflict
    team = cast.teams[member.conflict]
    files = member.visitor.get(f"/committees/{cast.committee}")
    expect(not files.says(team.name), f"{member.visitor.name} must not read {team.name} in the list")
    for path in (f"/applications/{team.application}/assessments/mine", f"/applications/{team.application}"):
        answer = member.visitor.browser.get(path)
        expect(
            answer.status_code in (404, 409) and team.sheet.said("need")[:40] not in answer.text, f"{path}: {answer.status_code}"
        )
    told(f"{member.visitor.name} s’est déporté·e de {team.name} : ni le dossier, ni son nom, ni ses notes")


def decide(cast: Cast) -> None:
    """The ranking is read, a decision recorded for each, and all are published together."""
    step(5, "Classement, décisions, publication")
    manager = cast.manager
    ranking = manager.read(f"/committees/{cast.committee}/ranking")
    lines = ranking["lines"]["items"]
    _print(lines)
    page = manager.get(f"/committees/{cast.committee}/ranking")
    expect(page.says(*(team.name for team in cast.teams.values())), "the ranking page shows the ten")
    expect([line["voices_count"] for line in lines if line["name"] in ("Tissu Commun", "Bocaux du Berry")] == [11, 11], "recused")
    for key, team in cast.teams.items():
        _record(cast, key, team, by_page=key == "bricole")
    early = cast.teams["bricole"].holder
    early.read(f"/applications/{cast.teams['bricole'].application}/decision", status=404)
    told("dix décisions enregistrées avec leurs raisons ; avant publication, rien pour les équipes")
    mailbox = cast.house.mailbox
    before = {team.name: len(mailbox.of(team.holder.email)) for team in cast.teams.values()}
    shown = manager.send(manager.get(f"/committees/{cast.committee}/ranking"), "/publication", call=cast.call)
    for team in cast.teams.values():
        mailbox.wait(team.holder.email, team.name, after=before[team.name])
        decision = team.holder.read(f"/applications/{team.application}/decision")
        expect(decision["reasons"], f"{team.name} reads the reasons")
    told(f"publiées ensemble, {len(before)} équipes ont reçu leur courriel et lisent leurs raisons — {shown.title}")


def _print(lines: list[dict[str, Any]]) -> None:
    headings = ["rang", "projet", "voix", "moyenne", "médiane", "étendue", "écart-type", "signaux"]
    told("")
    table(
        headings,
        [
            [
                str(line["position"]),
                line["name"],
                str(line["voices_count"]),
                _short(line["mean"]),
                _short(line["median"]),
                f"{_short(line['low'])} – {_short(line['high'])}",
                _short(line["deviation"]),
                ", ".join(line["flags"]),
            ]
            for line in lines
        ],
    )
    told("")


def _short(figure: str) -> str:
    return f"{float(figure):.1f}".replace(".", ",")


def _record(cast: Cast, key: str, team: Team, *, by_page: bool) -> None:
    desk = cast.manager.read(f"/applications/{team.application}/decision-desk")
    means = {code: float(mean) for code, mean in desk["deciding"]["means"].items()}
    telling = [code for code, mean in means.items() if mean >= 4 or mean < 3] or ["D12"]
    reasons = {code: "Ce critère a compté dans la délibération." for code in telling}
    address = f"/applications/{team.application}/decision"
    if by_page:
        page = cast.manager.get(address)
        fields = {f"reasons.{code}": text for code, text in reasons.items()}
        missing = cast.manager.send(page, "/decision", status=422, **OUTCOMES[key])
        expect(re.search(r"est un point (fort|faible)", missing.text), "a strong criterion needs its reason (R25)")
        cast.manager.send(cast.manager.get(address), "/decision", **OUTCOMES[key], **fields)
        told(f"{team.name} : sans raison par critère, refusé ; décision enregistrée par page")
    else:
        cast.manager.call("PUT", address, OUTCOMES[key] | {"reasons": reasons})
