"""A bare repository on disk as the contract's tests see it: what is in its branch counts, not what was meant."""

from __future__ import annotations

import html
import subprocess
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from markdown_it import MarkdownIt

from pillarcast.adapters.git_site import GitSite
from pillarcast.adapters.git_site_files import GENERATORS
from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget

_SIGNS = {name: generator.signs[0] for name, generator in GENERATORS.items()}


def git(folder: Path, *command: str) -> str:
    """As the owner, from a checkout of hers."""
    who = ("-c", "user.name=Owner", "-c", "user.email=owner@example.com")
    return subprocess.run(
        ("git", *who, *command), cwd=folder, check=True, capture_output=True, text=True, timeout=60
    ).stdout


@dataclass
class GitBed:
    """`starter` are the files of a new site; `place` is the bare repository."""

    folder: Path
    generator: str
    starter: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.place, self.checkout = self.folder / "site.git", self.folder / "owner"
        self.folder.mkdir(parents=True, exist_ok=True)
        git(self.folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.place))
        git(self.folder, "clone", "--quiet", str(self.place), str(self.checkout))
        for path, text in (self.starter or {_SIGNS[self.generator]: ""}).items():
            self._write(path, text)
        self._push("Begin")

    def blog(self, **target: Any) -> GitSite:
        values = {"name": "site", "kind": "git", "url": str(self.place), "generator": self.generator} | target
        return GitSite(BlogTarget(**values), self.folder / f"work-{uuid4().hex}")

    def public(self, post: Post) -> int:
        return sum(GENERATORS[self.generator].draft[0] not in self._show(path) for path in self._paths(post))

    def any_state(self, post: Post) -> int:
        return len(self._paths(post))

    def page(self, post: Post, url: str) -> str:
        """What any generator would make of it: the title in HTML, and the body as it stands."""
        text = self.file(post)
        if self.generator == "pelican":
            return html.unescape(text)
        _, front, body = text.split("---\n", 2)
        if self.generator == "hugo":
            body = MarkdownIt("commonmark", {"html": True}).enable("table").render(body)
        return f"<h1>{html.escape(yaml.safe_load(front)['title'])}</h1>\n{body}"

    def file(self, post: Post) -> str:
        return self._show(self._paths(post)[0])

    def published_at(self, post: Post) -> datetime:
        text = self.file(post)
        line = next(line for line in text.splitlines() if "date" in line)
        return datetime.fromisoformat(line.split("content=")[-1].removeprefix("date: ").strip("'\"> "))

    def edit_by_hand(self, post: Post) -> None:
        path = self._paths(post)[0]
        self._write(path, self._show(path).replace("numbers", "figures"))
        self._push("By hand")

    def change_summary(self, post: Post) -> None:
        path = self._paths(post)[0]
        self._write(path, self._show(path).replace(post.summary, "My own summary."))
        self._push("By hand")

    def take_marker_out(self, post: Post) -> None:
        path = self._paths(post)[0]
        self._write(path, self._show(path).replace(post.key, "mine"))
        self._push("By hand")

    def bin(self, post: Post) -> None:
        git(self.checkout, "pull", "--quiet")
        git(self.checkout, "rm", "--quiet", self._paths(post)[0])
        self._push("Away with it")

    def move(self, post: Post, name: str) -> None:
        git(self.checkout, "pull", "--quiet")
        git(self.checkout, "mv", self._paths(post)[0], name)
        self._push("Elsewhere")

    def foreign_post(self, slug: str) -> None:
        generator = GENERATORS[self.generator]
        self._write(f"{generator.folder}/{generator.name.format(slug=slug, day='2026-06-04')}", "Mine.")
        self._push("My own")

    def commits(self) -> int:
        return int(git(self.place, "rev-list", "--count", "main"))

    def _paths(self, post: Post) -> list[str]:
        found = subprocess.run(
            ("git", "grep", "-l", post.key, "main", "--"), cwd=self.place, check=False, capture_output=True, text=True
        )
        return [line.removeprefix("main:") for line in found.stdout.splitlines()]

    def _show(self, path: str) -> str:
        return git(self.place, "show", f"main:{path}")

    def _write(self, path: str, text: str) -> None:
        if self.commits_exist():
            git(self.checkout, "pull", "--quiet")
        target = self.checkout / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        git(self.checkout, "add", path)

    def commits_exist(self) -> bool:
        return bool(git(self.place, "for-each-ref"))

    def _push(self, message: str) -> None:
        git(self.checkout, "commit", "--quiet", "-m", message)
        git(self.checkout, "push", "--quiet", "origin", "HEAD:main")
