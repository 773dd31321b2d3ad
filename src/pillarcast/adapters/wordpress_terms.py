"""Tags, categories and authors of a WordPress, by name; made when they are missing and the role allows it."""

from __future__ import annotations

from html import escape, unescape

from pillarcast.adapters.wordpress_api import Json, WordPressApi
from pillarcast.errors import SettingsError

TAGS, CATEGORIES = "wp/v2/tags", "wp/v2/categories"


def tag_ids(api: WordPressApi, names: tuple[str, ...]) -> list[int]:
    """An author may make tags."""
    return [term_id(api, TAGS, name) or _made(api, TAGS, name) for name in names]


def category_ids(api: WordPressApi, names: tuple[str, ...]) -> list[int]:
    """Categories that the account may not make are left out; `check` warns of them."""
    found = {name: term_id(api, CATEGORIES, name) for name in names}
    missing = [name for name, number in found.items() if not number]
    if missing and may_make_categories(api):
        found |= {name: _made(api, CATEGORIES, name) for name in missing}
    return [number for number in found.values() if number]


def may_make_categories(api: WordPressApi) -> bool:
    """Asked first: a refused attempt looks to a security plugin like a break-in."""
    me: Json = api.get("wp/v2/users/me", context="edit")
    return bool((me.get("capabilities") or {}).get("manage_categories"))


def author_id(api: WordPressApi, name: str) -> int:
    """The number of a user, by the name in the address of its page, or as it is displayed."""
    users: list[Json] = api.get("wp/v2/users", search=name, per_page=100)
    for user in users:
        if name.casefold() in (user["slug"].casefold(), unescape(user["name"]).casefold()):
            return int(user["id"])
    raise SettingsError(api.subject, f"knows no author “{name}”", "Write a name as it stands under Users in WordPress.")


def term_id(api: WordPressApi, taxonomy: str, name: str) -> int:
    """0 where there is none."""
    terms: list[Json] = api.get(taxonomy, search=escape(name, quote=False), per_page=100)
    same = [term["id"] for term in terms if unescape(term["name"]).casefold() == name.casefold()]
    return min(same, default=0)


def _made(api: WordPressApi, taxonomy: str, name: str) -> int:
    answer = api.http.write("POST", api.root + taxonomy, json={"name": name})
    body = answer.json()
    if answer.status == 400 and body.get("code") == "term_exists":
        return int(body["data"]["term_id"])
    if answer.status >= 300:
        raise api.http.refused(answer, f"does not make “{name}”")
    return int(body["id"])
