"""A whole application by a team of three, on two desks and a phone: through a cut line, two texts for one answer, an ended
session, to the receipt and back for a complement (R1, R2, B06, B07, B09)."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Locator, expect

from incubator.demo.story import SIGN_INS
from tests.browser.applying import answer, fill_in
from tests.browser.conftest import Enter, Story
from tests.browser.people import Screen, a_file
from tests.browser.walking import PHONE, SIDEWAYS
from tests.world.documents import a_pdf

MANAGER = SIGN_INS["Responsable du programme"]
NAME = "L’Atelier des trois rives"


@dataclass
class Team:
    """Who deposits, who writes with her, who reads first and writes later, on a phone."""

    story: Story
    garance: Screen
    oscar: Screen
    lina: Screen
    house: str = "trois-rives.example"
    with_script: bool = True
    application: str = ""
    project: str = ""

    def email(self, who: str) -> str:
        """Where someone of the team gets their mail."""
        return f"{who}@{self.house}"

    def section(self, code: str) -> str:
        """Where a section of the dossier is."""
        return f"/applications/{self.application}/sections/{code}"


def block(screen: Screen, question: str) -> Locator:
    """A question with what is said of it."""
    return screen.page.locator(f'.question[data-question="{question}"]')


async def saved(screen: Screen, question: str) -> None:
    """The page says that this answer is saved."""
    await expect(block(screen, question).locator("[data-state]")).to_contain_text("Enregistré à")


async def test_three_people_apply(story: Story, enter: Enter) -> None:
    team = Team(
        story,
        Screen(story.address, await enter()),
        Screen(story.address, await enter()),
        Screen(story.address, await enter(viewport=PHONE, has_touch=True, is_mobile=True)),
    )
    await start_before_confirming(team)
    await confirm(team)
    await invite(team, "Oscar Lemaire", "oscar", "editor", team.oscar)
    await invite(team, "Lina Haddad", "lina", "reader", team.lina)
    await a_reader_only_reads(team)
    await write_side_by_side(team)
    await write_in_one_answer(team)
    await write_in_a_tunnel(team)
    await sign_out_elsewhere(team)
    await finish(team)
    await everybody_agrees(team)
    await deposit(team)
    await complement(team, Screen(story.address, await enter(MANAGER)))


async def start_before_confirming(team: Team) -> None:
    """R1: an address and a name, and one writes."""
    me = team.garance
    await me.go("/sign-up")
    await me.write(name="Garance Lebrun", email=team.email("garance"))
    await me.press("Créer mon compte")
    await me.go("/")
    await me.press("Déposer une candidature")
    await me.write(name=NAME)
    await answer(me, "commune", "45234", with_script=team.with_script)
    await me.press("Commencer le dossier")
    team.application = await me.id_after("applications")
    await me.go(team.section("S1"))
    await me.page.locator("textarea").first.fill("Écrit avant même d’avoir confirmé.")
    if team.with_script:
        await expect(me.page.locator(".write-status")).to_contain_text("Tout est enregistré")
    else:
        await me.press("Enregistrer et rester ici")
    await me.go(f"/applications/{team.application}/deposit")
    await expect(me.found("Déposer la candidature", within="#deposit")).to_be_disabled()


async def confirm(team: Team) -> None:
    """By the link of the letter."""
    await team.garance.go(await team.story.path_in_letter(team.email("garance")))
    await team.garance.press("Confirmer mon adresse", within="form")
    await team.garance.go("/account")
    await team.garance.reads("Adresse confirmée")


async def invite(team: Team, name: str, who: str, role: str, them: Screen) -> None:
    """The letter's link, then the sign-in link it sends, then yes."""
    await team.garance.go(f"/applications/{team.application}")
    await team.garance.press("L’équipe : qui lit et complète ce dossier avec vous")
    team.project = await team.garance.id_after("projects")
    await team.garance.press("Inviter", within=".actions")
    email = team.email(who)
    await team.garance.write(email=email, name=name, role=role)
    await team.garance.press("Envoyer l’invitation")
    await team.garance.reads(name)
    await them.go(await team.story.path_in_letter(email, "/invitation"))
    await them.press("Recevoir un lien de connexion")
    await them.reads("Un courriel part")
    await them.go(await team.story.path_in_letter(email, "/sign-in/link"))
    await them.press("Me connecter")
    await them.reads("Garance Lebrun vous invite")
    await them.press("Rejoindre l’équipe")


async def a_reader_only_reads(team: Team) -> None:
    """Lina reads, then is given the pen."""
    await team.lina.go(team.section("S1"))
    await expect(team.lina.page.locator("textarea")).to_have_count(0)
    await team.garance.go(f"/projects/{team.project}/team")
    await team.garance.press("Lina Haddad")
    await team.garance.press("Permettre d’écrire")
    await team.lina.go(team.section("S1"))
    await expect(team.lina.page.locator("textarea")).not_to_have_count(0)


async def write_side_by_side(team: Team) -> None:
    """Two sections at once: each sees where the other is, and what is saved."""
    await team.garance.go(team.section("S3"))
    await team.oscar.go(team.section("S4"))
    await team.garance.page.fill("[name=q3-1]", "Des matériaux neufs partent à la benne.")
    await team.oscar.page.fill("[name=q4-1]", "Un ramassage, une fiche, un magasin.")
    await saved(team.garance, "3.1")
    await saved(team.oscar, "4.1")
    await team.garance.page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(team.garance.page.locator("#together")).to_contain_text("Oscar Lemaire est dans")


async def write_in_one_answer(team: Team) -> None:
    """B07: on her phone the second sees both texts, and chooses."""
    await team.oscar.go(team.section("S3"))
    await team.lina.go(team.section("S3"))
    await team.oscar.page.fill("[name=q3-2]", "Quatre mille foyers, dit Oscar.")
    await saved(team.oscar, "3.2")
    await team.lina.page.fill("[name=q3-2]", "Trois cents familles, dit Lina.")
    theirs = block(team.lina, "3.2").locator(".theirs")
    await expect(theirs).to_contain_text("Quatre mille foyers, dit Oscar.")
    await expect(theirs).to_contain_text("Oscar Lemaire")
    assert await team.lina.page.evaluate(SIDEWAYS) == 0
    assert await team.lina.page.input_value("[name=q3-2]") == "Trois cents familles, dit Lina."
    await team.lina.page.get_by_role("button", name="Garder mon texte").click()
    await saved(team.lina, "3.2")
    await team.lina.page.goto(f"{team.story.address}/applications/{team.application}/answers/3.2/versions")
    await team.lina.reads("Quatre mille foyers, dit Oscar.", "Trois cents familles, dit Lina.")


async def write_in_a_tunnel(team: Team) -> None:
    """The line breaks while Lina types and sends a file: both arrive when it is back."""
    lina = team.lina
    await lina.go(team.section("S3"))
    await lina.page.context.set_offline(True)
    await lina.page.fill("[name=q3-3]", "Onze bennes pesées dans un tunnel.")
    await expect(lina.page.locator(".write-status")).to_contain_text("Hors connexion")
    await lina.page.context.set_offline(False)
    await saved(lina, "3.3")
    await send_a_file(team)


async def send_a_file(team: Team) -> None:
    """Oscar's file stops with the line and goes on with it."""
    page = team.oscar.page
    await team.oscar.go(team.section("S9"))
    box = page.locator("#f-q9-5")
    content = a_pdf()[:-6] + b"%" + b"x" * 1_600_000 + b"\nstartxref\n9\n%%EOF\n"
    await page.context.set_offline(True)
    file = a_file("Lettre de la commune.pdf", content)
    await box.locator("input[type=file]").set_input_files([file])
    await expect(box).to_contain_text("La connexion est coupée")
    await expect(box.locator("progress")).to_be_visible()
    await page.context.set_offline(False)
    await expect(box.locator("[data-told]")).to_have_text("Lettre de la commune.pdf est reçu.")
    await expect(box.locator("li.file", has_text="Lettre de la commune.pdf")).to_be_visible()


async def sign_out_elsewhere(team: Team) -> None:
    """Garance signs out in another tab, writes on, signs in again by a link: her words were waiting."""
    writing = team.garance
    await writing.go(team.section("S5"))
    other = Screen(writing.site, await writing.page.context.new_page())
    await other.go("/")
    await other.page.locator(".menu summary").click()
    await other.press("Se déconnecter")
    await writing.page.fill("[name=q5-1]", "Écrit après s’être déconnectée.")
    await expect(writing.page.locator(".write-status")).to_contain_text("Vous n’êtes plus connecté·e")
    await other.go("/sign-in")
    await other.write(email=team.email("garance"))
    await other.press("Recevoir un lien")
    await other.go(await team.story.path_in_letter(team.email("garance"), "/sign-in/link"))
    await other.press("Me connecter")
    await other.page.close()
    await writing.page.evaluate("dispatchEvent(new Event('focus'))")
    await saved(writing, "5.1")
    await writing.page.reload()
    assert await writing.page.input_value("[name=q5-1]") == "Écrit après s’être déconnectée."


async def finish(team: Team) -> None:
    """From the first section to the last."""
    await team.garance.go(team.section("S1"))
    await fill_in(team.garance, with_script=team.with_script)
    await team.garance.reads("Rien ne manque")


async def everybody_agrees(team: Team) -> None:
    """R2: no deposit without each one's word."""
    deposit_page = f"/applications/{team.application}/deposit"
    await team.garance.go(deposit_page)
    await team.garance.reads("Oscar Lemaire", "Lina Haddad", "confirme sa participation")
    await expect(team.garance.found("Déposer la candidature", within="#deposit")).to_be_disabled()
    for who in (team.oscar, team.lina):
        await who.go(f"/applications/{team.application}/confirmation")
        await who.press("Je confirme faire partie de cette équipe et suis d’accord pour déposer")
        await who.reads("votre accord est noté")


async def deposit(team: Team) -> None:
    """One act; the receipt on screen, as a PDF, and for the two others too."""
    await team.garance.go(f"/applications/{team.application}")
    await team.garance.reads("Votre dossier est un brouillon")
    await team.garance.press("Relire et déposer")
    await team.garance.reads("tel que le comité le lira", "Lettre de la commune.pdf", "Onze bennes")
    await team.garance.press("Déposer la candidature", within="#deposit")
    await team.garance.is_at("/receipt")
    await team.garance.reads("Empreinte (SHA-256)", "Lettre de la commune.pdf")
    pdf = await team.garance.page.request.get(f"{team.story.address}/applications/{team.application}/receipt.pdf")
    assert (pdf.status, (await pdf.body())[:5]) == (200, b"%PDF-")
    await team.lina.go(f"/applications/{team.application}")
    await team.lina.reads("Votre dossier est déposé : il ne change plus.", "À l’équipe du programme")
    await team.lina.go(team.section("S3"))
    await expect(team.lina.page.locator("form[data-write]")).to_have_count(0)


async def complement(team: Team, manager: Screen) -> None:
    """R6: one answer asked again, the others frozen; each state told in plain words, until it is admissible."""
    here = f"/applications/{team.application}"
    await manager.go(f"{here}/complement")
    await manager.write(message="Un chiffre manque.")
    await manager.page.check("[name=questions][value='3.3']")
    await manager.press("Envoyer la demande")
    await team.garance.go(here)
    await team.garance.reads("Complément demandé", "Un chiffre manque.", "23\u202fh\u202f59")
    await team.oscar.go(team.section("S3"))
    await expect(team.oscar.page.locator(".question textarea")).to_have_count(1)
    await team.oscar.page.fill("[name=q3-3]", "Onze bennes, quarante tonnes.")
    if team.with_script:
        await saved(team.oscar, "3.3")
    else:
        await team.oscar.press("Enregistrer et rester ici")
    await team.garance.go(f"{here}/deposit")
    await team.garance.press("Envoyer le complément", within="#deposit")
    await team.garance.is_at("/receipt")
    await team.garance.go(here)
    await team.garance.reads("Complément reçu", "Votre complément est arrivé.")
    await manager.go(f"{here}/eligibility")
    await manager.reads("Onze bennes, quarante tonnes.")
    await manager.press("Recevable")
    await team.garance.go(here)
    await team.garance.reads("Votre dossier est recevable.", "comité de sélection")
