"""Would a post get through? Reachable, credentials, role, categories and clock of a WordPress, each with its mend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pillarcast.adapters.wordpress_api import Json, WordPressApi
from pillarcast.adapters.wordpress_terms import CATEGORIES, term_id
from pillarcast.errors import Problem
from pillarcast.model.show import BlogTarget

_LARGEST_LAG_S = 60
_ROLE = "Give the account the role Author, or a higher one, under Users in WordPress."
# What the account must be allowed to do: a capability of WordPress, and what fails without it.
_NEEDED = {
    "edit_posts": "may not write posts",
    "publish_posts": "may not publish posts",
    "upload_files": "may not upload pictures",
}


def problems(api: WordPressApi, target: BlogTarget) -> Iterator[Problem]:
    """Nothing is written. What hides all other problems is raised."""
    _, front = api.front()
    if front.get("authentication") == []:
        yield _no_passwords(api)
        return
    me: Json = api.get("wp/v2/users/me", context="edit")
    yield from _about_account(api, target, me.get("capabilities") or {})
    yield from _about_clock(api)


def _about_account(api: WordPressApi, target: BlogTarget, may: Json) -> Iterator[Problem]:
    for capability, what in _NEEDED.items():
        if not may.get(capability):
            yield Problem(api.subject, f"the account {target.user} {what}", _ROLE)
    if target.author and not may.get("edit_others_posts"):
        what = f"the account {target.user} may not write in the name of {target.author}"
        yield Problem(api.subject, what, "Give it the role Editor, or leave `author` out.")
    for name in target.category if not may.get("manage_categories") else ():
        if not term_id(api, CATEGORIES, name):
            what = f"the category “{name}” does not exist, and {target.user} may not make it"
            mend = "Make it under Posts > Categories; until then it is left out."
            yield Problem(api.subject, what, mend, is_warning=True)


def _about_clock(api: WordPressApi) -> Iterator[Problem]:
    said = api.http.get(api.root).headers.get("Date")
    lag_s = (datetime.now(UTC) - parsedate_to_datetime(said)).total_seconds() if said else 0
    if lag_s > _LARGEST_LAG_S:
        what = f"its clock is {lag_s:.0f} s behind, so that it takes a post of now for one of the future"
        yield Problem(api.subject, what, "Have the server's clock set right.")


def _no_passwords(api: WordPressApi) -> Problem:
    mend = "They need https; some security plugins switch them off as well."
    return Problem(api.subject, "has application passwords switched off", mend)
