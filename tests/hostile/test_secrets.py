"""No secret comes out again: not in words, logs, tracebacks, plans, the catalogue, the bucket, or Prefect's database.

The secrets are planted in the environment; the blogs, the hub and the webhook repeat whatever they were sent.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from flows.ingest import ingest
from flows.orders import IngestOrder, PublishOrder, VerifyOrder
from flows.publish import publish
from flows.verify import verify
from tests.hostile import planted
from tests.hostile.planted import Search
from tests.hostile.servers import Request, Server, serving
from tests.prefect_support.running import run
from tests.prefect_support.server import PrefectServer, server_of_this_process
from tests.show_support.place import Place

pytestmark = [pytest.mark.s3, pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]
STATUSES = (200, 401, 400, 500)
COMMANDS = (
    "ingest --json", "plan --json", "check --json", "publish --json", "publish 41", "status --json", "doctor --json",
    "verify --json", "queue", "restore", "lint --json", "bucket setup",
)  # fmt: skip
API = ("flow_runs", "task_runs", "logs", "artifacts", "block_documents", "variables", "events", "deployments", "flows")


@dataclass
class Scene:
    """A show whose whole outside repeats what it is sent; `search` knows every secret of it."""

    show: Place
    outside: Server
    search: Search


def repeat(request: Request) -> None:
    """Answers now this, now that, always with everything that it was sent, and with its own address as a redirect."""
    house = request.server.house
    status = STATUSES[len(house.seen) % len(STATUSES)]
    said = f"You sent {request.headers.get('Authorization')} {request.path} {dict(request.headers)}"
    body = json.dumps({"message": said, "code": "echo", "errors": [{"message": said, "context": said}]}).encode()
    request.head(status, Content_Length=str(len(body)), Content_Type="application/json", X_Said=said[:900])
    request.give(body)


@pytest.fixture
def scene(s3_place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with serving(repeat) as outside:
        port = outside.url.rpartition(":")[2]
        hook = f"json://127.0.0.1:{port}/{planted.WEBHOOK_PATH}"
        mail = f"mailto://ada:{planted.SMTP_PASSWORD}@127.0.0.1:{port}?from=a@example.org&to=b@example.org"
        secrets = {"PILLARCAST_NOTIFY_URLS": f"{hook} {mail}", "PILLARCAST_SETTLE_S": "0", **planted.ENVIRONMENT}
        for name, secret in secrets.items():
            monkeypatch.setenv(name, secret)
        for name in ("HTTPS_PROXY", "https_proxy"):  # who is not on this machine is not to be asked
            monkeypatch.setenv(name, outside.url)
        monkeypatch.setenv("PILLARCAST_SHOW", str(s3_place.root / "show.toml"))
        s3_place.more = (
            "".join(
                f'[[blog]]\nname = "{name}"\nkind = "{kind}"\nurl = "{outside.url}"\nuser = "{planted.USER}"\n'
                for name, kind in (("press", "wordpress"), ("spirit", "ghost"), ("indie", "micropub"))
            )
            + f'[feed]\nhubs = ["{outside.url}/hub"]\n[notify]\non = ["success", "warning", "refusal", "failure"]\n'
        )
        s3_place.write_show()
        s3_place.drop("041-social-media", "---\ntitle: Social media\nsummary: Ten people.\n---\n\nNotes.\n")
        everything = {
            **planted.ENVIRONMENT,
            "SMTP": planted.SMTP_PASSWORD,
            "webhook": planted.WEBHOOK_PATH,
            "login of WordPress": f"{planted.USER}:{planted.WORDPRESS_PASSWORD}",
            "secret of Ghost": planted.GHOST_KEY.partition(":")[2],
            "secret key": os.environ["PILLARCAST_SECRET_KEY"],
            "wrong secret key": planted.S3_KEY,
        }
        yield Scene(s3_place, outside, Search(everything))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    with server_of_this_process(tmp_path_factory.mktemp("prefect")) as running:
        yield running


def look_at_what_stays(scene: Scene) -> None:
    """The folder of the show, and every object of its bucket with its key."""
    scene.search.look_in(scene.show.root)
    with scene.show.opened() as house:
        bucket = house.studio.bucket
        for stored in bucket.keys(""):
            fetched = bucket.fetch(stored.key)
            assert fetched is not None
            scene.search.look(f"the bucket: {stored.key}", stored.key.encode() + fetched[0])


def test_the_search_finds_what_is_planted() -> None:
    """Also in base64 in the midst of something, packed, escaped for an address, or without its blanks."""
    secret = planted.WORDPRESS_PASSWORD
    shown = [secret, quote(secret), secret.replace(" ", ""), secret.replace(" ", "+")]
    shown += [base64.b64encode(f"{'x' * shift}:{secret}:y".encode()).decode() for shift in range(3)]
    for body in [*(text.encode() for text in shown), gzip.compress(secret.encode())]:
        search = Search({"one": secret})
        search.look("here", b"before " + body if not body.startswith(b"\x1f") else body)
        assert search.found, body


@pytest.mark.parametrize("key", ["", planted.S3_KEY], ids=["right key", "wrong key"])
def test_no_command_says_a_secret(scene: Scene, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.environ["PILLARCAST_SECRET_KEY"]
    monkeypatch.setenv("PILLARCAST_SECRET_KEY", key or before)
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.echo", *COMMANDS],
        cwd=scene.show.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=500,
    )
    monkeypatch.setenv("PILLARCAST_SECRET_KEY", before)
    said, logged = done.stdout, done.stderr
    scene.search.look("what commands say", said)
    scene.search.look("what commands log", logged)
    assert said.count(b"$ ") == len(COMMANDS), (said + logged)[-2000:].decode()
    assert b"DEBUG" in logged, "loggers were at their loudest"
    assert b"Traceback" in logged, "something went wrong, as it should here"
    assert key or scene.outside.seen, "the blogs were asked"
    look_at_what_stays(scene)
    assert scene.search.found == []


def test_no_run_leaves_a_secret_in_prefect(scene: Scene, server: PrefectServer, tmp_path: Path) -> None:
    states = [run(ingest, IngestOrder()), *(run(publish, PublishOrder(episode="41")) for _ in range(3))]
    states.append(run(verify, VerifyOrder()))
    os.environ["PILLARCAST_SECRET_KEY"] = planted.S3_KEY
    states.append(run(publish, PublishOrder()))
    assert [state for state in states if state.is_failed()], "blogs that refuse, and a wrong key, end in failure"
    for state in states:
        scene.search.look("the end of a run", repr(state).encode())
    for kind in API:
        body = {"filter": {}} if kind == "events" else {}
        scene.search.look(f"Prefect's {kind}", json.dumps(server.ask(f"{kind}/filter", **body)).encode())
    home = Path(server.environment["PREFECT_HOME"])
    scene.search.look_in(home)
    assert [path for path in home.iterdir() if path.name.startswith("prefect.db")], "the database was looked at"
    assert len(server.runs()) >= len(states)
    scene.search.look_in(scene.show.root)
    assert scene.search.found == []
