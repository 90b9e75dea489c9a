"""The acts on applications."""

from __future__ import annotations

from incubator.applications.actions.depositing import answer_complement, deposit, withdraw
from incubator.applications.actions.drafting import Given, save_answers, start_application
from incubator.applications.actions.ruling import pronounce, request_complement

__all__ = [
    "Given",
    "answer_complement",
    "deposit",
    "pronounce",
    "request_complement",
    "save_answers",
    "start_application",
    "withdraw",
]
