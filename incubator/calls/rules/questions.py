"""From what a manager typed to a question, a rule, a condition. What the kind of a question has no use for is left out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from incubator.calls.building_forms import Join, Need, QuestionForm, RuleForm
from incubator.calls.definitions import (
    COLUMN_KINDS,
    NUMERIC,
    PREFILL_KINDS,
    WITH_OPTIONS,
    Column,
    Condition,
    EligibilityRule,
    Kind,
    Option,
    Prefill,
    Question,
)
from incubator.calls.rules.editing import proposed_option_code
from incubator.calls.rules.forms import possible_codes
from incubator.calls.rules.wording import MEGABYTE
from incubator.core.errors import Invalid
from incubator.core.language import _

LIMITS = {Kind.LINE: 150, Kind.TEXT: 1500}
OPTIONS_MAX, COLUMNS_MAX, CONDITIONS_MAX = 60, 10, 8
FILE_TYPES = ("pdf", "docx", "xlsx", "odt", "ods", "odp", "pptx", "png", "jpg")
ROWS_MAX, RANKS, COLUMN_LIMIT, FILE_MEGABYTES = 8, 3, 100, 10


def digest_of(thing: msgspec.Struct) -> str:
    """What a page says it showed, so that only a change of this very thing is a conflict."""
    return hashlib.sha256(msgspec.json.encode(thing)).hexdigest()[:16]


def new_question(code: str, label: str, kind: Kind) -> Question:
    """A question as it begins: what its kind cannot do without has a usual value."""
    return _of_kind(Question(code, label, kind), QuestionForm(label=label, kind=kind), Question(code, label, kind))


def typed_question(stored: Question, form: QuestionForm, earlier: Mapping[str, Question]) -> Question:
    """The question as its form says. Raises `Invalid` with a sentence per field."""
    reads = form.kind is not Kind.INFORMATION
    when = condition_of(
        form.when_join, form.when_question, form.when_answers, form.when_least, form.when_most, stored.when, earlier
    )
    needed = condition_of(
        form.need_join, form.need_question, form.need_answers, form.need_least, form.need_most, stored.required_when, earlier
    )
    if reads and form.need is Need.WHEN and needed is None:
        raise Invalid({"need": _("Choisissez ci-dessous la question dont cela dépend.")})
    base = Question(
        code=stored.code,
        label=form.label,
        kind=form.kind,
        help=form.help,
        example=form.example if reads else "",
        required=reads and form.need is Need.YES,
        required_when=needed if reads and form.need is Need.WHEN else None,
        when=when,
        criteria=tuple(form.criteria) if reads else (),
        readers=form.readers or stored.readers,
        prefill=_prefill(form),
    )
    return _of_kind(base, form, stored)


def _prefill(form: QuestionForm) -> Prefill:
    """What was chosen, unless an answer of that kind cannot begin with it."""
    return form.prefill if form.prefill and form.kind in PREFILL_KINDS[form.prefill] else Prefill.NOTHING


def _of_kind(base: Question, form: QuestionForm, stored: Question) -> Question:
    """The question with what its kind alone has."""
    facts: dict[str, Any] = {}
    match base.kind:
        case Kind.LINE | Kind.TEXT:
            facts["limit"] = form.limit or stored.limit or LIMITS[base.kind]
        case Kind.NUMBER:
            facts |= {"least": form.least, "most": form.most, "decimals": form.decimals or 0, "unit": form.unit}
        case Kind.AMOUNT:
            facts |= {"least": form.least, "most": form.most}
        case Kind.SCALE:
            facts |= _scale(form)
        case Kind.RANKED | Kind.CHOICE | Kind.CHOICES:
            facts["options"] = typed_options(form, stored)
            if base.kind is Kind.RANKED:
                facts["ranks"] = form.ranks or stored.ranks or RANKS
        case Kind.ROWS:
            facts |= {"columns": _columns(form, stored), "rows_max": form.rows_max or stored.rows_max or ROWS_MAX}
        case Kind.FILE:
            facts |= _files(form, stored)
    return msgspec.structs.replace(base, **facts)


def _scale(form: QuestionForm) -> dict[str, Any]:
    words = (form.word_least, form.word_most)
    if any(words) and not all(words):
        raise Invalid({"word_most" if words[0] else "word_least": _("Dites ce que veulent dire les deux bouts, ou aucun.")})
    least = 1 if form.least is None else form.least
    return {"least": least, "most": least + 4 if form.most is None else form.most, "scale_words": words if all(words) else ()}


def _files(form: QuestionForm, stored: Question) -> dict[str, Any]:
    known = dict.fromkeys((*stored.file_types, *FILE_TYPES))
    chosen = tuple(one for one in known if one in form.file_types) or stored.file_types or ("pdf",)
    size = int(form.size_mb * MEGABYTE) if form.size_mb else stored.size_max or FILE_MEGABYTES * MEGABYTE
    return {"file_types": chosen, "files_max": form.files_max or stored.files_max or 1, "size_max": size}


def typed_options(form: QuestionForm, stored: Question) -> tuple[Option, ...]:
    """The answers proposed, in the order sent; one whose words were emptied goes, each new line adds one."""
    known = {option.code for option in stored.options}
    kept = [
        Option(code, label, form.option_help.get(code, ""))
        for code, label in form.option_label.items()
        if label and code in known
    ]
    if stored.kind not in WITH_OPTIONS:
        kept = []
    return (*kept, *_new_options(form.more_options, {one.code for one in kept} | known, OPTIONS_MAX - len(kept), "more_options"))


def _new_options(lines: str, taken: Collection[str], room: int, field: str) -> list[Option]:
    codes, made = set(taken), []
    for label in _lines(lines, field):
        code = proposed_option_code(label, codes)
        codes.add(code)
        made.append(Option(code, label))
    if len(made) > room:
        raise Invalid({field: _("Une question propose au plus {count} réponses.").format(count=OPTIONS_MAX)})
    return made


def _lines(text: str, field: str) -> list[str]:
    found = [line.strip() for line in text.split("\n") if line.strip()]
    if any(len(line) > 300 for line in found):
        raise Invalid({field: _("Chaque ligne fait au plus 300 caractères.")})
    return found


def _columns(form: QuestionForm, stored: Question) -> tuple[Column, ...]:
    """The columns, in the order sent; one whose words were emptied goes, each new line adds one."""
    known = {column.code: column for column in stored.columns}
    kept = [_column(known[code], label, form) for code, label in form.column_label.items() if label and code in known]
    codes = set(known)
    for label in _lines(form.more_columns, "more_columns"):
        code = proposed_option_code(label, codes)
        codes.add(code)
        kept.append(Column(code, label, Kind.LINE, limit=COLUMN_LIMIT))
    if len(kept) > COLUMNS_MAX:
        raise Invalid({"more_columns": _("Un tableau a au plus {count} colonnes.").format(count=COLUMNS_MAX)})
    return tuple(kept)


def _column(stored: Column, label: str, form: QuestionForm) -> Column:
    code = stored.code
    kind = form.column_kind.get(code, stored.kind)
    if kind not in COLUMN_KINDS:
        raise Invalid({f"column_kind.{code}": _("Choisissez une des réponses proposées.")})
    is_number = kind is Kind.NUMBER
    return Column(
        code=code,
        label=label,
        kind=kind,
        required=code in form.column_required,
        limit=(form.column_limit.get(code) or stored.limit or COLUMN_LIMIT) if kind is Kind.LINE else 0,
        unit=form.column_unit.get(code, "") if is_number else "",
        decimals=(form.column_decimals.get(code) or 0) if is_number else 0,
        least=stored.least if kind in NUMERIC else None,
        most=stored.most if kind in NUMERIC else None,
        options=_column_options(stored, form.column_options.get(code, "")) if kind is Kind.CHOICE else (),
    )


def _column_options(stored: Column, lines: str) -> tuple[Option, ...]:
    """One answer a line: the same words keep their code; as many lines as before, and a line changed keeps it too."""
    field = f"column_options.{stored.code}"
    labels = _lines(lines, field)
    known = {option.label: option for option in stored.options}
    in_place = len(labels) == len(stored.options)
    made: list[Option] = []
    for rank, label in enumerate(labels):
        renamed = stored.options[rank] if in_place and stored.options[rank].label not in labels else None
        if option := known.get(label) or renamed:
            made.append(msgspec.structs.replace(option, label=label))
        else:
            taken = {one.code for one in (*stored.options, *made)}
            made.append(Option(proposed_option_code(label, taken), label))
    if len(made) > OPTIONS_MAX:
        raise Invalid({field: _("Une question propose au plus {count} réponses.").format(count=OPTIONS_MAX)})
    return tuple(made)


def condition_of(
    join: Join | None,
    picked: Mapping[str, str],
    answers: Collection[str],
    least: Mapping[str, int | None],
    most: Mapping[str, int | None],
    stored: Condition | None,
    earlier: Mapping[str, Question],
) -> Condition | None:
    """The condition that the rows of a page say; None without a row. A row without its answers is a fault to mend."""
    if join is Join.KEPT:
        return stored
    leaves = []
    for row, code in picked.items():
        if not code:
            continue
        if code in earlier and earlier[code].kind in NUMERIC:
            leaves.append(Condition(code, least=least.get(row), most=most.get(row)))
        else:
            values = (marked.partition(".")[2] for marked in answers if marked.partition(".")[0] == row)
            leaves.append(Condition(code, values=_known(tuple(values), earlier.get(code))))
    if len(leaves) < 2:
        return leaves[0] if leaves else None
    return Condition(some=tuple(leaves)) if join is Join.SOME else Condition(every=tuple(leaves))


def _known(values: tuple[str, ...], asked: Question | None) -> tuple[str, ...]:
    """The answers ticked that the question of the row has: those of the question it named before are left behind."""
    possible = possible_codes(asked) if asked else None
    return tuple(value for value in values if possible is None or value in possible)


def typed_rule(stored: EligibilityRule, form: RuleForm, questions: Mapping[str, Question]) -> EligibilityRule:
    """The rule as its form says: the questions of its condition are among those it looks at."""
    met = condition_of(
        form.met_join, form.met_question, form.met_answers, form.met_least, form.met_most, stored.met_when, questions
    )
    looked_at = [leaf.question for leaf in met.leaves] if met else []
    chosen = [code for code in form.questions if code in questions]
    return EligibilityRule(
        code=stored.code,
        label=form.label,
        effect=form.effect,
        is_human=form.is_human,
        questions=tuple(dict.fromkeys([*chosen, *looked_at]))[:20],
        parameter=form.parameter,
        met_when=met,
        message=form.message,
    )


def condition_refusing(question: Question, answers: Collection[str]) -> Condition:
    """Holds unless one of these answers is given: the rest of what the question proposes. Raises `Invalid` for none or all."""
    possible = possible_codes(question)
    if not possible:
        raise Invalid({"answers": _("Cette question ne propose pas de réponses. Écrivez la règle en entier.")})
    refused = set(answers) & possible
    accepted = [code for code in _in_order(question, possible) if code not in refused]
    if not refused or not accepted:
        raise Invalid({"answers": _("Cochez au moins une réponse, et laissez-en au moins une.")})
    return Condition(question.code, values=tuple(accepted))


def _in_order(question: Question, possible: Collection[str]) -> list[str]:
    """The codes in the order the question proposes them."""
    return [option.code for option in question.options] or sorted(possible, reverse=True)
