"""The catalogue as bytes, and back."""

from __future__ import annotations

import gzip
import zlib

from pydantic import ValidationError

from pillarcast.errors import PillarcastError
from pillarcast.model.addresses import CATALOGUE
from pillarcast.model.catalogue import Catalogue
from pillarcast.pipeline.uncollected import uncollected

_MOST_BYTES = 256_000_000


def packed(catalogue: Catalogue) -> bytes:
    """Equal catalogues, equal bytes."""
    return gzip.compress(catalogue.model_dump_json(exclude_defaults=True).encode(), compresslevel=1, mtime=0)


def unpacked(body: bytes) -> Catalogue:
    """PillarcastError for what is no catalogue."""
    try:
        with uncollected():
            return Catalogue.model_validate_json(_inflated(body))
    except (ValidationError, OSError, EOFError, zlib.error, ValueError) as error:
        said = str(error).splitlines()[0]
        mend = "Run `pillarcast doctor` to bring back an earlier version. Nothing was changed."
        raise PillarcastError(CATALOGUE, f"cannot be read ({said})", mend) from error


def _inflated(body: bytes) -> bytes:
    """No more than any show can have: a few bytes may stand for gigabytes."""
    inflater = zlib.decompressobj(wbits=31)
    text = inflater.decompress(body, _MOST_BYTES)
    if inflater.unconsumed_tail:
        raise ValueError(f"it is larger than {_MOST_BYTES} bytes")
    if not inflater.eof:
        raise EOFError("it is cut off")
    return text
