"""Where bytes are: a folder, or a bucket that speaks S3. A key is made here, never taken from a name that was sent."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.exceptions import NotFoundError as ObjectNotFound
from obstore.store import LocalStore, S3Store

from incubator.core.errors import Failure, Unavailable
from incubator.core.ids import new_id
from incubator.core.language import _

if TYPE_CHECKING:
    from obstore.store import S3Config

READ_BYTES = 256 * 1024
PART_BYTES = 5 * 1024 * 1024  # the smallest S3 takes; two at a time are in memory for each file
FILES_AT_ONCE = 3
DOCUMENTS, PIECES = "documents", "pieces"
_turns: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NoRoom(Failure):
    """There is no room left to keep it (507): nothing was kept of it."""

    status = 507


class Lost(Exception):
    """Nothing is kept under this key."""


class Kept:
    """One place where bytes are kept."""

    def __init__(self, store: LocalStore | S3Store, incoming: Path) -> None:
        self.store = store
        self.incoming = incoming

    def arriving(self) -> Path:
        """A new file on this machine's disk, to look at before it is kept; whoever asks removes it."""
        try:
            self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="arriving-", dir=self.incoming)
        except OSError as error:
            raise full(error) from error
        os.close(handle)
        return Path(name)

    async def keep(self, file: Path) -> str:
        """Keep a file under a new key, piece by piece."""
        key = new_key(DOCUMENTS)
        async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(FILES_AT_ONCE)):
            await self._put(key, file)
        return key

    async def keep_piece(self, piece: bytes) -> str:
        """Keep a piece of a file that is still arriving."""
        key = new_key(PIECES)
        await self._put(key, piece)
        return key

    async def _put(self, key: str, what: Path | bytes) -> None:
        try:
            await obstore.put_async(self.store, key, what, chunk_size=PART_BYTES, max_concurrency=2)
        except (BaseError, OSError) as error:
            raise full(error) from error

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Its bytes, some at a time. Raises `Lost` before the first."""
        try:
            found = await obstore.get_async(self.store, key)
            async for some in found.stream(min_chunk_size=READ_BYTES):
                yield bytes(some)
        except (ObjectNotFound, FileNotFoundError):
            raise Lost(key) from None
        except BaseError as error:
            raise Unavailable from error

    async def erase(self, *keys: str) -> None:
        """Erase what is under these keys; what is not there is fine."""
        for key in keys:
            try:
                await obstore.delete_async(self.store, key)
            except (ObjectNotFound, FileNotFoundError):
                continue
            except BaseError as error:
                raise Unavailable from error

    async def older_than(self, before: datetime) -> AsyncIterator[list[str]]:
        """Every key kept before an instant, a thousand at a time."""
        for prefix in (DOCUMENTS, PIECES):
            async for metas in obstore.list(self.store, prefix=prefix, chunk_size=1000):
                if keys := [meta["path"] for meta in metas if meta["last_modified"] < before]:
                    yield keys


def new_key(folder: str) -> str:
    """documents/3f/019ab0f4…: nothing of the name, the person or the file is in it."""
    name = new_id().hex
    return f"{folder}/{name[-2:]}/{name}"


def full(error: Exception) -> Failure:
    """What an error of the disk means to whoever sends."""
    number = error.errno if isinstance(error, OSError) else None
    if number in FULL or "os error 28" in str(error) or "No space left" in str(error):
        return NoRoom(_("Il n’y a plus de place pour garder ce fichier. Rien n’est perdu : l’équipe technique est prévenue."))
    return Unavailable()


@cache
def kept_at(url: str) -> Kept:
    """The place a STORAGE_URL names: file:///folder, or s3://bucket/prefix?endpoint=http://host&region=eu-west-3."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        root = Path(unquote(parts.path))
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Kept(LocalStore(root, automatic_cleanup=True), root / "arriving")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    endpoint = asked.get("endpoint", "")
    where: S3Config = {"region": asked.get("region", "us-east-1")}
    if endpoint:
        where["endpoint"] = endpoint
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=where,
        client_options={"allow_http": endpoint.startswith("http://"), "timeout": "30s"},
        retry_config={"max_retries": 3},
    )
    return Kept(store, Path(tempfile.gettempdir()) / "incubator-arriving")
