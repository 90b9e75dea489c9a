"""Bytes are kept, read, erased and listed alike in a folder and in a bucket."""

from __future__ import annotations

import errno
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from incubator.core.errors import Unavailable
from incubator.documents.storage import Kept, Lost, NoRoom, full, kept_at

CONTENT = bytes(range(256)) * 50_000  # 12.8 MB: more than a part of S3


async def whole(kept: Kept, key: str) -> bytes:
    return b"".join([some async for some in kept.read(key)])


async def listed(kept: Kept, before: datetime) -> set[str]:
    return {key async for keys in kept.older_than(before) for key in keys}


async def test_what_is_kept_is_read_back_until_it_is_erased(kept: Kept, tmp_path: Path):
    file = tmp_path / "file"
    file.write_bytes(CONTENT)
    key, piece = await kept.keep(file), await kept.keep_piece(b"piece")
    assert hashlib.sha256(await whole(kept, key)).digest() == hashlib.sha256(CONTENT).digest()
    assert await whole(kept, piece) == b"piece"
    later = datetime.now(UTC) + timedelta(hours=1)
    assert {key, piece} <= await listed(kept, later)
    assert not {key, piece} & await listed(kept, later - timedelta(hours=2))
    await kept.erase(key, piece, key)
    assert not {key, piece} & await listed(kept, later)
    with pytest.raises(Lost):
        await whole(kept, key)


async def test_a_key_says_nothing_of_the_file(kept: Kept, tmp_path: Path):
    file = tmp_path / "CV de Camille.pdf"
    file.write_bytes(b"%PDF")
    key = await kept.keep(file)
    assert "CV" not in key
    assert ".pdf" not in key


async def test_a_storage_that_is_away_is_said_to_be(tmp_path: Path):
    away = kept_at("s3://files/incubator?endpoint=http://127.0.0.1:1&region=eu-west-3")
    with pytest.raises(Unavailable):
        await away.keep_piece(b"piece")
    with pytest.raises(Unavailable):
        await whole(away, "documents/aa/bb")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_to_be_full(number: int):
    """C13"""
    assert isinstance(full(OSError(number, "no room")), NoRoom)
    assert isinstance(full(OSError(errno.EIO, "broken")), Unavailable)


def test_a_disk_that_is_really_full():
    """C13: /dev/full refuses every byte; nothing is kept of what was sent."""
    with pytest.raises(OSError, match="No space") as refused, Path("/dev/full").open("wb", buffering=0) as opened:
        opened.write(b"x")
    assert full(refused.value).status == 507
