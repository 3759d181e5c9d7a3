"""The demo as a process: a page, its own folder, and an end when asked."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_demo_serves_a_page_leaves_live_data_alone_and_ends_when_asked(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser", "--data", str(tmp_path)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "COLLOQUIUM_"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        url = demo.stdout.readline().split()[-1]
        with urllib.request.urlopen(url, timeout=10) as page:  # noqa: S310 - the demo's own address
            assert page.status == 200
        demo.terminate()
        assert demo.wait(timeout=10) == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["demo"]
