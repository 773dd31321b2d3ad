"""One Prefect server for all tests of flows; they run on one worker, because it costs seconds to start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.logging.handlers import APILogHandler
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, PREFECT_RESULTS_LOCAL_STORAGE_PATH, temporary_settings

from tests.prefect_support.server import PrefectServer, prefect_server
from tests.show_support.place import Place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.prefect)
            item.add_marker(pytest.mark.xdist_group("prefect"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    home = tmp_path_factory.mktemp("prefect")
    with (
        prefect_server(home) as running,
        temporary_settings({
            PREFECT_API_URL: running.environment["PREFECT_API_URL"],
            PREFECT_HOME: str(home),
            PREFECT_RESULTS_LOCAL_STORAGE_PATH: str(home / "results"),
        }),
    ):  # fmt: skip
        yield running
        APILogHandler().flush()


@pytest.fixture
def show(place: Place, server: PrefectServer, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A show with a folder bucket whose flows run here, against the server."""
    monkeypatch.setenv("PILLARCAST_SHOW", str(place.root / "show.toml"))
    monkeypatch.setenv("PILLARCAST_SETTLE_S", "0")
    return place
