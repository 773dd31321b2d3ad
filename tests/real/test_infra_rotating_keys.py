"""Keys and passwords rotated as the runbook says: new one first, old one last, and what is gone is said plainly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from pillarcast.adapters.seaweed import SeaweedServer
from pillarcast.adapters.seaweed_keys import PUBLISHER
from tests.prefect_support.server import PrefectServer
from tests.prefect_support.up import up
from tests.show_support.place import Place, s3_table

pytestmark = [pytest.mark.real, pytest.mark.s3]
NEW = ("publisher0123456789abcdef", "a-new-secret-of-the-publisher")


def test_a_second_key_takes_over_and_the_first_goes(tmp_path: Path) -> None:
    with SeaweedServer(tmp_path / "s3", s3_port=0) as server:
        old = (server.place.access_key, server.place.secret_key)
        place = Place(tmp_path / "show", s3_table(server.place, server.public_url))
        assert pillarcast(place, old, "bucket", "setup")[0] in (0, 4)
        assert pillarcast(place, old, "check")[0] == 0

    keys = tmp_path / "s3" / "s3.json"
    give(keys, NEW, is_besides=True)
    with SeaweedServer(tmp_path / "s3", s3_port=server_port(server)):
        assert [pillarcast(place, pair, "check")[0] for pair in (old, NEW)] == [0, 0]

    give(keys, NEW, is_besides=False)
    gone = (old[0][:-4] + "gone", old[1])  # this server remembers keys that it had once
    with SeaweedServer(tmp_path / "s3", s3_port=server_port(server)):
        assert pillarcast(place, NEW, "check")[0] == 0
        code, said = pillarcast(place, gone, "check")
    assert code == 4, said
    assert "does not know the access key" in said
    assert "Traceback" not in said
    assert old[1] not in said


@pytest.mark.timeout(600)
def test_another_password_of_the_ui_takes_over_with_the_next_up(tmp_path: Path) -> None:
    place = Place(tmp_path / "show")
    place.drop("041-rotated")
    with up(place.root, PILLARCAST_UI_PASSWORD="the first password") as running:
        (run,) = running.server.wait_for_end("ingest")
        old = running.server.login
    with up(place.root, PILLARCAST_UI_PASSWORD="the second password") as running:
        assert [one["id"] for one in running.server.runs("ingest")] == [run["id"]]
        with pytest.raises(requests.HTTPError, match="401"):
            PrefectServer(running.server.port, {}, old).runs()


def give(keys: Path, pair: tuple[str, str], *, is_besides: bool) -> None:
    """Another key for who publishes: besides the one there is, or instead of it."""
    known = json.loads(keys.read_text("utf-8"))
    credential = {"accessKey": pair[0], "secretKey": pair[1]}
    (publisher,) = (identity for identity in known["identities"] if identity["name"] == PUBLISHER)
    publisher["credentials"] = [credential]
    others = json.loads(keys.read_text("utf-8"))["identities"]
    before = [{**one, "name": "before"} for one in others if is_besides and one["name"] == PUBLISHER]
    keys.write_text(json.dumps({"identities": [*known["identities"], *before]}), "utf-8")


def server_port(server: SeaweedServer) -> int:
    return int(server.place.endpoint.rpartition(":")[2])


def pillarcast(place: Place, pair: tuple[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code, and what was said."""
    mine = {"PILLARCAST_ACCESS_KEY": pair[0], "PILLARCAST_SECRET_KEY": pair[1]}
    command = [sys.executable, "-m", "pillarcast.cli", *arguments]
    done = subprocess.run(
        command, cwd=place.root, env=os.environ | mine, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr
