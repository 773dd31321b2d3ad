"""Publishing: carries out a plan. Intent before effect, look-up before each effect, receipts after; the feed last."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import assert_never

from pillarcast.errors import Conflict, NotVerified, PillarcastError, Problem, Several
from pillarcast.model.addresses import FEED
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Catalogue, Entry, PostRecord
from pillarcast.model.copies import copies_of
from pillarcast.model.ledger import with_lines
from pillarcast.model.plan import (
    Action,
    Air,
    CopyPublic,
    Plan,
    Postpone,
    RemoveObject,
    TagAnew,
    WriteObject,
    WritePost,
    inputs_of,
)
from pillarcast.model.queueing import postponed
from pillarcast.model.shelf import Receipts, Written
from pillarcast.model.wanted import FOR_EVER, Step, WantedCopy, WantedObject
from pillarcast.pipeline.abreast import Abreast
from pillarcast.pipeline.artwork import show_pictures
from pillarcast.pipeline.bodies import Bodies
from pillarcast.pipeline.files import check_stored, keep_bytes
from pillarcast.pipeline.intending import Touched, doubted, with_intents
from pillarcast.pipeline.planning import Request, airs_for, plan, tagged_anew
from pillarcast.pipeline.posting import write_posts
from pillarcast.pipeline.staging import freshen
from pillarcast.pipeline.store import ATTEMPTS, Loaded, pause
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.uncollected import uncollected
from pillarcast.pipeline.versions import is_kept, keep_standing
from pillarcast.ports import Absent, ObjectMeta, Stored, Unchanged
from pillarcast.render.feed_check import check_feed

_ABREAST = {Step.PARTS, Step.PAGES}
"""In these steps no write waits for another; the feed is written when all of them are done."""

_AHEAD = 8

Begin = Callable[[Callable[[], object]], object]


def _now(effect: Callable[[], object]) -> None:
    effect()


@dataclass
class Publication:
    """One attempt to carry out a plan; thrown away when somebody else changed the catalogue meanwhile."""

    studio: Studio
    request: Request
    plan: Plan
    loaded: Loaded
    written: dict[str, Written] = field(default_factory=dict)
    posts: dict[str, PostRecord] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    touched: Touched = field(default_factory=Touched)
    _bodies: Bodies = field(init=False)
    _needed: set[str] = field(init=False)
    _news: set[str] = field(init=False)

    def __post_init__(self) -> None:
        """Of what stands already, the parts of a feed are fetched while pages are made."""
        writes = [action.wanted for action in self.plan.actions if isinstance(action, WriteObject)]
        self._bodies = Bodies(self._fetch)
        self._needed = {need for wanted in writes for need in wanted.needs}
        self._news = {wanted.key for wanted in writes}
        self._fetch_ahead(self.plan.of(Step.FEED))

    @property
    def catalogue(self) -> Catalogue:
        return self.loaded.catalogue

    def carry_out(self, step: Step) -> int:
        """Does what the plan says for one step, and says how many effects it had."""
        actions = tuple(self.plan.of(step))
        if step is Step.POSTS:
            posts = [action.wanted for action in actions if isinstance(action, WritePost)]
            write_posts(self.studio, posts, self._bodies.of, self)
            return len(actions)
        with Abreast() as abreast:
            begin: Begin = abreast.do if step in _ABREAST else _now
            for done, action in enumerate(actions):
                self.studio.progress(step.name.lower(), done / len(actions))
                self._fetch_ahead(actions[done : done + _AHEAD])
                self._carry_out(action, begin)
        return len(actions)

    def _fetch_ahead(self, actions: Iterable[Action]) -> None:
        """What they are made of, but for what is only made now."""
        writes = [action.wanted for action in actions if isinstance(action, WriteObject)]
        self._bodies.begin(need for wanted in writes for need in wanted.needs if need not in self._news)

    def _carry_out(self, action: Action, begin: Begin) -> None:
        match action:
            case Air() | Postpone() | TagAnew():
                pass  # they stand in the catalogue since `begin`
            case CopyPublic(wanted=copy):
                self._copy(copy)
            case WriteObject(wanted=wanted):
                begin(partial(self._write, wanted, self._rendered(wanted)))
            case WritePost():
                pass  # all at once, in `carry_out`
            case RemoveObject(key=key):
                self._check_still_current()  # another run may want it again by now
                self.touched.objects.add(key)
                self.studio.bucket.remove(key)
                self.removed.add(key)
            case _:
                assert_never(action)

    def _copy(self, copy: WantedCopy) -> None:
        source = copy.source
        stored = self.studio.bucket.head(copy.key)
        if stored is None or stored.sha256 != source.sha256:
            self._release(copy)
            stored = self.studio.bucket.head(copy.key)
        check_stored(stored, source)
        self.written[copy.key] = Written(inputs=inputs_of(copy), sha256=source.sha256, length_bytes=source.length_bytes)

    def _release(self, copy: WantedCopy) -> None:
        source = copy.source
        meta = ObjectMeta(source.media_type, FOR_EVER, source.sha256, copy.file_name)
        self.touched.objects.add(copy.key)
        try:
            self.studio.bucket.copy(source.key, copy.key, meta)
        except Conflict:
            if self.studio.bucket.head(source.key) is None:
                raise self._missing(source.key) from None
            raise

    def _rendered(self, wanted: WantedObject) -> bytes:
        if wanted.step is Step.FEED:
            return self._checked_feed(wanted)
        body = wanted.render(self._bodies.of(wanted.needs))
        if wanted.key in self._needed:  # it may still be on its way when the next is made of it
            self._bodies.keep(wanted.key, body)
        return body

    def _write(self, wanted: WantedObject, body: bytes) -> None:
        sha256 = hashlib.sha256(body).hexdigest()
        ref = FileRef(key=wanted.key, sha256=sha256, length_bytes=len(body), media_type=wanted.media_type)
        stored = self.studio.bucket.head(wanted.key)
        if stored is None or stored.sha256 != sha256:
            self._put(wanted, body, ref, stored)
        self.written[wanted.key] = Written(inputs=wanted.inputs, sha256=sha256, length_bytes=len(body))

    def _put(self, wanted: WantedObject, body: bytes, ref: FileRef, stored: Stored | None) -> None:
        """Only over what we looked at, and only while the catalogue is the one we planned from: whoever wrote a
        newer version had to change the catalogue first, so an older version can never win."""
        self._check_still_current()
        meta = ObjectMeta(wanted.media_type, wanted.cache_control, ref.sha256, encoding=wanted.encoding)
        condition = Unchanged(stored.etag) if stored else Absent()
        self.touched.objects.add(wanted.key)
        self.studio.bucket.put(wanted.key, body, meta, condition)
        check_stored(self.studio.bucket.head(wanted.key), ref, wanted.encoding)

    def _check_still_current(self) -> None:
        if not self.studio.store.is_current(self.loaded):
            raise Conflict("catalogue", "another run changed it meanwhile", "Nothing to do: it is planned anew.")

    def _checked_feed(self, wanted: WantedObject) -> bytes:
        """The feed names only what was read back, and other parsers read in it what we wrote."""
        if self._without_audio:
            raise NotVerified(
                Problem(entry.source, "its audio is not public yet", "Run it again; nothing was announced.")
                for entry in self._without_audio
            )
        bodies = self._bodies.of(wanted.needs)
        if wanted.pieces is None:
            return wanted.render(bodies)
        pieces = wanted.pieces(bodies)
        body = b"".join(piece for _, piece in pieces)
        if wanted.key == FEED:
            # What has a receipt was checked before it got it.
            news = b"".join(piece for key, piece in pieces if not key or key in self.written)
            self._note_problems(check_feed(news, len(body)))
        return body

    @cached_property
    def _without_audio(self) -> list[Entry]:
        """Asked for once all media were released."""
        receipts = self.catalogue.receipts
        return [*self.catalogue.live.where(lambda card: card.is_kept and not self._is_public(card.audio, receipts))]

    def _is_public(self, key: str, receipts: Receipts) -> bool:
        loose = self.written.get(key) or self.catalogue.written.get(key)
        return bool(loose.inputs) if loose else key in receipts.shelved

    def _note_problems(self, problems: tuple[Problem, ...]) -> None:
        self.problems.extend(problem for problem in problems if problem.is_warning)
        errors = [problem for problem in problems if not problem.is_warning]
        if errors:
            raise Several(errors)

    def _fetch(self, key: str) -> bytes:
        if key in self._news and key not in self.written:  # what stands there is what it was before, if anything
            raise PillarcastError(key, "is asked for before it is made", "This is a fault of ours; please tell us.")
        found = self.studio.bucket.fetch(key)
        if found is None:
            raise self._missing(key)
        receipt = self.catalogue.written.get(key)
        if receipt and receipt.inputs and receipt.sha256 != found[1].sha256:
            self._check_still_current()
            raise NotVerified([Problem(key, "is not what was written there", "Run `pillarcast doctor --repair`.")])
        return found[0]

    def _missing(self, key: str) -> NotVerified:
        titles = [entry.episode.title for entry in self.catalogue.entries if key in _files_of(entry)]
        subject = f"“{titles[0]}”" if titles else key
        return NotVerified([Problem(subject, f"{key} is missing in the bucket", "Run `pillarcast doctor`.")])

    def intend(self, posts: dict[str, PostRecord]) -> None:
        """Puts records of posts into the catalogue before they are written. Conflict as in `finish`."""
        intended = self.catalogue.model_copy(update={"posts": self.catalogue.posts | posts})
        if intended != self.catalogue:
            self.loaded = self.studio.store.save(intended, self.loaded)

    def finish(self) -> Catalogue:
        """Writes the receipts. Conflict where somebody came in between: then all is looked up and planned anew."""
        with_receipts = self.catalogue.model_copy(
            update={
                "written": _without(self.catalogue.written | self.written, self.removed),
                "posts": self.catalogue.posts | self.posts,
                "ledger": with_lines(self.catalogue, self.catalogue.live.cards, self.studio.addresses).ledger,
            }
        )
        if with_receipts != self.catalogue:
            self.loaded = self.studio.store.save(with_receipts, self.loaded)
        elif not is_kept(self.studio.bucket, self.catalogue.revision):
            keep_standing(self.studio.bucket)
        return self.catalogue


RunStep = Callable[[Publication, Step], object]


@uncollected()
def publish(studio: Studio, request: Request, run_step: RunStep = Publication.carry_out) -> Publication:
    """Publishes what is asked for or due, and brings everything that changed up to date. Safe to repeat.

    `run_step` lets a caller wrap each step, in a task of an orchestrator for example.
    """
    touched = Touched()
    with studio.writing():
        for attempt in range(ATTEMPTS):
            try:
                publication = begin(studio, request, touched)
                for step in Step:
                    run_step(publication, step)
                publication.finish()
                return publication
            except Conflict:
                pause(attempt)
    raise Conflict("publish", "other runs kept changing the show", "Run it again in a minute.")


def begin(studio: Studio, request: Request, touched: Touched) -> Publication:
    """Masters made ready, the plan, and its intents in the catalogue: from here on a crash is caught up.

    `touched` is what earlier attempts may have changed, and grows with this one. Conflict where the words of a master
    changed again since it was tagged, or midnight came in between.
    """
    touched.tagged |= prepare(studio, request)
    loaded = studio.store.load()
    planned, on_air = plan(studio, doubted(loaded.catalogue, touched), request)
    if any(isinstance(action, TagAnew) for action in planned.actions):
        raise Conflict("publish", "what a master's tags should say changed meanwhile", "It is tagged again.")
    if planned:
        for picture in show_pictures(studio):
            keep_bytes(studio, picture.body, picture.media_type, picture.name)
    intended = with_intents(on_air, planned)
    if intended != loaded.catalogue:
        loaded = studio.store.save(intended, loaded)
    whole = Plan((*touched.tagged.values(), *planned.actions))
    return Publication(studio, request, whole, loaded, touched=touched)


def prepare(studio: Studio, request: Request) -> dict[str, TagAnew]:
    """Masters of what is about to air say the day on which it really airs. What was done, by guid."""
    now = studio.clock.now()
    catalogue = postponed(studio.store.load().catalogue, studio.show.schedule, now)
    stale = tuple(tagged_anew(studio, catalogue, airs_for(catalogue, request, now)))
    for action in stale:
        freshen(studio, catalogue.entry(action.guid), action.airs_at)
    return {action.guid: action for action in stale}


def _without(written: dict[str, Written], removed: set[str]) -> dict[str, Written]:
    return {key: receipt for key, receipt in written.items() if key not in removed}


def _files_of(entry: Entry) -> set[str]:
    return {copy.source.key for copy in copies_of(entry)} | ({entry.notes.key} if entry.notes else set())


def problems_in(publication: Publication) -> PillarcastError | None:
    """What kept a part of the plan from being done, when the rest is done."""
    errors = [problem for problem in publication.problems if not problem.is_warning]
    return Several(errors) if errors else None
