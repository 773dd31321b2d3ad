"""What every suite shares: a show in a folder, a real S3 server, and skips that say why."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pillarcast.adapters.seaweed import SeaweedServer
from tests.show_support.place import Place, s3_table


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On the machines that judge a change nothing is skipped that could have run."""
    report = yield
    if report.skipped and os.environ.get("CI") and "is not here" not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and nothing is skipped here: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith("PILLARCAST_") and name != "PILLARCAST_REAL"]:
        monkeypatch.delenv(name)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A show with a folder bucket."""
    return Place(tmp_path / "show")


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[SeaweedServer]:
    """One real S3 server for each worker; tests keep apart by prefixes."""
    with SeaweedServer(tmp_path_factory.mktemp(f"s3-{worker_id}"), s3_port=0) as server:
        yield server


@pytest.fixture
def s3_place(tmp_path: Path, s3_server: SeaweedServer, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A show with a prefix of its own on the real S3 server."""
    prefix = "t" + tmp_path.parent.name.replace("_", "-")[-20:].strip("-") + "-" + tmp_path.name[-20:].replace("_", "-")
    at = replace(s3_server.place, prefix=prefix.strip("-"))
    monkeypatch.setenv("PILLARCAST_ACCESS_KEY", at.access_key)
    monkeypatch.setenv("PILLARCAST_SECRET_KEY", at.secret_key)
    return Place(tmp_path / "show", bucket=s3_table(at, f"{s3_server.public_url}/{at.prefix}"))
