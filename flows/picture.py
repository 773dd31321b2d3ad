"""The picture that mastering left in the bucket, as the page of a run shows it."""

from __future__ import annotations

from base64 import b64encode

from pillarcast.model.catalogue import Entry
from pillarcast.pipeline.studio import Studio


def kept_picture(studio: Studio, entry: Entry) -> str:
    """The SVG that mastering left in the bucket: loudness over time; empty where an older master has none."""
    picture = entry.master.picture if entry.master else None
    found = studio.bucket.fetch(picture.key) if picture else None
    return found[0].decode("utf-8", "replace") if found else ""


def picture_url(svg: str) -> str:
    """The picture as a `data:` URL, so that the artifact needs no server of ours."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
