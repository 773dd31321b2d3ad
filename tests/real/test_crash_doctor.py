"""Doctor and restore as commands on the real S3 server with a real git site: broken on purpose, said, and mended."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

from pillarcast.adapters.seaweed import SeaweedServer
from pillarcast.errors import NeedsOperator
from pillarcast.model.addresses import CATALOGUE, FEED, MEDIA
from pillarcast.model.catalogue import Catalogue
from pillarcast.pipeline.versions import KEPT, VERSIONS
from pillarcast.ports import ObjectMeta
from tests.crash.real_show import RealShow, real_show
from tests.crash.stories import FIRST, SECOND

pytestmark = [
    pytest.mark.real,
    pytest.mark.s3,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not here"),
]


@pytest.fixture(scope="module")
def built(s3_server: SeaweedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShow]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PILLARCAST_ACCESS_KEY", s3_server.place.access_key)
        patch.setenv("PILLARCAST_SECRET_KEY", s3_server.place.secret_key)
        with real_show(tmp_path_factory.mktemp("broken"), s3_server.place, "broken") as show:
            assert show.run(("ingest",), ("publish",)) == [0, 0]
            show.keep()
            yield show


@pytest.fixture
def show(built: RealShow, s3_server: SeaweedServer, monkeypatch: pytest.MonkeyPatch) -> RealShow:
    monkeypatch.setenv("PILLARCAST_ACCESS_KEY", s3_server.place.access_key)
    monkeypatch.setenv("PILLARCAST_SECRET_KEY", s3_server.place.secret_key)
    built.restore()
    built.cut(None)
    return built


def catalogue_of(show: RealShow) -> Catalogue:
    with show.place.opened() as house:
        return house.studio.store.load().catalogue


def lose_catalogue(show: RealShow) -> None:
    show.bucket.remove(CATALOGUE)


def lose_catalogue_and_versions(show: RealShow) -> None:
    for stored in [*show.bucket.keys(VERSIONS), *show.bucket.keys(CATALOGUE)]:
        show.bucket.remove(stored.key)


def write_over_feed(show: RealShow) -> None:
    show.bucket.put(FEED, b"<rss/>", ObjectMeta("application/rss+xml", "", ""))


def lose_public_audio(show: RealShow) -> None:
    for stored in show.bucket.keys(MEDIA):
        show.bucket.remove(stored.key)


def lose_master(show: RealShow) -> None:
    show.bucket.remove(catalogue_of(show).queue[0].master.file.key)


HARMS = (lose_catalogue, lose_catalogue_and_versions, write_over_feed, lose_public_audio, lose_master)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_what_was_broken_is_said_and_mended(harm: Callable[[RealShow], None], show: RealShow) -> None:
    before = {entry.guid: (entry.source, entry.published_at) for entry in catalogue_of(show).entries}
    assert show.program.run("doctor") == 0, show.program.log.read_text("utf-8")
    harm(show)
    assert show.program.run("doctor") == NeedsOperator.exit_code
    codes = show.run(("doctor", "--repair"), ("ingest",), ("publish",), ("doctor",))
    assert codes == [0, 0, 0, 0], show.program.log.read_text("utf-8")[-3000:]
    assert {entry.guid: (entry.source, entry.published_at) for entry in catalogue_of(show).entries} == before
    show.check()


def test_the_last_versions_are_kept_and_one_is_brought_back(show: RealShow) -> None:
    wanted = catalogue_of(show)
    for number in range(KEPT - 2):
        assert show.program.run("queue", SECOND, str(1 + number % 2)) == 0
    late = catalogue_of(show)
    assert late.revision == wanted.revision + KEPT - 2
    assert len(list(show.bucket.keys(VERSIONS))) == KEPT
    assert show.run(("restore", str(wanted.revision), "--yes"), ("publish",)) == [0, 0]
    again = catalogue_of(show)
    assert [(entry.guid, entry.slot) for entry in again.queue] == [(entry.guid, entry.slot) for entry in wanted.queue]
    assert [entry.source for entry in again.live] == [FIRST]
    show.check()
