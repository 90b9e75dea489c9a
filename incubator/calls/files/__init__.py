"""A whole call as one file, YAML or JSON: what it holds, reading it, writing it."""

from incubator.calls.files.parts import FILE_BYTES_MAX, CallFile, CallImport, CallPart, FaqPart
from incubator.calls.files.reading import read_call_file
from incubator.calls.files.writing import as_json, as_yaml

__all__ = ["FILE_BYTES_MAX", "CallFile", "CallImport", "CallPart", "FaqPart", "as_json", "as_yaml", "read_call_file"]
