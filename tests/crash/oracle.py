"""What should stand outside, worked out anew from the catalogue's episodes alone: no receipt is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from pillarcast.model.addresses import MEDIA
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.view import view_of
from pillarcast.model.wanted import Wanted, WantedCopy, WantedObject
from pillarcast.pipeline.planning import artwork_ref
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.wanting import wanted_objects
from pillarcast.pipeline.wanting_posts import wanted_posts
from pillarcast.ports import Bucket
from tests.blog_support.fake import FakeBlog

_rendered: dict[tuple[str, str], bytes] = {}
"""Bodies by key and inputs, which say all that they depend on; pictures take long."""


def check_public(studio: Studio, bucket: Bucket, blog: FakeBlog) -> None:
    """Every object is what it would be if it were made now, none is missing, none is left over; likewise posts."""
    check_posts(studio, check_objects(studio, bucket), blog)


def check_objects(studio: Studio, bucket: Bucket) -> Catalogue:
    """The half of it that is in the bucket. Returns the catalogue that it was held against."""
    catalogue = studio.store.load().catalogue
    view = view_of(studio.show, artwork_ref(studio), catalogue, studio.addresses)
    wanted = {thing.key: thing for thing in wanted_objects(studio, view, catalogue)} if catalogue.written else {}
    meant = {key: _sha256(thing, wanted, bucket) for key, thing in wanted.items()}
    found = {stored.key: _hash_of(bucket, stored.key) for stored in bucket.keys("public/")}
    found |= {key: _hash_of(bucket, key) for key in meant if not key.startswith("public/")}
    wrong = sorted(key for key in meant if found.get(key) != meant[key])
    assert not wrong, f"missing or stale: {wrong}"
    left = sorted(key for key in found.keys() - meant.keys() if not _may_stay(key, catalogue))
    assert not left, f"left over: {left}"
    _check_receipts(catalogue, found)
    return catalogue


def check_posts(studio: Studio, catalogue: Catalogue, blog: FakeBlog) -> None:
    """One live post of every live piece, as its receipt says, and no other."""
    view = view_of(studio.show, artwork_ref(studio), catalogue, studio.addresses)
    live = {kept.ref: kept for kept in blog.kept.values() if kept.state == "live"}
    for wanted in wanted_posts(studio, view, catalogue) if catalogue.written else ():
        record = catalogue.posts[wanted.record]
        if wanted.is_withdrawn:
            assert record.ref not in live, f"{wanted.title} is still live on the blog"
            continue
        post = wanted.render(_parts(wanted.needs, {}, studio.bucket))
        kept = live.pop(record.ref, None)
        assert kept is not None, f"no post of {wanted.title}"
        assert kept.post == post, f"the post of {wanted.title} is stale"
        standing = blog.find(post)
        assert standing is not None
        assert standing.digest == record.content_digest, f"the receipt of {wanted.title} is not of what stands there"
    assert not live, f"live posts of nothing: {[kept.title for kept in live.values()]}"


def _check_receipts(catalogue: Catalogue, found: Mapping[str, str]) -> None:
    for key, receipt in catalogue.receipts.every().items():
        assert found.get(key) == receipt.sha256, f"the receipt of {key} is not of what stands there"


def _may_stay(key: str, catalogue: Catalogue) -> bool:
    """Audio and pictures of live pieces that were replaced: an app that read the last feed may still want them."""
    slugs = {entry.slug for entry in catalogue.live} | {article.slug for article in catalogue.articles}
    return key.startswith(MEDIA) and key.rpartition("/")[2].partition(".")[0] in slugs | {"artwork"}


def _sha256(thing: Wanted, wanted: Mapping[str, Wanted], bucket: Bucket) -> str:
    match thing:
        case WantedCopy(source=source):
            return source.sha256
        case WantedObject():
            return hashlib.sha256(_body(thing, wanted, bucket)).hexdigest()


def _body(thing: WantedObject, wanted: Mapping[str, Wanted], bucket: Bucket) -> bytes:
    name = (thing.key, thing.inputs)
    if name not in _rendered:
        _rendered[name] = thing.render(_parts(thing.needs, wanted, bucket))
    return _rendered[name]


def _parts(needs: tuple[str, ...], wanted: Mapping[str, Wanted], bucket: Bucket) -> dict[str, bytes]:
    return {key: _part(wanted.get(key), wanted, bucket, lambda key=key: _fetched(bucket, key)) for key in needs}


def _part(thing: Wanted | None, wanted: Mapping[str, Wanted], bucket: Bucket, otherwise: Callable[[], bytes]) -> bytes:
    return _body(thing, wanted, bucket) if isinstance(thing, WantedObject) else otherwise()


def _fetched(bucket: Bucket, key: str) -> bytes:
    found = bucket.fetch(key)
    assert found is not None, f"{key} is missing"
    return found[0]


def _hash_of(bucket: Bucket, key: str) -> str:
    stored = bucket.head(key)
    return stored.sha256 if stored else ""
