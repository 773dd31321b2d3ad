"""The channel of the feed: what it says of the show, in the order in which it says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from email.utils import format_datetime

from pillarcast.model.episode import EpisodeKind
from pillarcast.model.episodes import cards_of
from pillarcast.model.published import Published
from pillarcast.model.schedule import WEEKDAYS, Schedule
from pillarcast.model.show import Show
from pillarcast.model.view import View
from pillarcast.render.feed_elements import (
    TRUE_FALSE,
    YES_NO,
    chats,
    fundings,
    images,
    licenses,
    locations,
    number,
    persons,
    remote,
    socials,
    texts,
    values,
)
from pillarcast.render.feed_rss import channel_rss
from pillarcast.render.podcast_namespace import Element

_EVERY_DAY = 7
_TRAILER = EpisodeKind.TRAILER


def channel_elements(view: View, artwork_url: str) -> tuple[Element, ...]:
    """What feedgen lacks or spells as Apple does not: explicit is true or false, block and complete are Yes."""
    about, feed = view.show.show, view.show.feed
    return (
        *channel_rss(feed),
        *[Element("atom:link", attributes={"rel": "hub", "href": hub}) for hub in feed.hubs],
        Element("itunes:image", attributes={"href": artwork_url}),
        Element("itunes:explicit", TRUE_FALSE[about.explicit]),
        *([Element("itunes:title", feed.apple_title)] if feed.apple_title else []),
        *([Element("itunes:block", "Yes")] if feed.block else []),
        *([Element("itunes:complete", "Yes")] if feed.complete else []),
        *_identity(view),
        *persons(about.people),
        *fundings(feed.funding),
        *licenses(feed.license),
        *locations(feed.location),
        *images(feed.images),
        *_trailers(view.episodes),
        *values(feed.value),
        *socials(feed.social),
        *chats(feed.chat),
        *texts(feed.txt),
        *_neighbours(view.show),
    )


def _identity(view: View) -> list[Element]:
    about, feed = view.show.show, view.show.feed
    owner = feed.locked_owner or about.email
    return [
        Element("podcast:guid", view.show_guid),
        Element("podcast:medium", feed.medium),
        Element("podcast:locked", YES_NO[feed.locked], {"owner": owner}),
        _frequency(view.show),
        *[Element("podcast:block", YES_NO[rule.blocked], {"id": rule.service}) for rule in feed.blocks],
        *([Element("podcast:podping", attributes={"usesPodping": "true"})] if feed.podping else []),
    ]


def _neighbours(show: Show) -> list[Element]:
    podroll, publisher = show.feed.podroll, show.feed.publisher
    elements = [Element("podcast:podroll", children=tuple(map(remote, podroll)))] if podroll else []
    if publisher:
        there = publisher.model_copy(update={"medium": "publisher"})
        elements.append(Element("podcast:publisher", children=(remote(there),)))
    return elements


def _frequency(show: Show) -> Element:
    said = show.feed.update_frequency
    if said is None:
        text, rrule = frequency_of(show.schedule)
        return Element("podcast:updateFrequency", text, {"rrule": rrule, "complete": _if_true(show.feed.complete)})
    attributes = {"dtstart": said.dtstart, "rrule": said.rrule, "complete": _if_true(said.complete)}
    return Element("podcast:updateFrequency", said.text, attributes)


def frequency_of(schedule: Schedule) -> tuple[str, str]:
    """A schedule in words and as an RFC 5545 rule: `Every Thursday`, `FREQ=WEEKLY;BYDAY=TH`."""
    days = sorted(schedule.weekdays)
    if len(days) == _EVERY_DAY:
        return "Every day", "FREQ=DAILY"
    names = [WEEKDAYS[day] for day in days]
    spoken = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"Every {spoken}", f"FREQ=WEEKLY;BYDAY={','.join(name[:2].upper() for name in names)}"


def _if_true(flag: bool) -> str:  # noqa: FBT001 - the value of an attribute
    return "true" if flag else ""


def _trailers(episodes: Sequence[Published]) -> list[Element]:
    """podcast:trailer of every live trailer, so that apps can play one before anybody follows the show."""
    return [_trailer(published) for published in trailers_of(episodes)]


def trailers_of(episodes: Sequence[Published]) -> list[Published]:
    return [episodes[place] for place, card in enumerate(cards_of(episodes)) if card.kind is _TRAILER]


def _trailer(published: Published) -> Element:
    said = {
        "pubdate": format_datetime(published.published_at.astimezone(UTC)),
        "url": published.enclosure.url,
        "length": number(published.enclosure.length_bytes),
        "type": published.enclosure.media_type,
        "season": number(published.episode.season),
    }
    return Element("podcast:trailer", published.episode.title[:128], said)
