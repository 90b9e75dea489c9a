"""A form with a file in it, read as it arrives: on disk as it comes, never whole in memory, and refused as soon as it can be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from incubator.core.errors import Invalid, Refused
from incubator.core.language import _
from incubator.core.pages import form_token_matches
from incubator.documents.rules import PIECE_MAX, too_large
from incubator.documents.storage import Kept, full

FIELD_MAX = 200
PARTS_MAX = 4
FORM_MAX = 105_000_000  # the largest a question may ask for, and the form around it
FILE_FIELD = "file"


class SentFile(msgspec.Struct, frozen=True):
    """The file of a form: the name its sender's machine gave it, where it is on this one, how many bytes came."""

    name: str
    file: Path
    size: int


@asynccontextmanager
async def received(request: Request[Any, Any, Any], kept: Kept, size_max: int) -> AsyncIterator[SentFile]:
    """The one file of a form; it is gone from this machine afterwards, whatever happens.

    The form's token comes before the file, or in a header: not a byte of a stranger's file is written. Raises `Invalid`.
    """
    file = kept.arriving()
    try:
        yield await _Reader(request, file, size_max).read()
    finally:
        file.unlink(missing_ok=True)
        file.with_name(file.name + ".new").unlink(missing_ok=True)


class _Reader:
    """What is known of a form while it arrives."""

    def __init__(self, request: Request[Any, Any, Any], file: Path, size_max: int) -> None:
        self.request = request
        self.file = file
        self.size_max = size_max
        self.name: str | None = None
        self.size = 0
        self.field = b""
        self.segment: MultipartSegment | None = None
        given = request.headers.get("x-csrf-token")
        self.is_ours = request.auth == "token" or (given is not None and form_token_matches(request, given))

    async def read(self) -> SentFile:
        """Read it to its end."""
        parser = self._parser()
        try:
            with self.file.open("wb") as opened:
                async for chunk in self.request.stream():
                    for event in parser.parse(chunk) if chunk else ():
                        self._take(event, opened)
            parser.close()
        except ParserLimitReached:
            raise unreadable() from None
        except MultipartError:
            raise unreadable() from None
        except OSError as error:
            raise full(error) from error
        if self.size > self.size_max:
            raise Invalid({FILE_FIELD: too_large(self.size_max)})
        if not self.name:
            raise Invalid({FILE_FIELD: _("Choisissez un fichier.")})
        return SentFile(self.name, self.file, self.size)

    def _parser(self) -> PushMultipartParser:
        kind, options = parse_options_header(self.request.headers.get("content-type", ""))
        if kind != "multipart/form-data" or not options.get("boundary"):
            raise unreadable()
        try:
            return PushMultipartParser(options["boundary"], max_header_size=4096, max_segment_count=PARTS_MAX, strict=True)
        except (MultipartError, UnicodeError):
            raise unreadable() from None

    def _take(self, event: Any, opened: Any) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self.segment is not None and self.segment.name == FILE_FIELD:
            self.size += len(event)
            if self.size <= self.size_max:  # the rest of a file that is too large is let go by, so that the answer is read
                opened.write(event)
        else:
            self.field += event
            if len(self.field) > FIELD_MAX:
                raise unreadable()

    def _begin(self, segment: MultipartSegment) -> None:
        self.segment, self.field = segment, b""
        _kind, options = parse_options_header(segment.header("Content-Type", "") or "")
        if options.get("charset", "utf-8").lower() not in ("utf-8", "us-ascii"):
            raise unreadable()
        if segment.name == FILE_FIELD:
            if not self.is_ours:
                raise stale_page()
            if self.name is not None:
                raise Invalid({FILE_FIELD: _("Envoyez un fichier à la fois.")})
            self.name = segment.filename or ""

    def _end(self) -> None:
        if self.segment is not None and self.segment.name == "csrf":
            self.is_ours = self.is_ours or form_token_matches(self.request, self.field.decode("utf-8", "replace"))
        self.segment = None


async def received_piece(request: Request[Any, Any, Any]) -> bytes:
    """A piece of a file, as the body of a request. Raises `Invalid` beyond what a piece may be."""
    piece = bytearray()
    async for chunk in request.stream():
        piece += chunk
        if len(piece) > PIECE_MAX:
            raise Invalid({}, _("Ce morceau de fichier est trop grand."))
    return bytes(piece)


def unreadable() -> Invalid:
    """What no browser sends."""
    return Invalid({}, _("Ce formulaire est illisible. Rechargez la page et recommencez."))


def stale_page() -> Refused:
    """The token is missing, comes after the file, or is another session's."""
    return Refused(_("Cette page est restée ouverte trop longtemps ou vient d’ailleurs. Rechargez-la et recommencez."))
