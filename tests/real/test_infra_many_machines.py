"""Many machines as they ship: two Prefect servers share their work, and an episode goes over three machines."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from pillarcast.adapters.seaweed import SeaweedServer
from tests.infra_support.files import ROOT
from tests.infra_support.fleet import Fleet, fleet

pytestmark = [pytest.mark.real, pytest.mark.timeout(1200)]

RUNS = 4
WORKERS = ("worker-one", "worker-two")

PROBE = """
import time
from prefect import flow

@flow
async def probe(number: int = 0) -> None:
    time.sleep(1)
"""

START_TWICE = """
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

ONCE_MORE = """
from prefect.deployments import run_deployment
run_deployment("probe/probe", parameters={"number": 99}, timeout=0, as_subflow=False)
"""

PUBLISH = """
from prefect.deployments import run_deployment
run_deployment("publish/good-standing", parameters={"order": {"episode": "41"}}, timeout=0, as_subflow=False)
"""


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    with fleet(folder) as running:
        yield running


def begun(log: Path, flow: str) -> int:
    return len(re.findall(rf"Beginning flow run '.*' for flow '{flow}'", log.read_text("utf-8")))


def test_without_the_password_nothing_answers(machines: Fleet) -> None:
    for server in (*machines.servers, machines.url):
        for path in ("admin/version", "csrf-token?client=x", "work_pools/pillarcast"):
            assert requests.get(f"{server}/{path}", timeout=30, verify=machines.authority).status_code == 401


def test_runs_are_shared_by_two_workers_each_once(machines: Fleet) -> None:
    (machines.folder / "fleet_probe.py").write_text(PROBE)
    with ExitStack() as stack:
        logs = [stack.enter_context(machines.machine("pillarcast-worker.service", name, {})) for name in WORKERS]
        machines.python("-c", START_TWICE, str(RUNS))
        runs = machines.ended_runs("probe", RUNS)
    assert [run["state_type"] for run in runs] == ["COMPLETED"] * RUNS
    assert sorted(run["parameters"]["number"] for run in runs) == list(range(RUNS))
    assert [run["run_count"] for run in runs] == [1] * RUNS
    assert sum(begun(log, "probe") for log in logs) == RUNS


def test_a_drop_on_one_machine_is_published_by_another(machines: Fleet, s3_server: SeaweedServer) -> None:
    bucket = {
        "PILLARCAST_BUCKET": "s3",
        "PILLARCAST_BUCKET_ENDPOINT": s3_server.place.endpoint,
        "PILLARCAST_BUCKET_NAME": s3_server.place.bucket,
        "PILLARCAST_BUCKET_PREFIX": "fleet",
        "PILLARCAST_BUCKET_PUBLIC_URL": f"{s3_server.public_url}/fleet",
        "PILLARCAST_ACCESS_KEY": s3_server.place.access_key,
        "PILLARCAST_SECRET_KEY": s3_server.place.secret_key,
    }
    drop = bucket | show_folder(machines.folder / "drop")
    worker = bucket | show_folder(machines.folder / "worker")
    for recording in (ROOT / "episodes").iterdir():
        shutil.copy(recording, machines.folder / "drop/episodes")
    with (
        machines.machine("pillarcast-drop.service", "drop", drop) as drop_log,
        machines.machine("pillarcast-worker.service", "worker", worker) as worker_log,
    ):
        assert [run["state_type"] for run in machines.ended_runs("ingest", 1)] == ["COMPLETED"]
        machines.python("-c", PUBLISH)
        assert [run["state_type"] for run in machines.ended_runs("publish", 1)] == ["COMPLETED"]
    assert (begun(drop_log, "ingest"), begun(worker_log, "ingest")) == (1, 0)
    assert (begun(drop_log, "publish"), begun(worker_log, "publish")) == (0, 1)
    feed = requests.get(f"{s3_server.public_url}/fleet/feed.xml", timeout=30).text
    assert feed.count("<item>") == 1
    (audio,) = re.findall(r'<enclosure url="([^"]+)"', feed)
    assert requests.head(audio, timeout=30).headers["Content-Type"] == "audio/mpeg"


def test_every_service_finds_its_redis(machines: Fleet) -> None:
    """Some look on their own machine where a setting of theirs is missing, and only their log tells."""
    assert "localhost:6379" not in (machines.folder / "services.log").read_text("utf-8")


def test_another_password_on_all_machines(machines: Fleet) -> None:
    old = machines.login
    machines.change_password("another-password-of-the-desk")
    look = {"timeout": 30, "verify": machines.authority}
    for server in (*machines.servers, machines.url):
        assert requests.get(f"{server}/admin/version", auth=old, **look).status_code == 401
        assert requests.get(f"{server}/admin/version", auth=machines.login, **look).ok
    with machines.machine("pillarcast-worker.service", "worker-after", {}):
        machines.python("-c", ONCE_MORE)
        runs = machines.ended_runs("probe", RUNS + 1)
    assert [run["state_type"] for run in runs] == ["COMPLETED"] * (RUNS + 1)


def show_folder(folder: Path) -> dict[str, str]:
    """A machine's copy of the show, without recordings, and the settings that name it."""
    (folder / "episodes").mkdir(parents=True)
    for name in ("show.toml", "artwork.jpg"):
        shutil.copy(ROOT / name, folder)
    return {"PILLARCAST_SHOW": str(folder / "show.toml"), "PILLARCAST_WORK_DIR": str(folder / "work")}
