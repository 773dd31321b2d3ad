"""The digest of anything is that of its JSON, by whichever way it is made: receipts of years hang on it."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from pillarcast.model.base import digest

WORDS = st.text(st.characters(exclude_categories=("Cs",)))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(WORDS, inner),
    max_leaves=8,
)


@given(st.lists(PLAIN, max_size=5))
def test_a_digest_is_that_of_the_json(parts: list[object]) -> None:
    said = b"".join(json.dumps(part, sort_keys=True, ensure_ascii=False).encode() + b"\x00" for part in parts)
    assert digest(*parts) == hashlib.sha256(said).hexdigest()[:32]
