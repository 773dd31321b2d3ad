"""Every name in the settings files of infra/ is one that Prefect or pillarcast knows, with a value that it takes."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml
from prefect.settings import Settings as PrefectSettings
from prefect.settings.legacy import _get_valid_setting_names

from pillarcast.settings import Settings
from tests.infra_support.files import INFRA, ROOT, read_env

FILES = sorted(path for pattern in ("*/*.env", "*/*.env.example", "*/.env.example") for path in INFRA.glob(pattern))
OF_REDIS = {"PREFECT_REDIS_MESSAGING_URL", "PREFECT_REDIS_WORKER_CLEANUP_QUEUE_URL"}
"""Settings of prefect-redis, which only the servers of many machines have."""


def names_in(path: Path) -> set[str]:
    """Those in comments too: they are there to be switched on."""
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", path.read_text("utf-8"), re.MULTILINE))


def test_there_are_files() -> None:
    assert {path.parent.name for path in FILES} >= {"small-server", "many-machines", "containers"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_prefect_knows_every_setting(path: Path) -> None:
    ours = {name for name in names_in(path) if name.startswith("PREFECT_")}
    assert ours - _get_valid_setting_names(PrefectSettings) - OF_REDIS == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_prefect_takes_every_value(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in read_env(path).items():
        monkeypatch.setenv(name, value)
    settings = PrefectSettings()
    if "PREFECT_SERVER_API_HOST" in read_env(path):
        assert settings.server.api.host == "127.0.0.1"
        assert settings.server.api.csrf_protection_enabled
        assert settings.server.events.retention_period.days == 7
        assert settings.server.services.db_vacuum.retention_period.days == 90


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_pillarcast_knows_every_setting(path: Path) -> None:
    known = {f"PILLARCAST_{field.upper()}" for field in Settings.model_fields}
    ours = {name for name in names_in(path) if name.startswith("PILLARCAST_") and "_BLOG_" not in name}
    assert ours - known == set()


def test_no_file_holds_a_secret() -> None:
    """Examples hold words in capitals or nothing where a secret belongs."""
    secret = re.compile(r"(PASSWORD|AUTH_STRING|_KEY|SECRET|_URL)$")
    for path in FILES:
        for name, value in read_env(path).items():
            if secret.search(name) and "@" in value:
                assert ":PASSWORD@" in value, f"{path}: {name}"
            if re.search(r"(AUTH_STRING|_KEY|SECRET|PASSWORD)$", name):
                assert value in ("", "desk:PASSWORD", "PASSWORD"), f"{path}: {name}"


@pytest.mark.parametrize("name", ["messaging", "ordering", "lease_storage", "cleanup_queue"])
def test_redis_is_named_for_everything_that_servers_share(name: str) -> None:
    assert f"prefect_redis.{name}" in read_env(INFRA / "many-machines/server.env").values()


def test_version_of_prefect_is_the_same_everywhere() -> None:
    locked = re.search(r"^prefect==(\S+)", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE)
    assert locked
    values = (INFRA / "containers/kubernetes/server-values.yaml").read_text("utf-8")
    tags = re.findall(r"prefectTag: (\S+)", values)
    assert [tag.partition("-")[0] for tag in tags] == [locked[1]]


def test_yaml_can_be_read() -> None:
    for path in INFRA.rglob("*.yaml"):
        assert list(yaml.safe_load_all(path.read_text("utf-8"))), path


def test_commands_of_units_are_there() -> None:
    """Units name programs that the package brings."""
    commands = importlib.import_module("pillarcast.cli.commands")
    known = {command.name for command in commands.COMMANDS}
    used = [
        word
        for path in INFRA.rglob("*.service")
        for word in re.findall(r"bin/pillarcast (\w+)", path.read_text("utf-8"))
    ]
    assert used
    assert set(used) <= known
