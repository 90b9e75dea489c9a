"""Steps 1 to 3: a call opens, projects apply, staff pronounce."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

from incubator.demo.cast import address
from incubator.demo.papers import CVS
from tests.journey.answering import fields_of
from tests.journey.cast import Cast, Team
from tests.journey.telling import expect, step, told
from tests.journey.visitors import Visitor

OPEN_SECONDS = 8
PROGRAMME = "alter-incub-cvl"


def open_programme(cast: Cast) -> None:
    """The manager arrives by a one-time link, reads the programme, prepares a call."""
    step(1, "La direction prépare un appel")
    manager = cast.manager
    manager.choose_password(cast.house.run("create-manager", manager.email, manager.name))
    for coach in (cast.coach, cast.other_coach):
        coach.choose_password(cast.house.run("create-manager", coach.email, coach.name, "--role", "coach"))
    page = manager.get(f"/programmes/{PROGRAMME}")
    axis = "Accompagner les structures de l’ESS sur l’ensemble des phases de leur développement"
    expect(page.says(axis, "Pré-incubation", "Incubation", "Enquête auprès des usagers"), "the programme shows axis and phases")
    told(f"page du programme : axe 1, phases, jalons — {page.title}")
    cast.call = _prepare(manager)
    expect(Visitor(cast.house, "Un visiteur", "").get(f"/calls/{cast.call}", status=404), "a draft is nobody else's")
    told(f"appel {cast.call} : brouillon, introuvable pour le public")


def _prepare(manager: Visitor) -> str:
    page = manager.get("/calls/new")
    today = date.today()  # noqa: DTZ011 - a day in a form
    form = page.form("/calls/new")
    places = {"places.pre_incubation": 5, "places.incubation": 1}
    dates = {
        "opens_at": f"{today}T00:00",
        "closes_at": f"{today + timedelta(days=30)}T12:00",
        "notify_on": today + timedelta(days=60),
    }
    texts = {"title": "Appel de démonstration du parcours", "introduction": "Bienvenue."}
    shown = manager.send(page, "/calls/new", **texts, **dates, **places)
    code = form.fields["code"][0]
    expect(shown.url.endswith(f"/calls/{code}/checklist"), f"the draft leads to its checklist, not {shown.url}")
    return code


def arrive(cast: Cast) -> None:
    """Eleven people create and confirm an account, then their project."""
    step(2, "Les équipes arrivent, écrivent et déposent")
    everyone = [*cast.teams.values(), cast.late]
    for team in everyone:
        team.holder.sign_up()
    for team in everyone:
        team.holder.confirm()
    told(f"{len(everyone)} comptes créés par page et confirmés par le courriel reçu")
    first, *others = everyone
    _create_by_page(first)
    for team in others:
        body = {"name": team.name, "summary": team.sheet.said("summary"), "commune": team.sheet.commune}
        team.project = first_id(team.holder.call("POST", "/projects", body, status=201))
    _gather(cast, others[0])
    found = others[0].holder.call("GET", "/communes?q=bourges")
    expect("Bourges" in str(found), "a commune is found by part of its name")


def _gather(cast: Cast, team: Team) -> None:
    """A mate is invited, proves the address by a link (no password), and joins (R2)."""
    name = str(team.sheet.team[1][0])
    mate = team.mate = Visitor(cast.house, name, address(name, team.sheet.house))
    body = {"name": name, "email": mate.email}
    team.holder.call("POST", f"/projects/{team.project}/team/invitations", body, status=201)
    opened = mate.get(cast.house.mailbox.wait(mate.email, "rejoindre").link)
    mate.send(opened, "/invitation")
    entry = cast.house.mailbox.wait(mate.email, "connexion", after=1)
    shown = mate.send(mate.get(entry.link), "/sign-in/link/use")
    joined = mate.send(shown, "/acceptance")
    expect(joined.says(name, team.holder.name), f"the team is of two: {joined.text[:300]}")
    told(f"{team.name} : {name} invité·e par courriel, entré·e par un lien, dans l’équipe")


def _create_by_page(team: Team) -> None:
    page = team.holder.get("/projects/new")
    shown = team.holder.send(page, "/projects/new", name=team.name, summary=team.sheet.said("summary"), commune_text="45000")
    team.project = shown.url.split("/projects/")[1].split("/")[0]
    read = team.holder.read(f"/projects/{team.project}")
    expect("Loiret" in str(read) and "Orléans" in str(read), f"the commune gives its département: {read}")
    told(f"{team.name} : projet créé par page, commune trouvée par son code postal, département déduit")


def first_id(made: dict[str, str]) -> str:
    """The id of what was created."""
    return str(made["id"])


def apply(cast: Cast) -> None:
    """The call opens for a few seconds; ten deposit, the eleventh comes an instant too late."""
    manager = cast.manager
    draft = manager.read(f"/calls/{cast.call}")
    kept = ("title", "code", "introduction", "notify_on", "form", "grid", "plan", "version")
    closes_at = datetime.now(UTC) + timedelta(seconds=OPEN_SECONDS)
    body = {name: draft[name] for name in kept} | {
        "opens_at": (datetime.now(UTC) - timedelta(minutes=1)).isoformat(),
        "closes_at": closes_at.isoformat(),
        "departements": [area["code"] for area in draft["departements"]],
        "places": {place["code"]: place["places_count"] for place in draft["places"]},
    }
    manager.call("PUT", f"/calls/{cast.call}", body)
    shown = manager.send(manager.get(f"/calls/{cast.call}/checklist"), "/publication")
    told(f"appel publié, ouvert {OPEN_SECONDS} secondes — {shown.title}")
    cast.form = manager.read(f"/calls/{cast.call}/form")["definition"]
    first, *others = cast.teams.values()
    _apply_by_page(cast, first)
    for team in [*others, cast.late]:
        closes_at = _stretched(cast, closes_at)
        started = team.holder.call("POST", f"/calls/{cast.call}/applications", {"project": team.project}, status=201)
        team.application = first_id(started)
        team.holder.call("PUT", f"/applications/{team.application}/answers", {"answers": team.answers})
        for name, content in team.cvs:
            team.holder.upload(f"/applications/{team.application}", CVS, name, content)
    _agree(others[0])
    receipts = [team.holder.call("POST", f"/applications/{team.application}/deposit", {}, status=201) for team in others]
    told(f"{len(others)} dossiers par l’API, récépissés {receipts[0]['number']} à {receipts[-1]['number'][-4:]}")
    again = others[0].holder.call("POST", f"/applications/{others[0].application}/deposit", {}, status=409)
    told(f"déposer deux fois : {again['detail']}")
    _too_late(cast, closes_at)


def _agree(team: Team) -> None:
    """The deposit waits for every member (R2)."""
    assert team.mate
    address_of = f"/applications/{team.application}"
    refused = team.holder.call("POST", f"{address_of}/deposit", {}, status=409)
    team.mate.send(team.mate.get(f"{address_of}/confirmation"), "/confirmation")
    told(f"{team.name} : {refused['detail']} C’est fait.")


def _stretched(cast: Cast, closes_at: datetime) -> datetime:
    """On a slow machine the manager gives more time while the call is open, as anyone would."""
    if closes_at - datetime.now(UTC) > timedelta(seconds=OPEN_SECONDS / 2):
        return closes_at
    later = datetime.now(UTC) + timedelta(seconds=OPEN_SECONDS)
    body = {"closes_at": later.isoformat(), "reason": "Le serveur est lent ce matin."}
    cast.manager.call("POST", f"/calls/{cast.call}/extension", body)
    told(f"appel prolongé de {OPEN_SECONDS} secondes, motif journalisé")
    return later


def _apply_by_page(cast: Cast, team: Team) -> None:
    """Section by section, as a person without JavaScript."""
    holder = team.holder
    opened = holder.send(holder.get(f"/calls/{cast.call}/apply"), "/apply", project=team.project)
    team.application = opened.url.split("/applications/")[1].split("/")[0]
    for section in cast.form["sections"]:
        address = f"/applications/{team.application}/sections/{section['code']}"
        holder.send(holder.get(address), address, then="stay", **fields_of(section, team.answers))
    for name, content in team.cvs:
        holder.join(f"/applications/{team.application}/files/{CVS}", name, content)
    confirm = holder.get(f"/applications/{team.application}/deposit")
    deposited = holder.send(confirm, "/deposit")
    receipt = holder.get(f"/applications/{team.application}/receipt")
    mail = cast.house.mailbox.wait(holder.email, "reçu")
    read = holder.read(f"/applications/{team.application}")
    number = f"{cast.call}-0001"
    expect(
        receipt.says(number) and number in mail.text, f"number {number} on screen and by mail: {receipt.text[:300]} {mail.text}"
    )
    told(f"{team.name} : {len(cast.form['sections'])} sections par pages, récépissé {number} à l’écran et par courriel")
    expect(deposited.status == 200 and read["state"] == "deposited", f"deposited: {read['state']}")


def _too_late(cast: Cast, closes_at: datetime) -> None:
    time.sleep(max(0.0, (closes_at - datetime.now(UTC)).total_seconds()) + 0.05)
    late = cast.late
    refused = late.holder.call("POST", f"/applications/{late.application}/deposit", {}, status=409)
    kept = late.holder.read(f"/applications/{late.application}")
    expect(kept["answers"] and kept["state"] in ("lapsed", "draft"), "the draft is kept")
    told(f"{late.name}, un instant après la clôture : {refused['detail']}")


def pronounce(cast: Cast) -> None:
    """Staff see the rules beside the answers, ask for a complement, pronounce (R5, R6)."""
    step(3, "L’équipe du programme examine la recevabilité")
    manager = cast.manager
    queue = manager.get(f"/calls/{cast.call}/applications")
    expect(queue.says(*(team.name for team in cast.teams.values())), "the queue shows every deposit")
    first, second, *others = cast.teams.values()
    desk = manager.get(f"/applications/{first.application}/eligibility")
    expect(desk.says("E1", "E10", "Orléans"), "the rules are evaluated beside the answers")
    shown = manager.send(desk, "/eligibility", outcome="admissible")
    told(f"{first.name} : E1 à E10 évaluées à l’écran, recevable prononcé par page — {shown.title}")
    _complement(cast, second)
    for team in [second, *others]:
        manager.call("POST", f"/applications/{team.application}/eligibility-ruling", {"outcome": "admissible"}, status=201)
    states = {team.holder.read(f"/applications/{team.application}")["state"] for team in cast.teams.values()}
    expect(states == {"admissible"}, f"ten admissible: {states}")
    told("dix dossiers recevables")


def _complement(cast: Cast, team: Team) -> None:
    page = cast.manager.get(f"/applications/{team.application}/complement")
    cast.manager.send(page, "/complement", message="Dites qui paie les bocaux perdus.", questions=["6.1"])
    cast.house.mailbox.wait(team.holder.email, "compl")
    versions = team.holder.read(f"/applications/{team.application}")["versions"]
    version = versions["6.1"]
    frozen = {"answers": {"3.1": "Autre chose"}, "versions": {"3.1": 1}}
    refused = team.holder.call("PUT", f"/applications/{team.application}/answers", frozen, status=422)
    answer = team.answers["6.1"] + " La casse, deux pour cent, est comptée dans le prix."
    body = {"answers": {"6.1": answer}, "versions": {"6.1": version}}
    team.holder.call("PUT", f"/applications/{team.application}/answers", body)
    receipt = team.holder.call("POST", f"/applications/{team.application}/complement-answer", {}, status=201)
    told(f"{team.name} : complément demandé, reste gelé ({refused['errors']['3.1']}), second récépissé {receipt['number']}")
