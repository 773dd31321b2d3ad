"""Writes the tables of docs/settings.md, docs/commands.md and docs/errors.md from the code, so that they cannot lie.

`docs_tables.py` writes them; `docs_tables.py --check` fails where they differ from the code.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from pillarcast import errors
from pillarcast.cli.commands import COMMANDS, Argument, parser
from pillarcast.model.notes import FrontMatter, WrittenChapter
from pillarcast.model.show import Show
from pillarcast.settings import Settings

DOCS = Path(__file__).parent.parent / "docs"
MARK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def show_tables() -> Iterator[str]:
    """A table for each table of show.toml; lists of tables are written `[[name]]`."""
    for name, field in Show.model_fields.items():
        model = next(_models_in(field.annotation), None)
        if model is None:
            continue
        is_list = "tuple" in str(field.annotation)
        yield f"### `{'[[' if is_list else '['}{name}{']]' if is_list else ']'}`\n"
        said = (model.__doc__ or "").strip().partition(": ")[2].partition("\n")[0]
        yield f"{said[:1].upper()}{said[1:]}\n"
        yield from field_table(model)
        yield ""


def environment_table() -> Iterator[str]:
    yield "| Variable | Default | What it does |"
    yield "|---|---|---|"
    for name, field in Settings.model_fields.items():
        yield f"| `PILLARCAST_{name.upper()}` | {_default(field)} | {field.description} |"


def front_matter_table() -> Iterator[str]:
    yield from field_table(FrontMatter)
    yield "\nEach chapter:\n"
    yield from field_table(WrittenChapter)


def field_table(model: type[BaseModel]) -> Iterator[str]:
    yield "| Name | Default | What it says |"
    yield "|---|---|---|"
    inherited = {name for base in model.__mro__[1:] for name in getattr(base, "model_fields", {})}
    for name, field in sorted(model.model_fields.items(), key=lambda named: named[0] in inherited):
        said = f"{field.description or ''}{_choices(field)}".replace("|", "\\|")
        yield f"| `{field.alias or name}` | {_default(field)} | {said} |"


def _choices(field: FieldInfo) -> str:
    """What may stand there, where it is one of a few words that the description does not name."""
    words = list(dict.fromkeys(_words_in(field.annotation)))
    if len(words) < 2 or all(word in (field.description or "") for word in words):
        return ""
    return f" One of {', '.join(f'`{word}`' for word in words)}."


def _words_in(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from (str(word) for word in get_args(annotation))
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(member.value) for member in annotation)
    else:
        for inner in get_args(annotation):
            yield from _words_in(inner)


def commands_table() -> Iterator[str]:
    yield "| Command | What it does |"
    yield "|---|---|"
    for command in COMMANDS:
        yield f"| `pillarcast {command.name}` | {command.help} |"
    yield ""
    for command in COMMANDS:
        yield f"### `pillarcast {command.name}`\n"
        yield f"{command.help[0].upper()}{command.help[1:]}.\n"
        for given in command.arguments:
            yield f"- `{' '.join((*given.names, given.options.get('metavar') or ''))}".rstrip() + f"`: {_said(given)}"
        yield ""


def _said(given: Argument) -> str:
    choices = given.options.get("choices") or ()
    said = given.options.get("help", "")
    return f"{said} ({', '.join(f'`{choice}`' for choice in choices)})" if choices else said


def errors_table() -> Iterator[str]:
    yield "| Error | Exit code | When |"
    yield "|---|---|---|"
    for error, said in _errors():
        yield f"| `{error.__name__}` | {error.exit_code} | {said} |"


def _errors() -> Iterator[tuple[type[errors.PillarcastError], str]]:
    tree = dict(re.findall(r"[├└]── (\w+) +(?:\d+  )?(\S.*)", errors.__doc__ or ""))
    for name in ("PillarcastError", *tree):
        yield getattr(errors, name), tree.get(name, "a fault of ours; please report it")


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "required"
    shown: Any = field.default
    shown = getattr(shown, "value", shown)
    if hasattr(shown, "get_secret_value") or shown in ("", (), None):
        return "–"
    if isinstance(shown, tuple):
        shown = ", ".join(str(one) for one in shown)
    return f"`{str(shown).lower() if isinstance(shown, bool) else shown}`"


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "show": show_tables,
    "environment": environment_table,
    "front_matter": front_matter_table,
    "commands": commands_table,
    "errors": errors_table,
}


def filled(text: str) -> str:
    """`text` with every marked table as the code has it."""
    return MARK.sub(lambda match: f"{match[1]}{chr(10).join(TABLES[match[2]]()).rstrip()}\n{match[3]}", text)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true")
    is_check = arguments.parse_args().check
    parser()  # a command that cannot be parsed has no place in the docs
    stale = [path for path in sorted(DOCS.rglob("*.md")) if filled(path.read_text("utf-8")) != path.read_text("utf-8")]
    for path in stale:
        if is_check:
            print(f"{path.relative_to(DOCS.parent)} differs from the code; run scripts/docs_tables.py")
        else:
            path.write_text(filled(path.read_text("utf-8")), "utf-8")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
