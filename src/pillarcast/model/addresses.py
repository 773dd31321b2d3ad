"""Where everything stands: keys in the bucket, and the URLs that the public reads them by."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from pillarcast.model.base import Value

CATALOGUE = "private/catalogue.json.gz"
FEED = "public/feed.xml"
HOME = "public/index.html"
MEDIA = "public/media/"

_UNQUOTED = re.compile(r"[A-Za-z0-9_.~/-]*")
"""What `quote` leaves as it is; nearly all keys are."""
_LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "þ": "th", "ð": "d", "ı": "i",
    "ẞ": "ss", "Æ": "ae", "Ø": "o", "Œ": "oe", "Ł": "l", "Đ": "d", "Þ": "th", "Ð": "d",
})  # fmt: skip
"""Letters that are no other one with an accent, so that Unicode does not say what they are like."""
_MEDIA_SUFFIX = {
    "audio/mpeg": ".mp3",
    "audio/x-m4a": ".m4a",
    "audio/ogg": ".opus",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "text/markdown": ".md",
    "application/json+chapters": ".json",
}


class Addresses(Value):
    """`public_url` is what the prefix `public/` of the bucket is read by, without a slash at its end."""

    public_url: str

    def of(self, key: str) -> str:
        """The public URL of a key below `public/`."""
        path = key.removeprefix("public/")
        return f"{self.public_url}/{path if _UNQUOTED.fullmatch(path) else quote(path)}"

    @property
    def feed(self) -> str:
        return self.of(FEED)

    @property
    def home(self) -> str:
        return self.of(HOME)

    def page(self, slug: str) -> str:
        return self.of(page_key(slug))


def page_key(slug: str) -> str:
    return f"public/episodes/{slug}"


def article_key(slug: str) -> str:
    return f"public/articles/{slug}"


def private_key(sha256: str, media_type: str, suffix: str = "") -> str:
    """A file under embargo, named by its content: uploading it twice is uploading it once."""
    return f"private/files/{sha256}{suffix or _MEDIA_SUFFIX.get(media_type, '')}"


def media_key(sha256: str, slug: str, media_type: str) -> str:
    """A public media file: never overwritten, and its name is what a download is called."""
    return f"{MEDIA}{sha256[:24]}/{slug}{_MEDIA_SUFFIX[media_type]}"


def slugify(text: str) -> str:
    """ASCII words joined by hyphens, at most 80 characters; empty when nothing of the text can be kept."""
    return old_slug(text.translate(_LETTERS))


def old_slug(text: str) -> str:
    """As slugs were made before those letters were known: of names whose addresses must stay where they are."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.lower().replace("'", ""))
    return "-".join(words)[:80].strip("-")
