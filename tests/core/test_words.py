"""Numbers as people read them."""

import random
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from babel.numbers import format_decimal

from incubator.core.language import _, language, ngettext, unbroken
from incubator.core.words import instant_words, number_words


@pytest.mark.parametrize("code", ["fr", "en"])
@pytest.mark.parametrize("digits", [0, 1, 3])
def test_numbers_are_those_of_the_language(code, digits):
    chance = random.Random(f"{code}{digits}")
    known = [0, 5, 1000, 1234567, Decimal("0.05"), Decimal("2.25"), Decimal("2.35"), Decimal("72.000"), 1234.5, 0.1, -3.25]
    drawn = [Decimal(chance.randrange(10**9)).scaleb(-chance.randrange(5)) for _one in range(500)]
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    token = language.set(code)
    try:
        for number in known + drawn:
            assert number_words(number, digits) == format_decimal(number, format=pattern, locale=code)
    finally:
        language.reset(token)


def test_the_markup_of_a_number_is_french():
    assert number_words(Decimal("1234.56")) == "1\u202f234,6"


def test_french_signs_stay_with_their_words():
    assert unbroken("Reprendre « Étude » : pourquoi ? Déjà ; oui !") == (
        "Reprendre «\u00a0Étude\u00a0»\u00a0: pourquoi\u202f? Déjà\u202f; oui\u202f!"
    )
    assert _("Mot : suite") == ngettext("Mot : suite", "Mots : suite", 1) == "Mot\u00a0: suite"
    assert instant_words(datetime(2026, 12, 28, 22, 59, tzinfo=UTC)) == "lundi 28 décembre 2026 à 23\u00a0h\u00a059"
    token = language.set("en")
    try:
        assert _("Mot : suite") == "Mot : suite"
    finally:
        language.reset(token)
