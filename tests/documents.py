"""Documents made from the code: `python -m tests.documents` writes them, a test compares them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from incubator.app import create_app
from incubator.applications import rules as applications
from incubator.calls import rules as calls
from incubator.cohorts import rules as cohorts
from incubator.core.settings import Settings
from incubator.progress.rules import deliverables as progress
from incubator.selection.rules import committees as selection

DOCS = Path(__file__).parent.parent / "docs"
MACHINES: dict[str, Any] = {
    "Call": calls.MOVES | calls.BY_THE_CLOCK,
    "Application": applications.MOVES,
    "Assessment": selection.MOVES,
    "Place": cohorts.PLACE_MOVES,
    "Enrolment": cohorts.ENROLMENT_MOVES,
    "Deliverable": progress.MOVES,
}


def states() -> str:
    """Every table of moves as a Mermaid diagram."""
    lines = ["# States", "", "Made from the `MOVES` of each room's `rules.py` by `python -m tests.documents`; a test compares."]
    for name, moves in MACHINES.items():
        lines += ["", f"## {name}", "", "```mermaid", "stateDiagram-v2"]
        for verb, (departures, arrival) in moves.items():
            for departure in sorted(str(state) for state in departures):
                lines.append(f"    {departure} --> {departure if arrival is None else arrival}: {verb}")
        lines.append("```")
    return "\n".join(lines) + "\n"


def routes() -> str:
    """Every route, with who may call it at all."""
    app = create_app(Settings(secret_key="x" * 40)).app
    lines = [
        "# Routes",
        "",
        "Made by `python -m tests.documents`; a test compares. *Who* may call the route at all; rows decide the rest.",
    ]
    lines += ["", "| method | path | who | what |", "|---|---|---|---|"]
    for path, handlers in sorted(app.route_handler_method_map.items()):
        for method, handler in sorted(handlers.items()):
            if method != "OPTIONS" and not path.startswith("/api/v1/docs"):
                told = (handler.fn.__doc__ or "").strip().splitlines()[0] if handler.fn.__doc__ else ""
                lines.append(f"| {method} | `{path}` | {handler.opt.get('who')} | {told} |")
    return "\n".join(lines) + "\n"


DOCUMENTS = {"states.md": states, "routes.md": routes}

if __name__ == "__main__":
    for file, made in DOCUMENTS.items():
        (DOCS / file).write_text(made())
