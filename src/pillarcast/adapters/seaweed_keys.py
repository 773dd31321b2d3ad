"""The two identities of the embedded server: secrets are made once, and only their owner can read the file."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

ADMIN, PUBLISHER = "admin", "publisher"
_PUBLISHER_ACTIONS = ("Read", "Write", "List", "Tagging")


def make_keys(path: Path, bucket: str) -> None:
    """Writes the file that the server reads, unless it stands. There is no `anonymous` identity: with one, everybody
    could read the policy and the uploads of the bucket."""
    identities = [
        _identity(ADMIN, ("Admin", *_PUBLISHER_ACTIONS)),
        _identity(PUBLISHER, tuple(f"{action}:{bucket}" for action in _PUBLISHER_ACTIONS)),
    ]
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"identities": identities}, file, indent=1)


def read_keys(path: Path, name: str) -> tuple[str, str]:
    """Access key and secret key of one identity."""
    for identity in json.loads(path.read_text())["identities"]:
        if identity["name"] == name:
            [pair] = identity["credentials"]
            return pair["accessKey"], pair["secretKey"]
    raise KeyError(name)


def _identity(name: str, actions: tuple[str, ...]) -> dict[str, Any]:
    pair = {"accessKey": f"{name}{secrets.token_hex(8)}", "secretKey": secrets.token_urlsafe(32)}
    return {"name": name, "credentials": [pair], "actions": list(actions)}
