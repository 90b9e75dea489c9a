"""What the clock forgets by itself: invitations nobody took up, browsers one no longer uses (R55; reference-programme.md, 10)."""

from datetime import timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.jobs import sweep_keys
from incubator.people.actions import end_session, offer_role, open_session, sweep
from incubator.people.forms import RoleForm
from incubator.people.tables import Role
from incubator.privacy.actions.holding import place_hold
from incubator.privacy.actions.sweeping import sweep_private
from incubator.privacy.forms import HoldForm
from incubator.projects.actions import decline_invitation
from tests.conftest import SETTINGS
from tests.privacy.scanning import where_is
from tests.world.everyone import Built, everyone
from tests.world.people import someone
from tests.world.projects import invited

DAY = timedelta(days=1)


@pytest.fixture
async def built(db) -> Built:
    built = await everyone()
    await execute("UPDATE letter SET state = 'sent'")
    return built


async def test_an_invitation_is_forgotten_a_year_after_it_ended_however_it_ended(built):
    """An address that someone else gave is not kept as long as the project (RGPD, article 5)."""
    at, project, depositor = now(), built.ids["project_id"], built.people["depositor"]
    no_thanks = await someone("Nadège Non", email="nadege@exemple.fr")
    await decline_invitation(await invited(project, no_thanks.email, by=depositor), by=no_thanks, at=at)
    lasts = await value("SELECT expires_at FROM team_invitation WHERE email = 'invitee@exemple.fr'")
    await sweep_private(at=at + 364 * DAY)
    assert await value("SELECT count(*) FROM team_invitation WHERE email = 'nadege@exemple.fr'") == 1
    await sweep_private(at=at + 367 * DAY)
    assert await column("SELECT email FROM team_invitation") == ["invitee@exemple.fr"]
    await sweep_private(at=lasts + 367 * DAY)
    assert await where_is("invitee@exemple.fr") == []
    assert await value("SELECT count(*) FROM team_member WHERE project = $1 AND left_at IS NULL", project) == 3


async def test_a_role_nobody_took_is_forgotten_too(built):
    at, programme = now(), await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    form = RoleForm(email="peut-etre@exemple.fr", name="Paul Peut-Être", role=Role.COACH)
    await offer_role(programme, "Alter’Incub", form, by=built.people["manager"], at=at)
    await execute("UPDATE letter SET state = 'sent'")
    await sweep_private(at=at + 300 * DAY)
    assert await value("SELECT count(*) FROM role_invitation") == 1
    await sweep_private(at=at + 400 * DAY)
    assert await where_is("peut-etre@exemple.fr") == []


async def test_a_hold_keeps_the_invitations_of_a_project(built):
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    before = await column("SELECT id FROM team_invitation ORDER BY id")
    await place_hold([programme], HoldForm(built.ids["project_id"], "Contrôle"), by=built.people["manager"], at=now())
    await sweep_private(at=now() + 800 * DAY)
    assert await column("SELECT id FROM team_invitation ORDER BY id") == before != []


async def test_a_hold_keeps_what_a_person_was_invited_to(built):
    """To a team or to a role, by their address."""
    at, me, manager = now(), built.people["stranger"], built.people["manager"]
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    await invited(built.ids["project_id"], me.email, by=built.people["depositor"])
    await offer_role(programme, "Alter’Incub", RoleForm(email=me.email, name=me.name, role=Role.COACH), by=manager, at=at)
    await execute("UPDATE letter SET state = 'sent'")
    await place_hold([programme], HoldForm(me.id, "Litige"), by=manager, at=at)
    await sweep_private(at=at + 800 * DAY)
    assert await column("SELECT email FROM team_invitation UNION ALL SELECT email FROM role_invitation") == [me.email, me.email]


async def test_a_session_is_kept_a_year_after_it_ended(built):
    """Security logs: twelve months."""
    at, me = now(), built.people["stranger"]
    await open_session(me.id, agent="Navigateur de Sacha", is_staff=False, at=at)
    await end_session(await value("SELECT id FROM session WHERE account = $1", me.id), by=me, at=at)
    await sweep(at=at + 360 * DAY)
    assert await where_is("Navigateur de Sacha") == ["session"]
    await sweep(at=at + 367 * DAY)
    assert await where_is("Navigateur de Sacha") == []


async def test_the_sessions_of_a_held_person_are_kept(built):
    """When someone entered may be what a dispute is about."""
    at, me, other = now(), built.people["stranger"], built.people["reader"]
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    for one in (me, other):
        await open_session(one.id, agent="Navigateur", is_staff=False, at=at - 800 * DAY)
    await place_hold([programme], HoldForm(me.id, "Litige"), by=built.people["manager"], at=at)
    await sweep_keys(SETTINGS)
    assert await column("SELECT account FROM session WHERE agent = 'Navigateur'") == [me.id]
