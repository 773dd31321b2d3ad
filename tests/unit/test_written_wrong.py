"""What people write wrong by hand is told in their own words: what was written, and what to write."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pillarcast.cli import main
from pillarcast.errors import SettingsError, Several, problems_of
from pillarcast.model.categories import checked_category
from pillarcast.model.notes import parse_notes
from pillarcast.settings import load


@pytest.mark.parametrize("written", ["next thursday", "2026-02-30 06:00", "12/03/2026", "Thursday", "''"])
def test_a_date_that_is_none_is_told_once_with_one_to_copy(written: str) -> None:
    with pytest.raises(Several) as told:
        parse_notes(f"---\npublish_at: {written}\n---\n".encode(), "a.md")
    (problem,) = told.value.problems
    assert str(problem).startswith("a.md: `publish_at`: ")
    assert "write 2026-12-03 06:00, or next slot" in str(problem)
    assert written.strip("'") in str(problem)


@pytest.mark.parametrize(("written", "meant"), [
    ("next slot", None),
    ("2026-12-03 06:00", "2026-12-03T06:00:00-05:00"),
    ("'2026-12-03T06:00:00+01:00'", "2026-12-03T06:00:00+01:00"),
])  # fmt: skip
def test_a_date_is_read(written: str, meant: str | None) -> None:
    notes = parse_notes(f"---\npublish_at: {written}\n---\n".encode(), "a.md")
    moment = notes.publish_at(ZoneInfo("America/New_York"))
    assert (moment and moment.isoformat()) == meant


def test_a_missing_key_is_shown_as_its_file_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "show.toml"
    path.write_text('[show]\ntitle = "A"\ndescription = "B"\n', "utf-8")
    with pytest.raises((Several, SettingsError)) as told:
        load(path)
    assert "Add a line `host = …`." in "\n".join(map(str, problems_of(told.value)))
    with pytest.raises(Several) as in_notes:
        parse_notes(b"---\nchapters:\n  - {at: '0:00'}\n---\n", "a.md")
    assert "Add a line `title: …`." in str(in_notes.value)


def test_an_episode_that_is_none_is_told_before_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "show.toml"
    path.write_text('[show]\ntitle = "A"\nhost = "C"\ndescription = "B"\n[bucket]\nkind = "folder"\n', "utf-8")
    assert main(["--show", str(path), "queue", "41", "0"]) == 3
    assert "41: no episode goes by that name." in capsys.readouterr().err


def test_a_quotation_mark_that_is_missing_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "show.toml"
    path.write_text('[show]\ntitle = "A\nhost = "C"\n', "utf-8")
    with pytest.raises(SettingsError, match=r"line 2.*A quotation mark is missing at the end of that line\."):
        load(path)


LOCKED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Hers</title>
<link>https://example.org</link><description>All hers.</description><podcast:locked>yes</podcast:locked>
</channel></rss>"""


@pytest.mark.parametrize("how", [(), ("--dry-run",)])
def test_a_locked_feed_is_refused_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], how: tuple[str, ...]
) -> None:
    feed, path = tmp_path / "feed.xml", tmp_path / "new" / "show.toml"
    feed.write_text(LOCKED, "utf-8")
    path.parent.mkdir()
    if how:
        path.write_text('[show]\ntitle = "A"\nhost = "C"\ndescription = "B"\n[bucket]\nkind = "folder"\n', "utf-8")
    assert main(["--show", str(path), "import", str(feed), *how]) != 0
    assert "is locked against imports (podcast:locked)" in capsys.readouterr().err
    assert path.exists() is bool(how)


@pytest.mark.parametrize(("written", "meant"), [
    ("Gardening", "Leisure > Home & Garden"),
    ("Careers", "Business > Careers"),
    ("Buisness > Carers", "Business > Careers"),
])  # fmt: skip
def test_a_category_is_guessed_by_any_of_its_words(written: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"the nearest is '{meant}'"):
        checked_category(written)
