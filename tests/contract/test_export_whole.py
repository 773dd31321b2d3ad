"""An export is a whole show: read by the command where nothing is yet, it gives the public the same bytes again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from pillarcast.cli import main
from pillarcast.pipeline.exporting import own_files
from pillarcast.wiring import open_house
from tests.show_support.place import Place, ingest_drop, publish_all

MORE = """
[site]
logo = "pictures/logo.png"
[feed]
hubs = []
[[feed.funding]]
url = "https://example.com/coffee"
text = "Coffee"
"""
ARTICLE = "---\ntype: article\ntitle: On salary\npublish_at: 2026-05-01 09:00\n---\nAsk *first*.\n"


@pytest.fixture
def show(place: Place) -> Place:
    place.more = MORE
    place.write_show()
    (place.root / "pictures").mkdir()
    Image.new("RGB", (200, 60), "#223344").save(place.root / "pictures" / "logo.png")
    (place.root / "templates").mkdir()
    (place.root / "templates" / "post.html").write_text("<p>{{ title }}</p>\n", "utf-8")
    place.drop("one", "---\ntitle: One\nchapters:\n  - {at: '0:00', title: A}\n---\nWords.\n", seconds=2)
    (place.episodes / "one.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", "utf-8")
    (place.episodes / "on-salary.md").write_text(ARTICLE, "utf-8")
    with place.opened() as house:
        for name in ("one", "on-salary"):
            ingest_drop(house.studio, place.episodes, name)
        publish_all(house.studio, "one")
        publish_all(house.studio)
    return place


def public_of(show_file: Path) -> dict[str, str]:
    with open_house(show_file) as house:
        return {stored.key: stored.etag for stored in house.studio.bucket.keys("public/")}


def test_the_command_makes_the_same_show_where_nothing_is(
    show: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, old, new = tmp_path / "export", show.root / "show.toml", tmp_path / "new" / "show.toml"
    assert main(["--show", str(old), "publish"]) == 0  # by the clock on the wall, as the other will be
    assert main(["--show", str(old), "export", str(folder)]) == 0
    assert "1 episode in" in capsys.readouterr().out
    there = public_of(old)
    shutil.rmtree(show.root)
    new.parent.mkdir()
    assert main(["--show", str(new), "import", str(folder), "--dry-run"]) == 0
    assert "Would take in 1 episode with" in capsys.readouterr().out
    assert list(new.parent.iterdir()) == []
    assert main(["--show", str(new), "import", str(folder)]) == 0
    assert new.read_text("utf-8") == (folder / "show" / "show.toml").read_text("utf-8")
    assert (new.parent / "templates" / "post.html").is_file()
    assert main(["--show", str(new), "publish"]) == 0
    assert main(["--show", str(new), "verify", "--whole"]) == 0
    assert public_of(new) == there


def test_files_outside_of_the_project_are_not_taken_along(show: Place, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")
    with show.opened() as house:
        studio = house.studio
        for name in ("../secret.png", str(tmp_path / "secret.png"), "none.png"):
            site = studio.show.site.model_copy(update={"logo": name})
            found = own_files(studio.show.model_copy(update={"site": site}), studio.project)
            assert sorted(map(str, found)) == ["artwork.jpg", "templates/post.html"]


def test_a_show_that_is_there_is_not_written_over(show: Place, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    assert main(["--show", str(show.root / "show.toml"), "export", str(folder)]) == 0
    other = Place(tmp_path / "other")
    before = (other.root / "show.toml").read_bytes()
    assert main(["--show", str(other.root / "show.toml"), "import", str(folder)]) == 0
    assert (other.root / "show.toml").read_bytes() == before


@pytest.mark.parametrize("how", [(), ("--dry-run",)])
def test_a_dry_run_refuses_what_the_import_refuses(
    show: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], how: tuple[str, ...]
) -> None:
    folder, standing = tmp_path / "export", str(show.root / "show.toml")
    assert main(["--show", standing, "export", str(folder)]) == 0
    assert main(["--show", standing, "import", str(folder), *how]) == 3
    assert "this show has episodes or articles already" in capsys.readouterr().err
    (folder / "show" / "show.toml").unlink()
    assert main(["--show", str(tmp_path / "none" / "show.toml"), "import", str(folder), *how]) == 3
    assert "none/show.toml" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["file", "file/inside", "/proc/nope"])
def test_a_folder_that_cannot_be_written_is_told(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    assert main(["--show", str(place.root / "show.toml"), "export", str(tmp_path / name)]) == 3
    told = capsys.readouterr().err
    assert "the export stopped there (" in told
    assert "Name a folder that can be written" in told
