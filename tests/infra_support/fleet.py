"""The machines of infra/many-machines on one: each service runs the command of its unit with its environment files."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.infra_support.engines import PREFECT, caddy, postgres, redis
from tests.infra_support.files import INFRA, environment, read_env
from tests.testbeds.place import answers, free_port, process, stop, wait_until

MANY = INFRA / "many-machines"
NAME, PASSWORD = "desk", "a-password-of-the-desk"
_LOGINS = ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING")
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def posted(session: requests.Session, api: str, path: str, body: object) -> Any:
    """What Prefect's API answers, with the token that it wants."""
    token = session.get(f"{api}/csrf-token", params={"client": "test"}, timeout=30).json()["token"]
    proof = {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "test"}
    answer = session.post(f"{api}/{path}", json=body, headers=proof, timeout=30)
    answer.raise_for_status()
    return answer.json() if answer.content else None


@dataclass
class Part:
    """One process of the Prefect server, which can be lost and started again. `health` answers once it is up."""

    command: tuple[str, ...]
    env: dict[str, str]
    log: Path
    health: str = ""
    _started: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self._started = subprocess.Popen(
                self.command, env=self.env, cwd=self.log.parent, stdout=out, stderr=out, start_new_session=True
            )
        if self.health:
            wait_until(lambda: answers(self.health), self._started, self.log)

    @property
    def pid(self) -> int:
        assert self._started
        return self._started.pid

    def stop(self) -> None:
        if self._started:
            stop(self._started)

    def lose(self) -> None:
        """As in a power cut."""
        assert self._started
        os.killpg(self._started.pid, signal.SIGKILL)
        self._started.wait()


@dataclass(frozen=True)
class Fleet:
    """`servers` are the API machines on loopback, `url` is Caddy in front of them; `client` is for workers."""

    servers: tuple[str, ...]
    url: str
    client: dict[str, str]
    folder: Path
    parts: tuple[Part, ...]

    def python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.client, cwd=self.folder, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def asked(self, path: str, body: object, server: str = "") -> list[dict[str, Any]]:
        """One of Prefect's filters, with the password and the token that it wants."""
        return list(self._posted(path, body, server or self.url))

    def _posted(self, path: str, body: object, server: str) -> Any:
        with requests.Session() as session:
            session.auth = self.login
            session.trust_env, session.verify = False, self.authority
            return posted(session, server, path, body)

    def count(self, kind: str) -> int:
        return int(str(self._posted(f"{kind}/count", {}, self.url)))

    def every_run(self, flow: str) -> Iterator[dict[str, Any]]:
        """The runs of a flow that were begun, however many."""
        body: dict[str, Any] = {
            "flows": {"name": {"any_": [flow]}},
            "flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}},
            "sort": "ID_DESC",
        }
        page: list[dict[str, Any]] | None = None
        while page is None or page:
            body["offset"] = body.get("offset", 0) + len(page or ())
            page = self.asked("flow_runs/filter", body)
            yield from page

    @property
    def login(self) -> tuple[str, str]:
        name, _, password = self.client["PREFECT_API_AUTH_STRING"].partition(":")
        return name, password

    def change_password(self, password: str) -> None:
        """On all machines, and all of ours started again, as the runbook says; workers are started by the caller."""
        for part in self.parts:
            part.stop()
        for env in (*(part.env for part in self.parts), self.client):
            env.update({name: f"{NAME}:{password}" for name in _LOGINS if name in env})
        for part in self.parts:
            part.start()

    @property
    def authority(self) -> str:
        return self.client["PREFECT_API_SSL_CERT_FILE"]

    def ended_runs(self, flow: str, count: int) -> list[dict[str, Any]]:
        """The runs of a flow, once there are `count` and all have ended; every server must tell the same."""
        body = {"flows": {"name": {"any_": [flow]}}, "sort": "ID_DESC"}
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            told = [self.asked("flow_runs/filter", body, server) for server in self.servers]
            if len(told[0]) >= count and all(run["state_type"] in ENDED for run in told[0]):
                assert all([run["id"] for run in told[0]] == [run["id"] for run in other] for other in told)
                return told[0]
            time.sleep(1)
        raise TimeoutError(f"{flow}: {[(run['name'], run['state_name']) for run in told[0]]}")

    @contextmanager
    def machine(self, unit: str, name: str, env: Mapping[str, str]) -> Iterator[Path]:
        """A worker or a drop machine, until the end of the block; yields its log."""
        log = self.folder / f"{name}.log"
        mine = self.client | dict(env)
        with process(*command_of(unit, name), log=log, env=mine, cwd=self.folder):
            yield log


def command_of(unit: str, host: str = "") -> tuple[str, ...]:
    """What a unit starts, with the programs of this environment and another name for the machine."""
    match = re.search(r"^ExecStart=(.*)$", (MANY / unit).read_text("utf-8"), re.MULTILINE)
    assert match, unit
    return tuple(shlex.split(match[1].replace("/opt/pillarcast/.venv/bin", str(PREFECT.parent)).replace("%H", host)))


@contextmanager
def fleet(folder: Path, api_count: int = 2) -> Iterator[Fleet]:
    """PostgreSQL, Redis, the API machines, one for the services, and Caddy; no worker yet."""
    with ExitStack() as stack:
        server = environment(
            read_env(MANY / "server.env"),
            _secrets(stack.enter_context(postgres("p-of-postgres")), stack.enter_context(redis("p-of-redis", folder))),
            {"PREFECT_HOME": str(folder / "server"), "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(folder / "ui")},
            {"PYTHONPATH": _with_path(_prefect_redis(folder))},
        )
        subprocess.run(command_of("pillarcast-prefect-migrate.service"), env=server, check=True, timeout=300)
        apis = tuple(_api(server, folder) for _ in range(api_count))
        services = Part(command_of("pillarcast-prefect-services.service"), server, folder / "services.log")
        for part in (*apis, services):
            stack.callback(part.stop)
            part.start()
        servers = tuple(api.env["PREFECT_API_URL"] for api in apis)
        url = _start_caddy(stack, folder, servers)
        given = {
            "PREFECT_API_URL": url,
            "PREFECT_API_SSL_CERT_FILE": str(folder / "caddy/pki/authorities/local/root.crt"),
            "PREFECT_API_AUTH_STRING": f"{NAME}:{PASSWORD}",
            "PREFECT_HOME": str(folder / "client"),
            "PYTHONPATH": _with_path(folder),
        }
        worker = environment(read_env(MANY / "worker.env"), given)
        ready = Fleet(servers, url, worker, folder, (*apis, services))
        ready.python("-m", "prefect", "work-pool", "create", "pillarcast", "--type", "process")
        yield ready


def _secrets(database: str, broker: str) -> dict[str, str]:
    """The example file says which names there are."""
    values = {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
        "PREFECT_REDIS_MESSAGING_URL": f"{broker}/0",
        "PREFECT_REDIS_WORKER_CLEANUP_QUEUE_URL": f"{broker}/0",
        "PREFECT_SERVER_DOCKET_URL": f"{broker}/1",
        "PREFECT_SERVER_API_AUTH_STRING": f"{NAME}:{PASSWORD}",
        "PREFECT_API_AUTH_STRING": f"{NAME}:{PASSWORD}",
    }
    assert read_env(MANY / "server-secrets.env.example").keys() == values.keys()
    return values


def _prefect_redis(folder: Path) -> Path:
    """The extra package of the servers, as its lock file pins it."""
    target = folder / "prefect-redis"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", str(target)]
    subprocess.run([*pip, "-r", str(MANY / "requirements.txt")], check=True, timeout=300)
    return target


def _with_path(folder: Path) -> str:
    return os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)


def _api(env: dict[str, str], folder: Path) -> Part:
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    mine = env | {"PREFECT_SERVER_API_PORT": str(port), "PREFECT_API_URL": url}
    command = command_of("pillarcast-prefect-api.service")
    return Part(command, mine, folder / f"api-{port}.log", health=f"{url}/ready")


def _start_caddy(stack: ExitStack, folder: Path, servers: tuple[str, ...]) -> str:
    site, port = folder / "prefect.caddy", free_port()
    upstreams = " ".join(url.removeprefix("http://").removesuffix("/api") for url in servers)
    text = (MANY / "prefect.caddy").read_text("utf-8").replace("desk.example.com", "localhost")
    site.write_text(text.replace("127.0.0.1:4200", upstreams).replace("/var/log/caddy", str(folder)))
    stack.enter_context(caddy(site, folder, port))
    return f"https://localhost:{port}/api"
