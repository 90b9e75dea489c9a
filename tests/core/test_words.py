"""Numbers as people read them."""

import random
from decimal import Decimal

import pytest
from babel.numbers import format_decimal

from incubator.core.language import language
from incubator.core.words import number_words


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
