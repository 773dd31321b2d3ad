"""Small objects, written whole and on a condition; an answer that was lost is looked up, not guessed."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any, assert_never
from uuid import uuid4

from pillarcast.adapters.bucket_keys import check_hash, sha256_of
from pillarcast.adapters.s3_errors import StillChanging, translated
from pillarcast.adapters.s3_store import Store, answered_at, bare
from pillarcast.errors import Ambiguous, Conflict, TryAgain
from pillarcast.ports import Absent, Anything, Condition, ObjectMeta, Stored, Unchanged

_PAUSES_S = (0.1, 0.3, 1.0, 3.0)


def put_object(store: Store, key: str, body: bytes, meta: ObjectMeta, condition: Condition) -> Stored:
    """Each call carries a name of its own in the metadata.

    The client repeats a request whose answer was lost; the repetition of a conditional write is then refused because
    of the first. The name tells our own success from somebody else's.
    """
    digest, attempt = sha256_of(body), uuid4().hex
    check_hash(key, meta.sha256, digest)
    request: dict[str, Any] = {
        **store.at(key),
        "Body": body,
        **store.labels(meta, digest, attempt),
        **store.checksum(body, digest),
        **_header(condition),
    }
    try:
        answer = _patiently(store, key, request)
    except (Conflict, Ambiguous):
        own = _written_by(store, key, attempt)
        if own:
            return own
        raise
    return Stored(key, len(body), bare(answer["ETag"]), digest, meta.media_type, answered_at(answer))


def _written_by(store: Store, key: str, attempt: str) -> Stored | None:
    with suppress(TryAgain):
        found = store.find(key)
        return found.stored if found and found.attempt == attempt else None
    return None


def check_condition(store: Store, key: str, condition: Condition) -> None:
    """For stores that ignore conditions; only a single writer may rely on it."""
    found = store.find(key)
    match condition:
        case Anything():
            return
        case Absent():
            is_met = found is None
        case Unchanged(etag=etag):
            is_met = found is not None and found.stored.etag == etag
        case _:
            assert_never(condition)
    if not is_met:
        raise Conflict(store.named(key), "somebody else changed it first", "It is tried again later.")


def _patiently(store: Store, key: str, request: dict[str, Any]) -> Any:
    for pause_s in _PAUSES_S:
        try:
            with translated(store.named(key), is_write=True):
                return store.client.put_object(**request)
        except StillChanging:
            time.sleep(pause_s)
    with translated(store.named(key), is_write=True):
        return store.client.put_object(**request)


def _header(condition: Condition) -> dict[str, str]:
    match condition:
        case Anything():
            return {}
        case Absent():
            return {"IfNoneMatch": "*"}
        case Unchanged(etag=etag):
            return {"IfMatch": f'"{etag}"'}
        case _:
            assert_never(condition)
