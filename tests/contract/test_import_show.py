"""Moving in and out, over a real web server and a real bucket folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pillarcast.adapters.downloads import Downloads
from pillarcast.adapters.public import WebPublic
from pillarcast.cli import main
from pillarcast.errors import ChangeRefused, NotesError, SettingsError, Unreachable, Unsupported
from pillarcast.model.addresses import FEED, Addresses
from pillarcast.model.catalogue import State
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.exporting import export_show, import_export, is_export
from pillarcast.pipeline.importing import check_may_import, import_show, plan_import
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.pipeline.moving import Move, plan_move, watch_move, with_setting, write_move
from pillarcast.pipeline.parity import check_parity
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import publish
from pillarcast.ports import Progress, silent
from pillarcast.render.feed_reader import read_feed
from tests.feed_support.old_host import OldHost, old_host
from tests.show_support.place import Place, artwork
from tests.unit.test_import_quirks import HEAD, feed

VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n"
CHAPTERS = b'{"version":"1.2.0","chapters":[{"startTime":60,"title":"Two"},{"startTime":0,"title":"One"}]}'


@pytest.fixture
def host() -> Iterator[OldHost]:
    with old_host() as host:
        for number in (1, 2):
            host.put(f"/{number}.mp3", bytes([number]) * 300_000, "audio/mpeg")
        host.put("/2.jpg", artwork(), "image/jpeg")
        host.put("/2.vtt", VTT, "text/vtt")
        host.put("/2.json", CHAPTERS, "application/json")
        host.put("/feed", _feed(host.url), "application/rss+xml")
        yield host


def _feed(url: str) -> bytes:
    one = (
        f'<title>One</title><guid>old-1</guid><enclosure url="{url}/1.mp3" length="300000" type="audio/mpeg"/>'
        "<pubDate>Thu, 01 Jan 2026 11:00:00 GMT</pubDate><description>Plain notes</description>"
    )
    two = (
        f'<title>Two</title><guid>old-2</guid><enclosure url="{url}/2.mp3" length="300000" type="audio/mpeg"/>'
        f'<pubDate>Thu, 08 Jan 2026 11:00:00 GMT</pubDate><itunes:image href="{url}/2.jpg"/>'
        f'<podcast:transcript url="{url}/2.vtt" type="text/vtt"/>'
        f'<podcast:chapters url="{url}/2.json" type="application/json+chapters"/>'
        "<itunes:season>1</itunes:season><itunes:episode>2</itunes:episode>"
    )
    return feed(two, one, head=HEAD)


def downloads(host: OldHost) -> Downloads:
    return Downloads(host.url, pause_s=0)


def test_the_transcript_with_times_comes_along_wherever_it_stands_and_as_utf_8(place: Place, host: OldHost) -> None:
    host.put("/1.srt", "1\n00:00:01,000 --> 00:00:02,000\nDéjà vu\n".encode("cp1252"), "application/srt")
    named = (("html", "text/html"), ("json", "application/json"), ("srt", "application/srt"))
    transcripts = "".join(f'<podcast:transcript url="{host.url}/1.{end}" type="{kind}"/>' for end, kind in named)
    audio = f'<enclosure url="{host.url}/1.mp3" length="300000" type="audio/mpeg"/>'
    item = f"<title>One</title><guid>g</guid><pubDate>Thu, 01 Jan 2026 11:00:00 GMT</pubDate>{audio}{transcripts}"
    host.put("/feed", feed(item, head=HEAD), "application/rss+xml")
    with place.opened() as house:
        studio = house.studio
        import_show(studio, plan_import(studio, f"{host.url}/feed", downloads(host)), downloads(host))
        (entry,) = studio.store.load().catalogue.entries
        assert entry.transcript is not None
        body = studio.bucket.fetch(entry.transcript.key)
        assert body is not None
        assert "Déjà vu" in body[0].decode()
        assert [one.media_type for one in entry.episode.transcripts] == ["text/html", "application/json"]


def test_a_dry_run_proves_the_import_and_touches_nothing(place: Place, host: OldHost) -> None:
    with place.opened() as house:
        planned = plan_import(house.studio, f"{host.url}/feed", downloads(host))
        assert planned.parity.is_clean, planned.parity.unexplained
        assert [episode.guid for episode in planned.new] == ["old-2", "old-1"]
        assert house.studio.store.load().catalogue.entries == ()
        assert [path for path, _range in host.asked] == ["/feed"]


def test_an_exported_show_does_not_take_the_place_of_articles(place: Place, tmp_path: Path) -> None:
    """Forgotten ones would be taken and posted anew, under other guids."""
    other = Place(tmp_path / "other")
    other.drop("041", seconds=1)
    with other.opened() as house:
        ingest_all(house.studio, look_all(other.episodes, other.root / "articles"), settle_s=0)
        export_show(house.studio, tmp_path / "exported")
    (place.root / "articles").mkdir()
    (place.root / "articles" / "one.md").write_text("---\ntitle: One\n---\nWords.\n", "utf-8")
    with place.opened() as house:
        ingest_all(house.studio, look_all(place.episodes, place.root / "articles"), settle_s=0)
        before = house.studio.store.load().catalogue.articles
        with pytest.raises(ChangeRefused, match="articles already"):
            import_export(house.studio, tmp_path / "exported")
        assert house.studio.store.load().catalogue.articles == before


def test_an_imported_episode_does_not_share_the_address_of_an_article(place: Place, host: OldHost) -> None:
    """A blog has one kind of address for both, and would refuse the later one."""
    (place.root / "articles").mkdir()
    (place.root / "articles" / "one.md").write_text("---\ntitle: One\n---\nWords.\n", "utf-8")
    with place.opened() as house:
        ingest_all(house.studio, look_all(place.episodes, place.root / "articles"), settle_s=0)
        planned = plan_import(house.studio, f"{host.url}/feed", downloads(host))
        import_show(house.studio, planned, downloads(host), keep_media=True)
        assert [piece.slug for piece in house.studio.store.load().catalogue.pieces] == ["one-2", "two", "one"]


def test_an_import_brings_guids_dates_audio_artwork_transcript_and_chapters(place: Place, host: OldHost) -> None:
    with place.opened() as house:
        done = import_show(
            house.studio, plan_import(house.studio, f"{host.url}/feed", downloads(host)), downloads(host)
        )
        assert done.problems == ()
        one, two = house.studio.store.load().catalogue.entries
        assert [(entry.guid, entry.state, entry.published_at) for entry in (one, two)] == [
            ("old-1", State.LIVE, one.slot), ("old-2", State.LIVE, two.slot),
        ]  # fmt: skip
        assert (one.master.file.length_bytes, one.media_url) == (300_000, "")
        assert two.artwork is not None
        assert two.transcript is not None
        assert [chapter.title for chapter in two.episode.chapters] == ["One", "Two"]
        publish(house.studio, Request())
        parity = check_parity(house.studio, f"{host.url}/feed", downloads(host))
        assert parity.is_clean, parity.unexplained
        assert parity.compared == 2
        again = import_show(
            house.studio, plan_import(house.studio, f"{host.url}/feed", downloads(host)), downloads(host)
        )
        assert again.entries == ()


def test_the_show_keeps_its_identity_in_a_show_that_was_begun_already(place: Place, host: OldHost) -> None:
    known = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    said = f"<podcast:guid>{known}</podcast:guid><language>".encode()
    host.put("/feed", _feed(host.url).replace(b"<language>", said), "text/xml")
    with place.opened() as house:
        publish(house.studio, Request())  # an empty show, with a guid of its own
        planned = plan_import(house.studio, f"{host.url}/feed", downloads(host))
        import_show(house.studio, planned, downloads(host), keep_media=True)
        publish(house.studio, Request())
        now = house.studio.bucket.fetch(FEED)
        assert now is not None
        assert read_feed(now[0]).feed.guid == known


def test_an_import_that_was_stopped_goes_on_where_it_was(place: Place, host: OldHost) -> None:
    class Stopped(BaseException):
        pass

    class OneFile(Downloads):
        def download(self, url: str, path: Path, progress: Progress = silent) -> str:
            if url.endswith("/2.mp3"):
                raise Stopped
            return super().download(url, path, progress)

    with place.opened() as house:
        planned = plan_import(house.studio, f"{host.url}/feed", downloads(host))
        with pytest.raises(Stopped):
            import_show(house.studio, planned, OneFile(host.url, pause_s=0))
        assert [entry.guid for entry in house.studio.store.load().catalogue.entries] == ["old-1"]
        assert [entry.guid for entry in import_show(house.studio, planned, downloads(host)).entries] == ["old-2"]
    assert [path for path, _range in host.asked].count("/1.mp3") == 1


def test_media_may_stay_with_the_old_host(place: Place, host: OldHost) -> None:
    with place.opened() as house:
        planned = plan_import(house.studio, f"{host.url}/feed", downloads(host))
        import_show(house.studio, planned, downloads(host), keep_media=True)
        publish(house.studio, Request())
        now = house.studio.bucket.fetch(FEED)
        assert now is not None
        urls = [episode.enclosure.url for episode in read_feed(now[0]).episodes]
        assert urls == [f"{host.url}/2.mp3", f"{host.url}/1.mp3"]
        assert "/1.mp3" not in {path for path, _range in host.asked}


def test_a_file_that_was_whole_when_we_stopped_is_taken_as_it_is(host: OldHost, tmp_path: Path) -> None:
    path = tmp_path / "1.mp3"
    downloads(host).download(f"{host.url}/1.mp3", path)
    tag = f'"{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"'
    path.replace(tmp_path / "1.mp3.part")
    (tmp_path / "1.mp3.tag").write_text(tag, "utf-8")
    host.asked.clear()
    downloads(host).download(f"{host.url}/1.mp3", path)
    assert path.read_bytes() == b"\x01" * 300_000
    assert host.asked == [("/1.mp3", "bytes=299999-")]


def test_audio_that_a_server_packs_is_whole_when_unpacked(host: OldHost, tmp_path: Path) -> None:
    host.packed.add("/1.mp3")
    downloads(host).download(f"{host.url}/1.mp3", tmp_path / "1.mp3")
    assert (tmp_path / "1.mp3").read_bytes() == b"\x01" * 300_000


def test_a_download_that_breaks_off_goes_on_where_it_was(host: OldHost, tmp_path: Path) -> None:
    host.breaks["/1.mp3"] = 100_000
    media_type = downloads(host).download(f"{host.url}/1.mp3", tmp_path / "one.mp3")
    assert (media_type, (tmp_path / "one.mp3").read_bytes()) == ("audio/mpeg", bytes([1]) * 300_000)
    assert host.asked == [("/1.mp3", ""), ("/1.mp3", "bytes=65535-")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.mp3"]


def test_a_file_that_changed_meanwhile_is_fetched_anew(host: OldHost, tmp_path: Path) -> None:
    (tmp_path / "one.mp3.part").write_bytes(b"x" * 1000)
    (tmp_path / "one.mp3.tag").write_text('"of another file"', "utf-8")
    downloads(host).download(f"{host.url}/1.mp3", tmp_path / "one.mp3")
    assert (tmp_path / "one.mp3").read_bytes() == bytes([1]) * 300_000


def test_what_is_not_there_or_too_large_is_said(host: OldHost) -> None:
    with pytest.raises(Unsupported, match="404"):
        downloads(host).fetch(f"{host.url}/none")
    with pytest.raises(Unsupported, match="more than"):
        Downloads(host.url, pause_s=0, most_bytes=1000).fetch(f"{host.url}/1.mp3")
    with pytest.raises(Unsupported, match="no address"):
        downloads(host).fetch("ftp://old.example.org/feed")
    with pytest.raises(Unreachable):
        Downloads("http://127.0.0.1:9/").fetch("http://127.0.0.1:9/feed")


def test_an_error_page_is_no_audio(place: Place, host: OldHost) -> None:
    host.put("/1.mp3", b"<html>gone</html>", "text/html")
    with place.opened() as house:
        done = import_show(
            house.studio, plan_import(house.studio, f"{host.url}/feed", downloads(host)), downloads(host)
        )
        (problem,) = done.problems
        assert "stays with the old host" in problem.what
        assert problem.is_warning
        assert done.entries[0].media_url == f"{host.url}/1.mp3"


def test_a_locked_feed_is_its_owners_to_move(place: Place, host: OldHost) -> None:
    host.put(
        "/feed", _feed(host.url).replace(b"<language>", b"<podcast:locked>yes</podcast:locked><language>"), "text/xml"
    )
    with place.opened() as house:
        planned = plan_import(house.studio, f"{host.url}/feed", downloads(host))
        with pytest.raises(ChangeRefused, match="locked"):
            check_may_import(planned.source, planned.imported, is_mine=False)
        check_may_import(planned.source, planned.imported, is_mine=True)


def test_an_export_imports_again_without_loss(place: Place, host: OldHost, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    with place.opened() as house:
        import_show(house.studio, plan_import(house.studio, f"{host.url}/feed", downloads(host)), downloads(host))
        publish(house.studio, Request())
        export = export_show(house.studio, folder)
        assert (export.episodes, export.files) == (2, 5)
        before = house.studio.store.load().catalogue
        with pytest.raises(ChangeRefused, match="episodes or articles already"):
            import_export(house.studio, folder)
    assert is_export(folder)
    with Place(tmp_path / "other").opened() as other:
        after = import_export(other.studio, folder)
        assert (after.entries, after.show_guid, after.ledger) == (before.entries, before.show_guid, before.ledger)
        publish(other.studio, Request())
        assert other.studio.bucket.fetch(FEED)[0] == (folder / "feed.xml").read_bytes()
    next((folder / "files").iterdir()).write_bytes(b"changed")
    with Place(tmp_path / "third").opened() as third, pytest.raises(NotesError, match="was changed"):
        import_export(third.studio, folder)


def test_moving_out_says_where_to_and_watches(place: Place, host: OldHost) -> None:
    with place.opened() as house:
        import_show(house.studio, plan_import(house.studio, f"{host.url}/feed", downloads(host)), downloads(host))
        publish(house.studio, Request())
        move = plan_move(house.studio, "https://new.example.org/feed.xml")
        assert move.rules["nginx"] == "location = /feed.xml { return 301 https://new.example.org/feed.xml; }"
        write_move(move, place.root / "show.toml")
        problems = watch_move(house.studio, move)
        assert any("still answers itself" in problem.what for problem in problems)
    with place.opened() as house:
        publish(house.studio, Request())
        now = house.studio.bucket.fetch(FEED)
        assert now is not None
        assert b"<itunes:new-feed-url>https://new.example.org/feed.xml</itunes:new-feed-url>" in now[0]


def test_a_move_is_watched_until_the_old_address_leads_to_a_new_feed_with_every_guid(
    place: Place, host: OldHost
) -> None:
    new_url = f"{host.url}/new.xml"
    with place.opened() as house:
        import_show(house.studio, plan_import(house.studio, f"{host.url}/feed", downloads(host)), downloads(host))
        publish(house.studio, Request())
        studio = replace(house.studio, public=WebPublic(), addresses=Addresses(public_url=f"{host.url}/show"))
        move = plan_move(studio, new_url)

        def watched() -> str:
            return "\n".join(str(problem) for problem in watch_move(studio, move))

        assert "is no RSS feed" in watched() or "404" in watched()
        assert "answers 404 to nowhere, so followers do not find the new feed" in watched()
        host.put("/show/feed.xml", b"<rss/>", "text/xml")
        assert "still answers itself" in watched()
        host.redirects["/show/feed.xml"] = f"{host.url}/elsewhere"
        assert f"answers 301 to {host.url}/elsewhere" in watched()
        one_is_missing = _feed(host.url).replace(b"old-1", b"a-new-guid")
        host.put("/new.xml", one_is_missing, "text/xml")
        assert "lacks 1 episodes by their guid, such as old-1" in watched()
        assert "does not say that the show lives there" in watched()
        says_so = f"<itunes:new-feed-url>{new_url}</itunes:new-feed-url><language>".encode()
        host.put("/new.xml", _feed(host.url).replace(b"<language>", says_so), "text/xml")
        host.redirects["/show/feed.xml"] = new_url
        assert watched() == ""


@pytest.mark.parametrize("text", ["feed = { locked = true }\n", "feed.locked = true\n"])
def test_a_show_file_that_is_written_otherwise_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    move = Move("https://a.example.org/feed.xml", "https://b.example.org/feed.xml", {}, date(2026, 7, 1))
    with pytest.raises(SettingsError, match="cannot change"):
        write_move(move, file)
    assert file.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("[feed]\nlocked = true\n", '[feed]\nnew_feed_url = "u"\nlocked = true\n'),
        ('[feed] # mine\nnew_feed_url = "old"\n\n[site]\n', '[feed] # mine\nnew_feed_url = "u"\n\n[site]\n'),
        ("[show]\ntitle = 1\n", '[show]\ntitle = 1\n\n[feed]\nnew_feed_url = "u"\n'),
        ("[[feed.second]]\nformat = 1\n", '[[feed.second]]\nformat = 1\n\n[feed]\nnew_feed_url = "u"\n'),
    ],
)
def test_one_setting_changes_and_all_else_stays(text: str, changed: str) -> None:
    assert with_setting(text, "feed", "new_feed_url", "u") == changed


@pytest.mark.parametrize("keep_media", [True, False])
def test_what_moved_in_was_on_air_before_and_is_no_news(
    place: Place, host: OldHost, capsys: pytest.CaptureFixture[str], *, keep_media: bool
) -> None:
    with place.opened() as house:
        studio = house.studio
        import_show(
            studio, plan_import(studio, f"{host.url}/feed", downloads(host)), downloads(host), keep_media=keep_media
        )
        assert main(["--show", str(place.root / "show.toml"), "status"]) == 0
        assert "not finished" not in capsys.readouterr().out
        assert publish(studio, Request()).plan.airs == ()
        assert len(studio.store.load().catalogue.ledger) == 2
