"""An answer that some may not read never hides from them, nor calls missing, what they may read (R12)."""

from datetime import timedelta

from incubator.applications.actions import Given, deposit, save_answers
from incubator.applications.forms import DepositForm
from incubator.applications.queries.dossiers import dossier_for, read_dossier, receipts_for
from incubator.applications.queries.staff import desk_for
from incubator.applications.queries.views import view_of
from incubator.calls.definitions import Condition, Effect, EligibilityRule, FormDefinition, Kind, Question, Readers, Section
from incubator.core.clock import now
from tests.world.applications import a_draft_application
from tests.world.calls import a_call
from tests.world.documents import a_document
from tests.world.forms import a_form, use_form
from tests.world.people import a_manager, an_instructor, someone
from tests.world.programmes import the_programme

YES = Condition("A.1", ("yes",))
FORM = FormDefinition(
    "Formulaire",
    (
        Section("A", "Le projet", (
            Question("A.1", "Quelqu’un doit-il se déporter ?", Kind.YES_NO, required=True, readers=Readers.MANAGER),
            Question("A.2", "Le besoin", Kind.LINE, limit=80, required=True, when=YES),
            Question("A.3", "La phase", Kind.PHASE, required=True),
            Question("A.4", "Un détail", Kind.LINE, limit=80, when=Condition("A.1", ("no",))),
        )),
    ),
    (EligibilityRule("E2", "Déposé à temps et complet", Effect.BLOCKING),),
)  # fmt: skip


async def test_what_depends_on_a_reserved_answer_is_read_by_who_may_read_it(db):
    world, at = await the_programme(), now()
    call = await a_call(world, opens_at=at - timedelta(days=1), closes_at=at + timedelta(days=9))
    await use_form(call.id, await a_form(world.programme, FORM, at=at))
    holder, manager, instructor = await someone("Aïcha"), await a_manager(world.programme), await an_instructor(world.programme)
    application = await a_draft_application(call, holder, at=at)
    given = {"A.1": Given("yes"), "A.2": Given("Réparer des vélos"), "A.3": Given("pre_incubation")}
    await save_answers(application, given, by=holder, at=at)
    await deposit(application, DepositForm(), by=holder, at=at)
    for reader, codes in ((manager, ["A.1", "A.2", "A.3"]), (instructor, ["A.2", "A.3"])):
        desk = await desk_for(reader, application)
        read = [one.code for section in desk.sections for one in section.answers]
        read_too = [one.code for section in await read_dossier(reader, desk.dossier) for one in section.answers]
        assert (read, read_too) == (codes, codes)
        assert [one.result for one in desk.checks] == ["ok"]
        view = view_of(await dossier_for(reader, application), at=at)
        assert [(one.required_count, one.answered_count) for one in view.sections] == [(3, 3)]
        assert set(view.answers) == set(codes)


async def test_the_name_of_a_reserved_file_is_told_to_its_readers_alone(db):
    """The team and the manager read it on the receipts; the instructor's receipt has the other files."""
    world, at = await the_programme(), now()
    call = await a_call(world, opens_at=at - timedelta(days=1), closes_at=at + timedelta(days=9))
    files = [
        Question(code, code, Kind.FILE, file_types=("pdf",), files_max=1, size_max=1_000_000, readers=readers)
        for code, readers in (("F.1", Readers.COMMITTEE), ("F.2", Readers.MANAGER))
    ]
    form = FormDefinition("F", (Section("F", "F", (Question("P", "La phase", Kind.PHASE, required=True), *files)),))
    await use_form(call.id, await a_form(world.programme, form, at=at))
    holder, manager, instructor = await someone("Aïcha"), await a_manager(world.programme), await an_instructor(world.programme)
    application = await a_draft_application(call, holder, at=at)
    await save_answers(application, {"P": Given("pre_incubation")}, by=holder, at=at)
    for code, name in (("F.1", "Statuts.pdf"), ("F.2", "Secret.pdf")):
        await a_document(application, code, by=holder, at=at, name=name)
    await deposit(application, DepositForm(), by=holder, at=at)
    read = {
        who.name: [one.name for one in (await receipts_for(who, await dossier_for(who, application)))[0].files]
        for who in (holder, manager, instructor)
    }
    both = ["Statuts.pdf", "Secret.pdf"]
    assert read == {holder.name: both, manager.name: both, instructor.name: ["Statuts.pdf"]}
    assert [one.name for one in (await desk_for(instructor, application)).receipts[0].files] == ["Statuts.pdf"]
