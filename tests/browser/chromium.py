"""Where Debian's Chromium is, or what to do about it."""

from __future__ import annotations

import os
import shutil

PATH = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
REQUIRED = os.environ.get("INCUBATOR_BROWSER") == "required"
LEFT_OUT = "tests/browser left out: no Chromium (apt-get install chromium, or CHROMIUM=/path/to/it)"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
