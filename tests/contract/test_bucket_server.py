"""The embedded server: quick, shared, locked down, and gone with the last who needs it."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import psutil
import pytest
import requests
from filelock import FileLock

from pillarcast.adapters import seaweed_program
from pillarcast.adapters.s3 import S3Bucket
from pillarcast.adapters.s3_place import _session
from pillarcast.adapters.seaweed import SeaweedServer
from pillarcast.adapters.seaweed_ports import GRPC_OFFSET, choose_ports, is_free
from pillarcast.errors import Conflict, NeedsOperator, TryAgain, Unreachable, Unsupported
from pillarcast.ports import Absent
from tests.bucket_support.worlds import MIB, World, meta_of, noise

pytestmark = pytest.mark.s3

HOLD = """
import sys, time
from pathlib import Path
from pillarcast.adapters.seaweed import SeaweedServer
server = SeaweedServer(Path(sys.argv[1]), s3_port=0).start()
print("joined" if server.is_joined else "started", flush=True)
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Nothing of the server is left when a test is over."""
    yield tmp_path / "s3"
    assert gone(tmp_path / "s3"), processes(tmp_path / "s3")


class Slow(io.BytesIO):
    """A line that stands still for a while, at each of these offsets."""

    def __init__(self, body: bytes, pauses: set[int]) -> None:
        super().__init__(body)
        self._pauses = pauses

    def read(self, _length: int | None = -1) -> bytes:
        if self.tell() in self._pauses:
            time.sleep(2.5)
        return super().read(1 << 16)


def patiently(call: Callable[[], Any], within_s: float = 60) -> Any:
    """As the flows do: what is unreachable now is asked again."""
    until = time.monotonic() + within_s
    while True:
        try:
            return call()
        except TryAgain:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def processes(home: Path) -> list[psutil.Process]:
    """Warden and server of this folder; both name it in their command line."""
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        if "mini" in words and any(str(home) in word for word in words) and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def gone(home: Path, within_s: float = 15) -> bool:
    until = time.monotonic() + within_s
    while processes(home) and time.monotonic() < until:
        time.sleep(0.1)
    return not processes(home)


def hold(home: Path) -> tuple[subprocess.Popen[str], str]:
    """Another program that needs the server."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_objects_and_addresses_stay_between_starts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what the user has set for AWS changes nothing in it."""
    with SeaweedServer(home, s3_port=0) as server:
        S3Bucket(server.place).put("public/x", b"x", meta_of(b"x"))
        first = (server.place, server.public_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "stranger")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "strangers-secret")
    monkeypatch.setenv("S3_BUCKET", "elsewhere")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with SeaweedServer(home, s3_port=0) as server:
        assert (server.place, server.public_url) == first
        assert S3Bucket(server.place).head("public/x") is not None


def test_stopping_leaves_no_process_and_no_socket(home: Path) -> None:
    server = SeaweedServer(home, s3_port=0).start()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700 or os.name == "nt"
    ports = json.loads((home / "ports.json").read_text()).values()
    server.stop()
    server.stop()
    assert not processes(home)
    assert not [path for path in Path("/tmp").glob("seaweedfs-*.sock") if any(str(port) in path.name for port in ports)]


def test_a_program_that_is_killed_leaves_nothing(home: Path) -> None:
    process, how = hold(home)
    assert how == "started"
    assert processes(home)
    kill(process)
    assert gone(home)


def test_the_server_stays_while_anybody_needs_it(home: Path) -> None:
    """Who joins may go, and who started it may go first."""
    first, how = hold(home)
    assert how == "started"
    with SeaweedServer(home, s3_port=0) as server:
        assert server.is_joined
        third, how = hold(home)
        assert how == "joined"
        for program in (third, first):
            kill(program)
            time.sleep(0.6)
            S3Bucket(server.place).put("private/x", b"x", meta_of(b"x"))
        assert len([one for one in processes(home) if one.name().startswith("weed")]) == 1


def test_a_folder_that_is_taken_away_is_not_made_anew_by_its_server(home: Path, tmp_path: Path) -> None:
    server = SeaweedServer(home, s3_port=0).start()
    home.rename(tmp_path / "elsewhere")
    assert gone(home)
    server.stop()
    assert not home.exists()


def test_many_who_start_at_once_share_one_server(home: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True) for _ in "1234"
    ]
    try:
        how = sorted(program.stdout.readline().strip() for program in programs if program.stdout)
        assert how == ["joined", "joined", "joined", "started"]
    finally:
        for program in programs:
            kill(program)


def test_a_server_whose_warden_was_killed_is_cleared_away(home: Path) -> None:
    process, _ = hold(home)
    [warden] = [one for one in processes(home) if "pillarcast.adapters.seaweed_warden" in one.cmdline()]
    warden.kill()
    kill(process)
    with SeaweedServer(home, s3_port=0) as server:
        assert not server.is_joined
        S3Bucket(server.place).put("private/x", b"x", meta_of(b"x"))


def test_a_busy_port_is_gone_round(home: Path, tmp_path: Path) -> None:
    port = choose_ports(tmp_path / "ports.json", 0).s3
    for offset in (GRPC_OFFSET, 0):
        with socket.socket() as busy:
            busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection that just ended is no listener
            busy.bind(("127.0.0.1", port + offset))
            busy.listen()
            assert not is_free(port)
            if not offset:
                with SeaweedServer(home, s3_port=port) as server:
                    assert not server.place.endpoint.endswith(f":{port}")


def test_the_port_in_a_shows_addresses_is_never_exchanged_in_silence(home: Path) -> None:
    with SeaweedServer(home, s3_port=0) as server:
        endpoint = server.place.endpoint
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        busy.bind(("127.0.0.1", int(endpoint.rpartition(":")[2])))
        busy.listen()
        with pytest.raises(NeedsOperator, match=r"part of every address of this show, is used by another program"):
            SeaweedServer(home, s3_port=0).start()
    with SeaweedServer(home, s3_port=0) as server:
        assert server.place.endpoint == endpoint


def test_a_full_disk_is_said_where_the_server_ends_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    monkeypatch.setattr("pillarcast.adapters.seaweed.server_command", lambda *_args: ["false"])
    with pytest.raises(Unreachable, match="it ended as soon as it was started"):
        SeaweedServer(home, s3_port=0).start()
    full = shutil.disk_usage(home)._replace(free=0)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: full)
    with pytest.raises(NeedsOperator, match="the disk is full"):
        SeaweedServer(home, s3_port=0).start()


def test_a_server_that_is_just_ending_is_started_anew(home: Path) -> None:
    """Its last holder is gone, its warden tidies up: whoever comes then must not wait for it."""
    home.mkdir()
    choose_ports(home / "ports.json", 0)
    ending = FileLock(home / "warden.lock", thread_local=False)
    ending.acquire()
    Timer(0.5, ending.release).start()
    with SeaweedServer(home, s3_port=0) as server:
        assert not server.is_joined


def test_what_a_power_cut_left_of_its_secrets_is_made_anew(home: Path) -> None:
    home.mkdir()
    (home / "s3.json").write_text("")
    with SeaweedServer(home, s3_port=0) as server:
        assert S3Bucket(server.place).put("private/x", b"x", meta_of(b"x")).etag


def test_a_comma_in_the_path_parts_nothing(tmp_path: Path) -> None:
    with SeaweedServer(tmp_path / "Ada, Größe & Co" / "s3", s3_port=0) as server:
        S3Bucket(server.place).put("private/x", b"x", meta_of(b"x"))
    assert [path.name for path in tmp_path.iterdir()] == ["Ada, Größe & Co"]


def test_what_the_user_has_set_for_aws_is_nothing_to_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile that is gone, transfer acceleration: neither has to do with a server of this machine."""
    config = tmp_path / "config"
    config.write_text("[default]\ns3 =\n  use_accelerate_endpoint = true\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "gone")
    _session.cache_clear()
    with SeaweedServer(home, s3_port=0) as server:
        assert S3Bucket(server.place).put("private/x", b"x", meta_of(b"x")).etag


def test_who_reads_or_writes_slowly_is_waited_for(s3_world: World) -> None:
    """A paused player, a slow line: longer than the server's own parts wait for each other."""
    assert isinstance(s3_world.bucket, S3Bucket)
    store, body = s3_world.bucket.store, noise(12 * MIB)
    url = store.client.generate_presigned_url("put_object", Params=store.at("public/x"))
    put = requests.put(url, data=Slow(body, {MIB, 9 * MIB}), timeout=60)
    assert put.status_code == 200, put.text
    with requests.get(f"{s3_world.public_url}/x", stream=True, timeout=60) as answer:
        first = answer.raw.read(MIB)
        time.sleep(2.5)
        assert first + answer.raw.read() == body


def test_it_listens_on_loopback_only(s3_server: SeaweedServer) -> None:
    [server] = [one for one in processes(s3_server.home) if one.name().startswith("weed")]
    listening = [one for one in server.net_connections() if one.status == psutil.CONN_LISTEN]
    assert listening
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_its_secrets_are_its_owners_alone(s3_server: SeaweedServer) -> None:
    home = s3_server.home
    assert stat.S_IMODE((home / "s3.json").stat().st_mode) == 0o600
    for place in (s3_server.place, s3_server.admin_place):
        assert place.secret_key not in repr(place)
        assert place.secret_key not in s3_server.log.read_text()
        assert all(place.secret_key not in " ".join(one.cmdline()) for one in processes(home))
    assert s3_server.place.secret_key != s3_server.admin_place.secret_key


def test_a_kill_loses_nothing_that_was_acknowledged(home: Path) -> None:
    with SeaweedServer(home, s3_port=0) as server:
        bucket = S3Bucket(server.place)
        for number in range(30):
            bucket.put(f"private/{number}", b"x", meta_of(b"x"), Absent())
        time.sleep(2.5)  # a server that dies younger is not started again
        os.kill(int((home / "server.pid").read_text()), signal.SIGKILL)
        again = S3Bucket(server.place)
        found = patiently(lambda: [again.fetch(f"private/{number}") for number in range(30)])
        assert all(found)
        with pytest.raises(Conflict):
            again.put("private/0", b"y", meta_of(b"y"), Absent())


def test_a_machine_without_its_wheel_is_told_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seaweed_program, "WHEEL", "a-wheel-that-is-not-installed")
    with pytest.raises(Unsupported, match="folder"):
        SeaweedServer(home).start()
    assert not home.exists()
