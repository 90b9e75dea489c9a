"""R56, K03: one's data are whole, the same in JSON and in HTML, and hold nobody else's address nor anybody's secret."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import msgspec
import pytest

from incubator.applications.actions import Given, ask, save_answers
from incubator.applications.forms.inquiries import InquiryForm
from incubator.coaching.actions import log_session
from incubator.core.clock import now
from incubator.core.database import execute
from incubator.privacy.pages.mine import shown
from incubator.privacy.queries.own import PARTS, own_data
from incubator.privacy.rules.words import COLUMN_WORDS
from tests.world.applications import a_draft_application
from tests.world.calls import a_call
from tests.world.coaching import session_form
from tests.world.everyone import Built, everyone
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project

DAY = timedelta(days=1)


@pytest.fixture
async def built(db) -> Built:
    return await everyone()


async def given_to(person) -> dict[str, list[dict]]:
    return {part.table: part.records for part in (await own_data(person, at=now())).parts}


def text_of(parts: dict[str, list[dict]]) -> str:
    return msgspec.json.encode(parts).decode()


async def test_a_member_is_given_the_address_of_no_mate_nor_of_whoever_was_invited(built):
    for who in ("depositor", "member", "reader"):
        given = await given_to(built.people[who])
        of_staff = given.pop("letter")
        for other in {"depositor", "member", "former_member", "reader", "juror", "refused_holder", "manager"} - {who}:
            assert built.people[other].email not in text_of(given), (who, other)
            assert built.people[other].email not in text_of({"letter": of_staff}), (who, other)
        assert "invitee@exemple.fr" not in text_of(given), who


async def test_nobody_is_given_the_private_note_of_their_coach(built):
    """R34: its author alone takes it away."""
    coach, project = built.people["coach"], built.ids["project_id"]
    await log_session(project, session_form(now(), private_note="Tension dans l’équipe."), by=coach, at=now())
    assert "Tension dans l’équipe." in text_of(await given_to(coach))
    for who in ("depositor", "member", "manager", "other_coach"):
        assert "Tension dans l’équipe." not in text_of(await given_to(built.people[who])), who


async def test_a_team_is_given_no_score_no_vote_and_no_declaration(built):
    given = await given_to(built.people["depositor"])
    assert {"assessment", "score", "declaration", "seat", "presentation", "coach_opinion", "hold"} & set(given) == set()
    assert "Ma sœur y travaille." not in text_of(given)


async def test_who_left_a_team_is_still_given_their_own_words_and_no_one_elses(db):
    world, at = await the_programme(), now()
    call = await a_call(world, opens_at=at - 5 * DAY, closes_at=at + 5 * DAY)
    holder, member = await someone("Hana Porteuse"), await someone("Mina Membre")
    project = await a_project(holder, world.programme, at=at - 4 * DAY)
    application = await a_draft_application(call, holder, project, at=at - 4 * DAY)
    await a_member(project, member.name, member.email, by=holder, at=at - 3 * DAY)
    await save_answers(application, {"1.2": Given("Les mots de Hana", 0)}, by=holder, at=at - 2 * DAY)
    await save_answers(application, {"1.3": Given("Les mots de Mina", 0)}, by=member, at=at - 2 * DAY)
    await ask(application, InquiryForm(text="La question de Mina", section="S1"), by=member, at=at - DAY)
    await ask(application, InquiryForm(text="La question de Hana", section="S2"), by=holder, at=at - DAY)
    await execute("UPDATE team_member SET left_at = $2 WHERE account = $1", member.id, at)
    given = text_of(await given_to(member))
    assert ("Les mots de Mina" in given, "La question de Mina" in given) == (True, True)
    assert ("Les mots de Hana" in given, "La question de Hana" in given) == (False, False)


async def test_who_sits_and_who_coaches_are_given_what_they_signed_and_whom_they_followed(built):
    assert len((await given_to(built.people["juror"]))["undertaking"]) == 1
    assert "undertaking" not in await given_to(built.people["juror_unsigned"])
    followed = (await given_to(built.people["coach"]))["coach_assignment"]
    assert [one["project"] for one in followed] == [str(built.ids["project_id"])]


class Cells(HTMLParser):
    """The cells of the tables, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.is_in = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.is_in = tag == "td"
        if self.is_in:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self.is_in = False

    def handle_data(self, data: str) -> None:
        if self.is_in:
            self.cells[-1] += data


@pytest.mark.parametrize("who", ["depositor", "juror", "coach"])
async def test_the_page_to_take_away_holds_what_the_json_holds(built, signed_in, who):
    browser = await signed_in(built.people[who])
    parts = (await browser.get("/data/export.json")).json()["parts"]
    page = Cells()
    page.feed((await browser.get("/data/export.html")).text)
    records = [record for part in parts if part["table"] not in ("session", "journal_entry") for record in part["records"]]
    values = [pair for record in records for pair in record.items() if pair[0] != "question" and pair[1] not in (None, "")]
    told = [shown(name, one) for name, one in values]
    assert len(told) > 10
    assert [one for one in told if one not in page.cells] == []


class Heads(Cells):
    """What stands before each value, on the page and in the file."""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        super().handle_starttag("td" if tag in ("dt", "th") else "other", attrs)


async def test_what_is_read_is_said_in_words(built, signed_in):
    browser = await signed_in(built.people["depositor"])
    for path in ("/data", "/data/export.html"):
        page = Heads()
        page.feed((await browser.get(path)).text)
        assert {"Adresse électronique", "Déposé le", "Empreinte du contenu"} <= set(page.cells), path
        assert [head for head in page.cells if "_" in head] == [], path


def test_every_piece_of_data_has_its_words():
    assert {name.strip() for part in PARTS for name in part.columns.split(",")} == set(COLUMN_WORDS)


async def test_an_answer_is_read_under_its_question_and_an_instant_in_paris(built, signed_in):
    browser = await signed_in(built.people["depositor"])
    for path in ("/data", "/data/export.html"):
        text = (await browser.get(path)).text
        assert "3.1 · À quel besoin social, sociétal ou environnemental répondez-vous ?" in text, path
        assert re.search(r">\d{4}-\d\d-\d\dT\d\d:", text) is None, path
    parts = {part["table"]: part["records"] for part in (await browser.get("/data/export.json")).json()["parts"]}
    assert {"3.1", "5.2"} <= {one["question"] for one in parts["answer"]}


def test_days_and_instants_are_said_in_words():
    assert shown("asked_at", "2026-03-29T00:30:00.5+00:00") == "dimanche 29 mars 2026 à 1\u00a0h\u00a030"
    assert shown("held_on", "2026-03-29") == shown("forget_after", "2026-03-29") == "dimanche 29 mars 2026"
    assert (shown("is_lead", False), shown("answer_by", "2026-03-29T12:00:00+00:00")[-7:]) == ("non", "14\u00a0h\u00a000")
    assert (shown("text", "2026-03-29"), shown("value", ["a"])) == ("2026-03-29", '["a"]')
