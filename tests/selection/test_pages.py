"""Pages of the committee, through the whole application, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from incubator.core.database import value
from incubator.people.queries import Person
from incubator.selection.tables import College
from tests.selection.world import CANARY, RESERVED_CANARY, Candidate, Scene, a_candidate, a_closed_call
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.selection import a_committee, decided, declared, scored, sit

pytestmark = pytest.mark.usefixtures("db")
CANARIES = ("Canari de commentaire 9d1c", "Canari de critère 51ee", "Canari de motif 0b7a")
SignedIn = Callable[[Person], Any]


def mine(candidate: Candidate) -> str:
    return f"/applications/{candidate.application}/assessments/mine"


async def test_a_manager_composes_a_committee_from_its_first_page(db: None, signed_in: SignedIn) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    candidate = await a_candidate(world, call)
    browser = await signed_in(await a_manager(world.programme))
    address = f"/calls/{call.code}/committee"
    assert "Créer le comité" in (await browser.get(address)).text
    assert (await browser.send_form(address, name="Comité d’hiver")).headers["location"] == address
    committee = await value("SELECT id FROM committee")
    seats = f"/committees/{committee}/seats"
    assert (await browser.send_form(seats, name="Ana", email="ana@exemple.fr", college="ess")).status_code == 303
    wrong = await browser.send_form(seats, name="", email="pas une adresse", college="martien")
    assert wrong.status_code == 422
    assert "pas une adresse" in wrong.text
    told = await browser.send_form(f"/committees/{committee}/presentations", everything="on")
    assert told.headers["location"] == address
    page = (await browser.get(address)).text
    assert "1 dossier est devant le comité." in page
    assert "Ana" in page
    assert await value("SELECT application FROM presentation") == candidate.application
    seat = await value("SELECT id FROM seat")
    assert (await browser.send_form(f"/seats/{seat}/end")).status_code == 303
    assert "Siège terminé" in (await browser.get(address)).text


async def test_a_member_signs_declares_scores_and_hands_in(scene: Scene, signed_in: SignedIn) -> None:
    """The whole evening of a juror, by forms alone."""
    member = await someone("Juré Nouveau")
    await sit(scene.sitting.id, member, College.ESS, by=scene.sitting.manager, signed=False)
    browser = await signed_in(member)
    home = f"/committees/{scene.sitting.id}"
    asked = await browser.get(home)
    assert asked.headers["location"] == f"{home}/undertaking"
    page = (await browser.get(f"{home}/undertaking")).text
    shown = page.split('name="text_hash" value="')[1].split('"')[0]
    assert (await browser.send_form(f"{home}/undertaking", text_hash=shown)).status_code == 422
    signed = await browser.send_form(f"{home}/undertaking", text_hash=shown, agreed="on")
    assert signed.headers["location"] == home
    files = (await browser.get(home)).text
    assert "Ouvrir le prochain dossier" in files
    assert CANARY not in files

    declaration = f"/applications/{scene.first.application}/conflict-declaration"
    assert (await browser.get(mine(scene.first))).headers["location"] == declaration
    before = (await browser.get(declaration)).text
    assert "Roule Sologne" in before
    assert CANARY not in before
    assert (await browser.send_form(declaration, interest="none")).headers["location"] == mine(scene.first)

    opened = (await browser.get(mine(scene.first))).text
    assert CANARY in opened
    assert RESERVED_CANARY not in opened  # R12
    assert RESERVED_CANARY not in (await browser.get(f"/api/v1{mine(scene.first)}")).text
    assert "Démontré, chiffré, partagé par les acteurs locaux" in opened
    saved = await browser.send_form(
        mine(scene.first), version=0, comment="Brouillon", **{"scores.A1": "4", "comments.A1": "Bien", "comments.B4": "Revoir"}
    )
    assert saved.headers["location"] == mine(scene.first)
    again = (await browser.get(mine(scene.first))).text
    assert all(text in again for text in ("Brouillon", "Bien", "Revoir"))
    assert again.count(" checked>") == 1

    missing = await browser.send_form(mine(scene.first), version=1, finished="on", comment="Gardé", **{"scores.A1": "5"})
    assert missing.status_code == 422
    assert "A2 : donnez une note de 1 à 5, ou NSP." in missing.text
    assert "Gardé" in missing.text
    marks = {f"scores.{one.code}": "5" for one in scene.sitting.criteria} | {"scores.A2": "nsp"}
    handed = await browser.send_form(mine(scene.first), version=1, finished="on", comment="Très solide", **marks)
    assert handed.headers["location"] == mine(scene.first)
    after = (await browser.get(mine(scene.first))).text
    assert "Moyenne du comité" in after
    assert "Dossier suivant" in after
    assert (await browser.send_form(mine(scene.first), version=2, **marks)).status_code == 409


@pytest.mark.parametrize("typed", ["NaN", "inf", "4,5", "6", "0", "-1", "٣", "1e0", "NSP", "04", "5.0", "five"])
async def test_off_the_scale_is_refused_and_nothing_is_written(scene: Scene, signed_in: SignedIn, typed: str) -> None:
    """D04."""
    member = scene.sitting.members[0]
    await declared(scene.first.application, member)
    browser = await signed_in(member)
    refused = await browser.send_form(mine(scene.first), version=0, **{"scores.A1": typed})
    assert refused.status_code == 422
    assert await value("SELECT count(*) FROM assessment") == 0


async def test_no_score_of_others_shows_before_handing_in(scene: Scene, signed_in: SignedIn) -> None:
    """R14: neither figures, nor flags, nor how many voices."""
    first, second = scene.sitting.members[:2]
    await scored(scene.first.application, second, 1, comment=CANARIES[0], comments={"A1": CANARIES[1]})
    await declared(scene.first.application, first)
    browser = await signed_in(first)
    page = (await browser.get(mine(scene.first))).text
    assert "Moyenne du comité" not in page
    assert "Voix remises" not in page
    for address in (mine(scene.first), f"/committees/{scene.sitting.id}"):
        text = (await browser.get(address)).text
        assert not any(canary in text for canary in CANARIES)
    answer = (await browser.get(f"/api/v1{mine(scene.first)}")).json()
    assert answer["spread"] is None
    await scored(scene.first.application, first, 5)
    assert (await browser.get(f"/api/v1{mine(scene.first)}")).json()["spread"]["count"] == 2
    handed_in = (await browser.get(mine(scene.first))).text
    assert not any(canary in handed_in for canary in CANARIES)


async def test_a_member_in_conflict_finds_nothing_anywhere(scene: Scene, signed_in: SignedIn) -> None:
    """R10: by page and by program, like an application that does not exist."""
    member = scene.sitting.members[0]
    browser = await signed_in(member)
    told = await browser.send_form(
        f"/applications/{scene.first.application}/conflict-declaration", interest="interest", reason=CANARIES[2]
    )
    assert told.headers["location"] == f"/committees/{scene.sitting.id}"
    page = (await browser.get(f"/committees/{scene.sitting.id}")).text
    assert "Vous vous êtes déporté·e" in page
    assert "Roule Sologne" not in page
    assert str(scene.first.application) not in page
    listed = (await browser.get(f"/api/v1/committees/{scene.sitting.id}/files")).text
    assert str(scene.first.application) not in listed
    assert "Roule Sologne" not in listed
    ghost = scene.sitting.id
    for path in ("assessments/mine", "conflict-declaration", "assessments", "decision"):
        hidden = await browser.get(f"/applications/{scene.first.application}/{path}")
        absent = await browser.get(f"/applications/{ghost}/{path}")
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert (await browser.get(f"/api/v1/applications/{scene.first.application}/{path}")).status_code == 404
    assert (await browser.send_form(mine(scene.first), version=0)).status_code == 404


async def test_nobody_else_reads_a_comment(scene: Scene, signed_in: SignedIn) -> None:
    """What members write stays with the manager: canaries in every response of every other persona."""
    first, second, third = scene.sitting.members
    await scored(scene.first.application, first, 4, comment=CANARIES[0], comments={"A1": CANARIES[1]})
    await declared(scene.first.application, second, interest=True, reason=CANARIES[2])
    await decided(scene.first.application, by=scene.sitting.manager)
    await decided(scene.second.application, by=scene.sitting.manager, rank=1)
    unsigned = await someone("Ugo Pas-Signé")
    await sit(scene.sitting.id, unsigned, College.ESS, by=scene.sitting.manager, signed=False)
    other = await a_committee(await a_closed_call(scene.world))
    application, committee = scene.first.application, scene.sitting.id
    addresses = [
        f"/applications/{application}/assessments/mine",
        f"/applications/{application}/assessments",
        f"/applications/{application}/conflict-declaration",
        f"/applications/{application}/decision",
        f"/committees/{committee}",
        f"/committees/{committee}/ranking",
        f"/committees/{committee}/assessments.csv",
        f"/api/v1/applications/{application}/assessments/mine",
        f"/api/v1/applications/{application}/assessments",
        f"/api/v1/applications/{application}/decision",
        f"/api/v1/applications/{application}/decision-desk",
        f"/api/v1/committees/{committee}/ranking",
        f"/api/v1/committees/{committee}/files",
        f"/api/v1/calls/{scene.call.code}/committee",
    ]
    personas = [second, third, unsigned, other.members[0], scene.first.holder, scene.second.holder, await someone()]
    personas += [await a_coach(scene.world.programme), await an_instructor(scene.world.programme)]
    for persona in personas:
        browser = await signed_in(persona)
        for address in addresses:
            answer = await browser.get(address)
            assert not any(canary in answer.text for canary in CANARIES), (persona.name, address)
            assert answer.status_code < 500
    for hidden in (unsigned, other.members[0], scene.first.holder, await a_coach(scene.world.programme)):
        browser = await signed_in(hidden)
        for address in (addresses[0], addresses[7], addresses[2], addresses[3]):
            assert (await browser.get(address)).status_code == 404, (hidden.name, address)
    manager = await signed_in(scene.sitting.manager)
    seen = (await manager.get(f"/applications/{application}/assessments")).text
    assert all(canary in seen for canary in CANARIES)


async def test_a_second_tab_gets_both_texts(scene: Scene, signed_in: SignedIn) -> None:
    member = scene.sitting.members[0]
    await scored(scene.first.application, member, finished=False, comment="Premier onglet")
    browser = await signed_in(member)
    told = await browser.send_form(mine(scene.first), version=0, comment="Second onglet", **{"scores.A1": "1"})
    assert told.status_code == 409
    assert "Premier onglet" in told.text
    assert "Second onglet" in told.text
    assert 'name="version" value="1"' in told.text


async def test_the_manager_ranks_decides_and_publishes(scene: Scene, signed_in: SignedIn) -> None:
    for member in scene.sitting.members:
        await scored(scene.first.application, member, 4, given={"B6": 1})
    manager = await signed_in(scene.sitting.manager)
    ranking = f"/committees/{scene.sitting.id}/ranking"
    page = (await manager.get(ranking)).text
    assert page.index("Roule Sologne") < page.index("Nuit’Abri")
    assert "Point bloquant B6" in page
    assert "Favorable" in page
    assert "Sans décision" in page
    assert (await manager.get(f"/applications/{scene.first.application}/assessments")).status_code == 200

    address = f"/applications/{scene.first.application}/decision"
    form = (await manager.get(address)).text
    assert "Point faible : 1 sur 5" in form
    lacking = await manager.send_form(address, version=0, outcome="retained", phase="pre_incubation", **{"reasons.A1": "Gardée"})
    assert lacking.status_code == 422
    assert "B6 est un point faible : donnez-en la raison." in lacking.text
    assert "Gardée" in lacking.text
    reasons = {f"reasons.{one.code}": f"Raison {one.code}" for one in scene.sitting.criteria}
    kept = await manager.send_form(address, version=0, outcome="retained", phase="pre_incubation", **reasons)
    assert kept.headers["location"] == address
    team = await signed_in(scene.first.holder)
    assert (await team.get(address)).status_code == 404

    other = f"/applications/{scene.second.application}/decision"
    refusal = {"outcome": "not_retained", "phase": "", "orientation": "Voir le DLA.", "reasons.A1": "Trop tôt."}
    assert "Quorum non atteint" in (await manager.get(other)).text
    assert (await manager.send_form(other, version=0, **refusal)).status_code == 422
    assert (await manager.send_form(other, version=0, no_quorum_reason="Peu de voix.", **refusal)).status_code == 303

    assert 'name="call"' in (await manager.get(ranking)).text
    assert (await manager.send_form(f"/committees/{scene.sitting.id}/publication", call="non")).status_code == 422
    done = await manager.send_form(f"/committees/{scene.sitting.id}/publication", call=scene.call.code)
    assert done.headers["location"] == ranking
    twice = await manager.send_form(f"/committees/{scene.sitting.id}/publication", call=scene.call.code)
    assert twice.status_code == 409
    assert "déjà publiées" in twice.text

    result = (await team.get(address)).text
    assert "Votre projet est retenu" in result
    assert "Raison B6" in result
    assert (await (await signed_in(scene.second.holder)).get(address)).status_code == 404
    assert "ne change plus" in (await manager.get(address)).text


async def test_the_part_for_another_page_is_a_fragment(scene: Scene, signed_in: SignedIn) -> None:
    manager = await signed_in(scene.sitting.manager)
    address = f"/applications/{scene.first.application}/assessments"
    part = (await manager.get(address, headers={"HX-Request": "true"})).text
    assert "<html" not in part
    assert "Notes par critère" in part
