"""Any form that can be published: every kind of question, conditions of every shape on earlier ones, any words."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from incubator.applications.forms.answers import field_name
from incubator.calls.definitions import (
    COLUMN_KINDS,
    NUMERIC,
    WITH_OPTIONS,
    Column,
    Condition,
    FormDefinition,
    Kind,
    Option,
    Question,
    Readers,
    Section,
)
from incubator.calls.reference import reference
from incubator.core.text import Unreadable, clean

PHASES = ("pre_incubation", "incubation")
CRITERIA = tuple(criterion.code for criterion in reference().grid.criteria)
CONDITIONED = frozenset(
    {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.PHASE, Kind.STATEMENT, Kind.NUMBER, Kind.AMOUNT, Kind.SCALE}
)
LARGE = 1_000_000


def _cleaned(text: str, *, line: bool) -> str:
    try:
        return clean(text, line=line)
    except Unreadable:
        return ""


def words(most: int = 30) -> st.SearchStrategy[str]:
    """One line in any script, as it is kept; never empty."""
    return st.text(max_size=most).map(lambda text: _cleaned(text, line=True)).filter(bool)


def paragraphs(most: int = 60) -> st.SearchStrategy[str]:
    """A text on any number of lines, as it is kept, or nothing."""
    return st.text(max_size=most).map(lambda text: _cleaned(text, line=False))


CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,6}", fullmatch=True)
OPTION_CODES = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)
OPTIONS = st.lists(st.builds(Option, OPTION_CODES, words(), paragraphs()), min_size=1, max_size=5, unique_by=lambda one: one.code)


@st.composite
def _bounds(draw: st.DrawFn, most: int = LARGE) -> dict[str, int | None]:
    low, high = sorted(draw(st.tuples(st.integers(-most, most), st.integers(-most, most))))
    return {"least": draw(st.sampled_from((None, low))), "most": draw(st.sampled_from((None, high)))}


@st.composite
def columns(draw: st.DrawFn, code: str) -> Column:
    """A column of a question in rows."""
    kind = draw(st.sampled_from(sorted(COLUMN_KINDS)))
    facts: dict[str, object] = {"required": draw(st.booleans())}
    if kind is Kind.LINE:
        facts["limit"] = draw(st.integers(1, 60))
    if kind is Kind.NUMBER:
        facts |= {"decimals": draw(st.integers(0, 4)), "unit": draw(st.just("") | words(10))}
    if kind in NUMERIC:
        facts |= draw(_bounds())
    if kind is Kind.CHOICE:
        codes = draw(st.lists(OPTION_CODES, min_size=1, max_size=4, unique=True))
        labels = draw(st.lists(words(), min_size=len(codes), max_size=len(codes), unique=True))
        facts["options"] = tuple(map(Option, codes, labels))
    return Column(code, draw(words()), kind, **facts)  # type: ignore[arg-type]


@st.composite
def _of_kind(draw: st.DrawFn, kind: Kind) -> dict[str, object]:
    """What a kind cannot do without, and what it may have."""
    match kind:
        case Kind.LINE | Kind.TEXT:
            return {"limit": draw(st.integers(1, 200))}
        case Kind.NUMBER:
            return {"decimals": draw(st.integers(0, 4)), "unit": draw(st.just("") | words(10)), **draw(_bounds())}
        case Kind.AMOUNT:
            return {**draw(_bounds())}
        case Kind.SCALE:
            least = draw(st.integers(-3, 3))
            ends = draw(st.just(()) | st.tuples(words(), words()))
            return {"least": least, "most": least + draw(st.integers(1, 10)), "scale_words": ends}
        case Kind.CHOICE | Kind.CHOICES:
            return {"options": tuple(draw(OPTIONS))}
        case Kind.RANKED:
            options = draw(OPTIONS)
            return {"options": tuple(options), "ranks": draw(st.integers(1, len(options)))}
        case Kind.ROWS:
            codes = draw(st.lists(OPTION_CODES, min_size=1, max_size=4, unique=True))
            return {"columns": tuple(draw(columns(code)) for code in codes), "rows_max": draw(st.integers(1, 4))}
        case Kind.FILE:
            size = draw(st.sampled_from((100_000, 3_000_000, 5_242_880, 9_999_999)))
            return {"file_types": ("pdf",), "files_max": draw(st.integers(1, 3)), "size_max": size}
    return {}


@st.composite
def _leaves(draw: st.DrawFn, earlier: tuple[Question, ...]) -> Condition:
    asked = draw(st.sampled_from(earlier))
    if asked.kind in NUMERIC:
        near = draw(_bounds(12))
        if near["least"] is None and near["most"] is None:
            near["least"] = 0
        return Condition(asked.code, **near)  # type: ignore[arg-type]
    possible = {
        Kind.STATEMENT: ("true",), Kind.YES_NO: ("yes", "no"), Kind.PHASE: PHASES,
    }.get(asked.kind, tuple(option.code for option in asked.options))  # fmt: skip
    return Condition(asked.code, values=tuple(draw(st.lists(st.sampled_from(possible), min_size=1, unique=True))))


@st.composite
def conditions(draw: st.DrawFn, earlier: tuple[Question, ...], deep: bool = True) -> Condition:
    """One answer, or several that must hold together, or one of several, of which each may be such a group again."""
    shape = draw(st.sampled_from(("leaf", "leaf", "every", "some")))
    if shape == "leaf":
        return draw(_leaves(earlier))
    part = conditions(earlier, deep=False) if deep else _leaves(earlier)
    parts = tuple(draw(st.lists(part, min_size=2, max_size=3)))
    return Condition(every=parts) if shape == "every" else Condition(some=parts)


@st.composite
def questions(draw: st.DrawFn, code: str, kind: Kind, earlier: tuple[Question, ...]) -> Question:
    """A question of a kind that stands after others."""
    usable = tuple(one for one in earlier if one.kind in CONDITIONED)
    maybe = st.none() | conditions(usable) if usable else st.none()
    need = "no" if kind is Kind.INFORMATION else draw(st.sampled_from(("no", "yes", "when")))
    facts = draw(_of_kind(kind))
    if kind is not Kind.INFORMATION:
        facts |= {"example": draw(st.just("") | paragraphs(20)), "required": need == "yes"}
        facts["criteria"] = tuple(draw(st.lists(st.sampled_from(CRITERIA), max_size=2, unique=True)))
    return Question(
        code, draw(words()), kind, when=draw(maybe), required_when=draw(maybe) if need == "when" else None,
        help=draw(st.just("") | paragraphs()), readers=draw(st.sampled_from(Readers)), **facts,  # type: ignore[arg-type]
    )  # fmt: skip


@st.composite
def definitions(draw: st.DrawFn, least: int = 1, most: int = 10, kinds: tuple[Kind, ...] = tuple(Kind)) -> FormDefinition:
    """A form that may be published; the entry phase is asked at most once."""
    codes = draw(st.lists(CODES, min_size=least, max_size=most, unique_by=lambda code: field_name(code).lower()))
    made: list[Question] = []
    sections: list[list[Question]] = [[]]
    for code in codes:
        left = tuple(kind for kind in kinds if kind is not Kind.PHASE or all(one.kind is not kind for one in made))
        question = draw(questions(code, draw(st.sampled_from(left)), tuple(made)))
        made.append(question)
        if sections[-1] and draw(st.sampled_from((False, False, True))):
            sections.append([])
        sections[-1].append(question)
    held = tuple(
        Section(f"S{rank}", draw(words()), tuple(asked), introduction=draw(st.just("") | paragraphs()))
        for rank, asked in enumerate(sections, 1)
    )
    return FormDefinition(draw(words()), held)


def as_json(definition: FormDefinition) -> FormDefinition:
    """The same through JSON, as it is stored."""
    return msgspec.json.decode(msgspec.json.encode(definition), type=FormDefinition)


__all__ = ["PHASES", "WITH_OPTIONS", "as_json", "conditions", "definitions", "paragraphs", "questions", "words"]
