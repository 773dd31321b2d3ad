"""A show as `show.toml` describes it. Each field's description is its line in docs/settings.md."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from pillarcast.model.base import CleanText, OpenAddress, Value
from pillarcast.model.categories import checked_category
from pillarcast.model.episode import Person
from pillarcast.model.feed_show import FeedWords
from pillarcast.model.schedule import Schedule


class ShowKind(StrEnum):
    """Apple's `itunes:type`."""

    EPISODIC = "episodic"
    SERIAL = "serial"


class About(Value):
    """`[show]`: who speaks, and about what."""

    title: CleanText = Field(min_length=1, max_length=255, description="The show's name, without episode numbers.")
    description: CleanText = Field(min_length=1, max_length=4000, description="What a listener gets; plain text.")
    host: CleanText = Field(min_length=1, max_length=255, description="Who speaks; becomes itunes:author.")
    email: str = Field(default="", description="Optional: Spotify mails its verification code to it. Public!")
    website: OpenAddress = Field(default="", description="Your own page; defaults to the site in the bucket.")
    language: str = Field(default="en-us", description="RFC 5646 language code.")
    category: tuple[str, ...] = Field(
        default=("Business > Careers",), description='Apple categories, `"Business > Careers"`; the first one counts.'
    )
    explicit: bool = Field(default=False, description="True when the show holds explicit language.")
    kind: ShowKind = Field(default=ShowKind.EPISODIC, description="`episodic` (newest first) or `serial`.")
    artwork: str = Field(default="artwork.jpg", description="Square JPEG or PNG, 1400 to 3000 px, beside show.toml.")
    copyright: CleanText = Field(default="", description="The copyright line of the feed.")
    people: tuple[Person, ...] = Field(default=(), description="Hosts and crew for podcast:person.")
    tags: tuple[CleanText, ...] = Field(default=(), description="Tags that every post of the show carries.")

    @field_validator("category", mode="before")
    @classmethod
    def _one_or_many(cls, category: object) -> object:
        return (category,) if isinstance(category, str) else category

    @field_validator("category")
    @classmethod
    def _is_apple_category(cls, category: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked_category(name) for name in category)


class Subscribe(Value):
    """`[subscribe]`: where listeners find the show; each given link becomes a button."""

    apple: str = Field(default="", description="The show's page in Apple Podcasts.")
    spotify: str = Field(default="", description="The show's page in Spotify.")
    youtube: str = Field(default="", description="The show's channel on YouTube Music.")
    overcast: str = Field(default="", description="The show's page in Overcast.")
    pocketcasts: str = Field(default="", description="The show's page in Pocket Casts.")
    amazon: str = Field(default="", description="The show's page in Amazon Music.")


class Mastering(Value):
    """`[master]`: how the audio is made."""

    loudness_lufs: float = Field(default=-16.0, ge=-30, le=-9, description="Integrated loudness of every master.")
    true_peak_dbtp: float = Field(default=-1.0, ge=-9, le=0, description="Highest true peak after encoding.")
    bitrate_kbps: int = Field(default=96, ge=32, le=320, description="MP3 bit rate of stereo; mono takes two thirds.")
    channels: Literal["auto", "mono", "stereo"] = Field(
        default="auto", description="`auto` makes mono of what is mono in substance."
    )
    quality: Literal["good", "fast"] = Field(default="good", description="`fast` halves the time for a little quality.")
    formats: tuple[Literal["mp3", "m4a", "opus"], ...] = Field(
        default=("mp3",), description="The first is the enclosure, the others stand beside it as alternates."
    )
    level_speakers: bool = Field(default=False, description="Gently bring uneven speakers to one level.")
    trim_silence: bool = Field(default=False, description="Cut silence of over two seconds at head and tail.")
    high_pass: bool = Field(default=False, description="Take out rumble below 80 Hz.")
    repair: bool = Field(default=True, description="Repair a dead channel, channels out of phase, and DC offset.")
    intro: str = Field(default="", description="An audio file that is joined in front of every episode.")
    outro: str = Field(default="", description="An audio file that is joined behind every episode.")


class Feed(FeedWords):
    """`[feed]`: what the feed says beyond the show itself."""

    guid: str = Field(default="", description="podcast:guid of a show that moves in; else minted once and kept.")
    locked: bool = Field(default=True, description="podcast:locked: ask other hosts not to import the feed.")
    max_episodes: int = Field(default=0, ge=0, description="The newest this many stand in the feed; 0 means all.")
    hubs: tuple[OpenAddress, ...] = Field(default=(), description="WebSub hubs that are told of each change.")
    new_feed_url: OpenAddress = Field(default="", description="itunes:new-feed-url, after a move.")
    complete: bool = Field(default=False, description="True when no further episode will ever come.")
    block: bool = Field(default=False, description="True keeps the show out of Apple's directory.")


class Site(Value):
    """`[site]`: the look of the pages in the bucket."""

    accent: str = Field(default="#0b5cad", pattern=r"^#[0-9a-fA-F]{6}$", description="Colour of buttons and links.")
    font: Literal["system", "serif", "rounded"] = Field(default="system", description="A family that readers have.")
    logo: str = Field(default="", description="A picture beside the show's name; a file beside show.toml.")
    compressed: bool = Field(
        default=True,
        description="Pages, style and scripts are stored as gzip; not in a folder. False stores them plain.",
    )


class Note(Value):
    """`[programming_note]`: the lines that announce the next episode."""

    enabled: bool = Field(default=True, description="False leaves the programming note out everywhere.")
    upcoming: str = Field(default="", description="Jinja2 template of the note before the episode airs.")
    live: str = Field(default="", description="Jinja2 template of the note once the episode is live.")


class BlogTarget(Value):
    """`[[blog]]`: one blog that gets a post of every episode and article. Secrets come from the environment."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="Your word for it; names its secrets too.")
    kind: Literal["wordpress", "ghost", "git", "micropub"] = Field(description="The blog's engine.")
    url: OpenAddress = Field(default="", description="The blog's address; for git the repository.")
    user: str = Field(default="", description="WordPress user name.")
    status: Literal["publish", "draft"] = Field(default="publish", description="`draft` leaves the last step to you.")
    author: str = Field(default="", description="Author of the posts; defaults to the account's own.")
    category: tuple[str, ...] = Field(default=("Podcast",), description="Categories, created when missing.")
    tags: tuple[str, ...] = Field(default=(), description="Tags besides the episode's own, created when missing.")
    template: str = Field(default="post.html", description="Template of the post, in `templates/`.")
    generator: Literal["hugo", "jekyll", "eleventy", "pelican"] = Field(
        default="hugo", description="For git: whose front matter to write."
    )
    folder: str = Field(default="", description="For git: where posts go; defaults to the generator's own.")
    branch: str = Field(default="main", description="For git: the branch to push to.")


class Notify(Value):
    """`[notify]`: who is told. Addresses with secrets in them come from the environment instead."""

    urls: tuple[str, ...] = Field(default=(), description="Apprise URLs without secrets, such as `mailto://…`.")
    on: tuple[Literal["success", "warning", "refusal", "failure"], ...] = Field(
        default=("warning", "refusal", "failure"), description="What is worth a message."
    )


class Show(Value):
    """The whole of `show.toml`, but for `[bucket]`, which the settings hold."""

    show: About
    schedule: Schedule = Schedule()
    subscribe: Subscribe = Subscribe()
    master: Mastering = Mastering()
    feed: Feed = Feed()
    site: Site = Site()
    programming_note: Note = Note()
    blog: Annotated[tuple[BlogTarget, ...], Field(description="Blogs that get a post.")] = ()
    notify: Notify = Notify()

    @model_validator(mode="after")
    def _second_feeds_have_their_audio(self) -> Show:
        missing = [second.format for second in self.feed.second if second.format not in self.master.formats]
        if missing:
            raise ValueError(f"feed.second wants {missing[0]!r}: add it to `formats` of [master], so that it is made")
        return self

    @field_validator("blog")
    @classmethod
    def _is_each_name_once(cls, blogs: tuple[BlogTarget, ...]) -> tuple[BlogTarget, ...]:
        """The name stands in the receipts: two blogs of one name would share them, and one would get no posts."""
        names = [blog.name for blog in blogs]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two blogs are called {twice[0]!r}; give each a name of its own")
        return blogs
