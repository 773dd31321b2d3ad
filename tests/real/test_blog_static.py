"""Static sites as their generators really build them, from the repository that we pushed to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pillarcast.model.post import Post
from tests.blog_support.contract import AddressContract, BinContract, BlogContract, artwork
from tests.blog_support.engines import engine_params
from tests.blog_support.git_bed import GitBed, git
from tests.testbeds.static_sites import STARTERS, build

pytestmark = pytest.mark.real
__all__ = ["artwork"]


class BuiltSite(GitBed):
    """What counts is what the generator wrote into its output."""

    def public(self, post: Post) -> int:
        return len(list(self._pages(post)))

    def page(self, post: Post, url: str) -> str:
        return next(self._pages(post))

    def published_at(self, post: Post) -> datetime:
        page = self.page(post, "")
        found = re.search(r'<(?:time>|time[^>]*datetime="|abbr[^>]*title=")([^<"]+)', page)
        assert found is not None
        return datetime.fromisoformat(found[1])

    def _pages(self, post: Post) -> Iterator[str]:
        """Lists repeat a post's body: only a page of its own has the title in an h1 or h2 and stands once."""
        for path in sorted(self._built().rglob("*.html")):
            text = path.read_text(encoding="utf-8")
            if post.key in text and post.slug in str(path):
                yield text

    def _built(self) -> Path:
        """The site of the newest commit, built once."""
        site = self.folder / f"build-{git(self.place, 'rev-parse', 'main').strip()}"
        if site.exists():
            return site / "out"
        git(self.folder, "clone", "--quiet", str(self.place), str(site))
        return build(self.generator, site)


@pytest.fixture(params=engine_params(*sorted(STARTERS)))
def bed(request: pytest.FixtureRequest, tmp_path: Path) -> BuiltSite:
    return BuiltSite(tmp_path / "git", request.param, STARTERS[request.param])


class TestStaticSites(BlogContract, AddressContract, BinContract):
    pass
