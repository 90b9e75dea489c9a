"""Joining a team: an address is invited, its owner accepts or declines, eight seats at most."""

from datetime import timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, TooMany
from incubator.people.queries import person
from incubator.projects.actions import (
    accept_invitation,
    decline_invitation,
    remove_member,
    resend_invitation,
    revoke_invitation,
)
from incubator.projects.actions.invitations import LETTERS_MAX
from incubator.projects.queries import (
    invitation_by_link,
    invitation_for,
    invitations_to,
    is_team,
    pending_invitations,
    project_for,
    team_accounts,
)
from incubator.projects.rules import SEATS_MAX
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_named_member, a_project, invited


async def _token() -> str:
    """The secret of the latest invitation's letter."""
    path = await value("SELECT path FROM letter WHERE kind = 'projects.invitation' ORDER BY created_at DESC, id DESC LIMIT 1")
    return path.removeprefix("/invitation?token=")


async def test_an_address_is_invited_and_its_owner_joins(db):
    await the_programme()
    me, friend = await someone("Aïcha"), await someone("Basile Roy", email="basile@exemple.fr")
    project = await a_project(me)
    invitation = await invited(project, " Basile@Exemple.FR", by=me, name="Baz")
    assert not await is_team(friend, project)
    subject = await value("SELECT subject FROM letter WHERE to_email = 'basile@exemple.fr'")
    assert subject == "Aïcha vous invite à rejoindre l’équipe de Repair’Bus"
    assert (await invitation_by_link(await _token())).id == invitation
    assert [one.id for one in await invitations_to(friend, at=now())] == [invitation]
    assert await accept_invitation(invitation, by=friend, at=now()) == project
    team = (await project_for(friend, project)).team
    assert [(one.name, one.role, one.has_joined) for one in team] == [
        ("Aïcha", "depositor", True),
        ("Basile Roy", "editor", True),
    ]
    assert [one.email for one in await team_accounts(project)] == [me.email, friend.email]
    assert await invitations_to(friend, at=now()) == []
    verbs = await column("SELECT verb FROM journal_entry WHERE project = $1 ORDER BY number", project)
    assert verbs == ["project.created", "invitation.sent", "member.joined"]
    assert await column("SELECT kind FROM letter WHERE to_account = $1", me.id) == ["projects.joined"]


async def test_only_the_account_that_confirmed_the_address_finds_the_invitation(db):
    await the_programme()
    me, stranger, zoe = await someone(), await someone("Sacha"), await someone("Zoé", email="zoe@exemple.fr")
    invitation = await invited(await a_project(me), "zoe@exemple.fr", by=me)
    await execute("UPDATE account SET confirmed_at = NULL WHERE id = $1", zoe.id)
    unconfirmed = await person(zoe.id)
    for other in (stranger, me, unconfirmed):
        for act in (
            invitation_for(other, invitation),
            accept_invitation(invitation, by=other, at=now()),
            decline_invitation(invitation, by=other, at=now()),
        ):
            with pytest.raises(NotFound):
                await act
        assert await invitations_to(other, at=now()) == []
    assert await value("SELECT count(*) FROM team_member") == 1
    await execute("UPDATE account SET confirmed_at = now() WHERE id = $1", zoe.id)
    await accept_invitation(invitation, by=await person(zoe.id), at=now())
    assert await value("SELECT count(*) FROM team_member") == 2


async def test_confirming_an_address_that_someone_named_joins_nothing(db):
    """A member is a member by accepting: a name and an address in a list give nobody a right."""
    await the_programme()
    me = await someone()
    project = await a_project(me)
    await a_named_member(project, "Zoé", "zoe@exemple.fr")
    zoe = await someone("Zoé", email="zoe@exemple.fr")
    assert not await is_team(zoe, project)
    assert [(one.name, one.has_joined) for one in (await project_for(me, project)).team] == [
        ("Camille Martin", True),
        ("Zoé", False),
    ]
    await a_member(project, "Zoé", zoe.email, by=me)
    assert [(one.name, one.has_joined) for one in (await project_for(me, project)).team] == [
        ("Camille Martin", True),
        ("Zoé", True),
    ]


async def test_an_answer_is_given_once(db):
    await the_programme()
    me, friend = await someone(), await someone("Basile", email="basile@exemple.fr")
    project = await a_project(me)
    invitation = await invited(project, friend.email, by=me)
    await decline_invitation(invitation, by=friend, at=now())
    for act in (accept_invitation, decline_invitation):
        with pytest.raises(Conflict):
            await act(invitation, by=friend, at=now())
    with pytest.raises(Conflict):
        await revoke_invitation(project, invitation, by=me, at=now())
    assert await column("SELECT kind FROM letter WHERE to_account = $1", me.id) == ["projects.declined"]
    second = await invited(project, friend.email, by=me)
    await revoke_invitation(project, second, by=me, at=now())
    with pytest.raises(Conflict, match="annulée"):
        await accept_invitation(second, by=friend, at=now())
    assert not await is_team(friend, project)


async def test_an_invitation_lasts_a_fortnight_and_a_new_letter_makes_the_old_link_worthless(db):
    await the_programme()
    me, friend, at = await someone(), await someone("Basile", email="basile@exemple.fr"), now()
    project = await a_project(me)
    invitation = await invited(project, friend.email, by=me, at=at)
    first = await _token()
    with pytest.raises(Conflict, match="expiré"):
        await accept_invitation(invitation, by=friend, at=at + timedelta(days=14))
    await resend_invitation(project, invitation, by=me, at=at + timedelta(days=15))
    second = await _token()
    assert first != second
    with pytest.raises(NotFound):
        await invitation_by_link(first)
    assert (await invitation_by_link(second)).id == invitation
    await accept_invitation(invitation, by=friend, at=at + timedelta(days=28))
    assert await is_team(friend, project)


async def test_an_address_is_invited_once_at_a_time_and_not_when_it_is_in_the_team(db):
    await the_programme()
    me, friend = await someone(), await someone("Basile", email="basile@exemple.fr")
    project = await a_project(me)
    await invited(project, friend.email, by=me)
    with pytest.raises(Conflict, match="déjà invitée"):
        await invited(project, friend.email, by=me)
    other = await a_project(me, name="Autre")
    await a_member(other, "Basile", friend.email, by=me)
    with pytest.raises(Conflict, match="déjà dans l’équipe"):
        await invited(other, friend.email, by=me)
    with pytest.raises(Invalid):
        await invited(other, "pas une adresse", by=me)
    assert await value("SELECT count(*) FROM team_invitation WHERE project = $1", other) == 1


async def test_seats_count_who_is_in_and_who_is_invited(db):
    await the_programme()
    me = await someone()
    project = await a_project(me)
    await a_named_member(project, "Zoé", "zoe@exemple.fr")
    invitations = [await invited(project, f"m{place}@exemple.fr", by=me) for place in range(SEATS_MAX - 2)]
    with pytest.raises(Conflict, match="au plus 8 places"):
        await invited(project, "trop@exemple.fr", by=me)
    await invited(project, "zoe@exemple.fr", by=me)  # the seat that was noted for her
    await revoke_invitation(project, invitations[0], by=me, at=now())
    await invited(project, "trop@exemple.fr", by=me)
    assert len(await pending_invitations(project)) == SEATS_MAX - 1


async def test_a_full_team_takes_nobody_until_someone_leaves(db):
    await the_programme()
    me, late = await someone(), await someone("Tard", email="tard@exemple.fr")
    project = await a_project(me)
    invitation = await invited(project, late.email, by=me)
    named = [await a_named_member(project, f"Nom {place}") for place in range(SEATS_MAX - 1)]
    with pytest.raises(Conflict, match="complète"):
        await accept_invitation(invitation, by=late, at=now())
    await remove_member(project, named[0], by=me, at=now())
    await accept_invitation(invitation, by=late, at=now())
    assert await is_team(late, project)


async def test_nobody_can_make_us_flood_mailboxes(db):
    await the_programme()
    me = await someone()
    project = await a_project(me)
    for place in range(LETTERS_MAX):
        invitation = await invited(project, f"m{place}@exemple.fr", by=me)
        await revoke_invitation(project, invitation, by=me, at=now())
    with pytest.raises(TooMany):
        await invited(project, "encore@exemple.fr", by=me)
    assert await value("SELECT count(*) FROM letter") == LETTERS_MAX


async def test_who_has_not_proven_their_address_writes_to_nobody_through_us(db):
    """R1: one starts at once; inviting waits for the address."""
    await the_programme()
    me = await someone()
    project = await a_project(me)
    await execute("UPDATE account SET confirmed_at = NULL WHERE id = $1", me.id)
    with pytest.raises(Conflict, match="Confirmez d’abord votre adresse"):
        await invited(project, "zoe@exemple.fr", by=await person(me.id))
    assert await value("SELECT count(*) FROM letter") == 0


@pytest.mark.parametrize(
    "name", ["D’Argent", "Đặng", "O'Brien", "X", "é" * 120, "Camille\N{ZERO WIDTH SPACE}", "{{7*7}} %s%n ${7*7}"]
)
async def test_a_name_is_a_name(db, signed_in, name):
    """B12, B13: taken as it is, without what nobody sees, and shown as text everywhere."""
    await the_programme()
    me, friend = await someone("Aïcha"), await someone("Basile", email="basile@exemple.fr")
    project = await a_project(me, name="<script>alert(1)</script> {{7*7}}")
    browser = await signed_in(me)
    sent = await browser.send_form(f"/projects/{project}/team/invitations/new", name=name, email=friend.email, role="editor")
    assert sent.status_code == 303
    assert await value("SELECT name FROM team_invitation") == name.replace("\N{ZERO WIDTH SPACE}", "")
    assert (
        await value("SELECT subject FROM letter") == "Aïcha vous invite à rejoindre l’équipe de <script>alert(1)</script> {{7*7}}"
    )
    assert "<script>alert" not in await value("SELECT html FROM letter")
    link = await value("SELECT path FROM letter")
    shown = await (await signed_in(friend)).get(f"/invitations/{await value('SELECT id FROM team_invitation')}")
    assert (shown.status_code, "<script>alert" in shown.text, "{{7*7}}" in shown.text) == (200, False, True)
    assert "<script>alert" not in (await (await signed_in(me)).get(link)).text


async def test_a_name_that_cannot_be_read_writes_nothing_and_keeps_the_address(db, signed_in):
    await the_programme()
    me = await someone()
    path = f"/projects/{await a_project(me)}/team/invitations/new"
    for wrong in ("", "a\x00b", "é" * 121):
        shown = await (await signed_in(me)).send_form(path, name=wrong, email="zoe@exemple.fr", role="editor")
        assert (shown.status_code, 'value="zoe@exemple.fr"' in shown.text) == (422, True)
    wrong = await (await signed_in(me)).send_form(path, name="Zoé", email="zoe@exemple.fr", role="depositor")
    assert (wrong.status_code, "Choisissez une des réponses proposées." in wrong.text) == (422, True)
    assert await value("SELECT count(*) FROM team_invitation") == 0
