"""Whether a store keeps the conditions of a write: tried out, because some answer 200 and ignore them."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from pillarcast.adapters.s3_errors import translated
from pillarcast.adapters.s3_put import put_object
from pillarcast.adapters.s3_store import Store
from pillarcast.errors import Conflict, PillarcastError, Unsupported
from pillarcast.ports import Absent, ObjectMeta, Unchanged

_META = ObjectMeta("text/plain", "no-store", "")
_NO_ETAG = "0" * 32


def compares_and_swaps(store: Store) -> bool:
    """True where both conditions refuse what they must: four requests below `private/probe/`, cleaned up."""
    key = f"private/probe/{uuid4().hex}"
    try:
        put_object(store, key, b"first", _META, Absent())
        return _is_refused(store, key, Absent()) and _is_refused(store, key, Unchanged(_NO_ETAG))
    except Unsupported:
        return False
    finally:
        with suppress(PillarcastError), translated(store.named(key)):
            store.client.delete_object(**store.at(key))


def _is_refused(store: Store, key: str, condition: Absent | Unchanged) -> bool:
    try:
        put_object(store, key, b"second", _META, condition)
    except Conflict:
        return True
    return False
