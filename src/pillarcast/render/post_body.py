"""The body of a post in the words of one engine: its player, the prose made harmless for it, the links."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property

from jinja2 import BaseLoader, ChoiceLoader, DictLoader, PackageLoader, StrictUndefined
from jinja2.exceptions import TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from pillarcast.errors import Problem, SettingsError
from pillarcast.model.base import digest
from pillarcast.model.post import Post, PostArtwork

GHOST_PLAYER = "<!--pillarcast-player-->"
"""Where the Ghost adapter puts its audio card: Ghost keeps no audio element of others."""

# What an engine would carry out instead of showing: WordPress shortcodes, and the braces of Liquid, Nunjucks and
# Go templates. Sanitised HTML holds these characters only in texts and attribute values, where an entity is equal.
_HARMLESS: Mapping[str, Mapping[int, str]] = {
    "wordpress": {ord("["): "&#91;", ord("]"): "&#93;"},
    "git": {ord("{"): "&#123;", ord("}"): "&#125;"},
    "ghost": {},
    "micropub": {},
}


class PostTemplates:
    """`overrides` are the owner's templates by file name: `post.html` lays a post out, `KIND.html` has the parts."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._overrides = dict(overrides or {})

    def body(self, kind: str, name: str, post: Post) -> str:
        """The whole body. It always carries the key, whatever an override leaves out: adapters find posts by it."""
        try:
            rendered = self._environment.get_template(name).render(kind=kind, post=_harmless_post(kind, post))
        except TemplateNotFound as error:
            raise SettingsError("show.toml", f"the post template {error} is not in templates/", _MEND) from error
        except TemplateSyntaxError as error:
            raise SettingsError(f"templates/{error.name}", f"line {error.lineno}: {error.message}", _MEND) from error
        except TemplateError as error:
            raise SettingsError(f"templates/{name}", str(error), _MEND) from error
        return rendered if post.key in rendered else f"{rendered}\n{_marker(kind, post.key)}"

    def problems(self, kind: str, name: str) -> tuple[Problem, ...]:
        """What keeps a template from being rendered, before the first post needs it."""
        try:
            self.body(kind, name, _SAMPLE)
        except SettingsError as error:
            return (error.problem,)
        return ()

    def digest(self, kind: str, name: str) -> str:
        """Changes when a template that the post is made of changes."""
        names = (name, f"{kind}.html")
        return digest(*(self._source(part) for part in names))

    def _source(self, name: str) -> str:
        try:
            return self._loader.get_source(self._environment, name)[0]
        except TemplateNotFound:
            return ""

    @cached_property
    def _loader(self) -> BaseLoader:
        return ChoiceLoader([DictLoader(self._overrides), PackageLoader("pillarcast.render", "templates_post")])

    @cached_property
    def _environment(self) -> SandboxedEnvironment:
        return SandboxedEnvironment(
            loader=self._loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )


_SAMPLE = Post(
    key="pillarcast-sample",
    slug="sample",
    title="A title",
    summary="A summary.",
    body_html="<p>Words.</p>",
    published_at=datetime(2026, 1, 1, tzinfo=UTC),
    canonical_url="https://example.com/episodes/sample",
    audio_url="https://example.com/media/sample.mp3",
    audio_type="audio/mpeg",
    audio_length_bytes=1,
    duration_s=60.0,
    artwork=PostArtwork(url="https://example.com/media/sample.jpg", sha256="0" * 64, media_type="image/jpeg"),
    tags=("Tag",),
    links=(("RSS feed", "https://example.com/feed.xml"),),
)
_MEND = "Mend the template, or take it out of templates/ to use ours."


def harmless(kind: str, text: str) -> str:
    """`text` (HTML) in which nothing is left that the engine would carry out."""
    return text.translate(_HARMLESS[kind])


def _with_spaced_cells(text: str) -> str:
    """WordPress styles the tables of its own block only, and leaves no space between the cells of others."""
    for cell in ("th", "td"):
        text = text.replace(f"<{cell}>", f'<{cell} style="text-align:start;padding:0.3em 0.8em">')
    return text


def _harmless_post(kind: str, post: Post) -> dict[str, object]:
    values = dict(post)
    body = harmless(kind, post.body_html)
    values["body_html"] = Markup(_with_spaced_cells(body) if kind == "wordpress" else body)  # noqa: S704 - sanitised when the post was made
    for field in ("title", "summary", "audio_url", "canonical_url"):
        values[field] = Markup(harmless(kind, html.escape(values[field])))  # noqa: S704 - escaped right here
    values["links"] = tuple(
        tuple(Markup(harmless(kind, html.escape(word))) for word in link)  # noqa: S704 - escaped right here
        for link in post.links
    )
    return values


def _marker(kind: str, key: str) -> str:
    span = f'<span data-pillarcast="{key}" hidden></span>'
    return f"<!-- wp:html -->\n{span}\n<!-- /wp:html -->" if kind == "wordpress" else span
