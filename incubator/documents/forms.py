"""What comes in about documents."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from incubator.core.forms import ONE_LINE

FileName = Annotated[str, Meta(min_length=1, max_length=1000, extra=ONE_LINE, examples=["CV Aïcha Diallo.pdf"])]
FileSize = Annotated[int, Meta(ge=0, le=100_000_000, examples=[482_113])]
PlaceCode = Annotated[str, Meta(min_length=1, max_length=20, extra=ONE_LINE, examples=["9.1"])]


class UploadForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file about to be sent piece after piece: the question it answers, its name, how many bytes it has."""

    question: PlaceCode
    name: FileName
    size: FileSize


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""
