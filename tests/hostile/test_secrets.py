"""No secret comes out again: not in words, logs, tracebacks, plans, the catalogue, the bucket, or Prefect's database.

The secrets are planted in the environment; the blogs, the hub and the webhook repeat whatever they were sent.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from flows.ingest import ingest
from flows.orders import IngestOrder, PublishOrder, VerifyOrder
from flows.publish import publish
from flows.verify import verify
from pillarcast.adapters.git_repository import GitRepository
from pillarcast.errors import PillarcastError
from pillarcast.model.feed_show import Subscriber
from pillarcast.render.feed_private import private_key
from tests.bucket_support.certificate import self_signed
from tests.hostile import planted
from tests.hostile.planted import Search
from tests.hostile.servers import Request, Server, serving
from tests.prefect_support.running import run
from tests.prefect_support.server import PrefectServer, server_of_this_process
from tests.prefect_support.up import up
from tests.show_support.place import Place

pytestmark = [pytest.mark.s3, pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]
STATUSES = (200, 401, 400, 500)
COMMANDS = (
    "ingest --json", "preview 41", "plan --json", "check --json", "publish --json", "publish 41",
    "status --json", "doctor --json", "verify --json", "queue", "restore", "lint --json", "bucket setup",
)  # fmt: skip
SUBSCRIBER = "Grace"
API = ("flow_runs", "task_runs", "logs", "artifacts", "block_documents", "variables", "events", "deployments", "flows")


@dataclass
class Scene:
    """A show whose whole outside repeats what it is sent; `search` knows every secret of it."""

    show: Place
    outside: Server
    garden: Server
    search: Search

    def token_of_subscriber(self) -> str:
        """What the address of a private feed hides. It stands in the bucket and its catalogue, and nowhere else."""
        with self.show.opened() as house:
            guid = house.studio.store.load().catalogue.show_guid
        key = private_key(guid, Subscriber(name=SUBSCRIBER), planted.FEED_SECRET.encode())
        return key.split("/")[2]


def repeat(request: Request) -> None:
    """Answers now this, now that, always with everything that it was sent, and with its own address as a redirect."""
    house = request.server.house
    status = STATUSES[len(house.seen) % len(STATUSES)]
    said = f"You sent {request.headers.get('Authorization')} {request.path} {dict(request.headers)}"
    body = json.dumps({"message": said, "code": "echo", "errors": [{"message": said, "context": said}]}).encode()
    request.head(status, Content_Length=str(len(body)), Content_Type="application/json", X_Said=said[:900])
    request.give(body)


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The host of a git site, by https because only there a token is sent; git is told to trust it."""
    certificate = self_signed(tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f"[http]\n\tsslCAInfo = {certificate}\n", "utf-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(repeat_to_git, certificate) as host:
        yield host


def repeat_to_git(request: Request) -> None:
    """git prints what a refusal says in plain text."""
    words = f"You sent {request.headers.get('Authorization')} and {planted.GIT_TOKEN}\n".encode()
    request.head(400, Content_Length=str(len(words)), Content_Type="text/plain")
    request.give(words)


@pytest.fixture
def scene(s3_place: Place, garden: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
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
            + f'[[blog]]\nname = "garden"\nkind = "git"\nurl = "{garden.url}/site.git"\ngenerator = "hugo"\n'
            + f'[feed]\nhubs = ["{outside.url}/hub"]\n'
            + f'[[feed.subscriber]]\nname = "{SUBSCRIBER}"\n'
            + '[notify]\non = ["success", "warning", "refusal", "failure"]\n'
        )
        s3_place.write_show()
        s3_place.drop("041-social-media", "---\ntitle: Social media\nsummary: Ten people.\n---\n\nNotes.\n")
        everything = {
            **planted.ENVIRONMENT,
            "SMTP": planted.SMTP_PASSWORD,
            "webhook": planted.WEBHOOK_PATH,
            "login of git": f"x-access-token:{planted.GIT_TOKEN}",
            "login of WordPress": f"{planted.USER}:{planted.WORDPRESS_PASSWORD}",
            "secret of Ghost": planted.GHOST_KEY.partition(":")[2],
            "secret key": os.environ["PILLARCAST_SECRET_KEY"],
            "wrong secret key": planted.S3_KEY,
        }
        yield Scene(s3_place, outside, garden, Search(everything))


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


def look_at_answers(scene: Scene, server: PrefectServer) -> None:
    """Everything that the API tells whoever may ask it."""
    for kind in API:
        body = {"filter": {}} if kind == "events" else {}
        scene.search.look(f"Prefect's {kind}", json.dumps(server.ask(f"{kind}/filter", **body)).encode())
    scene.search.look("Prefect's settings", json.dumps(server.look_up("admin/settings")).encode())


def test_the_search_finds_what_is_planted() -> None:
    """Also in base64 in the midst of something, packed, escaped for an address, or without its blanks."""
    secret = planted.WORDPRESS_PASSWORD
    shown = [secret, quote(secret), secret.replace(" ", ""), secret.replace(" ", "+")]
    shown += [base64.b64encode(f"{'x' * shift}:{secret}:y".encode()).decode() for shift in range(3)]
    for body in [*(text.encode() for text in shown), gzip.compress(secret.encode())]:
        search = Search({"one": secret})
        search.look("here", b"before " + body if not body.startswith(b"\x1f") else body)
        assert search.found, body


def without_wire(logged: bytes) -> bytes:
    """Without the S3 client's own account of each request, keys included, which nothing of ours switches on."""
    wire = rb"^DEBUG:(botocore|urllib3|boto3|s3transfer)\..*?(?=^[A-Z]+:|^Traceback|\Z)"
    return re.sub(wire, b"", logged, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("form", [str, lambda login: base64.b64encode(login.encode()).decode(), quote])
def test_what_a_git_host_repeats_of_its_token_is_blotted_out(form: Callable[[str], str], tmp_path: Path) -> None:
    """git is a script here that prints what the host said, as the last words of all."""
    login = f"x-access-token:{planted.GIT_TOKEN}"
    script = tmp_path / "git"
    script.write_text(f"#!/bin/sh\necho 'remote: you sent {form(login)}' >&2\nexit 1\n", "utf-8")
    script.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        repository = GitRepository("blog", "https://git.example.org/a", "main", tmp_path, token=planted.GIT_TOKEN)
        with pytest.raises(PillarcastError) as refused:
            repository.head()
    assert "remote: you sent" in str(refused.value)
    search = Search({"token": planted.GIT_TOKEN, "login": login})
    search.look("what git said", str(refused.value).encode())
    assert search.found == []


@pytest.mark.real
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
    assert key or any(login for _, login in scene.garden.seen), "the git host was sent its token"
    private = Search({"private feed": scene.token_of_subscriber()})
    private.look("what commands say", said)
    private.look("what commands log", without_wire(logged))
    assert private.found == []
    look_at_what_stays(scene)
    assert scene.search.found == []


@pytest.mark.real
def test_no_run_leaves_a_secret_in_prefect(
    scene: Scene, server: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = [run(ingest, IngestOrder()), *(run(publish, PublishOrder(episode="41")) for _ in range(3))]
    states.append(run(verify, VerifyOrder()))
    right_key = os.environ["PILLARCAST_SECRET_KEY"]
    monkeypatch.setenv("PILLARCAST_SECRET_KEY", planted.S3_KEY)
    states.append(run(publish, PublishOrder()))
    assert [state for state in states if state.is_failed()], "blogs that refuse, and a wrong key, end in failure"
    for state in states:
        scene.search.look("the end of a run", repr(state).encode())
    look_at_answers(scene, server)
    home = Path(server.environment["PREFECT_HOME"])
    scene.search.look_in(home)
    assert [path for path in home.iterdir() if path.name.startswith("prefect.db")], "the database was looked at"
    assert len(server.runs()) >= len(states)
    scene.search.look_in(scene.show.root)
    assert scene.search.found == []
    monkeypatch.setenv("PILLARCAST_SECRET_KEY", right_key)
    private = Search({"private feed": scene.token_of_subscriber()})
    private.look_in(home)
    private.look_in(scene.show.root)
    assert private.found == []


@pytest.mark.real
def test_up_says_and_leaves_no_secret(scene: Scene) -> None:
    """Its screen, the arguments of its processes, their logs, and all that stays in the show's folder."""
    with up(scene.show.root, PILLARCAST_UI_PASSWORD=planted.UI_PASSWORD) as running:
        running.server.wait_for_end("ingest")
        running.server.start_run("publish", "career-talk", episode="41")
        (published,) = running.server.wait_for_end("publish")
        assert published["state_type"] == "FAILED", "blogs refuse"
        look_at_answers(scene, running.server)
        for process in running.family():
            scene.search.look(f"the arguments of {process.name()}", " ".join(process.cmdline()).encode())
    assert running.said
    assert running.log
    look_at_what_stays(scene)
    assert scene.search.found == []
    private = Search({"private feed": scene.token_of_subscriber()})
    private.look_in(scene.show.root)
    assert private.found == []
