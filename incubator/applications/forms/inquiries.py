"""What comes in about questions to the programme."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from incubator.calls.public_forms import Asked, SectionCode
from incubator.core.forms import Count, RequiredParagraph

TEXT_MAX = 2000

Text = Annotated[str, Meta(min_length=1, max_length=TEXT_MAX, examples=["Faut-il compter les bénévoles dans les effectifs ?"])]


class InquiryForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask the programme something about a section of the form, by its code; "" when it is about none in particular."""

    text: Text
    section: SectionCode = ""


class ReplyForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Write on; `closes`: staff say that nothing more is to be said."""

    text: Text
    closes: bool = False


class PublicationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Question and answer as everybody will read them, without what would tell whose project it is.

    `version`: of what is published already, as it was read; 0 for nothing.
    """

    question: Asked
    answer: RequiredParagraph
    version: Count = 0
