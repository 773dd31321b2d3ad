"""The doctor on the blogs: each post looked up, and held against its receipt."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from pillarcast.errors import PillarcastError
from pillarcast.model.catalogue import Catalogue, PostRecord
from pillarcast.model.diagnosis import Finding, PostAgain
from pillarcast.model.plan import WantedPost
from pillarcast.model.view import view_of
from pillarcast.pipeline.planning import artwork_ref
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.wanting_posts import wanted_posts
from pillarcast.ports import Standing

_REPAIR = "`pillarcast doctor --repair`"
_LEFT_ALONE = "It is left as it is, because that is yours to decide."


def find_in_posts(studio: Studio, catalogue: Catalogue) -> Iterator[Finding]:
    """A blog that does not answer is one finding, and is not asked again."""
    if not studio.blogs:
        return
    silent: set[str] = set()
    view = view_of(studio.show, artwork_ref(studio), catalogue, studio.addresses)
    for wanted in wanted_posts(studio, view, catalogue):
        record = catalogue.posts.get(wanted.record)
        if wanted.blog in silent or record is None or not record.ref:
            continue  # what was never posted is said by the plan
        try:
            yield from _compared(studio, wanted, record)
        except PillarcastError as error:
            silent.add(wanted.blog)
            yield Finding(f"blog {wanted.blog}", f"cannot be asked: {error.problem.what}", error.problem.mend)


def _compared(studio: Studio, wanted: WantedPost, record: PostRecord) -> Iterator[Finding]:
    blog = next(blog for blog in studio.blogs if blog.name == wanted.blog)
    parts = {key: found[0] for key in wanted.needs if (found := studio.bucket.fetch(key))}
    if len(parts) < len(wanted.needs):
        return  # its show notes are lost, which is a finding of its own
    standing = blog.find(wanted.render(parts), record.ref)
    subject = f"“{wanted.title}” on {wanted.blog}"
    if wanted.is_withdrawn:
        if standing is not None and standing.is_live and record.is_withdrawn:
            mend = f"{_REPAIR} takes it back to a draft."
            yield Finding(subject, "was retracted, and its post is live", mend, PostAgain(wanted.record))
        return
    yield from _of_live(studio, wanted, record, standing)


def _of_live(studio: Studio, wanted: WantedPost, record: PostRecord, standing: Standing | None) -> Iterator[Finding]:
    subject = f"“{wanted.title}” on {wanted.blog}"
    target = next(target for target in studio.show.blog if target.name == wanted.blog)
    if standing is None:
        yield Finding(subject, "the post is gone", f"Restore it there if you want it. {_LEFT_ALONE}", is_warning=True)
    elif standing.is_binned:
        mend = f"Restore it there if you want it. {_LEFT_ALONE}"
        yield Finding(subject, "the post is in the bin", mend, is_warning=True)
    elif record.content_digest and standing.digest != record.content_digest:
        mend = f"Your words stay. To write ours over them, run `pillarcast publish --overwrite {quote(wanted.blog)}`."
        yield Finding(subject, "somebody changed the post by hand", mend, is_warning=True)
    elif not standing.is_live and target.status == "publish":
        yield Finding(subject, "the post is not live", f"Publish it there. {_LEFT_ALONE}", is_warning=True)
