"""A call and the versions it is made of. A published version is never edited (trigger `published_version_is_frozen`)."""

from piccolo.columns import JSONB, UUID, Array, Boolean, Integer, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.core.columns import count, day, decimal, identity, instant, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Phase, PlanVersion, Programme


class FormVersion(Table, db=DB):
    """A version of the application form, a draft until it is published; `definition` is a `definitions.FormDefinition`.

    `codes_given`: every code its questions were ever given here, so that none of them is given twice (R54).
    """

    id = identity()
    programme = reference(Programme)
    number = count(default=1)
    title = words()
    definition = JSONB(null=False)
    published_at = instant(null=True)
    based_on = reference("self", null=True)
    codes_given = Array(base_column=Text(), null=False)
    changed_at = instant(null=True)
    changed_by = reference(Account, null=True)
    version = version()

    one_form_a_number = Unique([programme, number])


class Grid(Table, db=DB):
    """A version of the scoring grid; its weights sum to 100 (R23).

    `definition` is the `definitions.GridDefinition` of a draft; once published, what it says is in `Criterion`.
    """

    id = identity()
    programme = reference(Programme)
    number = count(default=1)
    title = words()
    knock_out_below = decimal(3, 1)
    definition = JSONB(null=True, default=None)
    published_at = instant(null=True)
    based_on = reference("self", null=True)
    changed_at = instant(null=True)
    changed_by = reference(Account, null=True)
    version = version()

    one_grid_a_number = Unique([programme, number])


class Criterion(Table, db=DB):
    """A criterion of a grid, scored 1 to 5 with written anchors (R16)."""

    id = identity()
    grid = reference(Grid)
    position = count()
    code = words()
    block = words()
    block_title = words()
    label = words()
    weight = Integer(null=False, default=0)
    is_knock_out = Boolean(null=False, default=False)
    is_preselection = Boolean(null=False, default=False)
    anchor_1 = words()
    anchor_3 = words()
    anchor_5 = words()

    one_criterion_a_code = Unique([grid, code])
    weight_is_a_share = Check("weight BETWEEN 1 AND 100")


class Call(Table, db=DB):
    """A dated campaign. Open, closed are read from the clock; before `published_at` only the staff see it.

    `archived_at`: it left the lists; its address still leads to it.
    """

    id = identity()
    programme = reference(Programme)
    code = words()
    title = words()
    introduction = words()
    opens_at = instant()
    closes_at = instant()
    notify_on = day()
    departements = Array(base_column=Text(), null=False)
    form = reference(FormVersion)
    grid = reference(Grid)
    plan = reference(PlanVersion)
    created_at = instant()
    created_by = reference(Account, null=True)
    published_at = instant(null=True)
    archived_at = instant(null=True)
    version = version()

    one_call_a_code = Unique([code])
    call_closes_after_it_opens = Check("closes_at > opens_at")
    only_a_closed_call_is_archived = Check("archived_at IS NULL OR (published_at IS NOT NULL AND archived_at >= closes_at)")


class Extension(Table, db=DB):
    """A closing that was moved later while the call was open; `told_at`: when the team of every draft was written to."""

    id = identity()
    call = reference(Call)
    closes_from = instant()
    closes_to = instant()
    reason = words()
    extended_at = instant()
    extended_by = reference(Account)
    told_at = instant(null=True, index=True)

    an_extension_moves_the_closing_later = Check("closes_to > closes_from")


class EntryPlaces(Table, db=DB):
    """How many places a call has in a phase one can enter by."""

    id = identity()
    call = reference(Call)
    phase = reference(Phase)
    places_count = count()

    one_places_count_a_phase = Unique([call, phase])
    places_are_not_negative = Check("places_count BETWEEN 0 AND 500")


class FaqEntry(Table, db=DB):
    """A question often asked about a call and its answer; `section`: of the form, nothing when it is about the call as a whole.

    `asked_in`: the conversation it came from; threads live in a later room.
    """

    id = identity()
    call = reference(Call, cascade=True)
    section = words()
    question = words()
    answer = words()
    position = count()
    published_at = instant(null=True)
    asked_in = UUID(null=True, default=None, index=True)
    created_at = instant()
    version = version()

    one_faq_entry_a_conversation = Unique([call, asked_in])


class SelfTestResult(Table, db=DB):
    """What someone answered to the self-test, kept only because they asked to be called back, until the day they were told.

    Nobody proves the address: other answers under it are another row.
    """

    id = identity()
    call = reference(Call)
    email = words()
    answers = JSONB(null=False)
    consented_at = instant()
    forget_after = day()
    called_back_at = instant(null=True)
    called_back_by = reference(Account, null=True)

    one_self_test_an_answer = Unique([call, email, answers])


class Subscription(Table, db=DB):
    """Someone who wants to know when a programme opens its next call; written to only once they confirmed."""

    id = identity()
    programme = reference(Programme)
    email = words()
    language = words(default="fr")
    asked_at = instant()
    confirmed_at = instant(null=True)
    ended_at = instant(null=True)

    one_subscription_a_person = Unique([programme, email])


class Announcement(Table, db=DB):
    """A call whose opening was told to the subscribers: once."""

    call = reference(Call, unique=True)
    id = identity()
    told_at = instant()
    letters_count = count()
