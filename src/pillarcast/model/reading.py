"""Reading what people write by hand: every problem at once, each with the nearest name that we know."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pillarcast.errors import Problem, SettingsError, Several

ValueT = TypeVar("ValueT", bound=BaseModel)
_MOST_PROBLEMS = 20
"""Nobody reads more at once."""


def read_toml(path: Path) -> dict[str, Any]:
    """SettingsError for what is no TOML file. The mark that editors on Windows put before a text is no fault."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(str(path), "there is no such file", "Run `pillarcast init` to make one.") from None
    except IsADirectoryError:
        raise SettingsError(str(path), "is a folder", "Name one show's file there, with --show.") from None
    except OSError as error:
        raise SettingsError(str(path), f"cannot be read ({error.strerror})", "Look at its place and rights.") from None
    except UnicodeDecodeError:
        raise SettingsError(path.name, "is not UTF-8 text", "Save it again as UTF-8.") from None
    except (ValueError, RecursionError) as error:  # tomllib's own errors are ValueErrors, and so are endless numbers
        is_open = r"Illegal character '\n'" in str(error)
        mend = "A quotation mark is missing at the end of that line." if is_open else "Mend that line."
        raise SettingsError(path.name, f"cannot be read ({error})", mend) from None


def read_value(kind: type[ValueT], written: Mapping[str, Any], subject: str) -> ValueT:
    """`written` as a `kind`. Several, with one problem for each thing that is wrong in it."""
    try:
        return kind.model_validate(written)
    except ValidationError as error:
        wrong = error.errors()
        problems = [_problem(kind, details, subject) for details in wrong[:_MOST_PROBLEMS]]
        if len(wrong) > _MOST_PROBLEMS:
            problems.append(Problem(subject, f"{len(wrong) - _MOST_PROBLEMS} more things are wrong in it", ""))
        raise Several(problems) from None


def _problem(kind: type[BaseModel], details: ErrorDetails, subject: str) -> Problem:
    where = ".".join(str(step) for step in details["loc"])
    if details["type"] == "extra_forbidden":
        return _unknown_key(kind, details, subject)
    if details["type"] == "missing":
        sign = " =" if subject.endswith(".toml") else ":"
        return Problem(subject, f"`{where}` is missing", f"Add a line `{details['loc'][-1]}{sign} …`.")
    if details["type"] == "login_in_address":  # what was given is not repeated
        return Problem(subject, f"`{where}`: {details['msg']}", "Secrets come from the environment.")
    said = details["msg"].removeprefix("Value error, ").rstrip(".")
    given = f" (it is {details['input']!r:.60})" if "!r" not in said and repr(details["input"]) not in said else ""
    return Problem(subject, f"`{where}`: {said[0].lower()}{said[1:]}{given}", "Mend that line.")


def _unknown_key(kind: type[BaseModel], details: ErrorDetails, subject: str) -> Problem:
    *path, key = details["loc"]
    known = sorted(_names_at(kind, path))
    near = get_close_matches(str(key), known, n=1, cutoff=0.5)
    mend = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(known)}."
    return Problem(subject, f"`{'.'.join(map(str, details['loc']))}` is no name that we know", mend)


def _names_at(kind: type[BaseModel], path: list[int | str]) -> Iterator[str]:
    model = kind
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = next(_models_in(model.model_fields[step].annotation), model)
    for name, field in model.model_fields.items():
        yield field.alias or name


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
