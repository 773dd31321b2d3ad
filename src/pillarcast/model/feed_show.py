"""What a show may say in its feed beyond the usual; each field's description is its line in docs/settings.md."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator

from pillarcast.model.base import CleanText, Value
from pillarcast.model.feed_values import (
    BlockRule,
    Chat,
    Cloud,
    Frequency,
    Funding,
    Image,
    License,
    Location,
    Medium,
    RemoteItem,
    SocialPost,
    TextInput,
    Txt,
    ValueBlock,
)

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class SecondFeed(Value):
    """`[[feed.second]]`: the same show with the audio of another format."""

    format: Literal["mp3", "m4a", "opus"] = Field(description="The audio that this feed carries.")
    title: CleanText = Field(default="", description="Its title; defaults to the show's with the format.")


class Subscriber(Value):
    """`[[feed.subscriber]]`: somebody with a private feed, whose address holds a token and stands nowhere else."""

    name: CleanText = Field(min_length=1, max_length=128, description="Your word for the subscriber.")
    expires: date | None = Field(default=None, description="The last day on which the feed is there.")
    revoked: bool = Field(default=False, description="True takes the feed away.")
    serial: int = Field(default=1, ge=1, description="Raise it to give the same subscriber a new address.")


class FeedWords(Value):
    """The elements of the feed that say something of the whole show."""

    medium: Medium = Field(default="podcast", description="podcast:medium, what the feed holds.")
    locked_owner: CleanText = Field(default="", description="Address that podcast:locked names; defaults to `email`.")
    funding: tuple[Funding, ...] = Field(default=(), description="podcast:funding, where listeners can pay.")
    license: License | None = Field(default=None, description="podcast:license of the whole show.")
    location: tuple[Location, ...] = Field(default=(), description="podcast:location, about or made where.")
    images: tuple[Image, ...] = Field(default=(), description="podcast:image, pictures besides the artwork.")
    social: tuple[SocialPost, ...] = Field(default=(), description="podcast:socialInteract of the whole show.")
    blocks: tuple[BlockRule, ...] = Field(default=(), description="podcast:block, services that may not list the show.")
    txt: tuple[Txt, ...] = Field(default=(), description="podcast:txt, such as codes that prove ownership.")
    podroll: tuple[RemoteItem, ...] = Field(default=(), description="podcast:podroll, shows that you recommend.")
    publisher: RemoteItem | None = Field(default=None, description="podcast:publisher, the feed of your publisher.")
    update_frequency: Frequency | None = Field(
        default=None, description="podcast:updateFrequency; defaults to what the schedule says."
    )
    podping: bool = Field(default=False, description="podcast:podping, and a Podping after each change.")
    chat: Chat | None = Field(default=None, description="podcast:chat of the show.")
    value: tuple[ValueBlock, ...] = Field(default=(), description="podcast:value, payments while listening.")
    apple_title: CleanText = Field(default="", max_length=255, description="itunes:title, another title for Apple.")
    managing_editor: CleanText = Field(default="", description="RSS managingEditor: address (name).")
    web_master: CleanText = Field(default="", description="RSS webMaster: address (name).")
    ttl_minutes: int | None = Field(default=None, ge=1, description="RSS ttl, for how long apps may keep the feed.")
    cloud: Cloud | None = Field(default=None, description="RSS cloud, a server that tells apps of changes.")
    rating: CleanText = Field(default="", description="RSS rating, a PICS label.")
    text_input: TextInput | None = Field(default=None, description="RSS textInput, a box that readers may show.")
    skip_hours: tuple[Annotated[int, Field(ge=0, le=23)], ...] = Field(
        default=(), description="RSS skipHours, hours of the day (UTC) in which nothing changes."
    )
    skip_days: tuple[Weekday, ...] = Field(default=(), description="RSS skipDays, days on which nothing changes.")
    archives: bool = Field(default=False, description="RFC 5005 archive documents beside the feed.")
    compressed_copy: bool = Field(default=True, description="Keep feed.xml.gz beside feed.xml.")
    blog: bool = Field(default=True, description="A feed of the articles, once there is one.")
    second: tuple[SecondFeed, ...] = Field(default=(), description="Feeds of further audio formats.")
    subscriber: tuple[Subscriber, ...] = Field(default=(), description="Private feeds, one a subscriber.")

    @field_validator("subscriber")
    @classmethod
    def _are_told_apart(cls, subscriber: tuple[Subscriber, ...]) -> tuple[Subscriber, ...]:
        """The name makes the address: two with the same one would share a feed."""
        names = [one.name for one in subscriber]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two subscribers are called {twice[0]!r}; give one of them another name")
        return subscriber
