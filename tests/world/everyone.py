"""One of everything: a call from opening to a cohort on its way, and every kind of person around it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from incubator.applications.actions import ask
from incubator.applications.forms.inquiries import InquiryForm
from incubator.calls.queries import call_by_code
from incubator.cohorts.actions import accept_place, create_cohort
from incubator.cohorts.forms import CohortForm
from incubator.core.clock import local_date, now
from incubator.core.database import execute, value
from incubator.core.ids import new_id
from incubator.people.queries import Person
from incubator.selection.tables import College, DecisionOutcome
from tests.world.applications import an_admissible_application
from tests.world.calls import a_call
from tests.world.coaching import a_coached_project, a_session
from tests.world.cohorts import Enrolled, sign
from tests.world.documents import Sent
from tests.world.events import around
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, invited
from tests.world.selection import a_committee, decided, published, scored, sit
from tests.world.selection import declared as declares


class Built:
    """A call from opening to a cohort on its way, the people around it, and the identifiers of what routes name."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.ids: dict[str, Any] = {}


async def everyone() -> Built:
    """Build it."""
    world = await the_programme()
    made, at = Built(), now()
    call = await a_call(world, opens_at=at - timedelta(days=60), closes_at=at - timedelta(days=30))
    depositor, refused = await someone("Dora Dépôt"), await someone("René Refusé")
    joined = {"9.1": [Sent("CV de Dora.pdf")], "9.5": [Sent("Lettre.pdf")]}
    application = await an_admissible_application(world, call, depositor, name="Repair’Bus", **joined)
    other = await an_admissible_application(world, call, refused, name="Ondes de Brenne")
    project = await value("SELECT project FROM application WHERE id = $1", application)
    member, former, reader = await someone("Mina Membre"), await someone("Fabien Ancien"), await someone("Lise Lectrice")
    for person, role in ((member, "editor"), (former, "editor"), (reader, "reader")):
        await a_member(project, person.name, person.email, by=depositor, role=role)
    invitation = await invited(project, "invitee@exemple.fr", by=depositor)
    inquiry = await ask(application, InquiryForm(text="Où déposer les statuts ?", section="S1"), by=depositor, at=at)
    await execute("UPDATE team_member SET left_at = now() WHERE account = $1", former.id)
    manager, juror, conflicted = await a_manager(world.programme), await someone("Jules Juré"), await someone("Coline Conflit")
    second, third = await someone("Voix Deux"), await someone("Voix Trois")
    sitting = await a_committee(call, members=[juror, second, third, conflicted], manager=manager)
    unsigned = await someone("Ulysse Sans-Signature")
    seat = await sit(sitting.id, unsigned, College.FUNDERS, by=manager, signed=False)
    await declares(application, conflicted, interest=True, reason="Ma sœur y travaille.")
    for one in (application, other):
        for voice in (juror, second, third):
            await scored(one, voice)
    await decided(application, by=manager)
    await decided(other, by=manager, outcome=DecisionOutcome.NOT_RETAINED)
    await published(sitting)
    starts = CohortForm(name="Promotion", starts_on=local_date(at))
    cohort = await create_cohort(call.code, starts, by=manager, at=at)
    enrolment = await accept_place(project, by=depositor, at=at)
    await sign(project, depositor)
    await sign(project, manager)
    enrolled = Enrolled(
        project, depositor, manager, await call_by_code(call.code), cohort, enrolment, world.phases["pre_incubation"]
    )
    coached = await a_coached_project(world, enrolled=enrolled)
    session = await a_session(coached)
    elsewhere = new_id()
    await execute(
        "INSERT INTO programme (id, code, name, carrier, description, contact_email, region, axis)"
        " SELECT $1, 'ailleurs', 'Ailleurs', 'X', 'X', 'x@exemple.fr', region, axis FROM programme WHERE id = $2",
        elsewhere, world.programme,
    )  # fmt: skip
    made.people = {
        "depositor": depositor, "member": member, "reader": reader, "former_member": former, "refused_holder": refused,
        "stranger": await someone("Sacha Passant"), "juror": juror, "juror_in_conflict": conflicted,
        "juror_unsigned": unsigned, "coach": coached.coach, "other_coach": await a_coach(world.programme, "Autre Coach"),
        "instructor": await an_instructor(world.programme), "manager": manager, "other_manager": await a_manager(elsewhere),
    }  # fmt: skip
    made.ids = {
        "application_id": application, "assignment_id": coached.assignment, "code": call.code, "cohort_id": cohort,
        "committee_id": sitting.id, "decision_id": await value("SELECT decision FROM place WHERE project = $1", project),
        "form_id": world.form, "questions/code": "1.1", "sections/code": "S1", "rules/code": "E1", "self-test/code": "T1",
        "blocks/code": "A", "criteria/code": "A1", "enrolment_id": enrolment, "grid_id": world.grid, "milestone_id": await value(
            "SELECT m.id FROM milestone m WHERE m.phase = $1 ORDER BY position LIMIT 1", world.phases["pre_incubation"]),
        "inquiry_id": inquiry, "invitation_id": invitation,
        "member_id": await value("SELECT id FROM team_member WHERE account = $1", member.id), "path": "x/app.css",
        "phase_id": world.phases["pre_incubation"], "project_id": project, "seat_id": seat,
        "section_code": "S1", "files/question_code": "9.1", "files/question": "9.1",
        "answers/question": "1.2", "answers/question_code": "1.2", "upload_id": new_id(),
        "document_id": await value("SELECT id FROM document WHERE about = $1 AND place = '9.1'", application),
        "session_id": session, "account/sessions/session_id": new_id(), "token_id": new_id(),
        "communes/code": "45234", "programmes/code": "alter-incub-cvl", "letter_id": new_id(),
    }  # fmt: skip
    made.ids |= await around(call, manager, at=at)
    return made
