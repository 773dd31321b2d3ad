"""Planning: what the public should see compared with what it was given. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from shlex import quote

from pillarcast.errors import ChangeRefused, SettingsError, Several, UnknownEpisode
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry, State
from pillarcast.model.episodes import cards_of
from pillarcast.model.guard import check_allowed, refusals
from pillarcast.model.naming import find_episode
from pillarcast.model.plan import (
    Action,
    Air,
    CopyPublic,
    Plan,
    TagAnew,
    aired,
    difference,
    due,
    left_to_air,
    postponements,
    with_dates_of_feeds,
)
from pillarcast.model.queueing import postponed
from pillarcast.model.view import View, view_of
from pillarcast.pipeline.artwork import show_artwork, site_logo
from pillarcast.pipeline.files import bytes_ref
from pillarcast.pipeline.shelving import shelved
from pillarcast.pipeline.staging import is_tagged_for
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.uncollected import uncollected
from pillarcast.pipeline.wanting import Wanting
from pillarcast.pipeline.wanting_posts import wanted_posts


@dataclass(frozen=True)
class Request:
    """What to publish: one episode, now, or (by default) everything that is due.

    `is_early` lets an episode air before the hour that its notes name. `allow` names changes that listeners will
    notice (`model.guard.Change`), `overwrite` blogs on which posts changed by hand are written over.
    """

    episode: str = ""
    is_early: bool = False
    allow: tuple[str, ...] = ()
    overwrite: tuple[str, ...] = ()


def airs_for(catalogue: Catalogue, request: Request, now: datetime) -> tuple[Air, ...]:
    """What goes live. A due piece gets its slot as its date, one that is asked for gets the present."""
    if request.episode:
        return _asked_for(find_episode(catalogue, request.episode), request, now)
    entries = [Air(entry.guid, entry.episode.title, _slot(entry, now)) for entry in due(catalogue, now)]
    return (*entries, *(Air(article.guid, article.title, article.slot) for article in due_articles(catalogue, now)))


def tagged_anew(studio: Studio, catalogue: Catalogue, airs: Iterable[Air]) -> Iterator[TagAnew]:
    """Masters whose tags say another day than the one on which the episode airs."""
    dates = {air.guid: air.published_at for air in airs}
    for entry in catalogue.kept.where(lambda card: card.guid in dates):
        airs_at = dates[entry.guid]
        if entry.recording is not None and not is_tagged_for(studio, entry, airs_at):
            yield TagAnew(entry.guid, entry.episode.title, airs_at)


def _awaiting_tags(changes: Plan, on_air: Catalogue, tagged: Iterable[TagAnew]) -> Plan:
    """The changes, with a mark on the audio whose address is not known before it is tagged."""
    entries = [on_air.entry(action.guid) for action in tagged]
    waiting = {master.file.sha256 for entry in entries for master in (entry.master, *entry.alternates) if master}

    def marked(action: Action) -> Action:
        if isinstance(action, CopyPublic) and action.wanted.source.sha256 in waiting:
            return replace(action, is_tagged_first=True)
        return action

    return Plan(tuple(marked(action) for action in changes.actions))


def due_articles(catalogue: Catalogue, now: datetime) -> Iterator[ArticleEntry]:
    return (
        article
        for article in catalogue.articles
        if article.published_at is None and article.retracted_at is None and article.slot <= now
    )


@uncollected()
def plan(studio: Studio, catalogue: Catalogue, request: Request) -> tuple[Plan, Catalogue]:
    """The plan, and the catalogue once its episodes are on air."""
    now = studio.clock.now()
    scheduled = postponed(catalogue, studio.show.schedule, now)
    airs = airs_for(scheduled, request, now)
    on_air = aired(scheduled, airs)
    view = view_of(studio.show, artwork_ref(studio), on_air, studio.addresses, logo_ref(studio), now=now)
    check_guard(catalogue, view, request)
    live = on_air.live
    shelving = shelved(Wanting(studio, view, live), on_air)
    looked_at = _asked_again(studio, shelving.catalogue, request.overwrite)
    wanting = Wanting(studio, view.model_copy(update={"pages": shelving.pages}), live)
    changes = difference(looked_at, wanting.objects(shelving.indices), wanted_posts(studio, view, on_air))
    tagged = tuple(tagged_anew(studio, scheduled, airs))
    released = _awaiting_tags(changes, on_air, tagged)
    on_their_way = (*left_to_air(scheduled), *airs)
    planned = Plan((*postponements(catalogue, scheduled), *tagged, *on_their_way, *released.actions))
    return planned, with_dates_of_feeds(shelving.catalogue, changes)


def _asked_again(studio: Studio, catalogue: Catalogue, overwrite: Iterable[str]) -> Catalogue:
    """As if nothing were known of the posts on those blogs: only a look at each one tells whether it was changed.

    SettingsError for a blog that show.toml does not name.
    """
    blogs = [target.name for target in studio.show.blog]
    for name in overwrite:
        if name not in blogs:
            mend = f"There are: {', '.join(blogs) or 'none'}."
            raise SettingsError("--overwrite", f"no blog in show.toml is called {name}", mend)
    posts = {
        name: record.model_copy(update={"inputs": ""}) if name.partition("/")[0] in overwrite else record
        for name, record in catalogue.posts.items()
    }
    return catalogue.model_copy(update={"posts": posts}) if overwrite else catalogue


def check_guard(catalogue: Catalogue, view: View, request: Request) -> None:
    """Several, where listeners would notice what nobody allowed by name."""
    told = [(card, card.audio_url(view.addresses)) for card in cards_of(view.episodes)]
    found = (*check_allowed(request.allow), *refusals(catalogue, told, _by_slug(catalogue, request.allow)))
    errors = [problem for problem in found if not problem.is_warning]
    if errors:
        raise Several(errors)


def _by_slug(catalogue: Catalogue, names: Iterable[str]) -> set[str]:
    """`change:EPISODE` with whatever name people gave the episode, and with its slug."""
    allowed = set(names)
    for name in names:
        change, _, episode = name.partition(":")
        with suppress(UnknownEpisode):
            allowed.add(f"{change}:{find_episode(catalogue, episode).slug}")
    return allowed


def logo_ref(studio: Studio) -> FileRef | None:
    logo = site_logo(studio)
    return bytes_ref(logo.body, logo.media_type, logo.name) if logo else None


def artwork_ref(studio: Studio) -> FileRef:
    artwork = show_artwork(studio)
    return bytes_ref(artwork.body, artwork.media_type, artwork.name)


def _asked_for(entry: Entry, request: Request, now: datetime) -> tuple[Air, ...]:
    match entry.state:
        case State.LIVE:
            return ()
        case State.RETRACTED:
            raise ChangeRefused(
                entry.source, "was retracted", "Export its recording once more, and drop that under another name."
            )
        case State.WAITING:
            mend = f"Run `pillarcast ingest {quote(entry.source)}` first."
            raise UnknownEpisode(entry.source, "has no master yet", mend)
        case State.QUEUED:
            pass
    if entry.is_pinned and entry.slot and entry.slot > now and not request.is_early:
        when = f"{entry.slot.isoformat()}"
        raise ChangeRefused(entry.source, f"its notes say publish_at {when}", "Wait, or publish it with --early.")
    moment = now.replace(microsecond=0)  # as the feed says it
    return (Air(entry.guid, entry.episode.title, min(moment, entry.slot or moment)),)


def _slot(entry: Entry, now: datetime) -> datetime:
    return entry.slot or now
