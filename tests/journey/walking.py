"""Steps 6 to 9: places, agreements, coaching, milestones and a gate; what each one finds at home."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.journey.cast import TEN, Cast, Team
from tests.journey.selecting import RETAINED
from tests.journey.telling import expect, step, table, told

SECRET_NOTE = "Je doute du local : en parler seul à seul."
AXES = ("need", "offer", "model", "governance", "team", "territory", "impact", "funding")
LEVELS = {axis: 3 for axis in AXES}
TODAY = date.today()  # noqa: DTZ011 - what a person reads on the wall


def enrol(cast: Cast) -> None:
    """Six places are answered for; one is given back and promoted; both sides sign."""
    step(6, "Places, désistement, promotion, conventions")
    manager, teams = cast.manager, cast.teams
    page = manager.get(f"/calls/{cast.call}/cohort")
    shown = manager.send(page, "/cohort", name="Promotion du parcours", starts_on=TODAY)
    cast.cohort = shown.url.split("/cohorts/")[1].split("?")[0]
    first = teams["bricole"].holder
    first.send(first.get(f"/projects/{teams['bricole'].project}/place"), "/acceptance")
    for key in RETAINED[1:]:
        teams[key].holder.call("POST", f"/projects/{teams[key].project}/place/acceptance", status=201)
    told(f"{teams['bricole'].name} accepte par page, {len(RETAINED) - 1} autres par l’API")
    gone, promoted = teams["bocaux"], teams["croc"]
    gone.holder.call("POST", f"/projects/{gone.project}/place/refusal", {"reason": "Un autre local."}, status=201)
    cast.house.mailbox.wait(promoted.holder.email, "place")
    place = promoted.holder.read(f"/projects/{promoted.project}/place")
    expect(place["state"] == "offered", f"the first of the waiting list is offered the place: {place}")
    promoted.holder.call("POST", f"/projects/{promoted.project}/place/acceptance", status=201)
    told(f"{gone.name} se désiste ; {promoted.name}, premier de la liste d’attente, reçoit un courriel et accepte")
    full = teams["repair"].holder.call("POST", f"/projects/{teams['repair'].project}/place/acceptance", status=409)
    told(f"{teams['repair'].name} : {full['detail']}")
    _sign(cast, [teams[key] for key in ("bricole", *RETAINED[1:], "croc")])


def _sign(cast: Cast, teams: list[Team]) -> None:
    first = teams[0]
    page = first.holder.get(f"/projects/{first.project}/agreement")
    first.holder.send(page, "/agreement", agreed="on")
    for team in teams:
        address = f"/projects/{team.project}/agreement"
        body = {"text_hash": cast.manager.read(address)["text_hash"], "agreed": True}
        if team is not first:
            team.holder.call("POST", f"{address}/signatures", body, status=201)
        cast.manager.call("POST", f"{address}/signatures", body, status=201)
        place = team.holder.read(f"/projects/{team.project}/place")
        expect(place["is_signed"] and place["enrolment"], f"{team.name} is enrolled: {place}")
        team.enrolment = place["enrolment"]
    told(f"{len(teams)} conventions signées par les deux parties, {len(teams)} parcours démarrés")


def coach(cast: Cast) -> None:
    """A coach is assigned and logs a session; the private note stays private (R31, R33, R34)."""
    step(7, "Accompagnement : référent, séance, note privée")
    team = cast.teams["aines"]
    early = {"held_on": str(TODAY), "duration_minutes": 60, "kind": "phone", "done": "Appel.", "no_next_reason": "À fixer."}
    refused = cast.coach.call("POST", f"/projects/{team.project}/sessions", early, status=403)
    told(f"sans être désigné : {refused['detail']}")
    page = cast.manager.get(f"/projects/{team.project}/coaches")
    coach_id = cast.coach.read("/me")["id"]
    cast.manager.send(page, "/coaches", coach=coach_id, is_lead="on", planned_days="14")
    form = cast.coach.get(f"/projects/{team.project}/sessions/new")
    fields: dict[str, Any] = {
        "held_on": TODAY,
        "duration_minutes": 90,
        "kind": "one_to_one",
        "done": "Relecture de l’enquête.",
        "decided": "Trois profils.",
        "next_steps": "Une page par profil.",
        "private_note": SECRET_NOTE,
    }
    unsaid = cast.coach.send(form, "/sessions/new", status=422, **fields)
    expect(unsaid.says("prochaine séance"), "a session says what comes next (R33)")
    form = cast.coach.get(f"/projects/{team.project}/sessions/new")
    cast.coach.send(form, "/sessions/new", next_on=TODAY + timedelta(days=14), **fields)
    _private(cast, team)
    for key in ("sologne", "ondes", "cantine", "croc", "bricole"):
        body = {"coach": coach_id, "is_lead": True}
        cast.manager.call("POST", f"/projects/{cast.teams[key].project}/coaches", body, status=201)


def _private(cast: Cast, team: Team) -> None:
    shared, private = f"/projects/{team.project}/sessions", f"/projects/{team.project}/private-notes"
    seen = {
        "l’équipe": team.holder.get(shared),
        "une autre accompagnatrice": cast.other_coach.get(shared),
        "la page du projet": team.holder.get(f"/projects/{team.project}"),
    }
    for who, page in seen.items():
        expect(SECRET_NOTE not in page.html, f"{who} must not read the private note")
    expect(seen["l’équipe"].says("Relecture de l’enquête."), "the team reads the shared lines")
    expect(SECRET_NOTE in cast.coach.get(shared).html, "its author reads the note")
    expect(SECRET_NOTE in str(cast.manager.read(private)), "the manager reads it")
    for visitor in (team.holder, cast.other_coach):
        read = visitor.browser.get(f"/api/v1{private}", headers={"authorization": f"Bearer {visitor.token}"})
        expect(SECRET_NOTE not in read.text, f"{visitor.name} must not read the private note")
    told("séance notée ; note privée lue par son auteur et la direction seuls, page et API")


def progress(cast: Cast) -> None:
    """Deliverables come and go, the clock stops and starts, a gate refuses with its reasons, then passes (R35)."""
    step(8, "Livrables, suspension, passage")
    team, coach = cast.teams["aines"], cast.coach
    path = team.holder.get(f"/projects/{team.project}/path")
    expect(path.says("Enquête auprès des usagers", "Plan d’action"), "the path shows its milestones")
    milestones = _milestones(team)
    first, second, *others = milestones
    address = f"/enrolments/{team.enrolment}/milestones/{first['id']}"
    team.holder.send(team.holder.get(address), first["id"], finished="on", content="Quatre mois, quatre chantiers.")
    coach.send(coach.get(address), "/review", verdict="validate", comment="Clair.")
    told(f"« {first['name']} » remis et validé par pages")
    _hand_in(team, second, 0)
    back = _review(cast, team, second, 1, "send_back", "Quinze entretiens, il en manque neuf.")
    expect(back["state"] == "sent_back", f"sent back: {back}")
    cast.house.mailbox.wait(team.holder.email, second["name"])
    told(f"« {second['name']} » renvoyé avec un commentaire, l’équipe reçoit un courriel")
    _pause(cast, team)
    _gate(cast, team, first, second, others)


def _milestones(team: Team) -> list[dict[str, Any]]:
    path = team.holder.read(f"/projects/{team.project}/path")
    found = next(one for one in path["enrolments"] if one["id"] == team.enrolment)
    return sorted(found["milestones"], key=lambda one: str(one["code"]))


def _hand_in(team: Team, milestone: dict[str, Any], version: int) -> dict[str, Any]:
    body = {"content": f"{milestone['name']} : voici notre travail.", "finished": True, "version": version}
    return dict(team.holder.call("PUT", f"/enrolments/{team.enrolment}/milestones/{milestone['id']}", body))


def _review(cast: Cast, team: Team, milestone: dict[str, Any], version: int, verdict: str, comment: str = "") -> dict[str, Any]:
    body = {"verdict": verdict, "comment": comment, "version": version}
    return dict(cast.coach.call("PUT", f"/enrolments/{team.enrolment}/milestones/{milestone['id']}/review", body))


def _pause(cast: Cast, team: Team) -> None:
    starts_on = str(TODAY)
    page = cast.coach.get(f"/enrolments/{team.enrolment}/suspension")
    cast.coach.send(page, "/suspension", from_on=starts_on, reason="Congé de maternité.")
    milestone = _milestones(team)[2]
    body = {"content": "Pendant la pause.", "finished": True, "version": 0}
    refused = team.holder.call("PUT", f"/enrolments/{team.enrolment}/milestones/{milestone['id']}", body, status=409)
    cast.coach.call("POST", f"/enrolments/{team.enrolment}/resumptions", status=201)
    told(f"suspendu ({refused['detail']}), puis repris")


def _gate(cast: Cast, team: Team, first: dict[str, Any], second: dict[str, Any], others: list[dict[str, Any]]) -> None:
    address = f"/enrolments/{team.enrolment}"
    review = {"outcome": "pass", "reason": "Tout est là.", "version": _version(team)}
    refused = cast.manager.call("POST", f"{address}/gate-reviews", review, status=409)
    expect(second["name"] in refused["detail"] and "avis" in refused["detail"], f"the gate says what is missing: {refused}")
    expect(first["name"] not in refused["detail"], "what is valid is not missing")
    told(f"passage refusé : {refused['detail'][:160]}…")
    handed = [(second, 2), *((one, 0) for one in others if one["is_mandatory"])]
    for milestone, version in handed:
        _hand_in(team, milestone, version)
        _review(cast, team, milestone, version + 1, "validate")
    for person in (team.holder, cast.coach):
        person.call("POST", f"{address}/diagnoses", {"moment": "gate", "levels": LEVELS}, status=201)
    cast.coach.call("POST", f"{address}/opinions", {"is_favourable": True, "text": "Prêts."}, status=201)
    page = cast.manager.get(f"{address}/gate")
    cast.manager.send(page, "/gate", outcome="pass", reason="Tout est là.")
    cast.house.mailbox.wait(team.holder.email, "incubation")
    path = team.holder.read(f"/projects/{team.project}/path")
    states = [(one["phase_name"], one["state"]) for one in path["enrolments"]]
    told(f"{len(handed)} livrables validés, deux diagnostics, un avis : passage prononcé par page → {states}")
    expect(states[-1][1] == "active" and len(states) == 2, f"incubation has started: {states}")


def _version(team: Team) -> int:
    path = team.holder.read(f"/projects/{team.project}/path")
    return int(next(one["version"] for one in path["enrolments"] if one["id"] == team.enrolment))


def look_around(cast: Cast) -> None:
    """Homes and timelines, each with what is theirs; the database and the journal are sound."""
    step(9, "Accueils, fils de vie, vérification")
    team = cast.teams["aines"]
    timeline = team.holder.get(f"/projects/{team.project}")
    expect(timeline.says(team.name) and SECRET_NOTE not in timeline.html, "the project's life, without what is private")
    entries = _whole_timeline(team)
    titles = " | ".join(entry["title"] for entry in entries)
    lived = ("Premier contact", "Candidature déposée", "Place acceptée", "Séance d’accompagnement", "Phase validée")
    expect(all(fact in titles for fact in lived), f"the timeline tells the whole life: {titles}")
    told(f"{team.name} : {len(entries)} faits sur le fil, du premier contact au passage")
    cast.other_coach.get(f"/projects/{team.project}")
    cast.teams["abri"].holder.get(f"/projects/{team.project}", status=404)
    for who, visitor in _personas(cast).items():
        page = visitor.get("/")
        awaited = visitor.read("/home")
        told(f"accueil — {who} : {_first(awaited)}")
        titles = [item["title"] for item in awaited["awaiting"]]
        expect(page.says(*titles[:3]), f"{who} reads at home what the API says: {titles[:3]}")
    due = cast.teams["aines"].holder.read("/home")["awaiting"]
    expect(due and all(item["due"] for item in due), f"an incubated team has dated work: {due}")
    _final(cast)
    told(cast.house.run("check"))


def _whole_timeline(team: Team) -> list[dict[str, Any]]:
    address = f"/projects/{team.project}/timeline"
    page = team.holder.read(address)
    entries = list(page["items"])
    while page["next"]:
        page = team.holder.read(f"{address}?after={page['next']}")
        entries += page["items"]
    return entries


def _personas(cast: Cast) -> dict[str, Any]:
    return {
        "direction": cast.manager,
        "accompagnateur": cast.coach,
        "membre du comité": cast.members[0].visitor,
        "porteuse en incubation": cast.teams["aines"].holder,
        "porteuse sur liste d’attente": cast.teams["repair"].holder,
        "équipe en retard": cast.late.holder,
    }


def _first(home: dict[str, Any]) -> str:
    awaiting = home["awaiting"]
    return f"{awaiting[0]['title']} ({len(awaiting)} en tout)" if awaiting else "rien n’attend"


def _final(cast: Cast) -> None:
    lines = []
    for key in TEN:
        team = cast.teams[key]
        page = cast.manager.browser.get(
            f"/api/v1/projects/{team.project}/place", headers={"authorization": f"Bearer {cast.manager.token}"}
        )
        place = page.json() if page.status_code == 200 else {}
        decision = cast.manager.read(f"/applications/{team.application}/decision")
        lines.append([team.name, decision["outcome"], str(place.get("state", "—")), str(place.get("phase_name", "—"))])
    told("")
    table(["projet", "décision", "place", "phase d’entrée"], lines)
    told("")
