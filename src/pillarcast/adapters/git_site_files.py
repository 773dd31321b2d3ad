"""The file of a post in a static site: where each generator wants it, and what stands above its body.

Files are HTML, which three of the four take as it stands. Hugo gets Markdown: an HTML file among its content ends
its build since 0.160 or so, and raw HTML in Markdown is dropped by default.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import yaml

from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget
from pillarcast.render.post_markdown import markdown_of


@dataclass(frozen=True)
class Generator:
    """`draft` are the lines that keep a file out of the site; `signs` are files that tell the generator."""

    folder: str
    name: str
    draft: tuple[str, ...]
    signs: tuple[str, ...]
    is_yaml: bool = True
    is_markdown: bool = False


_HUGO_SIGNS = tuple(f"{stem}.{suffix}" for stem in ("hugo", "config") for suffix in ("toml", "yaml", "yml", "json"))
_ELEVENTY_SIGNS = (".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs")
GENERATORS = {
    "hugo": Generator("content/posts", "{slug}.md", ("draft: true",), (*_HUGO_SIGNS, "config"), is_markdown=True),
    "jekyll": Generator("_posts", "{day}-{slug}.html", ("published: false",), ("_config.yml", "_config.yaml")),
    "eleventy": Generator(
        "posts", "{slug}.html", ("permalink: false", "eleventyExcludeFromCollections: true"), _ELEVENTY_SIGNS
    ),
    # `draft` would still be public under /drafts/; `skip` is not written at all.
    "pelican": Generator(
        "content", "{slug}.html", ('<meta name="status" content="skip">',), ("pelicanconf.py",), is_yaml=False
    ),
}


def path_of(target: BlogTarget, post: Post) -> str:
    """Where the post goes: the same each time, so that its path is its natural key."""
    generator = GENERATORS[target.generator]
    folder = target.folder.strip("/") or generator.folder
    day = f"{post.published_at.astimezone(UTC):%Y-%m-%d}"
    return f"{folder}/{generator.name.format(day=day, slug=post.slug)}"


def file_of(target: BlogTarget, post: Post, body: str, *, is_draft: bool) -> str:
    """The whole file."""
    generator = GENERATORS[target.generator]
    values = _front_matter(target, post)
    body = markdown_of(body) if generator.is_markdown else body
    text = _yaml_file(values, body) if generator.is_yaml else _html_file(values, body)
    return drafted(target, text) if is_draft else text


def drafted(target: BlogTarget, text: str) -> str:
    """The same file, kept out of the site."""
    if is_draft(target, text):
        return text
    opening, rest = text.split("\n", 1)
    return "\n".join([opening, *GENERATORS[target.generator].draft, rest])


def undrafted(target: BlogTarget, text: str) -> str:
    """The file without the lines that keep it out; what a person changed is seen in what remains."""
    generator = GENERATORS[target.generator]
    head, end, body = text.partition("\n---\n" if generator.is_yaml else "</head>")
    lines = "|".join(map(re.escape, generator.draft))
    return re.sub(rf"^(?:{lines})(?:\n|$)", "", head, flags=re.MULTILINE) + end + body


def is_draft(target: BlogTarget, text: str) -> bool:
    return undrafted(target, text) != text


def _front_matter(target: BlogTarget, post: Post) -> dict[str, Any]:
    """Names that themes of all four read: `image`, `description`, `canonical_url` and the rest are custom to each."""
    artwork = post.artwork
    values = {
        "title": post.title,
        "date": post.published_at.astimezone(UTC).isoformat(),
        "slug": post.slug,
        "description": post.summary,
        "author": target.author,
        "categories": list(target.category),
        "tags": list({tag.casefold(): tag for tag in (*post.tags, *target.tags)}.values()),
        "canonical_url": post.canonical_url,
        "image": artwork.url if artwork else "",
        "image_alt": artwork.alt if artwork else "",
        "audio": post.audio_url,
        "audio_type": post.audio_type,
        "audio_length": post.audio_length_bytes,
        "duration": round(post.duration_s),
        "pillarcast": post.key,
    }
    return {name: value for name, value in values.items() if value}


def _yaml_file(values: dict[str, Any], body: str) -> str:
    front = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{front}---\n{body.strip()}\n"


def _html_file(values: dict[str, Any], body: str) -> str:
    """Pelican's HTML: the title in its element, all else in `meta`; lists are parted by commas, so tags lose theirs.

    Title and summary are HTML to its themes, hence escaped once for them and once for this file.
    """
    words = {"title": html.escape(values["title"]), "summary": html.escape(values.get("description", ""))}
    named = values | {"category": ", ".join(values.pop("categories", [])[:1])} | words
    metas = (
        f'<meta name="{name}" content="{html.escape(_plain(value))}">'
        for name, value in named.items()
        if value and name != "title"
    )
    return "\n".join(
        [
            '<html lang=""><head>',
            f"<title>{html.escape(named['title'])}</title>",
            *metas,
            "</head><body>",
            body.strip(),
            "</body></html>",
            "",
        ]
    )


def _plain(value: object) -> str:
    return ", ".join(str(one).replace(",", " ") for one in value) if isinstance(value, list) else str(value)
