"""Keys of the site's objects and the links between them; no key is a folder of another."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from urllib.parse import quote

from pillarcast.model.addresses import old_slug
from pillarcast.model.base import digest

ARCHIVE = "public/archive"
WRITING = "public/writing"
TOPICS = "public/topics"
ABOUT = "public/about"
NOT_FOUND = "public/404.html"
SITEMAP = "public/sitemap.xml"
ROBOTS = "public/robots.txt"
BLOG_FEED = "public/blog.xml"
"""Written with the feeds, and linked from every page."""

_SPOKEN = str.maketrans({"+": " plus ", "#": " sharp ", "&": " and "})


def embed_key(slug: str) -> str:
    return f"public/embed/{slug}"


def oembed_key(slug: str) -> str:
    return f"public/oembed/{slug}.json"


def transcript_key(slug: str) -> str:
    return f"public/transcripts/{slug}"


def search_key(block: int) -> str:
    """Blocks of the search index count from 1, the oldest."""
    return f"public/search/{block}.json"


def tag_key(tag: str) -> str:
    return f"public/tags/{_slug(tag)}"


def person_key(name: str) -> str:
    return f"public/people/{_slug(name)}"


def season_key(season: int) -> str:
    return f"public/seasons/{season}"


def relative(source: str, target: str) -> str:
    """The link from the page `source` to the object `target`, right under any base path."""
    return quote(posixpath.relpath(target, posixpath.dirname(source)))


@lru_cache(4096)
def _slug(name: str) -> str:
    """Names of any script have a key; C, C++ and C# have three."""
    return old_slug(name.casefold().translate(_SPOKEN)) or digest(name.casefold())[:12]
