"""A show's folder, as its owner has it, and the house opened on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from pillarcast.adapters.s3_place import S3Place
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import Ingested, ingest
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import Publication, publish
from pillarcast.pipeline.studio import Studio
from pillarcast.wiring import House, open_house
from tests.show_support.sound import speech

MONDAY = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)
"""A Monday noon in New York; the next slot is Thursday 4 June, 10:00 UTC."""

SHOW = """
[show]
title = "Career Talk"
description = "Careers, managed on purpose."
host = "John Hale"
category = "Business > Careers"
[schedule]
every = "Thursday 06:00"
zone = "America/New_York"
"""


@dataclass
class HandClock:
    """Shows what it is set to. `latest` is the furthest that it was ever moved from: it may be set back."""

    moment: datetime = MONDAY
    latest: datetime = MONDAY

    def now(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.latest = max(self.latest, self.moment)
        self.moment += timedelta(**span)


@dataclass
class Place:
    """`bucket` is the table of show.toml; the default is a folder bucket, which needs no server."""

    root: Path
    bucket: str = '[bucket]\nkind = "folder"\n'
    more: str = ""
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        (self.root / "episodes").mkdir(parents=True, exist_ok=True)
        lay(self.root / "artwork.jpg", artwork())
        self.write_show()

    def write_show(self) -> None:
        lay(self.root / "show.toml", (SHOW + self.more + self.bucket).encode())

    @property
    def episodes(self) -> Path:
        return self.root / "episodes"

    def drop(self, name: str, notes: str = "", seed: int = 1, seconds: float = 4.0) -> Path:
        if notes:
            (self.episodes / f"{name}.md").write_text(notes, "utf-8")
        return speech(self.episodes / f"{name}.wav", seconds, seed)

    @contextmanager
    def opened(self) -> Iterator[House]:
        with open_house(self.root / "show.toml", clock=self.clock) as house:
            yield house


def lay(path: Path, content: bytes) -> None:
    """Who opens a place again writes nothing: a run that reads the file at that moment would find half of it."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def ingest_drop(studio: Studio, episodes: Path, name: str) -> Ingested:
    folder = look(episodes)
    return ingest(studio, folder.named(name), folder, settle_s=0)


def publish_all(studio: Studio, episode: str = "") -> Publication:
    return publish(studio, Request(episode))


def s3_table(place: S3Place, public_url: str) -> str:
    """`[bucket]` for a running server; the keys go where secrets go, into the environment."""
    os.environ["PILLARCAST_ACCESS_KEY"] = place.access_key
    os.environ["PILLARCAST_SECRET_KEY"] = place.secret_key
    return (
        f'[bucket]\nkind = "s3"\nendpoint = "{place.endpoint}"\nname = "{place.bucket}"\n'
        f'prefix = "{place.prefix}"\npublic_url = "{public_url}"\n'
    )


@cache
def artwork(side_px: int = 1400, colour: str = "#1f4d43") -> bytes:
    picture = Image.new("RGB", (side_px, side_px), colour)
    ImageDraw.Draw(picture).rectangle((300, 300, 600, 1100), fill="#f4efe6")
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
