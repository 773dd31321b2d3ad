"""A long show: what `max_episodes` and archives leave in the feed is what verify expects; a large feed is warned of."""

from __future__ import annotations

import pytest

from pillarcast.model.addresses import FEED
from pillarcast.pipeline.importing import import_show, plan_import
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.verifying import verify
from pillarcast.render.feed_check import check_feed
from pillarcast.render.feed_items import read_items
from pillarcast.render.lint import lint
from tests.feed_support.views import published, render_feed, view_of
from tests.show_support.place import Place
from tests.unit.test_import_quirks import HEAD, feed


class NoDownloads:
    """Nothing is fetched: media stay where they are."""

    def fetch(self, url: str) -> bytes:
        raise AssertionError(url)

    download = fetch


@pytest.mark.parametrize(
    ("more", "shown"), [("", 5), ("max_episodes = 2\n", 2), ("max_episodes = 2\narchives = true\n", 5)]
)
def test_verify_expects_what_the_settings_show(place: Place, more: str, shown: int) -> None:
    items = [
        f"<title>Talk {day}</title><guid>g{day}</guid><pubDate>Thu, 0{day} Jan 2026 11:00:00 GMT</pubDate>"
        f'<enclosure url="https://old.example.org/{day}.mp3" length="30000" type="audio/mpeg"/>'
        for day in range(5, 0, -1)
    ]
    place.more = f"[feed]\n{more}"
    place.write_show()
    (place.root / "old.xml").write_bytes(feed(*items, head=HEAD))
    with place.opened() as house:
        planned = plan_import(house.studio, str(place.root / "old.xml"), NoDownloads())
        import_show(house.studio, planned, NoDownloads(), keep_media=True)
        publish(house.studio, Request())
        found = house.studio.bucket.fetch(FEED)
        assert found is not None
        assert len(read_items(found[0])) == shown
        assert [check for check in verify(house.studio) if not check.is_right] == []


@pytest.mark.parametrize(
    ("megabytes", "what"), [(3.1, "some apps refuse more than 3 MB"), (5.2, "directories have trouble")]
)
def test_a_large_feed_is_warned_of_with_the_limit_and_the_mend(megabytes: float, what: str) -> None:
    body = render_feed(view_of([published(0), published(1)]))
    padded = body.replace(b"<item>", b"<!--" + b"x" * int(megabytes * 1e6) + b"--><item>", 1)
    (finding,) = [finding for finding in lint(padded) if finding.rule == "delivery/size"]
    assert what in finding.what
    assert "feed.max_episodes = 300" in finding.mend
    assert "feed.archives = true" in finding.mend
    (problem,) = [problem for problem in check_feed(padded) if "delivery/size" in problem.what]
    assert problem.is_warning
