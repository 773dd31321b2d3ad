"""What Prefect's server says of runs, for the screen of `up` and for `status`. No import of Prefect."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from pillarcast.adapters.seaweed_holders import is_held
from pillarcast.settings import Settings

NOTE, LOCK = "up.json", "up.lock"
"""In the work folder: where the UI of the `up` is that runs there, and what that `up` holds."""
_ENDED = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]
_UNDER_WAY = ["RUNNING", "PAUSED", "CANCELLING"]
_PATIENCE_S = 5

Run = dict[str, Any]


class UpSettings(BaseSettings):
    """`PILLARCAST_UI_PASSWORD`: who has no such password can neither see nor start runs; the user is `pillarcast`."""

    model_config = SettingsConfigDict(env_prefix="PILLARCAST_", extra="ignore")

    ui_password: SecretStr = SecretStr("")

    @property
    def login(self) -> str:
        """Empty without a password."""
        password = self.ui_password.get_secret_value()
        return f"pillarcast:{password}" if password else ""


@dataclass(frozen=True)
class Runs:
    """`ui` is the server's address, `login` its `user:password` or empty. None is the answer of one that is away."""

    ui: str
    login: str = field(default="", repr=False)

    def under_way(self, limit: int) -> list[Run] | None:
        """The newest first; a run that waits for approval is one of them."""
        return self._found("START_TIME_DESC", limit, _UNDER_WAY)

    def ended(self, limit: int) -> list[Run] | None:
        """Those that had begun, the last to end first."""
        return self._found("END_TIME_DESC", limit, _ENDED)

    def waiting(self, key: str) -> Iterator[str]:
        """What waits for a person's yes in the show that goes by `key`."""
        for run in self._found("START_TIME_DESC", 200, ["PAUSED"], [key]) or ():
            yield f"{run['name']} {self.where_to_press(run)}"

    def where_to_press(self, run: Run) -> str:
        return f"waits for your yes: open {self.ui}/v2/runs/flow-run/{run['id']} and press Resume, behind ⋮ at the top"

    def _found(self, sort: str, limit: int, types: list[str], tags: list[str] | None = None) -> list[Run] | None:
        wanted: dict[str, Any] = {"start_time": {"is_null_": False}, "state": {"type": {"any_": types}}}
        if tags:
            wanted["tags"] = {"all_": tags}
        headers = {"Content-Type": "application/json"}
        if self.login:
            headers["Authorization"] = "Basic " + b64encode(self.login.encode()).decode()
        body = json.dumps({"sort": sort, "limit": limit, "flow_runs": wanted}).encode()
        request = urllib.request.Request(f"{self.ui}/api/flow_runs/filter", body, headers)  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
                found: list[Run] = json.load(answer)
        except (urllib.error.URLError, OSError, ValueError):
            return None
        return found


def runs_of(settings: Settings) -> Runs | None:
    """Of the server that the environment names, else of the `up` that runs here; None where there is neither."""
    api = os.environ.get("PREFECT_API_URL", "")
    if api:
        return Runs(api.rstrip("/").removesuffix("/api"), os.environ.get("PREFECT_API_AUTH_STRING", ""))
    for home in (settings.work, Path(settings.work_dir).resolve()):
        if not is_held(home / LOCK):  # a note outlives an `up` that was killed
            continue
        try:
            return Runs(str(json.loads((home / NOTE).read_text("utf-8"))["ui"]), UpSettings().login)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None
