"""The acts on applications."""

from __future__ import annotations

from incubator.applications.actions.autosaving import SavedAnswer, save_answer, why_reader_only
from incubator.applications.actions.confirming import confirm, remind
from incubator.applications.actions.depositing import answer_complement, deposit, withdraw
from incubator.applications.actions.derogating import give_derogation
from incubator.applications.actions.drafting import Given, save_answers, start_application, start_with_new_project
from incubator.applications.actions.importing import import_answers
from incubator.applications.actions.inquiring import ask, close_inquiry, publish_inquiry, reply
from incubator.applications.actions.instructing import assign_instructor
from incubator.applications.actions.rebasing import rebase
from incubator.applications.actions.ruling import pronounce, request_complement
from incubator.applications.actions.texts import add_text, remove_text, save_text
from incubator.applications.actions.together import be_present

__all__ = [
    "Given",
    "SavedAnswer",
    "add_text",
    "answer_complement",
    "ask",
    "assign_instructor",
    "be_present",
    "close_inquiry",
    "confirm",
    "deposit",
    "give_derogation",
    "import_answers",
    "pronounce",
    "publish_inquiry",
    "rebase",
    "remind",
    "remove_text",
    "reply",
    "request_complement",
    "save_answer",
    "save_answers",
    "save_text",
    "start_application",
    "start_with_new_project",
    "why_reader_only",
    "withdraw",
]
