"""Looking at someone's pages to help them: nothing changes, both names are written down, and few people can be looked at."""

from datetime import timedelta

import msgspec
import pytest

from incubator.app import LEAVING
from incubator.calls.actions.prospects import LEAVE
from incubator.calls.tables import Subscription
from incubator.core.clock import now
from incubator.core.database import column, execute, row, rows, value
from incubator.core.ids import new_id
from incubator.core.tickets import ticket
from incubator.people import actions
from incubator.people.queries import Person, session_by
from incubator.people.secrets import hashed
from incubator.people.tables import Role
from tests.conftest import SETTINGS
from tests.matrix import body_of, fill, outcome, routes
from tests.world.calls import a_call
from tests.world.everyone import everyone
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_project
from tests.world.selection import a_committee


class Entry(msgspec.Struct, frozen=True):
    """What the journal says of a look."""

    verb: str
    by: str
    whom: str


class Scene(msgspec.Struct, frozen=True):
    """A manager, and someone of a team of the programme."""

    programme: object
    path: str
    manager: Person
    leader: Person
    project: object


@pytest.fixture
async def scene(db) -> Scene:
    world = await the_programme()
    code = await value("SELECT code FROM programme WHERE id = $1", world.programme)
    leader = await someone("Zoé Meneuse")
    project = await a_project(leader)
    return Scene(world.programme, f"/programmes/{code}/view-as", await a_manager(world.programme), leader, project)


async def looking(scene: Scene, signed_in):
    """The manager's browser, on the leader's pages."""
    browser = await signed_in(scene.manager)
    answer = await browser.send_form(scene.path, account=scene.leader.id)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.cookies["session"] != browser.secret
    browser.secret = answer.cookies["session"]
    return browser


async def entries() -> list[Entry]:
    return await rows(
        Entry,
        "SELECT verb, \"by\"::text, data->>'as' FROM journal_entry WHERE verb LIKE 'view_as.%' ORDER BY number LIMIT 20",
    )


async def test_a_manager_sees_the_pages_of_someone_of_a_team_under_a_banner(scene, signed_in):
    browser = await looking(scene, signed_in)
    for path in ("/", f"/projects/{scene.project}", "/calls"):
        page = await browser.get(path)
        assert page.status_code == 200
        assert "vous voyez les pages de Zoé Meneuse" in page.text
        assert "Quitter" in page.text
    assert (await browser.get("/cohorts")).status_code == 404


async def test_nothing_can_be_changed_by_page_nor_api_and_each_try_is_written_down(scene, signed_in):
    browser = await looking(scene, signed_in)
    refused = await browser.send_form(f"/projects/{scene.project}/edit", name="Volé", summary="", commune="", version=1)
    assert refused.status_code == 403
    assert "rien n’y change" in refused.text
    assert (await browser.send_json("POST", "/api/v1/projects", {"name": "Volé"})).status_code == 403
    assert await column("SELECT name FROM project") == ["Repair’Bus"]
    both = (str(scene.manager.id), str(scene.leader.id))
    assert [(one.verb, one.by, one.whom) for one in await entries()] == [
        ("view_as.started", *both),
        ("view_as.refused", *both),
        ("view_as.refused", *both),
    ]
    tried = await column("SELECT data->>'route' FROM journal_entry WHERE verb = 'view_as.refused' ORDER BY number")
    assert tried == [f"/projects/{scene.project}/edit", "/api/v1/projects"]


async def test_the_account_itself_is_not_shown(scene, signed_in):
    browser = await looking(scene, signed_in)
    for path in ("/account", "/account/security", "/identity", "/second-factor", "/account/password"):
        assert (await browser.get(path)).status_code == 403


async def test_leaving_gives_ones_own_pages_back_under_a_new_secret(scene, signed_in):
    browser = await looking(scene, signed_in)
    before = browser.secret
    answer = await browser.send_form("/view-as/end")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert await session_by(hashed(before), at=now()) is None
    browser.secret = answer.cookies["session"]
    page = await browser.get("/cohorts")
    assert page.status_code == 200
    assert "vous voyez les pages" not in page.text
    assert [one.verb for one in await entries()] == ["view_as.started", "view_as.ended"]
    assert (await browser.send_form("/view-as/end")).status_code == 409


async def test_it_lasts_half_an_hour_at_most(scene, signed_in):
    browser = await looking(scene, signed_in)
    assert await session_by(hashed(browser.secret), at=now() + timedelta(minutes=29)) is not None
    opened = await session_by(hashed(browser.secret), at=now())
    assert opened is not None
    await actions.touch_session(opened.session, opened.created_at, is_staff=True, at=now() + timedelta(minutes=20))
    assert await session_by(hashed(browser.secret), at=now() + timedelta(minutes=31)) is None


@pytest.mark.parametrize("change", ["role lost", "closed", "became staff"])
async def test_it_ends_with_the_right_to_look(scene, signed_in, change):
    browser = await looking(scene, signed_in)
    if change == "role lost":
        await execute("DELETE FROM role_assignment WHERE account = $1", scene.manager.id)
    elif change == "closed":
        await execute("UPDATE account SET disabled_at = $2 WHERE id = $1", scene.manager.id, now())
    else:
        await actions.give_role(scene.leader.id, Role.COACH, scene.programme, by=None, at=now())
    assert (await browser.get(f"/projects/{scene.project}")).headers["location"].startswith("/sign-in")


async def other_programme() -> object:
    """A second programme, made from the first."""
    await execute(
        "INSERT INTO programme (id, code, name, carrier, description, contact_email, region, axis)"
        " SELECT gen_random_uuid(), 'autre', 'Autre', carrier, '', contact_email, region, axis FROM programme LIMIT 1"
    )
    return await value("SELECT id FROM programme WHERE code = 'autre'")


@pytest.mark.parametrize("why", ["staff", "committee", "elsewhere", "no team", "oneself"])
async def test_staff_members_of_committees_and_people_of_other_programmes_are_not_looked_at(scene, signed_in, why):
    whom = scene.leader.id
    if why == "staff":
        await actions.give_role(whom, Role.COACH, scene.programme, by=None, at=now())
    elif why == "committee":
        call = await a_call(await the_programme(), opens_at=now(), closes_at=now() + timedelta(days=30), by=scene.manager)
        await a_committee(call, members=[scene.leader], signed=False)
    elif why == "elsewhere":
        await a_project(scene.leader, await other_programme(), "Ailleurs")
    elif why == "no team":
        whom = (await someone()).id
    else:
        whom = scene.manager.id
    browser = await signed_in(scene.manager)
    answer = await browser.send_form(scene.path, account=whom)
    assert answer.status_code == (404 if why in ("no team", "oneself") else 409)
    assert await column("SELECT viewing FROM session WHERE viewing IS NOT NULL") == []


async def test_who_declared_an_interest_in_a_file_does_not_read_it_through_its_team(db, signed_in):
    """R10: in whichever role they come."""
    built = await everyone()
    manager, refused = built.people["manager"], built.people["refused_holder"]
    application = await value(
        "SELECT a.id FROM application a JOIN team_member m ON m.project = a.project WHERE m.account = $1", refused.id
    )
    await execute(
        "WITH s AS (INSERT INTO seat (id, committee, account, college, is_voting, given_at) SELECT gen_random_uuid(), $1,"
        " $2, 'funders', false, now() RETURNING id)"
        " INSERT INTO declaration (id, seat, presentation, has_interest, reason, declared_at)"
        " SELECT gen_random_uuid(), s.id, o.id, true, 'Mon frère', now() FROM s, presentation o WHERE o.application = $3",
        built.ids["committee_id"], manager.id, application,
    )  # fmt: skip
    browser = await signed_in(manager)
    path = "/programmes/alter-incub-cvl/view-as"
    assert "Vous avez déclaré un intérêt" in (await browser.get(path, params={"q": refused.name})).text
    assert (await browser.send_form(path, account=refused.id)).status_code == 409
    assert await column("SELECT viewing FROM session WHERE viewing IS NOT NULL") == []


async def test_only_a_manager_of_the_programme_looks(scene, signed_in):
    for other in (await a_coach(scene.programme), scene.leader):
        browser = await signed_in(other)
        assert (await browser.get(scene.path)).status_code == 404
        assert (await browser.send_form(scene.path, account=scene.leader.id)).status_code == 404


async def test_one_looks_for_them_by_name_or_project(scene, signed_in):
    browser = await signed_in(scene.manager)
    assert "Zoé Meneuse" in (await browser.get(scene.path, params={"q": "repair"})).text
    assert "Personne ne correspond" in (await browser.get(scene.path, params={"q": "%zz_"})).text
    assert await row(Entry, "SELECT verb, '', '' FROM journal_entry WHERE verb = 'view_as.started'") is None


async def test_what_is_kept_about_someone_is_shown_to_them_alone(scene, signed_in):
    browser = await looking(scene, signed_in)
    for path in ("/data", "/data/export.json", "/data/export.html"):
        assert (await browser.get(path)).status_code == 403


async def test_no_route_at_all_takes_a_change_and_each_try_is_written_down(db, app, signed_in):
    """Whatever its method, its form and whom it is for: a page of one's own left open in another window, too."""
    built = await everyone()
    browser = await signed_in(built.people["manager"])
    answer = await browser.send_form("/programmes/alter-incub-cvl/view-as", account=built.people["depositor"].id)
    browser.secret = answer.cookies["session"]
    tried = [one for one in routes(app) if one[0] not in ("GET", "HEAD") and one[1] not in LEAVING]
    assert {method for method, _path in tried} == {"POST", "PUT", "PATCH", "DELETE"} & {method for method, _path in routes(app)}
    for method, path in tried:
        where = fill(path, built.ids).replace("/None", f"/{new_id()}")
        assert await outcome(browser, method, where, body_of(app, method, path, built.ids)) == "no"
        assert (await browser.request(method, where)).status_code == 403
    assert await value("SELECT count(*) FROM journal_entry WHERE verb = 'view_as.refused'") == len(tried)


async def test_reading_on_anothers_behalf_writes_nothing_at_all(db, app, signed_in, statements):
    """No page marks as read, counts or remembers: what they have seen stays what they have seen."""
    built = await everyone()
    browser = await signed_in(built.people["manager"])
    answer = await browser.send_form("/programmes/alter-incub-cvl/view-as", account=built.people["depositor"].id)
    browser.secret = answer.cookies["session"]
    with statements() as seen:
        for method, path in routes(app):
            if method == "GET":
                await browser.get(fill(path, built.ids))
    assert len(seen) > 100
    assert [one.sql for one in seen if one.sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))] == []


async def test_a_link_of_a_letter_changes_nothing_either(scene, signed_in, client):
    """A mail program ends a subscription without any page of ours; whoever looks on another's behalf does not."""
    subscription = Subscription(programme=scene.programme, email="zoe@exemple.fr", asked_at=now(), confirmed_at=now())
    await Subscription.insert(subscription)
    path = f"/subscriptions/{ticket(SETTINGS.secret_key, LEAVE, subscription.id)}/end"
    browser = await looking(scene, signed_in)
    assert (await browser.post(path)).status_code == 403
    assert await column("SELECT ended_at FROM subscription") == [None]
    tried = await column("SELECT data->>'route' FROM journal_entry WHERE verb = 'view_as.refused'")
    assert tried == ["/subscriptions/…/end"]  # what opens it is in no journal
    assert (await client.post(path)).status_code == 200
    assert await column("SELECT ended_at IS NULL FROM subscription") == [False]


@pytest.mark.parametrize(
    "path", ["/account", "/account/tokens", "/account/security/authenticator", "/identity", "/data/requests/new"]
)
async def test_a_try_on_the_account_itself_is_written_down_too(scene, signed_in, path):
    browser = await looking(scene, signed_in)
    assert (await browser.send_form(path, name="Volé")).status_code == 403
    both = ("view_as.refused", str(scene.manager.id), str(scene.leader.id))
    assert [(one.verb, one.by, one.whom) for one in await entries()][1:] == [both]
