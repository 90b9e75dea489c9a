"""Any whole answer to a question: what is sent, and what should be kept of it, said without the application's own code."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from incubator.calls.definitions import Column, FormDefinition, Kind, Question
from tests.properties.forms import PHASES
from tests.world.projects import ORLEANS, PARIS, TOURS

COMMUNES = (TOURS, ORLEANS, PARIS)
EPCI = ("243700754", "244500468")  # Tours, Orléans
REFUSED = frozenset("\x00\ufffe\uffff") | {chr(code) for code in range(0xFDD0, 0xFDF0)}
LINE_ENDS = ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")
INVISIBLE = frozenset(
    chr(code)
    for start, end in (
        (0x01, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x200B, 0x200B), (0x2060, 0x2060),
        (0xFEFF, 0xFEFF), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069),
    )
    for code in range(start, end + 1)
)  # fmt: skip


class Answer(NamedTuple):
    """An answer on its way, and as it is kept; None: there is nothing to answer."""

    sent: Any
    kept: Any


def text_kept(text: str, *, line: bool) -> str:
    """What is kept of a text: docs/characters.md, read again."""
    for end in LINE_ENDS:
        text = text.replace(end, "\n")
    text = unicodedata.normalize("NFC", "".join(letter for letter in text if letter not in INVISIBLE))
    return " ".join(text.split()) if line else text.strip()


@st.composite
def texts(draw: st.DrawFn, limit: int, *, line: bool) -> Answer:
    """Something legible within the limit: NFC makes at most three characters of one."""
    letters = st.characters(codec="utf-8", exclude_characters="".join(REFUSED))
    edges = ("é" * limit, "e\u0301" * limit, "\U0001f469" * limit, " " + "ع" * limit + "\r\n")
    any_text = st.text(letters, max_size=max(1, limit // 3)).filter(lambda text: 0 < len(text_kept(text, line=line)) <= limit)
    sent = draw(any_text | st.sampled_from(edges))
    return Answer(sent, text_kept(sent, line=line))


@st.composite
def numbers(draw: st.DrawFn, asked: Question | Column) -> Answer:
    """A number within its bounds, written as people or as programs do."""
    places = 2 if asked.kind is Kind.AMOUNT else asked.decimals
    low = -2_000_000 if asked.least is None else asked.least
    high = 2_000_000 if asked.most is None else asked.most
    low, high = (min(low, high), high) if asked.least is None else (low, max(low, high))
    number = Decimal(draw(st.integers(low * 10**places, high * 10**places))).scaleb(-places)
    plain = f"{number:.{places}f}"
    kept = plain.rstrip("0").rstrip(".") if "." in plain else plain
    kept = "0" if kept in ("-0", "") else kept
    forms = [plain, plain.replace(".", ","), kept, f" {plain} "]
    if number == number.to_integral_value():
        forms.append(int(number))  # type: ignore[arg-type]
    return Answer(draw(st.sampled_from(forms)), kept)


def _luhn(digits: str) -> str:
    """With the digit that makes its sum right."""
    total = sum(sum(divmod(int(digit) * (2 if rank % 2 == 0 else 1), 10)) for rank, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@st.composite
def registered(draw: st.DrawFn, kind: Kind) -> Answer:
    """A SIREN or a SIRET that can exist, with or without spaces."""
    digits = _luhn(f"{draw(st.integers(40_000_000, 79_999_999))}")
    if kind is Kind.SIRET:
        digits = _luhn(f"{digits}{draw(st.integers(0, 9999)):04d}")
    spaced = " ".join(part for part in (digits[:3], digits[3:6], digits[6:9], digits[9:]) if part)
    return Answer(draw(st.sampled_from((digits, spaced))), digits)


@st.composite
def rows(draw: st.DrawFn, question: Question) -> Answer:
    """Rows that each hold something, whole; a cell left empty is sent empty and not kept."""
    sent, kept = [], []
    for _row in range(draw(st.integers(1, question.rows_max))):
        cells = {column.code: draw(answers(column)) for column in question.columns}
        optional = [column.code for column in question.columns if not column.required]
        empty = draw(st.sets(st.sampled_from(optional))) if optional else set()
        if len(empty) == len(cells):
            empty = set(list(empty)[1:])
        sent.append({code: "" if code in empty else one.sent for code, one in cells.items()})
        kept.append({code: one.kept for code, one in cells.items() if code not in empty})
    return Answer(sent, kept)


def answers(asked: Question | Column, phases: tuple[str, ...] = PHASES) -> st.SearchStrategy[Answer]:
    """A whole answer. Files are sent by other means, information asks nothing."""
    match asked.kind:
        case Kind.LINE | Kind.TEXT:
            return texts(asked.limit, line=asked.kind is Kind.LINE)
        case Kind.NUMBER | Kind.AMOUNT:
            return numbers(asked)
        case Kind.SIREN | Kind.SIRET:
            return registered(asked.kind)
        case Kind.DAY:
            return (
                st.dates().filter(lambda day: 2000 <= day.year <= 2100).map(lambda day: Answer(day.isoformat(), day.isoformat()))
            )
        case Kind.STATEMENT:
            return st.just(Answer(True, True))
    if isinstance(asked, Question):
        match asked.kind:
            case Kind.ROWS:
                return rows(asked)
            case Kind.CHOICES:
                return _several(asked)
            case Kind.RANKED:
                ranked = st.permutations([option.code for option in asked.options]).map(lambda codes: codes[: asked.ranks])
                return ranked.map(lambda codes: Answer(codes, codes))
    return st.sampled_from(_codes(asked, phases)).map(lambda code: Answer(code, code))


def _several(question: Question) -> st.SearchStrategy[Answer]:
    codes = [option.code for option in question.options]
    ticked = st.lists(st.sampled_from(codes), min_size=1)
    return ticked.map(lambda sent: Answer(sent, [code for code in codes if code in sent]))


def _codes(asked: Question | Column, phases: tuple[str, ...]) -> tuple[str | None, ...]:
    match asked.kind:
        case Kind.YES_NO:
            return ("yes", "no")
        case Kind.SCALE:
            return tuple(str(degree) for degree in range(asked.least or 0, (asked.most or 0) + 1))
        case Kind.PHASE:
            return phases
        case Kind.COMMUNE:
            return COMMUNES
        case Kind.EPCI:
            return EPCI
        case Kind.CHOICE:
            return tuple(option.code for option in asked.options)
    return (None,)


def is_answered(question: Question) -> bool:
    """True for a question that a value can be sent to."""
    return question.kind not in (Kind.INFORMATION, Kind.FILE)


@st.composite
def whole(draw: st.DrawFn, definition: FormDefinition, phases: tuple[str, ...] = PHASES) -> dict[str, Answer]:
    """A whole answer to every question that takes one."""
    return {question.code: draw(answers(question, phases)) for question in definition.questions if is_answered(question)}
