"""The catalogue as bytes, and back."""

from __future__ import annotations

import gzip
import zlib

from pydantic import ValidationError

from pillarcast.errors import PillarcastError, Unsupported
from pillarcast.model.addresses import CATALOGUE
from pillarcast.model.catalogue import Catalogue
from pillarcast.pipeline.uncollected import uncollected

_MOST_BYTES = 256_000_000


def packed(catalogue: Catalogue) -> bytes:
    """Equal catalogues, equal bytes."""
    return gzip.compress(catalogue.model_dump_json(exclude_defaults=True).encode(), compresslevel=1, mtime=0)


def unpacked(body: bytes) -> Catalogue:
    """PillarcastError for what is no catalogue; Unsupported for that of a later version of ours."""
    try:
        with uncollected():
            return Catalogue.model_validate_json(_inflated(body))
    except ValidationError as error:
        if unknown := _unknown_words(error):
            what = f"was written by a newer pillarcast, which knows {', '.join(sorted(unknown))}"
            raise Unsupported(CATALOGUE, what, "Upgrade pillarcast on this machine. Nothing was changed.") from error
        raise _unreadable(error) from error
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise _unreadable(error) from error


def _unknown_words(error: ValidationError) -> set[str]:
    """What the catalogue says and we do not know, where that is all that is wrong with it."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    names = {str(fault["loc"][-1]) for fault in faults}
    return names if all(fault["type"] == "extra_forbidden" for fault in faults) else set()


def _unreadable(error: Exception) -> PillarcastError:
    said = str(error).splitlines()[0]
    mend = "Run `pillarcast doctor` to bring back an earlier version. Nothing was changed."
    return PillarcastError(CATALOGUE, f"cannot be read ({said})", mend)


def _inflated(body: bytes) -> bytes:
    """No more than any show can have: a few bytes may stand for gigabytes."""
    inflater = zlib.decompressobj(wbits=31)
    text = inflater.decompress(body, _MOST_BYTES)
    if inflater.unconsumed_tail:
        raise ValueError(f"it is larger than {_MOST_BYTES} bytes")
    if not inflater.eof:
        raise EOFError("it is cut off")
    return text
