"""Posts on the blogs: looked up before they are written, never over what the owner changed by hand."""

from __future__ import annotations

from typing import Protocol

from pillarcast.errors import PillarcastError, Problem, problems_of
from pillarcast.model.catalogue import Catalogue, PostRecord
from pillarcast.model.plan import WantedPost
from pillarcast.model.wanted import Parts
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.studio import Studio
from pillarcast.ports import Standing


class Journal(Protocol):
    """Where the outcome of a post is noted."""

    posts: dict[str, PostRecord]
    problems: list[Problem]
    request: Request

    @property
    def catalogue(self) -> Catalogue: ...


def write_post(studio: Studio, post: WantedPost, parts: Parts, journal: Journal) -> None:
    """One post on one blog. A blog that fails does not keep the episode from its listeners: the problem is noted,
    the run ends in it, and the next run tries again."""
    try:
        _write_post(studio, post, parts, journal)
    except PillarcastError as error:
        journal.problems.extend(problems_of(error))


def _write_post(studio: Studio, wanted: WantedPost, parts: Parts, journal: Journal) -> None:
    blog = next(blog for blog in studio.blogs if blog.name == wanted.blog)
    record = journal.catalogue.posts.get(wanted.record) or PostRecord(key=wanted.key, inputs="")
    post = wanted.render(parts)
    standing = blog.find(post)
    if wanted.is_withdrawn:
        if standing is not None and standing.is_live:
            standing = blog.withdraw(standing)
        journal.posts[wanted.record] = record.model_copy(update={"is_withdrawn": True})
        return
    warning = _hands_off(wanted, record, standing)
    if warning is not None and not (wanted.blog in journal.request.overwrite and standing and not standing.is_binned):
        journal.problems.append(warning)
        ref = record.ref or (standing.ref if standing else "")
        journal.posts[wanted.record] = record.model_copy(update={"inputs": wanted.inputs, "ref": ref})
        return
    journal.posts[wanted.record] = _receipt(wanted, blog.put(post, standing))


def _hands_off(wanted: WantedPost, record: PostRecord, standing: Standing | None) -> Problem | None:
    """Why the post is left as it stands, if it is."""
    subject = f"“{wanted.title}” on {wanted.blog}"
    if standing is None:
        if record.ref:
            return Problem(subject, "the post is gone", "It is not made again; restore it there if you want it.", True)
        return None
    if standing.is_binned:
        return Problem(
            subject, "the post is in the bin", "It is not made again; restore it there if you want it.", True
        )
    if record.content_digest and standing.digest != record.content_digest:
        mend = f"Your words stay. To write ours over them, run `pillarcast publish --overwrite {wanted.blog}`."
        return Problem(subject, "somebody changed the post by hand", mend, True)
    return None


def _receipt(wanted: WantedPost, standing: Standing) -> PostRecord:
    return PostRecord(
        key=wanted.key,
        inputs=wanted.inputs,
        ref=standing.ref,
        url=standing.url,
        content_digest=standing.digest,
    )
