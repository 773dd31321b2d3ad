"""Posts on the blogs: looked up before they are written, never over what the owner changed by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from shlex import quote
from typing import Protocol

from pillarcast.errors import PillarcastError, Problem, problems_of
from pillarcast.model.catalogue import Catalogue, PostRecord
from pillarcast.model.plan import WantedPost
from pillarcast.model.post import Post
from pillarcast.model.wanted import Parts
from pillarcast.pipeline.intending import Touched, opened
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.studio import Studio
from pillarcast.ports import Blog, Standing

PartsOf = Callable[[tuple[str, ...]], Parts]


class Journal(Protocol):
    """Where the outcome of a post is noted."""

    posts: dict[str, PostRecord]
    problems: list[Problem]
    request: Request
    touched: Touched

    @property
    def catalogue(self) -> Catalogue: ...

    def intend(self, posts: dict[str, PostRecord]) -> None:
        """Puts records into the catalogue now."""


@dataclass(frozen=True)
class _Pending:
    """A post that is ours to write. `standing` is what stood there a moment ago."""

    blog: Blog
    wanted: WantedPost
    post: Post
    standing: Standing | None
    record: PostRecord


def write_posts(studio: Studio, wanted: Sequence[WantedPost], parts: PartsOf, journal: Journal) -> None:
    """Looks each post up, says in the catalogue which ones are about to be written, and writes them.

    A blog that fails does not keep the episode from its listeners: the problem is noted, the run ends in it, and the
    next run tries again. Without the intent, that run would take our own words for the owner's.
    """
    pending: list[_Pending] = []
    for post in wanted:
        with _noting_problems(journal):
            looked = _looked_up(studio, post, parts, journal)
            pending.extend([looked] if looked else [])
    journal.intend({one.wanted.record: opened(one.record) for one in pending})
    for one in pending:
        with _noting_problems(journal):
            journal.touched.posts.add(one.wanted.record)
            journal.posts[one.wanted.record] = _write(one)


def _looked_up(studio: Studio, wanted: WantedPost, parts: PartsOf, journal: Journal) -> _Pending | None:
    """As `_look`. Where the blog does not even answer that, the receipt says that there is something left to do."""
    try:
        return _look(studio, wanted, parts, journal)
    except PillarcastError:
        record = journal.catalogue.posts.get(wanted.record)
        if record is not None:
            journal.posts[wanted.record] = record.model_copy(update={"inputs": ""})
        raise


@contextmanager
def _noting_problems(journal: Journal) -> Iterator[None]:
    try:
        yield
    except PillarcastError as error:
        journal.problems.extend(problems_of(error))


def _look(studio: Studio, wanted: WantedPost, parts: PartsOf, journal: Journal) -> _Pending | None:
    """None for a post that is left as it stands; the receipt says so."""
    blog = next(blog for blog in studio.blogs if blog.name == wanted.blog)
    record = journal.catalogue.posts.get(wanted.record) or PostRecord(key=wanted.key, inputs="")
    post = wanted.render(parts(wanted.needs))
    standing = blog.find(post, record.ref)
    pending = _Pending(blog, wanted, post, standing, record)
    warning = None if wanted.is_withdrawn else _hands_off(studio, wanted, record, standing)
    is_overwritten = wanted.blog in journal.request.overwrite and standing is not None and not standing.is_binned
    if warning is None:
        return None if is_overwritten and wanted.inputs == record.inputs else pending
    if is_overwritten:
        return pending
    journal.problems.append(warning)
    ref = record.ref or (standing.ref if standing else "")
    left = {"inputs": wanted.inputs, "ref": ref, "is_withdrawn": False}
    journal.posts[wanted.record] = record.model_copy(update=left)
    return None


def _write(pending: _Pending) -> PostRecord:
    blog, standing = pending.blog, pending.standing
    if not pending.wanted.is_withdrawn:
        return _receipt(pending.wanted, blog.put(pending.post, standing))
    if standing is not None and standing.is_live:
        blog.withdraw(standing)
    return pending.record.model_copy(update={"is_withdrawn": True})


def _hands_off(studio: Studio, wanted: WantedPost, record: PostRecord, standing: Standing | None) -> Problem | None:
    """Why the post is left as it stands, if it is."""
    overwriting = f"pillarcast publish --overwrite {quote(wanted.blog)}"
    match standing:
        case None if record.ref:
            what, mend = "the post is gone", _NOT_AGAIN
        case Standing(is_binned=True):
            what, mend = "the post is in the bin", _NOT_AGAIN
        case Standing(digest=digest) if record.content_digest not in ("", digest):
            what = "somebody changed the post by hand"
            mend = f"Your words stay. To write ours over them, run `{overwriting}`."
        case Standing(is_live=False) if record.content_digest and _was_public(studio, wanted, record):
            what = "somebody took the post back to a draft by hand"
            mend = f"It stays one. Publish it there, or run `{overwriting}`."
        case _:
            return None
    return Problem(f"“{wanted.title}” on {wanted.blog}", what, mend, is_warning=True)


_NOT_AGAIN = "It is not made again; restore it there if you want it."


def _was_public(studio: Studio, wanted: WantedPost, record: PostRecord) -> bool:
    """Whether we left it public; on a blog whose `status` is draft the owner has the last word anyway."""
    target = next(target for target in studio.show.blog if target.name == wanted.blog)
    return target.status == "publish" and not (record.is_draft or record.is_withdrawn)


def _receipt(wanted: WantedPost, standing: Standing) -> PostRecord:
    return PostRecord(
        key=wanted.key,
        inputs=wanted.inputs,
        ref=standing.ref,
        url=standing.url,
        content_digest=standing.digest,
        is_draft=not standing.is_live,
    )
