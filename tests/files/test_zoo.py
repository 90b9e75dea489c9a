"""None wrongly taken, none wrongly refused, each in a moment and within a bound (C01–C04, ASVS 5.2.2, 5.2.3, 5.2.6)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from incubator.documents.inspection import look
from incubator.documents.rules import NAME_MAX, TYPES, Kept, Limits, Unfit, extension_of, shown_name, why_not_send
from tests.files.zoo import ZOO, Animal

LIMITS = Limits(types=tuple(TYPES))


def refusal(animal: Animal, file: Path) -> str:
    """The sentence it is refused with, or nothing."""
    file.write_bytes(animal.content)
    if reason := why_not_send(animal.name, len(animal.content), LIMITS, Kept(0, 0)):
        return reason
    try:
        look(file, extension_of(animal.name))
    except Unfit as unfit:
        return str(unfit)
    return ""


def test_the_zoo_is_large():
    assert len(ZOO) >= 120


@pytest.mark.parametrize("animal", ZOO, ids=[one.what for one in ZOO])
def test_each_is_taken_or_refused_as_it_should(animal: Animal, tmp_path: Path):
    started = time.perf_counter()
    said = refusal(animal, tmp_path / "arriving")
    assert time.perf_counter() - started < 2
    if animal.words:
        assert animal.words in said
    else:
        assert said == ""


@pytest.mark.parametrize("animal", ZOO, ids=[one.what for one in ZOO])
def test_each_is_shown_under_a_name_no_disk_and_no_reader_chokes_on(animal: Animal):
    name = shown_name(animal.name)
    assert 0 < len(name) <= NAME_MAX
    assert not set(name) & set('/\\<>:"|?*%\x00\r\n\u202e\u200b\ud800')
    assert not name.startswith((".", " "))
    assert name.isprintable()
    assert not name.lower().startswith(("con.", "nul.", "lpt1."))
