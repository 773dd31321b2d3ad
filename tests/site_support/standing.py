"""The showcase on the real S3 server, written through our own adapter, read as the public reads it."""

from __future__ import annotations

import gzip
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from pillarcast.adapters.s3 import S3Bucket
from pillarcast.adapters.seaweed import SeaweedServer
from pillarcast.model.view import View
from pillarcast.model.wanted import FOR_EVER, FRESH
from pillarcast.ports import ObjectMeta
from pillarcast.render.site import site_objects
from tests.site_support.serving import rendered
from tests.site_support.showcase import showcase, speech

SECONDS = 80


def stand_up(server: SeaweedServer, prefix: str, **changes: object) -> tuple[str, View, dict[str, tuple[str, bytes]]]:
    """(public URL, the view, its objects), all of them in the bucket below `prefix`."""
    place = replace(server.place, prefix=prefix)
    public_url = f"{server.public_url}/{prefix}"
    view, kept = showcase(public_url, audio=speech(SECONDS), seconds=SECONDS, **changes)
    objects = rendered(view, kept)
    packed = {wanted.key for wanted in site_objects(view, packs=True) if wanted.encoding}
    bucket = S3Bucket(place)

    def put(key: str) -> None:
        media_type, body = objects[key]
        lasting = FOR_EVER if key.startswith(("public/assets/", "public/media/", "public/pictures/")) else FRESH
        sent, encoding = (gzip.compress(body, 9, mtime=0), "gzip") if key in packed else (body, "")
        bucket.put(key, sent, ObjectMeta(media_type, lasting, hashlib.sha256(sent).hexdigest(), encoding=encoding))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, objects))
    return public_url, view, objects
