"""The installer of the small server: it lays out everything, and keeps what is the owner's."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.infra_support.files import INFRA, staged_small_server

SCRIPT = INFRA / "small-server/install.sh"
OWNERS = ("etc/pillarcast/pillarcast.env", "srv/pillarcast/show.toml", "srv/pillarcast/artwork.jpg")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the small server is a Linux machine")


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_everything_lies_where_the_units_look(tmp_path: Path) -> None:
    staged = staged_small_server(tmp_path, "desk.example.org")
    units = {path.name for path in (INFRA / "small-server").iterdir() if path.suffix in (".service", ".timer")}
    assert {path.name for path in (staged / "etc/systemd/system").glob("*.*r*") if path.is_file()} == units
    assert (staged / "etc/systemd/system/pillarcast-.service.d/hardening.conf").is_file()
    assert "desk.example.org {" in (staged / "etc/caddy/pillarcast.caddy").read_text()
    assert (staged / "etc/pillarcast/pillarcast.env").stat().st_mode & 0o777 == 0o600
    assert (staged / "srv/pillarcast/episodes").is_dir()


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    before = contents(staged_small_server(tmp_path, "desk.example.org"))
    assert contents(staged_small_server(tmp_path, "desk.example.org")) == before


def test_what_the_owner_wrote_stays(tmp_path: Path) -> None:
    staged_small_server(tmp_path, "desk.example.org")
    for name in OWNERS:
        (tmp_path / name).write_text("mine")
    (tmp_path / "etc/caddy/Caddyfile").write_text("another.example.org {\n}\nimport pillarcast.caddy\n")
    staged_small_server(tmp_path, "desk.example.org")
    assert [(tmp_path / name).read_text() for name in OWNERS] == ["mine"] * len(OWNERS)
    assert (tmp_path / "etc/caddy/Caddyfile").read_text().count("import pillarcast.caddy") == 1


def test_settings_of_ours_are_written_anew(tmp_path: Path) -> None:
    staged_small_server(tmp_path, "desk.example.org")
    settings = tmp_path / "etc/pillarcast/prefect.env"
    settings.write_text("PREFECT_SERVER_API_HOST=0.0.0.0\n")
    staged_small_server(tmp_path, "desk.example.org")
    assert settings.read_bytes() == (INFRA / "small-server/prefect.env").read_bytes()


def test_it_says_what_it_wants() -> None:
    run = subprocess.run([str(SCRIPT)], capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode != 0
    assert "install.sh desk.example.com" in run.stderr


def test_the_database_is_brought_up_to_date_whenever_a_server_starts() -> None:
    """A unit that stays active would not run again after an upgrade, and the new server would miss its tables."""
    many = INFRA / "many-machines"
    assert "RemainAfterExit" not in read_unit(many / "pillarcast-prefect-migrate.service")
    for name in ("api", "services"):
        unit = read_unit(many / f"pillarcast-prefect-{name}.service")
        assert "Requires=pillarcast-prefect-migrate.service" in unit
        assert "After=pillarcast-prefect-migrate.service" in unit


def read_unit(path: Path) -> list[str]:
    """Its lines without comments; names of settings alone, too."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [*lines, *(line.partition("=")[0] for line in lines)]
