"""Text at the border (R3): the same count here and in the browser, nothing that breaks what comes after."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.text import Unreadable, clean, like, search_form


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800", "\ufffe", "\uffff"])
def test_what_no_one_can_type_is_refused(bad):
    with pytest.raises(Unreadable):
        clean(bad)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("un\r\ndeux\rtrois\u2028quatre\x0bcinq", "un\ndeux\ntrois\nquatre\ncinq"),
        ("Camille\u200b", "Camille"),
        ("fdp\u202eexe", "fdpexe"),
        ("e\u0301te\u0301", "été"),
        ("co\u00adopérer", "coopérer"),
        ("« deux\u00a0» : ok", "« deux\u00a0» : ok"),
    ],
)
def test_what_is_kept(typed, kept):
    assert clean(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    try:
        once = clean(text)
    except Unreadable:
        return
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_a_name_is_found_without_its_accents():
    assert search_form("Saint-Étienne-l’Œuf") == "saint etienne l oeuf"
    assert like("50 %_\\") == "50 \\%\\_\\\\"
