"""A real S3 server and a real clamd, started once for the files' tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from incubator.documents.storage import Kept, kept_at
from tests.files import clamd


@pytest.fixture(scope="session")
def scanner() -> Iterator[clamd.Clamd]:
    """A clamd that knows EICAR."""
    if not clamd.PATH and not clamd.REQUIRED:
        pytest.skip(clamd.LEFT_OUT)
    with clamd.running() as made:
        yield made


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """The STORAGE_URL of a bucket on a real S3 server (moto's), in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.environ |= {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "only for tests"}
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _make_bucket(endpoint)
        yield f"s3://files/incubator?endpoint={endpoint}"
    finally:
        server.kill()
        server.wait()


def _make_bucket(endpoint: str) -> None:
    for _try in range(200):
        try:
            with urlopen(Request(f"{endpoint}/files", method="PUT"), timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the S3 server does not answer")


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """A folder, then a bucket: what is kept is kept alike."""
    return kept_at(tmp_path.as_uri() if request.param == "folder" else request.getfixturevalue("bucket"))
