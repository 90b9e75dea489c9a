"""PDF from a template and data: tagged, in French, the same bytes for the same data.

Typst holds the interpreter's lock and reads what strangers wrote, so it works in a child process, one for each document:
`python -m incubator.core.typesetting` takes JSON on its input and gives the PDF on its output. What people wrote is only ever
data; the source is our templates. The child has no secret in its environment, bounded memory and bounded time.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import typst

from incubator.core.errors import Unavailable

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
FONTS = Path(__file__).parent.parent / "fonts"
AT_ONCE = 2
SECONDS = 30
WAIT_SECONDS = 20
MEMORY = 2_000_000_000

_turns = asyncio.Semaphore(AT_ONCE)


class Unprintable(Exception):
    """The template does not compile with this data: a fault of ours; the message is Typst's."""


async def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `templates/<template>.typ` filled with `data`, whose `title` and `at` (an instant) every template needs.

    `lang` ("fr") and `author` may be given. Values are what JSON holds, Structs and dates included. Raises `Unavailable`
    when the machine is too busy, `Unprintable` when the template does not take the data.
    """
    sheet = msgspec.json.encode({"template": template, "data": {"lang": "fr", "author": "Alter’Incub"} | dict(data)})
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await _turns.acquire()
    except TimeoutError:
        raise Unavailable("too many documents at once") from None
    try:
        return await _in_a_child(sheet)
    finally:
        _turns.release()


async def _in_a_child(sheet: bytes) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "incubator.core.typesetting",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        cwd=TEMPLATES.parent, env={"PATH": os.defpath, "RAYON_NUM_THREADS": "1"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            pdf, complaint = await child.communicate(sheet)
    except TimeoutError:
        raise Unavailable("a document took too long") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode != 0:
        raise Unprintable(complaint.decode("utf-8", "replace")[-2000:])
    return pdf


def compiled(template: str, data: dict[str, Any]) -> bytes:
    """The PDF, made in this very process. As PDF/UA-1, unless some character has no glyph in our fonts: then only tagged."""
    at = int(datetime.fromisoformat(data["at"]).timestamp())
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=fonts,
        sys_inputs={"data": msgspec.json.encode(data).decode()},
    )
    try:
        return compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=at)  # type: ignore[return-value]
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return compiler.compile(format="pdf", timestamp=at)  # type: ignore[return-value]


def main() -> None:
    """The child: one document, then the end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sheet = msgspec.json.decode(sys.stdin.buffer.read())
    sys.stdout.buffer.write(compiled(sheet["template"], sheet["data"]))


if __name__ == "__main__":
    main()
