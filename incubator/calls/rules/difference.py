"""What differs between two versions of a form or of a grid: added, removed, moved, changed, field by field. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from incubator.calls.definitions import FormDefinition, GridDefinition
from incubator.core.language import N_, _

ADDED, REMOVED, MOVED, CHANGED = "added", "removed", "moved", "changed"


class FieldChange(msgspec.Struct, frozen=True):
    """A fact that changed, as it is stored: the page puts it in words."""

    name: str
    before: Any
    after: Any


class Change(msgspec.Struct, frozen=True):
    """What became of one thing. `kind`: section, question, rule, self_test, block, criterion, form or grid.

    `where`: the section or block it stands in now; `was_in`: where it stood, when that is another.
    """

    what: str
    kind: str
    code: str
    label: str
    where: str = ""
    was_in: str = ""
    fields: tuple[FieldChange, ...] = ()


class _Placed(msgspec.Struct, frozen=True):
    kind: str
    code: str
    label: str
    home: str
    home_title: str
    facts: Mapping[str, Any]


KIND_WORDS = {
    "form": N_("Formulaire"),
    "grid": N_("Grille"),
    "section": N_("Section"),
    "question": N_("Question"),
    "rule": N_("Règle de recevabilité"),
    "self_test": N_("Autodiagnostic"),
    "block": N_("Bloc"),
    "criterion": N_("Critère"),
}
WHAT_WORDS = {ADDED: N_("Ajouté"), REMOVED: N_("Retiré"), MOVED: N_("Déplacé"), CHANGED: N_("Modifié")}
FIELD_WORDS = {
    "label": N_("Intitulé"),
    "title": N_("Titre"),
    "introduction": N_("Introduction"),
    "kind": N_("Type de réponse"),
    "limit": N_("Limite de caractères"),
    "required": N_("Obligatoire"),
    "required_when": N_("Obligatoire si"),
    "when": N_("Posée si"),
    "help": N_("Aide"),
    "example": N_("Exemple"),
    "options": N_("Réponses proposées"),
    "columns": N_("Colonnes"),
    "rows_max": N_("Lignes au plus"),
    "ranks": N_("Nombre de rangs"),
    "least": N_("Le plus petit nombre"),
    "most": N_("Le plus grand nombre"),
    "decimals": N_("Chiffres après la virgule"),
    "unit": N_("Unité"),
    "scale_words": N_("Mots aux deux bouts"),
    "file_types": N_("Types de fichiers"),
    "files_max": N_("Nombre de fichiers"),
    "size_max": N_("Taille d’un fichier"),
    "files_size_max": N_("Taille de tous les fichiers"),
    "criteria": N_("Critères éclairés"),
    "readers": N_("Qui lit la réponse"),
    "prefill": N_("Reprend de la fiche du projet"),
    "effect": N_("Effet"),
    "is_human": N_("Appréciée par une personne"),
    "questions": N_("Questions regardées"),
    "parameter": N_("Seuil"),
    "met_when": N_("Respectée si"),
    "message": N_("Message"),
    "wanted": N_("Réponse attendue"),
    "weight": N_("Poids"),
    "anchor_1": N_("Ce qui vaut 1"),
    "anchor_3": N_("Ce qui vaut 3"),
    "anchor_5": N_("Ce qui vaut 5"),
    "is_knock_out": N_("Critère déterminant"),
    "is_preselection": N_("Compte à la présélection"),
    "knock_out_below": N_("Seuil bloquant"),
}


def form_difference(before: FormDefinition, after: FormDefinition) -> list[Change]:
    """What changes from one form to another, in the order of the new one, what is removed last."""
    return _difference(_form_things(before), _form_things(after))


def grid_difference(before: GridDefinition, after: GridDefinition) -> list[Change]:
    """What changes from one grid to another, in the order of the new one, what is removed last."""
    return _difference(_grid_things(before), _grid_things(after))


def _form_things(form: FormDefinition) -> list[_Placed]:
    things = [_Placed("form", "", form.title, "", "", _facts(form, "sections", "eligibility", "self_test"))]
    for section in form.sections:
        things.append(_Placed("section", section.code, section.title, "", "", _facts(section, "questions")))
        home = (section.code, section.title)
        things += [_Placed("question", one.code, one.label, *home, _facts(one)) for one in section.questions]
    things += [_Placed("rule", one.code, one.label, "", "", _facts(one)) for one in form.eligibility]
    return things + [_Placed("self_test", one.code, one.label, "", "", _facts(one)) for one in form.self_test]


def _grid_things(grid: GridDefinition) -> list[_Placed]:
    things = [_Placed("grid", "", grid.title, "", "", _facts(grid, "blocks"))]
    for block in grid.blocks:
        things.append(_Placed("block", block.code, block.title, "", "", _facts(block, "criteria")))
        home = (block.code, block.title)
        things += [_Placed("criterion", one.code, one.label, *home, _facts(one)) for one in block.criteria]
    return things


def _facts(thing: msgspec.Struct, *but: str) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__struct_fields__ if name not in (*but, "code")}


def _difference(before: Sequence[_Placed], after: Sequence[_Placed]) -> list[Change]:
    old = {(one.kind, one.code): one for one in before}
    new = {(one.kind, one.code): one for one in after}
    moved = _moved(before, after)
    found = []
    for key, one in new.items():
        was = old.get(key)
        if was is None:
            found.append(Change(ADDED, one.kind, one.code, one.label, one.home_title))
        elif fields := _changed(was, one):
            found.append(Change(CHANGED, one.kind, one.code, one.label, one.home_title, _left(was, one), fields))
        elif key in moved:
            found.append(Change(MOVED, one.kind, one.code, one.label, one.home_title, _left(was, one)))
    removed = [one for key, one in old.items() if key not in new]
    return found + [Change(REMOVED, one.kind, one.code, one.label, one.home_title) for one in removed]


def _changed(was: _Placed, one: _Placed) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(name, was.facts[name], fact) for name, fact in one.facts.items() if was.facts[name] != fact)


def _left(was: _Placed, one: _Placed) -> str:
    return was.home_title if was.home != one.home else ""


def _moved(before: Sequence[_Placed], after: Sequence[_Placed]) -> set[tuple[str, str]]:
    """What stands elsewhere: in another section, or out of the longest run that kept its order."""
    kept = {(one.kind, one.code) for one in before} & {(one.kind, one.code) for one in after}
    homes = {(one.kind, one.code): one.home for one in before}
    found = {(one.kind, one.code) for one in after if (one.kind, one.code) in kept and homes[one.kind, one.code] != one.home}
    for kind in {kind for kind, _code in kept}:
        was = [one.code for one in before if one.kind == kind and (kind, one.code) in kept - found]
        now = [one.code for one in after if one.kind == kind and (kind, one.code) in kept - found]
        found |= {(kind, code) for code in set(now) - set(_longest_run([was.index(code) for code in now], now))}
    return found


def _longest_run(places: list[int], codes: list[str]) -> list[str]:
    """The longest list of codes whose places only grow."""
    best: list[list[int]] = []
    for rank, place in enumerate(places):
        before = [run for run in best if places[run[-1]] < place]
        best.append([*max(before, key=len, default=[]), rank])
    return [codes[rank] for rank in max(best, key=len, default=[])]


def summary(changes: Sequence[Change]) -> str:
    """How many of each, in a line: `2 ajouts, 1 retrait`; "" when nothing differs."""
    counts = {what: sum(change.what == what for change in changes) for what in WHAT_WORDS}
    words = {
        ADDED: (_("1 ajout"), _("{n} ajouts")),
        REMOVED: (_("1 retrait"), _("{n} retraits")),
        MOVED: (_("1 déplacement"), _("{n} déplacements")),
        CHANGED: (_("1 modification"), _("{n} modifications")),
    }
    return ", ".join(words[what][n > 1].format(n=n) for what, n in counts.items() if n)
