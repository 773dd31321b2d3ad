"""An imported show as the text of a show.toml, for its owner to read and to change."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from pillarcast.model.imported import ImportedShow

_HEAD = """\
# Made from the feed that was imported. Look at each line once; every key stands in docs/settings.md.
"""


def show_toml(imported: ImportedShow) -> str:
    """Everything that the feed said of the show; what it did not say keeps its default and is not written."""
    about = imported.about.model_dump(mode="json", exclude={"people"}, exclude_defaults=True)
    feed = imported.feed.model_dump(mode="json", exclude_defaults=True)
    people = [person.model_dump(mode="json", exclude_defaults=True) for person in imported.about.people]
    blocks = [
        _HEAD,
        _table("show", {**about, "artwork": "artwork.jpg"}),
        *(_table("[show.people]", {"name": person["name"], **person}) for person in people),
        _table("schedule", {"every": f"{imported.weekday} 06:00"}, "# When new episodes air; the zone is your own."),
        _table("feed", feed) if feed else "",
    ]
    return "\n".join(block for block in blocks if block)


def _table(name: str, values: dict[str, Any], comment: str = "") -> str:
    lines = [comment, f"[{name}]", *(f"{key} = {toml_value(value)}" for key, value in values.items())]
    return "\n".join(line for line in lines if line) + "\n"


def toml_value(value: Any) -> str:
    """A value as TOML 1.0 on one line: strings, numbers, booleans, arrays, inline tables."""
    match value:
        case BaseModel():
            return toml_value(value.model_dump(mode="json", exclude_defaults=True))
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        case list() | tuple():
            return f"[{', '.join(toml_value(one) for one in value)}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {toml_value(one)}' for key, one in value.items() if one is not None)} }}"
        case _:
            return str(value)
