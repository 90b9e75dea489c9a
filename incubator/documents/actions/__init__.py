"""The acts on documents."""

from __future__ import annotations

from incubator.documents.actions.keeping import Prepared, add_document, forget_documents, prepare, remove_document
from incubator.documents.actions.scanning import scan_again, scan_due
from incubator.documents.actions.sweeping import sweep_files
from incubator.documents.actions.uploads import add_piece, assemble, cancel_upload, finish_upload, start_upload

__all__ = [
    "Prepared",
    "add_document",
    "add_piece",
    "assemble",
    "cancel_upload",
    "finish_upload",
    "forget_documents",
    "prepare",
    "remove_document",
    "scan_again",
    "scan_due",
    "start_upload",
    "sweep_files",
]
