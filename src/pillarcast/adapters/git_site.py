"""A static site in a git repository: one file a post, committed on top of what stands there, and pushed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from pillarcast.adapters.git_repository import GitRepository
from pillarcast.adapters.git_site_files import GENERATORS, drafted, file_of, is_draft, path_of, undrafted
from pillarcast.errors import Conflict, PillarcastError, Problem, SettingsError, problems_of
from pillarcast.model.base import digest
from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget
from pillarcast.ports import Standing
from pillarcast.render.post_body import PostTemplates

_MOST_TRIES = 5


class GitSite:
    """A site of Hugo, Jekyll, Eleventy or Pelican. `work_dir` is a cache of our own; `token` is for https.

    A standing's `ref` is the path of the file. Its `url` is empty: only the generator knows it.
    """

    def __init__(
        self, target: BlogTarget, work_dir: Path, token: str = "", templates: PostTemplates | None = None
    ) -> None:
        self._target, self._work_dir, self._token = target, work_dir, token
        self._subject = f"blog {target.name}"
        self._templates = templates or PostTemplates()

    @cached_property
    def _repository(self) -> GitRepository:
        """Made at the first use: settings that are wrong are a problem of this blog, not of the whole show."""
        target = self._target
        return GitRepository(
            self._subject, target.url, target.branch, self._work_dir, user=target.user, token=self._token
        )

    @property
    def name(self) -> str:
        return self._target.name

    def find(self, post: Post, ref: str = "") -> Standing | None:
        return self._standing(self._repository.head(), post, ref)

    def put(self, post: Post, standing: Standing | None) -> Standing:
        ref = standing.ref if standing else ""
        return self._carried(lambda head: self._put(head, post, ref))

    def withdraw(self, standing: Standing) -> Standing:
        return standing if standing.is_binned else self._carried(lambda head: self._withdraw(head, standing))

    def check(self) -> tuple[Problem, ...]:
        try:
            head = self._repository.head()
            self._repository.check_push(head)
            return tuple(self._about_generator(head))
        except PillarcastError as error:
            return problems_of(error)

    def _carried(self, change: Callable[[str], Standing]) -> Standing:
        """Others may push at the same time: then the change is made again on top of theirs."""
        for _ in range(_MOST_TRIES - 1):
            try:
                return change(self._repository.head())
            except Conflict:
                continue
        return change(self._repository.head())

    def _put(self, head: str, post: Post, ref: str) -> Standing:
        standing = self._standing(head, post, ref)
        if standing is not None and standing.is_binned:
            return standing
        path = standing.ref if standing else path_of(self._target, post)
        before = self._repository.read(head, path)
        if before is not None and standing is None:
            what = f"{path} belongs to another post"
            raise SettingsError(self._subject, what, "Change the slug of one of the two; nothing was published here.")
        is_kept_draft = post.is_draft or self._target.status == "draft"
        body = self._templates.body("git", self._target.template, post)
        as_draft = is_kept_draft and (before is None or is_draft(self._target, before))
        text = file_of(self._target, post, body, is_draft=as_draft)
        if text != before:
            self._repository.write(head, path, text, f"{'Change' if before else 'Post'}: {_one_line(post.title)}")
        return self._read(path, text)

    def _withdraw(self, head: str, standing: Standing) -> Standing:
        before = self._repository.read(head, standing.ref)
        if before is None:
            raise Conflict(self._subject, f"{standing.ref} was removed meanwhile", "It is looked up again.")
        text = drafted(self._target, before)
        if text != before:
            self._repository.write(head, standing.ref, text, f"Retract {standing.ref}")
        return self._read(standing.ref, text)

    def _standing(self, head: str, post: Post, ref: str = "") -> Standing | None:
        """By its marker wherever the owner moved the file to; else where it stood before (`ref`), its marker taken
        out; else by its path among what was removed."""
        path = path_of(self._target, post)
        marked = self._repository.paths_with(head, post.key)
        if marked:
            place = next((known for known in (ref, path) if known in marked), marked[0])
            return self._read(place, self._repository.read(head, place) or "")
        before = self._repository.read(head, ref) if ref else None
        if before is not None:
            return self._read(ref, before)
        removed = self._repository.last_removed(head, path) if not self._repository.read(head, path) else None
        is_ours = removed is not None and post.key in removed
        return Standing(ref=path, url="", digest="", is_live=False, is_binned=True) if is_ours else None

    def _read(self, path: str, text: str) -> Standing:
        is_live = not is_draft(self._target, text)
        return Standing(ref=path, url="", digest=digest(undrafted(self._target, text)), is_live=is_live)

    def _about_generator(self, head: str) -> Iterator[Problem]:
        signs = GENERATORS[self._target.generator].signs
        if not self._target.folder and not set(signs) & set(self._repository.names(head)):
            what = f"the repository does not look like a site of {self._target.generator} (no {signs[0]})"
            yield Problem(self._subject, what, "Set `generator` and `folder` in show.toml.", is_warning=True)


def _one_line(text: str) -> str:
    return " ".join(text.split())
