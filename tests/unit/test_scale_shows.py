"""Many shows of one installation: named by their folder, each with its own work folder, whatever the working folder."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from flows.deploying import deployment_of, offers
from flows.shows import served, show_named
from pillarcast import settings as knobs
from pillarcast.errors import SettingsError
from pillarcast.model.addresses import FEED
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.left_open import is_left_open
from pillarcast.model.shelf import Written
from tests.show_support.place import SHOW

NAMES = ("alpha", "beta")


@pytest.fixture
def shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder is another one, as that of a worker's runs."""
    for name in NAMES:
        (tmp_path / "shows" / name).mkdir(parents=True)
        (tmp_path / "shows" / name / "show.toml").write_text(SHOW)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "shows"


def test_a_folder_names_every_show_in_it(shows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILLARCAST_SHOW", str(shows))
    assert [show.key for show in served()] == [*NAMES]
    assert show_named("beta").file == shows / "beta/show.toml"
    assert len({show.limit for show in served()}) == len(NAMES)
    with pytest.raises(SettingsError, match="no show goes by that name"):
        show_named("gamma")


def test_a_list_names_the_same(shows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILLARCAST_SHOW", os.pathsep.join(str(shows / name / "show.toml") for name in NAMES))
    assert [show.key for show in served()] == [*NAMES]


def test_a_command_wants_one_of_them(shows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILLARCAST_SHOW", str(shows))
    with pytest.raises(SettingsError, match="is a folder"):
        knobs.load()


def test_a_shared_work_folder_is_not_shared_by_shows(shows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILLARCAST_WORK_DIR", str(shows.parent / "work"))
    works = [knobs.load(shows / name / "show.toml")[0].work for name in NAMES]
    assert works == [shows.parent / "work" / name for name in NAMES]


def test_a_show_alone_keeps_its_work_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "show.toml").write_text(SHOW)
    assert knobs.load(tmp_path / "show.toml")[0].work == tmp_path / ".pillarcast"
    monkeypatch.setenv("PILLARCAST_WORK_DIR", str(tmp_path / "work"))
    assert knobs.load(tmp_path / "show.toml")[0].work == tmp_path / "work"


def test_a_worker_starts_one_process_for_a_run(shows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILLARCAST_SHOW", str(shows))
    alpha, _ = served()
    offer = next(offer for offer in offers(alpha) if not offer.is_local)
    handed = asyncio.run(deployment_of(offer, alpha, "pool"))
    assert (handed.name, handed.work_pool_name) == ("alpha", "pool")
    assert handed.job_variables == {"command": f"{sys.executable} -m prefect.engine"}
    assert "command" not in (asyncio.run(deployment_of(offer, alpha)).job_variables or {})


@pytest.mark.parametrize(("inputs", "is_open"), [("", True), ("digest", False)])
def test_a_publish_that_died_before_its_feed_is_seen(inputs: str, is_open: bool) -> None:  # noqa: FBT001
    """Its episode stands in the catalogue as live, so nothing is due; only the intent tells."""
    receipt = Written(inputs=inputs, sha256="", length_bytes=0)
    assert is_left_open(Catalogue(show_guid="show", written={FEED: receipt})) == is_open
