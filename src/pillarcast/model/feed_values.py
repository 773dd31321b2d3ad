"""What the podcast namespace can say, one value an element; limits and defaults are those of its specification.

Source of every rule here: the tag documents of https://podcastindex.org/namespace/1.0, `docs/tags`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pillarcast.model.base import CleanText, Value


def _is_secure(url: str) -> str:
    if url and not url.startswith("https://"):
        raise ValueError(f"{url!r} must begin with https://")
    return url


SecureUrl = Annotated[CleanText, AfterValidator(_is_secure)]
Short = Annotated[CleanText, Field(max_length=128)]
Medium = Literal[
    "podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course", "mixed",
    "podcastL", "musicL", "videoL", "filmL", "audiobookL", "newsletterL", "blogL", "publisherL", "courseL",
]  # fmt: skip


class Cloud(Value):
    """RSS `cloud`: a server that tells subscribers of changes."""

    domain: CleanText = Field(min_length=1, description="Host name of the server.")
    port: int = Field(default=80, ge=1, le=65_535, description="Its port.")
    path: CleanText = Field(default="/", description="Where it answers.")
    procedure: CleanText = Field(default="", description="What to call there; empty for http-post.")
    protocol: Literal["xml-rpc", "soap", "http-post"] = Field(default="http-post", description="How to call it.")


class TextInput(Value):
    """RSS `textInput`: a box that readers may show below the show."""

    title: CleanText = Field(min_length=1, description="What its button says.")
    description: CleanText = Field(min_length=1, description="What it is for.")
    name: CleanText = Field(min_length=1, description="Name of the text in the request.")
    link: CleanText = Field(min_length=1, description="Where the request goes.")


class Source(Value):
    """RSS `source`: the feed that an episode comes from."""

    url: CleanText = Field(min_length=1, description="Address of that feed.")
    title: CleanText = Field(default="", description="Name of that show.")


class Funding(Value):
    """`podcast:funding`: where listeners can pay."""

    url: SecureUrl = Field(description="The page to pay at.")
    text: Short = Field(default="Support the show", description="What the button says.")


class License(Value):
    """`podcast:license`: an SPDX identifier in lower case, or a name of your own with its URL."""

    name: Short = Field(min_length=1, description="Such as cc-by-4.0, or a name of your own.")
    url: SecureUrl = Field(default="", description="Its full text; needed for a name of your own.")


class Location(Value):
    """`podcast:location`: what the content is about (`subject`), or where it was made (`creator`)."""

    name: Short = Field(min_length=1, description="As people say it, such as Austin, Texas.")
    rel: Literal["subject", "creator"] = Field(default="subject", description="About the place, or made there.")
    geo: str = Field(default="", pattern=r"^(geo:\S+)?$", description="RFC 5870, such as geo:30.2711,-97.7437.")
    osm: str = Field(default="", pattern=r"^([NWR]\d+(#\d+)?)?$", description="OpenStreetMap object, such as R113314.")
    country: str = Field(default="", pattern=r"^([A-Za-z]{2})?$", description="ISO 3166-1, two letters.")


class Txt(Value):
    """`podcast:txt`: free text for a purpose, such as a code that proves whose feed it is."""

    text: CleanText = Field(min_length=1, max_length=4000, description="The text or code.")
    purpose: Short = Field(default="", description="Such as verify or applepodcastsverify.")


class BlockRule(Value):
    """`podcast:block`: one service, or all without `service`."""

    service: str = Field(default="", description="A slug of the namespace's service list; empty: everybody.")
    blocked: bool = Field(default=True, description="True: may not list the show.")


class Chat(Value):
    """`podcast:chat`: the official chat of the show or an episode."""

    server: CleanText = Field(min_length=1, description="Host name of the chat server.")
    protocol: CleanText = Field(min_length=1, description="irc, xmpp, nostr or matrix.")
    account: CleanText = Field(default="", description="The show's account there.")
    space: CleanText = Field(default="", description="The room.")


class RemoteItem(Value):
    """`podcast:remoteItem`: another feed, or one item of it."""

    feed_guid: CleanText = Field(min_length=1, description="podcast:guid of the other feed.")
    feed_url: CleanText = Field(default="", description="Its address, for apps that cannot find the guid.")
    item_guid: CleanText = Field(default="", description="One episode of it.")
    medium: str = Field(default="", description="Where it is no podcast, such as music.")
    title: CleanText = Field(default="", description="Its name, for people.")


class Image(Value):
    """`podcast:image`: a further picture, besides the square artwork."""

    url: CleanText = Field(min_length=1, description="Address of the picture.")
    alt: CleanText = Field(default="", description="What it shows, for those who cannot see it.")
    aspect_ratio: str = Field(default="", pattern=r"^(\d+(\.\d+)?/\d+(\.\d+)?)?$", description="Such as 16/9.")
    width: int | None = Field(default=None, ge=1, description="In pixels.")
    height: int | None = Field(default=None, ge=1, description="In pixels.")
    media_type: str = Field(default="", description="Where it is neither JPEG nor PNG.")
    purpose: Short = Field(default="", description="Such as social, banner or canvas.")


class Recipient(Value):
    """`podcast:valueRecipient`: who gets which share of a payment."""

    address: CleanText = Field(min_length=1, description="Node key or Lightning address.")
    split: int = Field(ge=0, description="Shares of the payment.")
    type: CleanText = Field(default="node", description="`node` or `lnaddress`.")
    name: CleanText = Field(default="", description="Who it is.")
    custom_key: CleanText = Field(default="", description="Name of a custom record.")
    custom_value: CleanText = Field(default="", description="Value of that record.")
    fee: bool = Field(default=False, description="True for a fee, taken before the shares.")


class TimeSplit(Value):
    """`podcast:valueTimeSplit`: other recipients for a while; a remote item, or recipients, never both."""

    start_s: float = Field(ge=0, description="From the start of the episode, in seconds.")
    duration_s: float = Field(gt=0, description="In seconds.")
    remote_start_s: float = Field(default=0, ge=0, description="Where in the remote item it begins.")
    remote_percentage: int = Field(default=100, ge=0, le=100, description="What the remote recipients get.")
    remote: RemoteItem | None = Field(default=None, description="The item that is paid.")
    recipients: tuple[Recipient, ...] = Field(default=(), description="Or who is paid.")

    @model_validator(mode="after")
    def _one_of_both(self) -> TimeSplit:
        if (self.remote is None) == (not self.recipients):
            raise ValueError("a time split needs either `remote` or `recipients`, and not both")
        return self


class ValueBlock(Value):
    """`podcast:value`: how listeners may pay while they listen."""

    type: CleanText = Field(default="lightning", description="The payment layer.")
    method: CleanText = Field(default="keysend", description="How payments travel.")
    suggested: str = Field(default="", pattern=r"^(\d+(\.\d+)?)?$", description="A suggestion for each payment.")
    recipients: tuple[Recipient, ...] = Field(min_length=1, description="Who gets which share.")
    time_splits: tuple[TimeSplit, ...] = Field(default=(), description="Other recipients for a while.")


class Soundbite(Value):
    """`podcast:soundbite`: the best moments, 15 to 120 seconds each."""

    start_s: float = Field(ge=0, description="From the start of the episode, in seconds.")
    duration_s: float = Field(gt=0, description="15 to 120 seconds.")
    title: Short = Field(default="", description="Where it differs from the episode's.")


class SocialPost(Value):
    """`podcast:socialInteract`: the post below which listeners discuss; `disabled` asks apps to show no comments."""

    protocol: CleanText = Field(default="activitypub", description="Such as activitypub, atproto or disabled.")
    uri: CleanText = Field(default="", description="Address of the post.")
    account: CleanText = Field(default="", description="Who wrote it, such as @show.")
    account_url: CleanText = Field(default="", description="Page of that account.")
    priority: int | None = Field(default=None, ge=0, description="The lower, the sooner shown.")

    @model_validator(mode="after")
    def _needs_address(self) -> SocialPost:
        if self.protocol != "disabled" and not self.uri:
            raise ValueError("`uri` is missing: the address of the post")
        return self


class Frequency(Value):
    """`podcast:updateFrequency`: a schedule in words and as an RFC 5545 rule."""

    text: Short = Field(min_length=1, description="Such as Every Thursday.")
    rrule: str = Field(default="", description="Such as FREQ=WEEKLY;BYDAY=TH.")
    dtstart: str = Field(default="", description="ISO 8601 date from which the rule counts.")
    complete: bool = Field(default=False, description="True when no further episode will come.")


class LinkedTranscript(Value):
    """`podcast:transcript`: a transcript that another server keeps."""

    url: CleanText = Field(min_length=1, description="Its address.")
    media_type: CleanText = Field(default="text/vtt", description="text/vtt, application/x-subrip, …")
    language: str = Field(default="", description="Where it is not the show's.")
    rel: str = Field(default="", description="`captions` where it has time codes.")


class MediaSource(Value):
    """`podcast:source`: one place where media are found; `media_type` where it is that of a torrent or the like."""

    uri: CleanText = Field(min_length=1, description="Where it is found; any kind of URI.")
    media_type: CleanText = Field(default="", description="Media type of what stands there, where it differs.")


class LinkedMedia(Value):
    """`podcast:alternateEnclosure` of media that another server keeps."""

    media_type: CleanText = Field(min_length=1, description="Media type of the file.")
    sources: tuple[MediaSource, ...] = Field(min_length=1, description="Where it is found.")
    length_bytes: int | None = Field(default=None, ge=0, description="Length of the file.")
    bitrate_bps: float | None = Field(default=None, gt=0, description="Bits per second.")
    height: int | None = Field(default=None, ge=1, description="Of a video, in pixels.")
    language: str = Field(default="", description="BCP 47.")
    title: CleanText = Field(default="", description="At most 32 characters.")
    rel: CleanText = Field(default="", description="Groups media of the same content.")
    codecs: CleanText = Field(default="", description="RFC 6381.")
    is_default: bool = Field(default=False, description="The same as the enclosure.")
    integrity: CleanText = Field(default="", description="An SRI string such as sha384-….")


class ContentLink(Value):
    """`podcast:contentLink`: the same content elsewhere, such as on YouTube."""

    url: CleanText = Field(min_length=1, description="Its address.")
    text: CleanText = Field(default="", description="What the link says.")
