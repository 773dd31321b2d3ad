"""Secrets that were planted, every form in which they could come out again, and where to look for them."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pillarcast.adapters.http_words import forms_of

WORDPRESS_PASSWORD = "Wq7x 9fLm 2TzK pR4d 8sVn 3bYc"
GHOST_KEY = "6b1c9d2e4f5a60718293a4b5:" + "9c8e7d6f5a4b3c2d1e0f" * 3 + "abcd"
GIT_TOKEN = "gt-Juniper-61938-cobble"
MICROPUB_TOKEN = "mp-Xk29-lantern-40931-quarry"
SMTP_PASSWORD = "Vault-Heron-55821-smtp"
WEBHOOK_PATH = "T0Plumbago55/B9Kestrel31/hook"
PODPING_TOKEN = "pp-Orchard-77120-thistle"
FEED_SECRET = "feed-Gable-90441-marrow-willow"
UI_PASSWORD = "ui-Sorrel-31177-lintel"
S3_KEY = "s3-Wrong-66104-tamarack-key"

ENVIRONMENT = {
    "PILLARCAST_BLOG_PRESS_SECRET": WORDPRESS_PASSWORD,
    "PILLARCAST_BLOG_SPIRIT_SECRET": GHOST_KEY,
    "PILLARCAST_BLOG_GARDEN_SECRET": GIT_TOKEN,
    "PILLARCAST_BLOG_INDIE_SECRET": MICROPUB_TOKEN,
    "PILLARCAST_PODPING_TOKEN": PODPING_TOKEN,
    "PILLARCAST_FEED_SECRET": FEED_SECRET,
    "PILLARCAST_UI_PASSWORD": UI_PASSWORD,
}
USER = "ada-of-press"


@dataclass
class Search:
    """Every form of every secret; `found` says which stood where."""

    secrets: Mapping[str, str]
    found: list[str] = field(default_factory=list)
    looked_at: int = 0

    def __post_init__(self) -> None:
        self._needles = {name: tuple(_needles(secret)) for name, secret in self.secrets.items()}

    def look(self, where: str, body: bytes) -> None:
        self.looked_at += 1
        for text in (body, *_unpacked(body)):
            for name, needles in self._needles.items():
                self.found += [f"{name} stands in {where}: {needle!r}" for needle in needles if needle in text]

    def look_in(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                self.look(str(path), path.read_bytes())


def _needles(secret: str) -> Iterator[bytes]:
    """Also as a part of something longer in base64, at each of its three alignments."""
    yield from (form.encode() for form in forms_of(secret))
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + secret.encode())
        yield coded[4 if shift else 0 : -4]


def _unpacked(body: bytes) -> Iterator[bytes]:
    if body.startswith(b"\x1f\x8b"):
        try:
            yield gzip.decompress(body)
        except (OSError, EOFError, zlib.error):
            return
