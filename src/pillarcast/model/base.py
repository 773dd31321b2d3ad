"""What every value of the model is: frozen, strict about unknown keys, with a digest of its content."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import UTC
from json.encoder import encode_basestring
from operator import methodcaller
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class Value(BaseModel):
    """An immutable value; two with equal content are equal and have the same digest."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


class FileRef(Value):
    """One file in the bucket, named by the hash of its bytes."""

    key: str
    sha256: str
    length_bytes: int
    media_type: str
    name: str = ""


def digest(*parts: object) -> str:
    """SHA-256 (32 hex digits) over the JSON of all parts: equal content, equal digest, on any machine."""
    return hashlib.sha256(b"\x00".join([*map(_canonical, parts), b""])).hexdigest()[:32]


def _canonical(part: object) -> bytes:
    if isinstance(part, bytes):
        return part
    if isinstance(part, BaseModel):
        return part.model_dump_json().encode()
    # Of words, what `_encoded` says, at a fifth of its time: they are most of what is digested.
    if isinstance(part, str):
        return encode_basestring(part).encode()
    if isinstance(part, tuple) and all(isinstance(word, str) for word in part):
        return f"[{', '.join(map(encode_basestring, part))}]".encode()
    return _encoded(part).encode()


def _plain(part: object) -> Any:
    if isinstance(part, BaseModel):
        return part.model_dump(mode="json")
    return str(part)


_encoded = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=_plain).encode


# XML 1.0 section 2.2: what no document may hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _is_clean(text: str) -> str:
    bad = _UNFIT.search(text)
    if bad:
        raise ValueError(f"holds the control character U+{ord(bad[0]):04X}, which no feed may carry; delete it")
    return text


def cleaned(text: str) -> str:
    """`text` without the characters that no XML document may hold."""
    return _UNFIT.sub("", text)


def _is_open(address: str) -> str:
    """A password in it would stand in the feed, on pages, in messages and in the repository."""
    scheme, _, rest = address.partition("://")
    login, at, _ = re.split("[/?#]", rest, maxsplit=1)[0].rpartition("@")
    if at and (scheme.lower() in ("http", "https") or ":" in login):
        raise PydanticCustomError("login_in_address", "there is a user name or a password in this address; take it out")
    return address


OpenAddress = Annotated[str, AfterValidator(_is_clean), AfterValidator(_is_open)]
"""An address that anybody may see: secrets come from the environment."""


def composed(name: str) -> str:
    """The name of a file in composed Unicode (NFC): macOS may hand over `ü` as `u` and its dots, keyboards do not."""
    return unicodedata.normalize("NFC", name)


FileName = Annotated[str, AfterValidator(composed)]
"""What an earlier version kept decomposed is read composed, and so is known as the same."""
CleanText = Annotated[str, AfterValidator(_is_clean)]
Instant = Annotated[AwareDatetime, AfterValidator(methodcaller("astimezone", UTC))]
"""A moment, always in UTC: equal moments have equal digests, whatever zone they were written in."""
