"""Documents say what the code says."""

import re
from pathlib import Path

import pytest

from incubator.core.settings import VARIABLES
from tests.documents import DOCS, DOCUMENTS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_generated_documents_are_up_to_date(name):
    assert (DOCS / name).read_text() == DOCUMENTS[name]()


def test_the_readme_lists_every_room_in_order():
    table = README.split("## Rooms")[1].split("## Operate")[0]
    rooms = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    folders = {path.parent.name for path in ROOT.glob("incubator/*/__init__.py")} - {"demo"}
    assert set(rooms) == folders
    contract = (ROOT / "pyproject.toml").read_text().split('name = "A room imports only rooms below it"')[1]
    order = [name for name in re.findall(r'"\(?(\w+)\)?"', contract.split("]")[1]) if name in folders]
    assert rooms == list(reversed(order))


def test_the_readme_lists_every_variable():
    told = set(re.findall(r"`([A-Z_]{4,})`", README.split("## Operate")[1].split("| command")[0]))
    assert told == set(VARIABLES) | {"INCUBATOR_HOME", "INCUBATOR_PG_BIN"}


def test_every_room_has_its_invariant():
    table = (DOCS / "architecture.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(
        re.findall(r"^\| `(\w+)` \|", README.split("## Rooms")[1].split("## Operate")[0], re.MULTILINE)
    )
