"""A show with everything that pages can show: episodes with and without parts, articles, a queue, hostile words."""

from __future__ import annotations

import base64
import hashlib
import io
import math
import random
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from PIL import Image, ImageDraw

from pillarcast.model.addresses import Addresses, media_key
from pillarcast.model.base import FileRef
from pillarcast.model.chapters import Chapter
from pillarcast.model.episode import Episode, Person
from pillarcast.model.published import Enclosure, Published
from pillarcast.model.show import About, Show, Site, Subscribe
from pillarcast.model.view import PublishedArticle, Upcoming, View

FIRST = datetime(2026, 4, 9, 10, tzinfo=UTC)
HOST = Person(name="Helen Marlowe", role="host")
GUEST = Person(name="Adrian Cole", role="guest", url="https://adrian.example.com")
CHAPTERS = (
    Chapter(start_s=0, title="Welcome"),
    Chapter(start_s=16, title="Seen by whom?"),
    Chapter(start_s=35, title="What a recruiter reads first", url="https://goodstanding.example.com/first-call"),
    Chapter(start_s=55, title="Your task until Thursday"),
)
NOTES = """\
Most advice on social media is about being seen. **Adrian Cole** asks the better question: seen *by whom*?

## One post a week

- Say what you have **learned**, not what you have won.
- Give credit to somebody, by name. It is the post that people remember.

## In this episode

0:00 Welcome
0:16 Seen by whom?

> Fame hardly ever helps. Judgement always does.

<script>alert("never")</script>

[A page for your profile](https://goodstanding.example.com/profile-page)
"""
TRANSCRIPT = """\
WEBVTT

00:00.000 --> 00:04.000
<v Helen Marlowe>Good morning, and welcome to Good Standing.

00:04.000 --> 00:16.000
<v Helen Marlowe>My guest today is Adrian Cole, who reads profiles for a living.

00:16.000 --> 00:24.000
<v Adrian Cole>Everybody asks how to be seen. Nobody asks: by whom?

00:24.000 --> 00:35.000
<v Adrian Cole>Write for the ten people who could hire you, and never mention the word marmalade.

00:35.000 --> 00:55.000
<v Helen Marlowe>Before I pick up the telephone I read three sentences of yours.

00:55.000 --> 01:20.000
<v Helen Marlowe>Read your own profile as a stranger would, and change one sentence.
"""
ARTICLE = """\
Every spring somebody asks me whether a résumé still matters. It does, but not for the reason you think.

## What it is for

It is the agenda of a conversation. Leave out what you do not want to be asked about.

| Line | What I read in it |
|---|---|
| A title | How large the room was |
| A number | Whether you know what mattered |
"""
TITLES = (
    "What happens before the first call",
    "The reference nobody asked for",
    "Counteroffers, and why they cost you",
    "How long is too long in one job?",
    "The quiet no",
    "Salary: say the number first",
)


@dataclass
class Bucket:
    """The bytes of the show's files, by key, and where they are public."""

    addresses: Addresses
    files: dict[str, bytes] = field(default_factory=dict)
    public: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def keep(self, body: bytes, media_type: str, slug: str = "") -> FileRef:
        sha256 = hashlib.sha256(body).hexdigest()
        ref = FileRef(key=f"private/files/{sha256}", sha256=sha256, length_bytes=len(body), media_type=media_type)
        self.files[ref.key] = body
        if slug:
            self.public[media_key(sha256, slug, media_type)] = (media_type, body)
        return ref


@cache
def artwork(hue: int, size: int = 1400) -> bytes:
    """A square JPEG of ours, one for each hue."""
    image = Image.new("HSV", (size, size), (hue, 150, 90))
    draw = ImageDraw.Draw(image)
    for step in range(12):
        inset = step * size // 26
        draw.ellipse((inset, inset, size - inset, size - inset), outline=(hue, 90, 130 + step * 9), width=size // 90)
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


@cache
def speech(seconds: int) -> bytes:
    """An MP3 of a quiet tone, made by ffmpeg."""
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"sine=frequency=220:duration={seconds}", "-ac", "1"]
    done = subprocess.run([*command, "-b:a", "64k", "-f", "mp3", "-"], check=True, capture_output=True, timeout=120)
    return done.stdout


def peaks(seed: int) -> str:
    dice = random.Random(seed)
    bars = [int(40 + 190 * abs(math.sin(index / 9)) * dice.uniform(0.3, 1)) for index in range(240)]
    return base64.b64encode(bytes(min(255, bar) for bar in bars)).decode()


def about(**changes) -> About:
    words = {
        "title": "Good Standing",
        "description": "Careers that are managed on purpose. Every Thursday executive recruiter Helen Marlowe tells "
        "you what she sees from her side of the desk.",
        "host": "Helen Marlowe",
        "email": "helen@goodstanding.example.com",
        "copyright": "© Helen Marlowe",
        "people": (HOST,),
    }
    return About(**{**words, **changes})


def show(**changes) -> Show:
    subscribe = Subscribe(apple="https://podcasts.apple.com/x", spotify="https://open.spotify.com/show/y")
    return Show(**{"show": about(), "subscribe": subscribe, "site": Site(accent="#1f4d43"), **changes})


def showcase(
    public_url: str, *, count: int = 9, audio: bytes = b"", seconds: int = 80, **changes
) -> tuple[View, Bucket]:
    """`count` episodes, the newest with every part, two articles and a queue."""
    bucket = Bucket(Addresses(public_url=public_url))
    episodes = [_episode(bucket, number, audio, seconds, is_full=number == count) for number in range(count, 0, -1)]
    own = show(**{name: value for name, value in changes.items() if name in Show.model_fields})
    rest = {name: value for name, value in changes.items() if name in View.model_fields and name != "show"}
    slot = FIRST + timedelta(weeks=count)
    upcoming = Upcoming(guid="next", title="The interview you did not prepare for", people=(GUEST,), slot=slot)
    view = View(
        show=own,
        show_guid="9b024349-ccf0-5f69-a609-6b82873eab3c",
        addresses=bucket.addresses,
        artwork=bucket.keep(artwork(110), "image/jpeg", "artwork"),
        episodes=tuple(episodes),
        articles=tuple(_article(bucket, number, count) for number in (2, 1)),
        upcoming=upcoming,
    )
    return view.model_copy(update=rest), bucket


def _episode(bucket: Bucket, number: int, audio: bytes, seconds: int, *, is_full: bool) -> Published:
    title = "Social media for your career" if is_full else f"{TITLES[number % len(TITLES)]} ({number})"
    slug = "social-media" if is_full else f"episode-{number}"
    file = bucket.keep(audio or b"ID3", "audio/mpeg", slug)
    key = media_key(file.sha256, slug, file.media_type)
    own = Episode(
        title=title,
        summary="You need not be famous, but the ten people who could hire you should know how you think.",
        season=1 + number // 20,
        number=number,
        people=(HOST, GUEST) if is_full else (),
        tags=("social media", "job search") if is_full else ("job search",),
        chapters=CHAPTERS if is_full else (),
        artwork_alt="Rings, like those of a tree" if is_full else "",
    )
    return Published(
        guid=f"guid-{number}",
        slug=slug,
        episode=own,
        published_at=FIRST + timedelta(weeks=number - 1),
        enclosure=Enclosure(
            url=bucket.addresses.of(key), length_bytes=file.length_bytes, media_type="audio/mpeg", key=key
        ),
        duration_s=seconds,
        page_url=bucket.addresses.page(slug),
        peaks=peaks(number),
        notes=bucket.keep((NOTES if is_full else f"Notes of episode {number}.").encode(), "text/markdown"),
        artwork=bucket.keep(artwork(20), "image/jpeg", slug) if is_full else None,
        transcript=bucket.keep(TRANSCRIPT.encode(), "text/vtt", slug) if is_full else None,
    )


def _article(bucket: Bucket, number: int, count: int) -> PublishedArticle:
    slug = f"article-{number}"
    return PublishedArticle(
        guid=f"00000000-0000-4000-8000-00000000000{number}",
        slug=slug,
        title="What a résumé is for" if number == 2 else "The long notice period",
        summary="It is the agenda of a conversation.",
        body=bucket.keep(ARTICLE.encode() + b"\n" * number, "text/markdown"),
        artwork=None,
        tags=("job search",),
        programming_note=None,
        published_at=FIRST + timedelta(weeks=count - 1, days=number),
        page_url=bucket.addresses.of(f"public/articles/{slug}"),
    )
