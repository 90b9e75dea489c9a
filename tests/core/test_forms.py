"""From what was sent to a Struct: French mistakes, all at once; hostile values refused, never stored."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta

from incubator.core.errors import Invalid
from incubator.core.forms import Line, Paragraph, RequiredLine, from_html, from_json


class Colour(StrEnum):
    RED = "red"


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: RequiredLine
    text: Paragraph = ""
    age: Annotated[int, Meta(ge=0, le=120)] | None = None
    share: Annotated[Decimal, Meta(extra={"low": 0, "high": 100})] | None = None
    born: date | None = None
    closes: datetime | None = None
    colour: Colour | None = None
    agreed: bool = False
    tags: Annotated[list[Line], Meta(max_length=3)] = []
    scores: dict[UUID, Annotated[int, Meta(ge=1, le=5)]] = {}


KEY = UUID("01935b1e-0000-7000-8000-000000000001")


def html(**fields: str | list[str]) -> Form:
    sent = {name.replace("__", "."): value if isinstance(value, list) else [value] for name, value in fields.items()}
    return from_html(Form, {"name": ["N"], **sent})


def test_a_whole_form_is_read():
    form = from_html(
        Form,
        {
            "csrf": ["x"],
            "name": ["  Roule\u200b  Sologne "],
            "text": ["un\r\ndeux"],
            "age": ["1 0"],
            "share": ["12,5"],
            "born": ["29/02/2024"],
            "closes": ["2026-01-30T23:59"],
            "colour": ["red"],
            "agreed": ["on"],
            "tags": ["a", "b"],
            f"scores.{KEY}": ["5"],
        },
    )
    assert form == Form(
        name="Roule Sologne",
        text="un\ndeux",
        age=10,
        share=Decimal("12.5"),
        born=date(2024, 2, 29),
        closes=datetime(2026, 1, 30, 22, 59, tzinfo=UTC),
        colour=Colour.RED,
        agreed=True,
        tags=["a", "b"],
        scores={KEY: 5},
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\u200b "),
        ("name", "a\x00b"),
        ("name", "x" * 201),
        ("name", ["a", "b"]),
        ("age", "1e3"),
        ("age", "１２"),
        ("age", "1_0"),
        ("age", "121"),
        ("age", "-1"),
        ("age", "9" * 30),
        ("share", "NaN"),
        ("share", "100,1"),
        ("share", "inf"),
        ("share", "1e400"),
        ("share", "1.234,56"),
        ("share", "0x10"),
        ("born", "31/02/2026"),
        ("born", "0001-01-01"),
        ("born", "9999-12-31"),
        ("born", "01/13/2026"),
        ("closes", "2026-10-25T02:30"),
        ("closes", "2027-03-28T02:30"),
        ("closes", "2026-01-30T25:00"),
        ("colour", "blue"),
        ("tags", ["a", "b", "c", "d"]),
        (f"scores.{KEY}", "6"),
        (f"scores.{KEY}", "NaN"),
        ("scores.not-an-id", "5"),
    ],
)
def test_what_cannot_be_taken_names_its_field(field, value):
    sent = {"name": ["N"], field: value if isinstance(value, list) else [value]}
    with pytest.raises(Invalid) as refused:
        from_html(Form, sent)
    assert list(refused.value.errors) == [field.split(".")[0]]


def test_every_mistake_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        html(name="", age="x", born="hier")
    assert set(refused.value.errors) == {"name", "age", "born"}


def test_a_field_of_another_page_is_refused():
    with pytest.raises(Invalid) as refused:
        html(state="retenue")
    assert "Cette page a changé" in refused.value.reason


def test_a_long_text_says_by_how_much():
    with pytest.raises(Invalid) as refused:
        html(text="é" * 4023)
    assert (
        refused.value.errors["text"] == "Ce texte dépasse 4\u202f000 caractères (4\u202f023). Raccourcissez-le de 23 caractères."
    )


def test_json_is_held_to_the_same_bounds():
    with pytest.raises(Invalid) as refused:
        from_json(Form, {"name": 3, "age": 1e400, "share": "NaN", "closes": "2026-01-30T10:00:00", "extra": 1})
    assert set(refused.value.errors) == {"name", "age", "share", "closes", "extra"}
    assert from_json(Form, {"name": "e\u0301"}).name == "é"


@pytest.mark.parametrize("sent", [None, 3, "x", [], [{}]])
def test_json_that_is_no_object_is_refused(sent):
    with pytest.raises(Invalid):
        from_json(Form, sent)
