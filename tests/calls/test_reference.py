"""The programme that is shipped asks what its design says, where teams or the committee would be let down otherwise."""

from __future__ import annotations

from incubator.calls.definitions import Kind
from incubator.calls.reference import reference

TYPES = ("pdf", "docx", "xlsx", "odt", "ods", "png", "jpg")
FILES = {one.code: one for one in reference().form.questions if one.kind is Kind.FILE}


def test_only_cvs_are_required_and_only_as_pdf() -> None:
    assert [code for code, one in FILES.items() if one.required] == ["9.1"]
    assert FILES["9.1"].file_types == ("pdf",)


def test_every_other_file_may_be_of_any_type_of_the_reference() -> None:
    assert {code: one.file_types for code, one in FILES.items() if code != "9.1"} == dict.fromkeys(
        ["9.2", "9.3", "9.4", "9.5", "9.6"], TYPES
    )


def test_no_file_is_larger_than_ten_megabytes() -> None:
    assert {one.size_max for one in FILES.values()} == {10_000_000}
