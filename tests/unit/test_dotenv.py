"""What `make` reads from `.env`: every form that docker compose takes, and a word about what is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE = shutil.which("make")
SHOW = 'include Makefile\nshow:\n\t@$(READ_DOTENV) printf \'[%s]\' "$$DISCORD_TOKEN" "$$OTHER"\n'
pytestmark = pytest.mark.skipif(not MAKE, reason="no make here")


def read(folder: Path, content: bytes, **given: str) -> tuple[str, str]:
    """Return what DISCORD_TOKEN and OTHER are after a `.env` of this content, and what was said."""
    (folder / ".env").write_bytes(content)
    (folder / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    (folder / "show.mk").write_text(SHOW, encoding="utf-8")
    # Nor what a make says to those below it, since this may be one.
    ours = {"DISCORD_TOKEN", "OTHER", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(  # noqa: S603 - our own Makefile
        [str(MAKE), "-s", "-f", "show.mk", "show"], cwd=folder, env=kept | given, capture_output=True, check=True
    )
    return done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    "line",
    [
        "DISCORD_TOKEN=a.b-c_d",
        "DISCORD_TOKEN = a.b-c_d",
        "  DISCORD_TOKEN= a.b-c_d  ",
        "export DISCORD_TOKEN=a.b-c_d",
        "export   DISCORD_TOKEN = 'a.b-c_d'",
        "\ufeffDISCORD_TOKEN=a.b-c_d",
        "\ufeffexport DISCORD_TOKEN=a.b-c_d\r\n",
        'DISCORD_TOKEN="a.b-c_d"',
        'DISCORD_TOKEN="a.b-c_d" # the bot\'s "own"',
        "DISCORD_TOKEN='a.b-c_d'\t# comment",
        "DISCORD_TOKEN=a.b-c_d # comment",
        "# a comment = none\n\nDISCORD_TOKEN=a.b-c_d",
    ],
)
def test_every_form_of_a_line_is_understood(tmp_path: Path, line: str) -> None:
    assert read(tmp_path, line.encode()) == ("[a.b-c_d][]", "")


def test_a_value_is_text_and_not_a_command(tmp_path: Path) -> None:
    lines = b"DISCORD_TOKEN=$(touch harm)`touch harm`;touch harm\nOTHER=\"x=y#z 'q' \\n %s\"\n"
    assert read(tmp_path, lines) == ("[$(touch harm)`touch harm`;touch harm][x=y#z 'q' \\n %s]", "")
    assert not (tmp_path / "harm").exists()


def test_a_line_that_is_not_understood_is_named_without_what_it_says(tmp_path: Path) -> None:
    lines = b"# token\nDISCORD_TOKEN: secret-1\nDISCORD-TOKEN=secret-2\nset OTHER=secret-3\nOTHER=x\n=secret-4\n"
    said = "".join(f".env: line {number} is not KEY=value, and left out\n" for number in (2, 3, 4, 6))
    assert read(tmp_path, lines) == ("[][x]", said)


def test_the_environment_wins_unless_it_is_empty(tmp_path: Path) -> None:
    lines = b"DISCORD_TOKEN=file\nOTHER=file"
    assert read(tmp_path, lines, DISCORD_TOKEN="mine", OTHER="") == ("[mine][file]", "")
