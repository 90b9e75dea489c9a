"""The path of a project in a real browser, by mouse and keyboard: from a call to a validated milestone.

On a desk the nine steps are played in order by one project. Time is the only thing nobody does by a page: once the dossier is
deposited the closing of the call is moved to now in the database, as if its thirty days had gone by. On a phone, those who
live on theirs do their part: a team applies, a member scores, a coach logs a session."""

from __future__ import annotations

from datetime import date, timedelta

import asyncpg
from playwright.async_api import expect

from incubator.demo.story import SIGN_INS
from tests.browser.applying import SHEET, arrive, create_and_apply
from tests.browser.conftest import Enter, Story
from tests.browser.people import Screen
from tests.browser.scoring import VOICE, declare_nothing, give_marks, sign_undertaking
from tests.browser.walking import PHONE

TODAY = date.today()  # noqa: DTZ011 - a day in a form
MANAGER, COACH = SIGN_INS["Responsable du programme"], SIGN_INS["Accompagnateur"]
OTHER_VOICE = SIGN_INS["Membre du comité, qui n’a rien signé"]
RECUSED = SIGN_INS["Membre du comité, avec un intérêt"]
NAME = "La Bricole du Loiret"
SECRET = "Je doute du local : en parler seul à seul."


async def test_the_nine_steps_on_a_desk(story: Story, enter: Enter) -> None:
    manager = Screen(story.address, await enter(MANAGER))
    call = await open_a_call(manager)
    team = await arrive(story, enter, "Garance Thibaudeau", "garance@bricole-du-loiret.example")
    await create_and_apply(team, f"/calls/{call}", NAME)
    application = await team.id_after("applications")
    project = await deposit(team, call)
    await close(story, call)
    await pronounce(manager, call)
    await compose(manager, call)
    for email, mark in ((VOICE, 4), (OTHER_VOICE, 5)):
        await score(Screen(story.address, await enter(email)), mark)
    await step_aside(Screen(story.address, await enter(RECUSED)), application)
    await decide(manager, call)
    await enrol(manager, team)
    await assign(manager)
    coach = Screen(story.address, await enter(COACH))
    await log_session(coach, project)
    await keep_private(team, manager, project)
    await submit_and_validate(team, coach, project)
    await look_around(team, project)


async def open_a_call(manager: Screen) -> str:
    """Step 1: a call with real dates and places, published; its code."""
    await manager.go("/")
    await manager.press("Appels")
    await manager.press("Préparer un appel")
    await manager.write(
        title="Appel à candidatures du journal de bord",
        introduction="Un appel pour apprendre, de la candidature au premier jalon.",
        opens_at=f"{TODAY - timedelta(days=1)}T08:00",
        closes_at=f"{TODAY + timedelta(days=30)}T23:59",
        notify_on=TODAY + timedelta(days=60),
        places__pre_incubation=2,
        places__incubation=1,
    )
    await manager.press("Enregistrer le brouillon")
    await manager.press("Publier cet appel")
    await manager.reads("Voir les candidatures")
    return await manager.id_after("calls")


async def deposit(team: Screen, call: str) -> str:
    """One more look, one button, and a receipt; the project's id."""
    await team.press("Relire et déposer")
    await team.reads("tel que le comité le lira")
    await team.press("Déposer la candidature", within="#deposit")
    await team.is_at("/receipt")
    await team.reads(f"{call}-0001", "Empreinte (SHA-256)")
    await team.press("Voir la vie du projet")
    return await team.id_after("projects")


async def close(story: Story, call: str) -> None:
    """A month goes by."""
    connection = await asyncpg.connect(story.dsn)
    await connection.execute("UPDATE call SET closes_at = now() WHERE code = $1", call)
    await connection.close()


async def pronounce(manager: Screen, call: str) -> None:
    """Step 3: the queue, the rules beside the answers, eligible."""
    await manager.go(f"/calls/{call}")
    await manager.press("Voir les candidatures")
    await manager.press(NAME)
    await manager.reads("E1", "E10", SHEET.said("need")[:60])
    await manager.press("Recevable")
    await manager.reads("prononcé par")


async def compose(manager: Screen, call: str) -> None:
    """Step 4, before: three seats in two colleges, the dossier put before them."""
    await manager.go(f"/calls/{call}")
    await manager.press("Comité de sélection")
    await manager.write(name="Comité du journal de bord")
    await manager.press("Créer le comité")
    colleges = await manager.page.eval_on_selector_all("[name=college] option", "all => all.map(one => one.value)")
    for email, college in zip((VOICE, OTHER_VOICE, RECUSED), (colleges[0], colleges[1], colleges[0]), strict=True):
        await manager.write(name=email.split("@")[0], email=email, college=college)
        await manager.press("Donner le siège")
    await manager.press("Présenter tous les dossiers recevables")
    await manager.reads("1 dossier est devant le comité.")


async def score(member: Screen, mark: int) -> None:
    """Step 4: sign, declare nothing, read, score with one NSP, save, hand in."""
    await member.go("/")
    await member.press("Comité du journal de bord")
    await expect(member.page.get_by_role("link", name=NAME)).to_have_count(0)
    await sign_undertaking(member)
    await member.press(NAME)
    await declare_nothing(member)
    await member.reads(SHEET.said("need")[:60])
    await give_marks(member, mark)


async def step_aside(member: Screen, application: str) -> None:
    """A member in conflict never sees the dossier."""
    await member.go("/")
    await member.press("Comité du journal de bord")
    await expect(member.page.get_by_role("link", name=NAME)).to_have_count(0)
    await sign_undertaking(member)
    await member.press(NAME)
    await member.page.check("[name=interest][value=interest]")
    await member.write(reason="J’ai travaillé avec cette équipe.")
    await member.press("Enregistrer ma déclaration")
    await member.reads("Vous vous êtes déporté·e")
    await expect(member.page.get_by_text(NAME)).to_have_count(0)
    answer = await member.page.goto(f"{member.site}/applications/{application}")
    assert answer is not None
    assert answer.status == 404


async def decide(manager: Screen, call: str) -> None:
    """Step 5: the ranking, a decision with its reasons, publication."""
    await manager.press("Voir le classement")
    await manager.reads(NAME, "Moyenne", "Médiane")
    await manager.press(f"Décider : {NAME}")
    await manager.page.check("[name=outcome][value=retained]")
    await manager.write(phase="incubation")
    for field in await manager.page.locator('textarea[name^="reasons."][required]').all():
        await field.fill("Le comité l’a souligné.")
    await manager.press("Enregistrer la décision")
    await manager.press("Classement")
    await manager.write(call=call)
    await manager.press("Publier les décisions", within="#publication")
    await manager.reads("Décisions publiées")


async def enrol(manager: Screen, team: Screen) -> None:
    """Step 6: the cohort is made, the place accepted, the agreement signed by both."""
    await manager.go("/")
    await manager.press("Créez la promotion")
    await manager.write(name="Promotion du journal de bord", starts_on=TODAY + timedelta(days=1))
    await manager.press("Créer la promotion")
    await manager.reads(NAME)
    await team.go("/")
    await team.press(f"Répondez pour votre place : {NAME}")
    await team.press("Accepter la place")
    for side, awaited in (
        (team, f"Signez la convention : {NAME}"),
        (manager, f"Signez la convention pour le programme : {NAME}"),
    ):
        await side.go("/")
        await side.press(awaited)
        await side.page.locator("[name=agreed]").check()
        await side.press("Signer", within="form")
    await manager.reads("Signée par les deux parties")


async def assign(manager: Screen) -> None:
    """Step 7: who accompanies."""
    await manager.go("/")
    await manager.press(f"Désignez qui accompagne {NAME}")
    await manager.page.get_by_label("Thibault Ferrand").check()
    await manager.write(is_lead=True, planned_days=14)
    await manager.press("Désigner")
    await manager.reads("Référent·e")


async def log_session(coach: Screen, project: str) -> None:
    """Step 7: one small form, and a note for oneself."""
    await coach.go(f"/projects/{project}/sessions")
    await coach.press("Noter une séance")
    await coach.write(
        held_on=TODAY,
        duration_minutes=90,
        kind="one_to_one",
        done="Relecture de l’étude de marché.",
        decided="Deux profils d’usagers.",
        next_on=TODAY + timedelta(days=14),
        private_note=SECRET,
    )
    await coach.press("Noter la séance")
    await coach.reads("Relecture de l’étude de marché.", SECRET)


async def keep_private(team: Screen, manager: Screen, project: str) -> None:
    """R34: the team reads the minutes, never the note; the manager reads both."""
    await team.go(f"/projects/{project}/sessions")
    await team.reads("Relecture de l’étude de marché.")
    assert SECRET not in await team.page.content()
    await manager.go(f"/projects/{project}/sessions")
    await manager.reads(SECRET)


async def submit_and_validate(team: Screen, coach: Screen, project: str) -> None:
    """Step 8: the first deliverable of the path, handed in then validated."""
    await team.go(f"/projects/{project}/path")
    name = await team.page.locator("tbody th a").first.inner_text()
    await team.press(name)
    await team.write(content="Trois ans, trois scénarios.")
    await team.press("Remettre")
    await coach.go("/")
    await coach.press(f"Relisez le livrable « {name} »")
    await coach.reads("Trois ans, trois scénarios.")
    await coach.write(comment="Clair.")
    await coach.press("Valider")
    await team.go(f"/projects/{project}/path")
    await expect(team.page.locator("tbody tr").first).to_contain_text("Validé")


async def look_around(team: Screen, project: str) -> None:
    """Step 9: home says what awaits, the project page tells its life."""
    await team.go("/")
    await team.reads("Ce qui vous attend", NAME)
    await team.press(NAME)
    await team.is_at(f"/projects/{project}")
    await team.reads("Candidature déposée", "Décision rendue", "Convention signée", "Séance d’accompagnement", "Livrable validé")
    assert SECRET not in await team.page.content()


async def test_a_team_applies_on_a_phone(story: Story, enter: Enter) -> None:
    team = await arrive(story, enter, "Yvon Le Goff", "yvon@phare-mobile.example", viewport=PHONE, has_touch=True)
    await team.press("Déposer une candidature")
    await create_and_apply(team, team.page.url.removeprefix(story.address).removesuffix("/apply"), "Le Phare mobile")
    await team.press("Relire et déposer")
    await team.press("Déposer la candidature", within="#deposit")
    await team.is_at("/receipt")


async def test_a_member_scores_on_a_phone(story: Story, enter: Enter) -> None:
    member = Screen(story.address, await enter(VOICE, viewport=PHONE, has_touch=True))
    await member.press("Comité de sélection")
    await member.follow(member.page.locator("tr", has_text="Commencé").get_by_role("link"))
    await give_marks(member, 3)


async def test_a_coach_logs_a_session_on_a_phone(story: Story, enter: Enter) -> None:
    coach = Screen(story.address, await enter(COACH, viewport=PHONE, has_touch=True))
    await coach.press("Ondes de Brenne")
    project = await coach.id_after("projects")
    await log_session(coach, project)
