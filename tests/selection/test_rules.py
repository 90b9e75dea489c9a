"""Every reason why not, every verb in every state, without a database."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from incubator.core.errors import Conflict, Invalid
from incubator.core.ids import new_id
from incubator.selection.forms import DecisionForm
from incubator.selection.rules import committees, decisions
from incubator.selection.rules.committees import Assessing, Member, Presenting, Seating
from incubator.selection.rules.decisions import Deciding, Publishing, Reason
from incubator.selection.tables import College, DecisionOutcome

ASSESSING = Assessing(
    seat=new_id(), presentation=new_id(), committee=new_id(), application=new_id(), grid=new_id(), is_voting=True,
    has_interest=False, application_state="admissible", is_published=False, state="to_do", version=0,
)  # fmt: skip
DECIDING = Deciding(
    presentation=new_id(), committee=new_id(), application=new_id(), project=new_id(), application_state="admissible",
    is_published=False, means={"A1": Decimal("4.000"), "B6": Decimal("2.999"), "C7": Decimal("3.500")},
    codes=["A1", "B6", "C7"], phases={"pre_incubation": new_id()}, voters_count=4, voices_count=2, colleges_count=2,
    ranks_taken=[1], version=0,
)  # fmt: skip
COMPLETE = DecisionForm(
    outcome=DecisionOutcome.RETAINED,
    phase="pre_incubation",
    reasons={"A1": "Besoin démontré.", "B6": "Peu d’acteurs rencontrés."},
)
PUBLISHED = "Les décisions de ce comité sont publiées : il ne change plus."


@pytest.mark.parametrize("verb", ["save", "hand_in"])
@pytest.mark.parametrize("state", ["to_do", "draft", "handed_in"])
def test_an_assessment_moves_until_it_is_handed_in(verb: str, state: str) -> None:
    arrival = {"save": "draft", "hand_in": "handed_in"}[verb]
    if state == "handed_in":
        with pytest.raises(Conflict):
            committees.move(verb, state)
    else:
        assert committees.move(verb, state) == arrival


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"state": "draft"}, None),
        ({"has_interest": None}, "Dites d’abord si vous avez un intérêt dans ce dossier."),
        ({"is_published": True}, PUBLISHED),
        ({"is_voting": False}, "Votre voix est consultative : vous lisez les dossiers, vous ne les notez pas."),
        ({"application_state": "withdrawn"}, "L’équipe a retiré ce dossier : il n’est plus à noter."),
        ({"state": "handed_in"}, "Votre évaluation est remise : elle ne change plus."),
    ],
)
def test_why_not_assess(changed: dict[str, object], reason: str | None) -> None:
    assert committees.why_not_assess(msgspec.structs.replace(ASSESSING, **changed)) == reason


@pytest.mark.parametrize("state", ["to_do", "draft", "handed_in"])
def test_an_interest_may_be_declared_in_any_state_until_publication(state: str) -> None:
    facts = msgspec.structs.replace(ASSESSING, state=state)
    assert committees.why_not_declare(facts) is None
    assert committees.why_not_declare(msgspec.structs.replace(facts, is_published=True)) == PUBLISHED


@pytest.mark.parametrize("college", list(College))
def test_staff_never_vote_and_experts_and_the_team_advise(college: College) -> None:
    """R13."""
    staff = Seating(is_staff=True, is_seated=False, is_published=False)
    assert committees.votes(college.value) == (college in (College.FUNDERS, College.ESS, College.ENTREPRENEURS))
    assert (committees.why_not_give_seat(staff, college.value) is None) == (not committees.votes(college.value))
    other = msgspec.structs.replace(staff, is_staff=False)
    assert committees.why_not_give_seat(other, college.value) is None
    assert committees.why_not_give_seat(msgspec.structs.replace(other, is_seated=True), college.value)
    assert committees.why_not_give_seat(msgspec.structs.replace(other, is_published=True), college.value) == PUBLISHED


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        (Presenting(is_published=False, asked_count=2, found_count=2), True),
        (Presenting(is_published=False, asked_count=2, found_count=1), False),
        (Presenting(is_published=False, asked_count=0, found_count=0), False),
        (Presenting(is_published=True, asked_count=2, found_count=2), False),
    ],
)
def test_why_not_present(facts: Presenting, allowed: bool) -> None:
    assert (committees.why_not_present(facts) is None) == allowed


@pytest.mark.parametrize("is_published", [False, True])
@pytest.mark.parametrize("is_ended", [False, True])
def test_why_not_end_seat(is_published: bool, is_ended: bool) -> None:
    reason = committees.why_not_end_seat(is_published=is_published, is_ended=is_ended)
    assert (reason is None) == (not is_published and not is_ended)


def test_one_signs_once_the_text_that_was_shown() -> None:
    """R9."""
    member = Member(new_id(), new_id(), "Comité", "Appel", True, False, False)
    text = committees.undertaking_text("Comité", "Appel")
    shown = committees.text_hash(text)
    assert committees.why_not_sign(member, shown, text, agreed=True) is None
    assert committees.why_not_sign(member, shown, text, agreed=False) == "Cochez la case pour signer l’engagement."
    assert "a changé" in str(committees.why_not_sign(member, committees.text_hash("autre"), text, agreed=True))
    signed = msgspec.structs.replace(member, is_signed=True)
    assert "déjà" in str(committees.why_not_sign(signed, shown, text, agreed=True))


@pytest.mark.parametrize(
    ("voters", "voices", "colleges", "quorate"),
    [(4, 2, 2, True), (5, 2, 2, False), (5, 3, 2, True), (4, 4, 1, False), (0, 0, 0, False), (12, 6, 3, True)],
)
def test_quorum_is_half_the_voters_and_two_colleges(voters: int, voices: int, colleges: int, quorate: bool) -> None:
    """R24."""
    assert committees.has_quorum(voters=voters, voices=voices, colleges=colleges) == quorate


@pytest.mark.parametrize(
    ("mean", "side"),
    [(None, "middle"), ("4.000", "strong"), ("3.999", "middle"), ("3.000", "middle"), ("2.999", "weak"), ("5", "strong")],
)
def test_a_mean_tells_strong_and_weak_criteria(mean: str | None, side: str) -> None:
    """R25."""
    assert decisions.side(None if mean is None else Decimal(mean)) == side


def test_a_complete_decision_gives_its_reasons_with_their_side() -> None:
    form = msgspec.structs.replace(COMPLETE, reasons=COMPLETE.reasons | {"C7": "À chiffrer."}, weaknesses=["C7"])
    assert decisions.check_decision(form, DECIDING) == [
        Reason("A1", True, "Besoin démontré."),
        Reason("B6", False, "Peu d’acteurs rencontrés."),
        Reason("C7", False, "À chiffrer."),
    ]


@pytest.mark.parametrize(
    ("changed", "facts", "fields"),
    [
        ({}, {}, set()),
        ({"reasons": {"A1": "oui"}}, {}, {"reasons.B6"}),
        ({"reasons": {"A1": "", "B6": "oui"}}, {}, {"reasons.A1"}),
        ({"reasons": {}}, {"means": {}}, {"reasons"}),
        ({"reasons": {"C7": "oui"}}, {"means": {}}, set()),
        ({"reasons": {**COMPLETE.reasons, "Z9": "non"}}, {}, {"reasons.Z9"}),
        ({"phase": ""}, {}, {"phase"}),
        ({"phase": "lune"}, {}, {"phase"}),
        ({"outcome": DecisionOutcome.WAITING_LIST}, {}, {"waiting_rank"}),
        ({"outcome": DecisionOutcome.WAITING_LIST, "waiting_rank": 1}, {}, {"waiting_rank"}),
        ({"outcome": DecisionOutcome.WAITING_LIST, "waiting_rank": 2}, {}, set()),
        ({"outcome": DecisionOutcome.NOT_RETAINED}, {}, {"orientation"}),
        ({"outcome": DecisionOutcome.REDIRECTED, "phase": ""}, {}, {"orientation"}),
        ({"outcome": DecisionOutcome.NOT_RETAINED, "orientation": "Revenez."}, {}, set()),
        ({}, {"voices_count": 1}, {"no_quorum_reason"}),
        ({}, {"colleges_count": 1}, {"no_quorum_reason"}),
        ({"no_quorum_reason": "Urgence."}, {"colleges_count": 1}, set()),
    ],
)
def test_what_a_decision_lacks_is_told_field_by_field(
    changed: dict[str, object], facts: dict[str, object], fields: set[str]
) -> None:
    form, judged = msgspec.structs.replace(COMPLETE, **changed), msgspec.structs.replace(DECIDING, **facts)
    if not fields:
        assert decisions.check_decision(form, judged)
        return
    with pytest.raises(Invalid) as refused:
        decisions.check_decision(form, judged)
    assert set(refused.value.errors) == fields


@pytest.mark.parametrize(
    ("changed", "allowed"), [({}, True), ({"is_published": True}, False), ({"application_state": "withdrawn"}, False)]
)
def test_why_not_decide(changed: dict[str, object], allowed: bool) -> None:
    assert (decisions.why_not_decide(msgspec.structs.replace(DECIDING, **changed)) is None) == allowed


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Publishing("AAC", False, 1, []), None),
        (Publishing("AAC", True, 1, []), "Les décisions de ce comité sont déjà publiées."),
        (Publishing("AAC", False, 0, []), "Aucun dossier n’a été présenté à ce comité."),
        (Publishing("AAC", False, 1, ["Roule Sologne", "Nuit’Abri"]), "Sans décision : Roule Sologne, Nuit’Abri."),
    ],
)
def test_why_not_publish(facts: Publishing, reason: str | None) -> None:
    assert decisions.why_not_publish(facts) == reason


def test_the_code_of_the_call_is_typed_to_be_sure() -> None:
    decisions.check_publication("aac-1", Publishing("AAC-1", False, 1, []))
    with pytest.raises(Invalid) as refused:
        decisions.check_publication("AAC-2", Publishing("AAC-1", False, 1, []))
    assert refused.value.errors == {"call": "Recopiez le code de l’appel : AAC-1."}
