"""Words in templates: ours are trusted, what people wrote is escaped."""

import pytest
from jinja2 import Environment

from incubator.core.language import LANGUAGES, N_, translations
from incubator.core.templates import environment


def said(source: str, code: str = "fr", **context: object) -> str:
    made: Environment = environment(code)
    return made.from_string(source).render(context)


def test_words_are_ours_and_variables_are_escaped():
    assert said('{{ _("Un <b>mot</b> de %(name)s", name=name) }}', name="<i>") == "Un <b>mot</b> de &lt;i&gt;"
    assert said('{{ _("100 %% de <b>mots</b>") }}') == "100 % de <b>mots</b>"
    assert said("{% trans name=name %}Un mot de {{ name }}{% endtrans %}", name="<i>") == "Un mot de &lt;i&gt;"


def test_a_plain_text_is_not_escaped():
    assert (
        said('{% autoescape false %}{{ _("De %(name)s & cie", name=name) }}{% endautoescape %}', name="A & B") == "De A & B & cie"
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_are_in_the_language_of_the_environment(code):
    home = N_("Accueil")
    assert said("{{ _(home) }}", code, home=home) == translations(code).gettext(home)
