"""Every French string has its English: what is extracted from the code and the templates is what the catalogue holds."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
PLACES = re.compile(r"%\(\w+\)s|\{\w*\}")


def in_code() -> set[str]:
    with (ROOT / "incubator/locale/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(ROOT, methods, options, keywords)
    return {message[0] if isinstance(message, tuple) else message for _file, _line, message, _comments, _context in found}


def catalogue() -> Catalog:
    with (ROOT / "incubator/locale/en/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_the_english_catalogue_is_complete():
    english = catalogue()
    told = {
        message.id[0] if isinstance(message.id, tuple) else message.id for message in english if message.id and message.string
    }
    assert in_code() - told == set()
    assert told - in_code() == set()


def test_translations_keep_their_places():
    for message in catalogue():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            wanted = {place for text in ids for place in PLACES.findall(text)}
            assert {place for text in strings for place in PLACES.findall(text)} == wanted, message.id
            assert all(strings), message.id
