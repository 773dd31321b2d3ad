"""Golden feeds: `case.toml` says what the catalogue holds, `feed.xml` what the feed says, indented to be read.

`document` in case.toml names another document than the main feed, with `*` for what nobody can guess.

`python -m tests.golden.feed_cases` writes every feed.xml anew; look at the difference before you commit it.
"""

from __future__ import annotations

import tomllib
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from lxml import etree

from pillarcast.model.addresses import FEED
from pillarcast.model.base import FileRef
from pillarcast.model.published import Enclosure, Published
from pillarcast.model.show import About
from pillarcast.model.view import PublishedArticle, View
from pillarcast.model.wanted import WantedObject
from pillarcast.render.feed import feed_objects
from pillarcast.render.feed_private import private_feed_objects
from tests.feed_support.views import ABOUT, FIRST, Bodies, bodies_of, notes_key, published, render_all, view_of

ARTICLE = {
    "guid": "article-1", "slug": "on-salary", "summary": "", "artwork": None, "tags": (), "programming_note": None,
    "page_url": "https://cdn.example.com/show/articles/on-salary", "published_at": FIRST,
    "body": FileRef(key=notes_key("Ask *first*."), sha256="d" * 64, length_bytes=12, media_type="text/markdown"),
}  # fmt: skip
FOLDER = Path(__file__).parent / "feed"


def cases() -> list[Path]:
    return sorted(path.parent for path in FOLDER.glob("*/case.toml"))


def render_case(case: Path) -> bytes:
    """The document that a case is about, indented."""
    name = tomllib.loads((case / "case.toml").read_text("utf-8")).get("document", FEED)
    (document,) = (body for key, body in objects_of(case).items() if fnmatch(key, name))
    return indented(document)


def objects_of(case: Path) -> Bodies:
    written = tomllib.loads((case / "case.toml").read_text("utf-8"))
    described = written.get("episodes", [])
    notes = [episode.pop("notes", "") for episode in described]
    episodes = [_episode(number, text, said) for number, (said, text) in enumerate(zip(described, notes, strict=True))]
    return render_all(_view(written, episodes), bodies_of(*notes, "Ask *first*."), _objects)


def _objects(view: View) -> tuple[WantedObject, ...]:
    return (*feed_objects(view), *private_feed_objects(view, b"the secret of golden feeds", date(2026, 6, 1)))


def indented(feed: bytes) -> bytes:
    parser = etree.XMLParser(remove_blank_text=True, strip_cdata=False)
    rendered: bytes = etree.tostring(etree.fromstring(feed, parser), pretty_print=True, encoding="UTF-8")
    return rendered


def _view(written: dict[str, Any], episodes: list[Published]) -> View:
    about = About.model_validate(ABOUT.model_dump() | written.get("show", {}))
    view = view_of(episodes, about)
    tables = {name: written.get(name, {}) for name in ("feed", "schedule", "master")}
    show = view.show.model_validate({"show": about, **tables})
    articles = tuple(PublishedArticle.model_validate(ARTICLE | said) for said in written.get("articles", []))
    return view.model_copy(update={"show": show, "articles": articles})


def _episode(number: int, notes: str, said: dict[str, Any]) -> Published:
    """`with` names the files that an episode has besides its audio."""
    files = said.pop("with", [])
    episode = published(number, notes, **said)
    changes: dict[str, Any] = {}
    if "artwork" in files:
        changes["artwork"] = FileRef(key="private/a.jpg", sha256="c" * 64, length_bytes=9, media_type="image/jpeg")
    if "transcript" in files:
        changes["transcript"] = FileRef(key="private/t.vtt", sha256="d" * 64, length_bytes=9, media_type="text/vtt")
    if "opus" in files:
        opus = Enclosure(
            url="https://cdn.example.com/show/o.opus", length_bytes=9, media_type="audio/ogg", sha256="e" * 64, key="k"
        )
        changes["alternates"] = (opus,)
    return episode.model_copy(update=changes)


if __name__ == "__main__":
    for case in cases():
        (case / "feed.xml").write_bytes(render_case(case))
