"""An item of the feed: what it says of an episode, in the order in which it says it."""

from __future__ import annotations

from base64 import b64encode

from pillarcast.model.addresses import Addresses
from pillarcast.model.episode import Episode, Person
from pillarcast.model.feed_values import LinkedMedia, LinkedTranscript, MediaSource
from pillarcast.model.published import Enclosure, Published
from pillarcast.render.feed_elements import (
    TRUE_FALSE,
    chats,
    fundings,
    images,
    licenses,
    locations,
    number,
    persons,
    socials,
    texts,
    values,
)
from pillarcast.render.feed_links import Setting, chapters_key, episode_artwork_url, file_url
from pillarcast.render.feed_rss import item_rss
from pillarcast.render.podcast_namespace import Element


def item_elements(published: Published, setting: Setting) -> tuple[Element, ...]:
    """What feedgen lacks or refuses: any artwork URL, explicit as true or false, the podcast namespace."""
    episode, addresses = published.episode, setting.addresses
    return (
        *item_rss(episode),
        *_apple(published, setting),
        *_numbering(episode),
        *_transcripts(published, addresses),
        *_chapters(published, addresses),
        *[_soundbite(bite.start_s, bite.duration_s, bite.title) for bite in episode.soundbites],
        *[_alternate(media) for media in (*map(_own_media, published.alternates), *episode.alternates)],
        *persons(_people(episode, setting)),
        *fundings(episode.funding),
        *licenses(episode.license),
        *locations(episode.location),
        *images(episode.images),
        *values(episode.value),
        *socials(episode.social),
        *chats(episode.chat),
        *texts(episode.txt),
        *[Element("podcast:contentLink", link.text, {"href": link.url}) for link in episode.content_links],
    )


def _apple(published: Published, setting: Setting) -> list[Element]:
    episode = published.episode
    artwork = episode_artwork_url(published, setting.addresses)
    is_explicit = setting.is_explicit if episode.is_explicit is None else episode.is_explicit
    elements = [Element("itunes:image", attributes={"href": artwork})] if artwork else []
    elements.append(Element("itunes:explicit", TRUE_FALSE[is_explicit]))
    if episode.blocked:
        elements.append(Element("itunes:block", "Yes"))
    if artwork and episode.artwork_alt:
        elements.append(Element("podcast:image", attributes={"href": artwork, "alt": episode.artwork_alt}))
    return elements


def _people(episode: Episode, setting: Setting) -> tuple[Person, ...]:
    """People of an item replace those of the show (podcast:person), so guests alone would send the host away."""
    if not episode.people or any(person.role.lower() == "host" for person in episode.people):
        return episode.people
    return (*setting.people, *episode.people)


def _numbering(episode: Episode) -> list[Element]:
    elements = []
    if episode.season is not None:
        elements.append(Element("podcast:season", str(episode.season), {"name": episode.season_name[:128]}))
    if episode.number is not None:
        elements.append(Element("podcast:episode", str(episode.number), {"display": episode.number_text[:32]}))
    return elements


def _transcripts(published: Published, addresses: Addresses) -> list[Element]:
    linked = list(published.episode.transcripts)
    own = published.transcript
    if own is not None:
        url = file_url(own, published.slug, addresses)
        linked.insert(0, LinkedTranscript(url=url, media_type=own.media_type, rel="captions"))
    return [
        Element(
            "podcast:transcript",
            attributes={"url": one.url, "type": one.media_type, "language": one.language, "rel": one.rel},
        )
        for one in linked
    ]


def _chapters(published: Published, addresses: Addresses) -> list[Element]:
    episode = published.episode
    if episode.chapters:
        said = {"url": addresses.of(chapters_key(published.slug)), "type": "application/json+chapters"}
    elif episode.chapters_url:
        said = {"url": episode.chapters_url, "type": episode.chapters_type or "application/json+chapters"}
    else:
        return []
    return [Element("podcast:chapters", attributes=said)]


def _soundbite(start_s: float, duration_s: float, title: str) -> Element:
    said = {"startTime": number(start_s), "duration": number(duration_s)}
    return Element("podcast:soundbite", title, said)


def _own_media(enclosure: Enclosure) -> LinkedMedia:
    """SRI wants the digest in base64 (W3C Subresource Integrity)."""
    digest = b64encode(bytes.fromhex(enclosure.sha256)).decode()
    return LinkedMedia(
        media_type=enclosure.media_type,
        sources=(MediaSource(uri=enclosure.url),),
        length_bytes=enclosure.length_bytes,
        integrity=f"sha256-{digest}" if digest else "",
    )


def _alternate(media: LinkedMedia) -> Element:
    said = {
        "type": media.media_type,
        "length": number(media.length_bytes),
        "bitrate": number(media.bitrate_bps),
        "height": number(media.height),
        "lang": media.language,
        "title": media.title[:32],
        "rel": media.rel[:32],
        "codecs": media.codecs,
        "default": "true" if media.is_default else "",
    }
    children = [
        Element("podcast:source", attributes={"uri": source.uri, "contentType": source.media_type})
        for source in media.sources
    ]
    if media.integrity:
        kind = "sri" if media.integrity.startswith("sha") else "pgp-signature"
        children.append(Element("podcast:integrity", attributes={"type": kind, "value": media.integrity}))
    return Element("podcast:alternateEnclosure", attributes=said, children=tuple(children))
