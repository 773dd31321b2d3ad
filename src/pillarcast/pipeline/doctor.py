"""The doctor: catalogue, bucket, feed and blogs held against each other. Looks only; `doctor_repair` mends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from pillarcast.errors import PillarcastError, TryAgain, Unsupported, problems_of
from pillarcast.model.addresses import CATALOGUE
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.diagnosis import Finding, IndexAnew, KeepVersion, Publish, Recover
from pillarcast.pipeline.doctor_blogs import find_in_posts
from pillarcast.pipeline.doctor_bucket import find_in_files, find_in_objects, find_left_over
from pillarcast.pipeline.doctor_sweep import find_unneeded
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.verifying import verify
from pillarcast.pipeline.versions import is_kept

Look = Callable[[Studio, Catalogue], Iterator[Finding]]


def doctor(studio: Studio) -> tuple[Finding, ...]:
    """Everything that disagrees; a blog that does not answer is a finding.

    Unreachable where the bucket does not answer, Unsupported where a newer version of ours wrote the catalogue.
    """
    try:
        catalogue = studio.store.load().catalogue.parsed()
    except (TryAgain, Unsupported):
        raise
    except PillarcastError as error:
        mend = "`pillarcast doctor --repair` brings back the newest version that is kept, or makes it again."
        return (Finding(error.problem.subject, error.problem.what, mend, Recover()),)
    return tuple(chain.from_iterable(look(studio, catalogue) for look in _LOOKS))


def _find_in_versions(studio: Studio, catalogue: Catalogue) -> Iterator[Finding]:
    if not is_kept(studio.bucket, catalogue.revision):
        what = f"version {catalogue.revision} is not kept beside it"
        yield Finding(CATALOGUE, what, "`pillarcast doctor --repair` keeps it.", KeepVersion())


def _find_in_cards(_studio: Studio, catalogue: Catalogue) -> Iterator[Finding]:
    """The same code finds the same in the same entries; whoever wrote the catalogue by hand may say something else."""
    wrong = [one.entry for one in catalogue.kept.kept if one.card != one.entry.card]
    if wrong:
        what = f"its card index says something else than its entries, first of “{wrong[0].episode.title}”"
        yield Finding(CATALOGUE, what, "`pillarcast doctor --repair` writes it anew.", IndexAnew())


def _find_in_identities(_studio: Studio, catalogue: Catalogue) -> Iterator[Finding]:
    """Nothing of ours makes two entries one; a catalogue written by hand may."""
    seen: dict[str, str] = {}
    for entry in catalogue.entries:
        for mark in (f"guid {entry.guid}", f"address {entry.slug}"):
            if mark in seen:
                mend = "Run `pillarcast restore` to choose a version in which they differ."
                yield Finding(entry.source, f"has the same {mark} as {seen[mark]}", mend)
            seen[mark] = entry.source


def _find_unfinished(studio: Studio, catalogue: Catalogue) -> Iterator[Finding]:
    try:
        left, _ = plan(studio, catalogue, Request())
    except TryAgain:
        raise
    except PillarcastError as error:
        for problem in problems_of(error):
            yield Finding(problem.subject, f"publishing is refused: {problem.what}", problem.mend)
        return
    if left:
        mend = "`pillarcast publish` does them, and so does `pillarcast doctor --repair`."
        yield Finding("publish", f"{len(left.actions)} changes are not done yet", mend, Publish())


def _find_from_outside(studio: Studio, _catalogue: Catalogue) -> Iterator[Finding]:
    """Last, because what the bucket lacks is seen from outside too."""
    for check in verify(studio):
        if not check.is_right:
            mend = (
                "If nothing else is found, look at what stands between the bucket and the public: policy, CDN, cache."
            )
            yield Finding(check.subject, f"seen from outside, {check.what}: no ({check.seen})", mend)


_LOOKS: tuple[Look, ...] = (
    _find_in_versions,
    _find_in_cards,
    _find_in_identities,
    find_in_files,
    find_in_objects,
    find_left_over,
    find_unneeded,
    find_in_posts,
    _find_unfinished,
    _find_from_outside,
)
