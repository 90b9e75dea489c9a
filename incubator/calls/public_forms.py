"""What visitors send about a call, and what staff send to answer them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from incubator.core.forms import ONE_LINE, Email, RequiredParagraph, Version

SectionCode = Annotated[str, Meta(max_length=20, extra=ONE_LINE, description="A section of the form; empty: the call as a whole")]
Asked = Annotated[str, Meta(min_length=1, max_length=300, extra=ONE_LINE, examples=["Faut-il déjà être deux ?"])]
YesNo = Literal["yes", "no"]
Answers = Annotated[dict[Annotated[str, Meta(max_length=20)], Annotated[str, Meta(max_length=3)]], Meta(max_length=20)]


class FaqForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question often asked, and its answer. `published`: whether visitors read it at once."""

    section: SectionCode = ""
    question: Asked
    answer: RequiredParagraph
    published: bool = False


class EditFaqForm(FaqForm, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry as it should become; `version` is the one that was read."""

    version: Version


class MoveForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place up, or down."""

    way: Literal["up", "down"]


class SelfTestForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Yes-or-no answers by code of question."""

    answers: Answers = {}


class CallBackForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Answers one agrees to have kept, to be called back."""

    answers: Answers = {}
    email: Email
    consent: bool = False


class SubscriptionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants to know when the next call opens."""

    email: Email
