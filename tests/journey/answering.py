"""From answers as a program writes them to the fields a page sends."""

from __future__ import annotations

from typing import Any

POSTCODES = {"45234": "45000"}  # what a person types for a commune


def fields_of(section: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """The fields of a section's page."""
    sent: dict[str, Any] = {}
    for question in section["questions"]:
        value = answers.get(question["code"])
        if value not in (None, [], False):
            sent |= _fields(f"q{question['code'].replace('.', '-')}", question["kind"], value)
    return sent


def _fields(name: str, kind: str, value: Any) -> dict[str, Any]:
    if kind == "rows":
        return {f"{name}_{row}_{column}": str(cell) for row, cells in enumerate(value) for column, cell in cells.items()}
    if kind == "ranked":
        return {f"{name}_{rank}": code for rank, code in enumerate(value)}
    if kind == "statement":
        return {name: "on"}
    if kind == "commune":
        return {f"{name}_text": POSTCODES[value]}
    return {name: value}
