"""One Prefect server for all tests of flows; they run on one worker, because it costs seconds to start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.logging.handlers import APILogHandler

from tests.prefect_support.server import PrefectServer, server_of_this_process
from tests.show_support.place import Place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.prefect)
            item.add_marker(pytest.mark.xdist_group("prefect"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    with server_of_this_process(tmp_path_factory.mktemp("prefect")) as running:
        yield running
        APILogHandler().flush()


@pytest.fixture
def show(place: Place, server: PrefectServer, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A show with a folder bucket whose flows run here, against the server."""
    monkeypatch.setenv("PILLARCAST_SHOW", str(place.root / "show.toml"))
    monkeypatch.setenv("PILLARCAST_SETTLE_S", "0")
    return place
