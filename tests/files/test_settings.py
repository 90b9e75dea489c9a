"""Where files are kept and who scans them, by environment."""

import pytest

from incubator.core.settings import Misconfigured, read_settings


def test_files_are_kept_in_the_house_when_nothing_says_where(tmp_path, monkeypatch):
    assert read_settings({"INCUBATOR_HOME": "/var/lib/incubator"}).storage_url == "file:///var/lib/incubator/files"
    monkeypatch.chdir(tmp_path)
    assert read_settings({}).storage_url == f"file://{tmp_path}/.incubator/files"
    assert read_settings({}).clamd_url == ""


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("STORAGE_URL", "/srv/files"), ("STORAGE_URL", "http://x"), ("CLAMD_URL", "127.0.0.1:3310"), ("CLAMD_URL", "tcp://h:port")],
)
def test_a_wrong_one_is_one_line_that_names_it(name: str, wrong: str):
    with pytest.raises(Misconfigured, match=name):
        read_settings({name: wrong})


def test_a_bucket_and_a_scanner_are_taken_as_they_are():
    told = {"STORAGE_URL": "s3://files/x?endpoint=https://s3.example&region=eu", "CLAMD_URL": "unix:///run/clamd.sock"}
    read = read_settings(told)
    assert (read.storage_url, read.clamd_url) == (told["STORAGE_URL"], told["CLAMD_URL"])
