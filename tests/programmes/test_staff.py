"""Who works for a programme: invited by mail, withdrawn at once, never without a manager (A13, A14)."""

import asyncio
from datetime import timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import column, detached, transaction, value
from incubator.core.errors import Conflict, NotFound, Refused
from incubator.people import actions
from incubator.people.forms import RoleForm, SignUpForm
from incubator.people.queries import Person, person
from incubator.people.tables import Role
from tests.world.people import a_coach, a_manager, last_token, someone
from tests.world.programmes import the_programme

EMAIL = "nouvelle@exemple.fr"


class Scene:
    """A programme and its manager."""

    def __init__(self, programme, code: str, manager: Person) -> None:
        self.programme, self.code, self.manager = programme, code, manager

    @property
    def path(self) -> str:
        return f"/programmes/{self.code}/staff"

    async def offer(self, role: Role = Role.INSTRUCTOR, email: str = EMAIL) -> str:
        form = RoleForm(email=email, name="Nora", role=role)
        await actions.offer_role(self.programme, "Alter’Incub", form, by=self.manager, at=now())
        return await last_token(email, "people.role_offered")


@pytest.fixture
async def scene(db) -> Scene:
    world = await the_programme()
    code = await value("SELECT code FROM programme WHERE id = $1", world.programme)
    return Scene(world.programme, code, await a_manager(world.programme))


async def test_a_manager_invites_and_the_role_counts_once_accepted(scene, signed_in):
    manager = await signed_in(scene.manager)
    sent = await manager.send_form(scene.path, email="Nouvelle@Exemple.fr", name="Nora", role="instructor")
    assert (sent.status_code, sent.headers["location"]) == (303, scene.path)
    page = (await manager.get(scene.path)).text
    assert EMAIL in page
    assert "Invitations en attente" in page
    nora = await someone("Nora", email=EMAIL)
    token = await last_token(EMAIL, "people.role_offered")
    browser = await signed_in(nora)
    assert "Accepter" in (await browser.get(f"/role-invitation?token={token}")).text
    assert not (await person(nora.id)).is_staff
    assert (await browser.send_form("/role-invitation", token=token)).headers["location"] == "/"
    assert (await person(nora.id)).has("instructor", scene.programme)
    assert (await browser.send_form("/role-invitation", token=token)).status_code == 409
    assert {"role.offered", "role.accepted", "role.given"} <= set(await column("SELECT verb FROM journal_entry"))


async def test_only_the_proven_address_accepts(scene):
    token = await scene.offer()
    stranger = await someone()
    with pytest.raises(Refused):
        await actions.accept_role(token, by=stranger, at=now())
    claim = await actions.sign_up(SignUpForm(name="Nora", email=EMAIL), language="fr", address="192.0.2.1", at=now())
    with pytest.raises(Refused):
        await actions.accept_role(token, by=await person(claim.account), at=now())


async def test_an_offer_dies_when_taken_back_replaced_or_old(scene):
    nora = await someone(email=EMAIL)
    first = await scene.offer()
    second = await scene.offer()
    with pytest.raises(Conflict):
        await actions.accept_role(first, by=nora, at=now())
    with pytest.raises(Conflict):
        await actions.accept_role(second, by=nora, at=now() + timedelta(days=15))
    offer = await value("SELECT id FROM role_invitation WHERE revoked_at IS NULL")
    await actions.revoke_offer(offer, scene.programme, by=scene.manager, at=now())
    with pytest.raises(Conflict):
        await actions.accept_role(second, by=nora, at=now())


async def test_a_role_withdrawn_counts_at_the_next_request(scene, signed_in):
    """A13."""
    coach = await a_coach(scene.programme)
    browser, manager = await signed_in(coach), await signed_in(scene.manager)
    assert (await browser.get("/cohorts")).status_code == 200
    answer = await manager.send_form(f"{scene.path}/withdrawal", account=coach.id, role="coach")
    assert answer.headers["location"] == scene.path
    assert (await browser.get("/cohorts")).status_code == 404
    assert "role.withdrawn" in await column("SELECT verb FROM journal_entry")


async def test_no_offer_outlives_the_role_withdrawn_while_it_was_made(committed_db):
    programme = (await the_programme()).programme
    leaving, staying = await a_manager(programme), await a_manager(programme, "Une autre")
    form = RoleForm(email=EMAIL, name="Nora", role=Role.MANAGER)
    async with transaction():
        await actions.withdraw_role(leaving.id, Role.MANAGER, programme, by=staying, at=now())
        offering = detached(actions.offer_role(programme, "Alter’Incub", form, by=leaving, at=now()))
        await asyncio.wait([offering], timeout=1)
    with pytest.raises(NotFound):
        await offering
    assert await column("SELECT id FROM role_invitation") == []


async def test_a_manager_who_leaves_takes_their_offers_along(scene):
    """Nobody comes back by a letter to another of their addresses; what colleagues offered stands."""
    other = await a_manager(scene.programme, "Odile Autre")
    theirs = await scene.offer(Role.MANAGER)
    form = RoleForm(email="coach@exemple.fr", name="Carl", role=Role.COACH)
    await actions.offer_role(scene.programme, "Alter’Incub", form, by=other, at=now())
    await actions.withdraw_role(scene.manager.id, Role.MANAGER, scene.programme, by=other, at=now())
    with pytest.raises(Conflict):
        await actions.accept_role(theirs, by=await someone("Nora", email=EMAIL), at=now())
    assert await column("SELECT email FROM role_invitation WHERE revoked_at IS NULL") == ["coach@exemple.fr"]


async def test_the_last_manager_stays(scene, signed_in):
    """A14."""
    manager = await signed_in(scene.manager)
    answer = await manager.send_form(f"{scene.path}/withdrawal", account=scene.manager.id, role="manager")
    assert answer.status_code == 409
    assert "dernière personne responsable" in answer.text
    assert (await person(scene.manager.id)).manages(scene.programme)


async def test_two_managers_who_withdraw_each_other_at_once_leave_one(committed_db):
    """A14, under lock."""
    world = await the_programme()
    one, other = await a_manager(world.programme, "Une"), await a_manager(world.programme, "Autre")
    await asyncio.gather(*(value("SELECT pg_sleep(0.1)") for _ in range(4)))  # connections are open, so that they compete
    results = await asyncio.gather(
        actions.withdraw_role(other.id, Role.MANAGER, world.programme, by=one, at=now()),
        actions.withdraw_role(one.id, Role.MANAGER, world.programme, by=other, at=now()),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]


async def test_nobody_but_a_manager_of_this_programme_sees_the_page(scene, signed_in):
    for other in (await a_coach(scene.programme), await someone()):
        assert (await (await signed_in(other)).get(scene.path)).status_code == 404
    with pytest.raises(NotFound):
        await actions.withdraw_role(scene.manager.id, Role.MANAGER, scene.programme, by=await someone(), at=now())


async def test_mistakes_are_told_and_nothing_typed_is_lost(scene, signed_in):
    manager = await signed_in(scene.manager)
    answer = await manager.send_form(scene.path, email="pas une adresse", name="Nora", role="instructor")
    assert answer.status_code == 422
    assert 'value="pas une adresse"' in answer.text
    assert (await manager.send_form(scene.path, email=EMAIL, name="Nora", role="king")).status_code == 422
    assert await column("SELECT id FROM role_invitation") == []


async def test_the_page_costs_the_same_for_one_and_for_four(scene, signed_in, statements):
    manager = await signed_in(scene.manager)
    counts = []
    for _ in range(2):
        with statements() as seen:
            assert (await manager.get(scene.path)).status_code == 200
        counts.append(len(seen))
        for number in range(3):
            await a_coach(scene.programme, f"Coach {number}")
            await scene.offer(email=f"n{number}@exemple.fr")
    assert counts[0] == counts[1]
