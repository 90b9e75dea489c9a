"""What the file of a call holds. The reference programme is such a file, with its strategy and its programme besides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from incubator.calls.definitions import FormDefinition, GridDefinition
from incubator.calls.forms import CallCode, DepartementCode, ImportFields, PhaseCode, PlacesCount
from incubator.core.forms import ONE_LINE, Paragraph, RequiredLine, RequiredParagraph
from incubator.programmes.forms import PlanDefinition, ProgrammeIdentity, StrategyDefinition

FILE_BYTES_MAX = 1_000_000


class CallPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Texts, dates, départements, and places by code of entry phase. An instant without an offset is an hour in Paris."""

    code: CallCode
    title: RequiredLine
    introduction: Paragraph = ""
    opens_at: datetime
    closes_at: datetime
    notify_on: date
    departements: Annotated[tuple[DepartementCode, ...], Meta(max_length=110)] = ()
    places: Annotated[dict[PhaseCode, PlacesCount], Meta(max_length=20)] = {}


class FaqPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A question often asked, and its answer; `section`: the code of the section of the form it is about, or nothing."""

    section: Annotated[str, Meta(max_length=20, extra=ONE_LINE)] = ""
    question: Annotated[str, Meta(min_length=1, max_length=300, extra=ONE_LINE)]
    answer: RequiredParagraph
    published: bool = False


class CallFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A whole call. Without `plan` it follows the plan in force; `strategy` and `programme` are for loading a programme."""

    call: CallPart | None = None
    strategy: StrategyDefinition | None = None
    programme: ProgrammeIdentity | None = None
    plan: PlanDefinition | None = None
    form: FormDefinition
    grid: GridDefinition
    faq: Annotated[tuple[FaqPart, ...], Meta(max_length=200)] = ()


class CallImport(ImportFields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A call to make from a file, and what may differ from it."""

    file: CallFile
