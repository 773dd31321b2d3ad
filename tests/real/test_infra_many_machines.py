"""Many machines as they ship, on one: PostgreSQL, Redis, two Prefect servers behind Caddy, services, two workers."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.infra_support.engines import caddy, postgres, prefect, redis
from tests.infra_support.files import INFRA, environment, read_env
from tests.testbeds.place import free_port, process, wait_until

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]

MANY = INFRA / "many-machines"
PASSWORD = "desk:a-password-of-the-desk"
RUNS = 6
WORKERS = ("worker-one", "worker-two")
POLL = "work_pools/pillarcast/workers/filter"

FLOW = """
import os, time
from prefect import flow

@flow(log_prints=True)
async def probe(number: int = 0) -> str:
    time.sleep(2)
    return os.environ["PROBE_WORKER"]
"""

START = """
import sys
from prefect.deployments import run_deployment
from prefect.types.entrypoint import EntrypointType
from fleet_probe import probe

probe.to_deployment("probe", entrypoint_type=EntrypointType.MODULE_PATH).apply(work_pool_name="pillarcast")
for number in range(int(sys.argv[1])):
    for _twice in "ab":
        once = {"timeout": 0, "as_subflow": False, "idempotency_key": f"probe:{number}"}
        run_deployment("probe/probe", parameters={"number": number}, **once)
"""


@dataclass(frozen=True)
class Fleet:
    servers: tuple[str, ...]
    url: str
    client: dict[str, str]
    folder: Path

    def python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.client, cwd=self.folder, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def asked(self, server: str, path: str, body: object) -> list[dict[str, Any]]:
        with requests.Session() as session:
            session.auth = (PASSWORD.partition(":")[0], PASSWORD.partition(":")[2])
            session.trust_env, session.verify = False, self.authority
            token = session.get(f"{server}/csrf-token", params={"client": "test"}, timeout=30).json()["token"]
            proof = {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "test"}
            answer = session.post(f"{server}/{path}", json=body, headers=proof, timeout=30)
            answer.raise_for_status()
            return list(answer.json())

    @property
    def authority(self) -> str:
        return self.client["PREFECT_API_SSL_CERT_FILE"]


def command_of(unit: str) -> tuple[str, ...]:
    """What the unit runs, without the program's path."""
    match = re.search(r"^ExecStart=/opt/pillarcast/\.venv/bin/prefect (.*)$", (MANY / unit).read_text(), re.MULTILINE)
    assert match, unit
    return tuple(match[1].split())


@pytest.fixture(scope="module")
def redis_for_prefect(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extra package of the servers, as the lock file pins it."""
    folder = tmp_path_factory.mktemp("prefect-redis")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", str(folder)]
    subprocess.run([*pip, "-r", str(MANY / "requirements.txt")], check=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, redis_for_prefect: Path) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    (folder / "fleet_probe.py").write_text(FLOW)
    (folder / "start.py").write_text(START)
    with ExitStack() as stack:
        database = stack.enter_context(postgres("p-of-postgres"))
        broker = stack.enter_context(redis("p-of-redis", folder))
        secrets = read_env(MANY / "server-secrets.env.example") | {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
            "PREFECT_REDIS_MESSAGING_URL": f"{broker}/0",
            "PREFECT_SERVER_DOCKET_URL": f"{broker}/1",
            "PREFECT_SERVER_API_AUTH_STRING": PASSWORD,
            "PREFECT_API_AUTH_STRING": PASSWORD,
        }
        path = {"PYTHONPATH": os.pathsep.join([str(redis_for_prefect), os.environ.get("PYTHONPATH", "")])}
        server = environment(read_env(MANY / "server.env"), secrets, path, {"PREFECT_HOME": str(folder / "server")})
        migrate = command_of("pillarcast-prefect-migrate.service")
        subprocess.run([sys.executable, "-m", "prefect", *migrate], env=server, check=True, timeout=300)
        servers = tuple(start_server(stack, server, folder) for _ in range(2))
        ports = " ".join(url.removeprefix("http://").removesuffix("/api") for url in servers)
        log = folder / "services.log"
        stack.enter_context(prefect(*command_of("pillarcast-prefect-services.service"), env=server, log=log))
        url = start_caddy(stack, folder, ports)
        worker = {
            "PREFECT_API_URL": url,
            "PREFECT_API_SSL_CERT_FILE": str(folder / "caddy/pki/authorities/local/root.crt"),
            "PREFECT_API_AUTH_STRING": PASSWORD,
            "PREFECT_HOME": str(folder / "worker"),
            "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]),
        }
        client = environment(read_env(MANY / "worker.env"), worker)
        yield Fleet(servers, url, client, folder)


def start_server(stack: ExitStack, env: dict[str, str], folder: Path) -> str:
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    mine = env | {"PREFECT_SERVER_API_PORT": str(port), "PREFECT_API_URL": url}
    command = command_of("pillarcast-prefect-api.service")
    stack.enter_context(prefect(*command, env=mine, log=folder / f"api-{port}.log", health=f"{url}/ready"))
    return url


def start_caddy(stack: ExitStack, folder: Path, upstreams: str) -> str:
    site, port = folder / "prefect.caddy", free_port()
    text = (MANY / "prefect.caddy").read_text().replace("desk.example.com", "localhost")
    site.write_text(text.replace("127.0.0.1:4200", upstreams).replace("/var/log/caddy", str(folder)))
    stack.enter_context(caddy(site, folder, port))
    return f"https://localhost:{port}/api"


def start_worker(stack: ExitStack, fleet: Fleet, name: str) -> subprocess.Popen[bytes]:
    text = (MANY / "pillarcast-worker.service").read_text()
    line = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    command = shlex.split(line.removeprefix("ExecStart="))
    command[-1] = command[-1].replace("/opt/pillarcast/.venv/bin/prefect", f"{sys.executable} -m prefect")
    command[-1] = command[-1].replace("%H", name)
    env = {**fleet.client, "PROBE_WORKER": name}
    return stack.enter_context(process(*command, log=fleet.folder / f"{name}.log", env=env, cwd=fleet.folder))


def test_without_the_password_nothing_answers(fleet: Fleet) -> None:
    for server in (*fleet.servers, fleet.url):
        for path in ("admin/version", "csrf-token?client=x", "work_pools/pillarcast"):
            assert requests.get(f"{server}/{path}", timeout=30, verify=fleet.authority).status_code == 401


def test_runs_are_shared_by_two_workers_each_once(fleet: Fleet) -> None:
    fleet.python("-m", "prefect", "work-pool", "create", "pillarcast", "--type", "process")
    with ExitStack() as stack:
        started = [start_worker(stack, fleet, name) for name in WORKERS]
        log = fleet.folder / f"{WORKERS[-1]}.log"
        wait_until(lambda: len(fleet.asked(fleet.url, POLL, {})) == len(WORKERS), started[-1], log)
        fleet.python("start.py", str(RUNS))
        runs = finished_runs(fleet)
    assert [run["state_type"] for run in runs] == ["COMPLETED"] * RUNS
    assert sorted(run["parameters"]["number"] for run in runs) == list(range(RUNS))
    assert [run["run_count"] for run in runs] == [1] * RUNS
    assert set(takers(fleet)) == set(WORKERS)
    assert sum(takers(fleet).values()) == RUNS


def finished_runs(fleet: Fleet) -> list[dict[str, Any]]:
    """As each server tells them: both must agree."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        runs = [fleet.asked(server, "flow_runs/filter", {"sort": "ID_DESC"}) for server in fleet.servers]
        if all(run["state_type"] in ("COMPLETED", "FAILED", "CRASHED") for run in runs[0]):
            assert [run["id"] for run in runs[0]] == [run["id"] for run in runs[1]]
            return runs[0]
        time.sleep(2)
    raise AssertionError(json.dumps(runs[0], indent=1)[-2000:])


def takers(fleet: Fleet) -> Counter[str]:
    """Which worker began how many runs, from its log."""
    logs = {name: (fleet.folder / f"{name}.log").read_text() for name in WORKERS}
    return Counter({name: len(re.findall(r"Beginning flow run", text)) for name, text in logs.items()})


def test_automations_against_zombies_are_taken(fleet: Fleet) -> None:
    fleet.python("-m", "prefect", "automation", "create", "--from-file", str(MANY / "zombies.yaml"))
    kept = fleet.asked(fleet.url, "automations/filter", {})
    assert {automation["name"] for automation in kept} == {"A run fell silent", "A run never began"}
    assert all(automation["enabled"] for automation in kept)
