"""A plan in words: what each action does, to what, and where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from pillarcast.errors import masked
from pillarcast.model.plan import Action, Air, CopyPublic, Postpone, RemoveObject, TagAnew, WriteObject, WritePost

UNKNOWN_YET = "named once it is tagged"


def in_words(action: Action, when: Callable[[datetime], str]) -> tuple[str, str, str]:
    """What, of what, where or when; the same on the screen and in the UI."""
    match action:
        case Air(title=title, published_at=moment):
            return ("on air", f"“{title}”", when(moment))
        case Postpone(title=title, slot=moment) | TagAnew(title=title, airs_at=moment):
            return ("postpone" if isinstance(action, Postpone) else "tag anew", f"“{title}”", when(moment))
        case CopyPublic(wanted=copy, is_tagged_first=is_tagged_first):
            return ("make public", copy.title or copy.file_name, UNKNOWN_YET if is_tagged_first else copy.key)
        case WriteObject(wanted=wanted, is_new=is_new):
            return ("write" if is_new else "rewrite", wanted.title or wanted.key.rpartition("/")[2], masked(wanted.key))
        case WritePost(wanted=post, is_new=is_new):
            verb = "withdraw" if post.is_withdrawn else "post" if is_new else "edit post"
            return (verb, f"“{post.title}”", post.blog)
        case RemoveObject(key=key):
            return ("remove", "", masked(key))
    assert_never(action)
