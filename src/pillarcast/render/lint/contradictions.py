"""Where those who read feeds demand different things of the same place, and what our feeds do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contradiction:
    """`rules` are the ids of what finds it; `between` says who wants what; `choice` is ours, with its reason."""

    rules: tuple[str, ...]
    between: str
    choice: str


CONTRADICTIONS = (
    Contradiction(
        ("apple/explicit-old", "apple/item-explicit-old", "psp/explicit-value", "psp/item-explicit-value"),
        "Apple and PSP-1 want true or false; hosts and readers of before 2019 write yes, no and clean.",
        "true or false: everything that reads feeds today understands it, and PSP-1 allows nothing else.",
    ),
    Contradiction(
        ("apple/owner", "spotify/address"),
        "Apple no longer uses itunes:owner and it invites spam; Spotify mails the code of a claim to it.",
        "Written only where show.email is set, so that it can be taken out once the show is claimed.",
    ),
    Contradiction(
        ("apple/item-description-length", "psp/item-description-length", "psp/item-html"),
        "Apple and PSP-1 allow 4000 bytes and few elements in a description; RSS sets no limit.",
        "The description is cut at a block and reduced; the whole notes stand in content:encoded.",
    ),
    Contradiction(
        ("rss/enclosure-many",),
        "RSS 2.0 does not forbid several enclosures; apps play the first one or the last.",
        "One enclosure; other formats stand in podcast:alternateEnclosure.",
    ),
    Contradiction(
        ("rss/guid-address",),
        "RSS takes a guid for a link unless told otherwise; Podcasting 2.0 recommends a UUID.",
        "A UUID with isPermaLink false: addresses change, a guid must not.",
    ),
    Contradiction(
        ("delivery/paging", "delivery/size", "delivery/compressed-size"),
        "RFC 5005 parts a long feed into pages; Apple and Spotify list the first page only; apps refuse large feeds.",
        "All episodes in the main feed by default; feed.max_episodes cuts it and feed.archives keeps the rest.",
    ),
    Contradiction(
        ("apple/flags", "apple/item-flags"),
        "Apple heeds itunes:block and itunes:complete only as Yes, PSP-1 spells them yes.",
        "Yes: apps compare without regard to capitals, Apple does not.",
    ),
    Contradiction(
        ("apple/enclosure-type", "apple/enclosure-type-old"),
        "Apple calls M4A audio/x-m4a, PSP-1 calls it audio/m4a.",
        "audio/x-m4a: a type that Apple does not know is not played, the others go by the file.",
    ),
    Contradiction(
        ("psp/copyright",),
        "PSP-1 wants the owner's name alone; RSS and most shows write the sign and a year.",
        "What show.copyright says, unchanged: no app treats either wrongly.",
    ),
    Contradiction(
        ("apple/item-image-name", "psp/item-image"),
        "PSP-1 recommends artwork for each episode; several apps then hide the show's own.",
        "Artwork of an episode only where it has one.",
    ),
)

BY_RULE = {rule: contradiction for contradiction in CONTRADICTIONS for rule in contradiction.rules}
