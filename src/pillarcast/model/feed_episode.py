"""What an episode may say in the feed beyond the usual; the same fields stand in front matter."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pillarcast.model.base import CleanText, Value
from pillarcast.model.feed_values import (
    Chat,
    ContentLink,
    Funding,
    Image,
    License,
    LinkedMedia,
    LinkedTranscript,
    Location,
    SocialPost,
    Soundbite,
    Source,
    Txt,
    ValueBlock,
)


class EpisodeWords(Value):
    """The elements of the feed that say something of one episode; in front matter under the same names."""

    soundbites: tuple[Soundbite, ...] = Field(default=(), description="podcast:soundbite, the best moments.")
    social: tuple[SocialPost, ...] = Field(default=(), description="podcast:socialInteract, where people discuss.")
    chat: Chat | None = Field(default=None, description="podcast:chat of this episode.")
    value: tuple[ValueBlock, ...] = Field(default=(), description="podcast:value, instead of the show's.")
    funding: tuple[Funding, ...] = Field(default=(), description="podcast:funding of this episode.")
    license: License | None = Field(default=None, description="podcast:license, where it differs from the show's.")
    location: tuple[Location, ...] = Field(default=(), description="podcast:location of this episode.")
    images: tuple[Image, ...] = Field(default=(), description="podcast:image, pictures besides the artwork.")
    txt: tuple[Txt, ...] = Field(default=(), description="podcast:txt of this episode.")
    content_links: tuple[ContentLink, ...] = Field(default=(), description="podcast:contentLink, the same elsewhere.")
    transcripts: tuple[LinkedTranscript, ...] = Field(default=(), description="Transcripts that another server keeps.")
    alternates: tuple[LinkedMedia, ...] = Field(default=(), description="Alternate media that another server keeps.")
    chapters_url: CleanText = Field(default="", description="podcast:chapters that another server keeps.")
    chapters_type: CleanText = Field(default="", description="Media type of those chapters.")
    image_url: CleanText = Field(default="", description="Artwork that another server keeps.")
    link: CleanText = Field(default="", description="The episode's own page; defaults to the one in the bucket.")
    author: CleanText = Field(default="", max_length=255, description="itunes:author, where it is not the host.")
    apple_title: CleanText = Field(default="", max_length=255, description="itunes:title, another title for Apple.")
    comments_url: CleanText = Field(default="", description="RSS comments, a page for comments.")
    author_address: CleanText = Field(default="", description="RSS author: the address of who wrote it, (name).")
    source: Source | None = Field(default=None, description="RSS source, the feed that the episode comes from.")
    blocked: bool = Field(default=False, description="itunes:block, keeps this episode out of Apple's directory.")

    def words(self) -> dict[str, Any]:
        """What is said of all this, by name."""
        return {name: getattr(self, name) for name in EpisodeWords.model_fields if name in self.model_fields_set}
