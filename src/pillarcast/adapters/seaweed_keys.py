"""The two identities of the embedded server: secrets are made once, and only their owner can read the file."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

ADMIN, PUBLISHER = "admin", "publisher"
_PUBLISHER_ACTIONS = ("Read", "Write", "List", "Tagging")


def make_keys(path: Path, bucket: str) -> None:
    """Writes the file that the server reads, unless it stands. There is no `anonymous` identity: with one, everybody
    could read the policy and the uploads of the bucket.

    One that a full disk or a power cut left unfinished is made anew: nothing else knows its secrets.
    """
    if _is_whole(path):
        return
    identities = [
        _identity(ADMIN, ("Admin", *_PUBLISHER_ACTIONS)),
        _identity(PUBLISHER, tuple(f"{action}:{bucket}" for action in _PUBLISHER_ACTIONS)),
    ]
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"identities": identities}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_keys(path: Path, name: str) -> tuple[str, str]:
    """Access key and secret key of one identity."""
    for identity in json.loads(path.read_text())["identities"]:
        if identity["name"] == name:
            [pair] = identity["credentials"]
            return pair["accessKey"], pair["secretKey"]
    raise KeyError(name)


def _is_whole(path: Path) -> bool:
    try:
        return all(read_keys(path, name) for name in (ADMIN, PUBLISHER))
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return False


def _identity(name: str, actions: tuple[str, ...]) -> dict[str, Any]:
    pair = {"accessKey": f"{name}{secrets.token_hex(8)}", "secretKey": secrets.token_urlsafe(32)}
    return {"name": name, "credentials": [pair], "actions": list(actions)}
