"""Lines and servers that die, and full disks: real commands on the real S3 server go on where they stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from pillarcast.adapters.s3_parts import PART_BYTES
from pillarcast.adapters.s3_upload import WORKERS
from pillarcast.adapters.seaweed import SeaweedServer
from pillarcast.errors import NeedsOperator, TryAgain
from pillarcast.model.catalogue import Entry
from tests.bucket_support.front import Visit, front
from tests.crash.program import KILLED, Program, program
from tests.crash.wire import PART, Cut, When, Wire
from tests.show_support.place import Place, s3_table

pytestmark = [pytest.mark.real, pytest.mark.s3]

SECONDS = 420.0
PARTS = -(-int(SECONDS * 44_100 * 2) // PART_BYTES)
NAME = "041-a-long-talk"


@dataclass
class Line:
    """The way to the server; after `lasts` parts nothing gets through any more."""

    wire: Wire
    lasts: int = 1_000
    arrived: int = 0
    is_dead: bool = False
    before_part: Callable[[int], object] = lambda _arrived: None

    def fault(self, visit: Visit) -> bool:
        is_part = self.wire.kind_of(visit) == PART
        if is_part and not self.is_dead:
            self.before_part(self.arrived)
            self.is_dead = self.arrived >= self.lasts
        if self.is_dead:
            return visit.break_off()
        self.arrived += is_part
        return self.wire.fault(visit)


@dataclass
class Far:
    """A show whose bucket lies behind a line."""

    place: Place
    line: Line
    program: Program

    def entry(self) -> Entry:
        with self.place.opened() as house:
            [entry] = house.studio.store.load().catalogue.entries
            for file in (entry.recording, entry.master.file if entry.master else None):
                assert file is None or house.studio.bucket.fetch(file.key) is not None  # it compares the hash
            return entry

    def begun(self) -> int:
        """Uploads that the store still keeps parts of."""
        with self.place.opened() as house:
            store = house.studio.bucket.store  # type: ignore[attr-defined]
            answer = store.client.list_multipart_uploads(Bucket=store.place.bucket)
        return len([one for one in answer.get("Uploads", []) if f"/{store.place.prefix}/" in one["Key"]])


@contextmanager
def far_from(server: SeaweedServer, folder: Path, patch: pytest.MonkeyPatch, work: Path | None = None) -> Iterator[Far]:
    """`work` is where the commands put files in the making."""
    folder.mkdir(parents=True, exist_ok=True)
    at = replace(server.place, prefix=f"far-{uuid4().hex[:12]}")
    patch.setenv("PILLARCAST_ACCESS_KEY", at.access_key)
    patch.setenv("PILLARCAST_SECRET_KEY", at.secret_key)
    patch.setenv("PILLARCAST_SETTLE_S", "0")
    running: list[Program] = []
    line = Line(Wire(at.bucket, at.prefix, partial(_kill, running)))
    with front(at.endpoint, line.fault) as (endpoint, _):
        public_url = f"{endpoint}/{at.bucket}/public/{at.prefix}"
        place = Place(folder / "show", s3_table(replace(at, endpoint=endpoint), public_url))
        with program(place.root / "show.toml", folder, {"PILLARCAST_WORK_DIR": str(work)} if work else {}) as commands:
            running.append(commands)
            yield Far(place, line, commands)


def long_talk(place: Place) -> None:
    """Ten seconds, said again and again."""
    path = place.drop(NAME, seconds=10)
    with wave.open(str(path)) as short:
        parameters, frames = short.getparams(), short.readframes(short.getnframes())
    with wave.open(str(path), "wb") as file:
        file.setparams(parameters)
        file.writeframes(frames * int(SECONDS / 10))


def _kill(running: list[Program]) -> None:
    running[0].kill()


@pytest.fixture
def far(s3_server: SeaweedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Far]:
    with far_from(s3_server, tmp_path / "far", monkeypatch) as built:
        long_talk(built.place)
        yield built


@pytest.mark.timeout(600)
def test_wi_fi_that_goes_in_mid_upload_costs_no_part_twice(far: Far) -> None:
    """Gone for longer than any patience of ours: the command gives up, and an hour later the next one goes on."""
    far.line.lasts = 2
    assert far.program.run("ingest") == TryAgain.exit_code
    assert far.line.arrived == 2

    far.line.lasts, far.line.is_dead = 1_000, False
    assert far.program.run("ingest") == 0, far.program.log.read_text("utf-8")
    assert far.line.arrived == PARTS, "parts that were there were sent again"
    assert far.entry().master is not None
    assert far.begun() == 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("when", list(When))
def test_a_command_that_is_killed_in_mid_upload_goes_on_with_its_parts(far: Far, when: When) -> None:
    far.line.wire.begin(Cut(PART, 3, when))
    assert far.program.run("ingest") == KILLED
    before = far.line.arrived
    assert far.begun() == 1

    assert far.program.run("ingest") == 0, far.program.log.read_text("utf-8")
    again = far.line.arrived - before
    assert again <= PARTS - 2 + (WORKERS - 1), "more was sent again than was under way"
    assert far.entry().master is not None
    assert far.begun() == 0


@pytest.mark.timeout(600)
def test_a_server_that_is_killed_in_mid_upload_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its warden starts it again, with the parts that it had."""
    with ExitStack() as stack:
        server = stack.enter_context(SeaweedServer(tmp_path / "s3", s3_port=0))
        far = stack.enter_context(far_from(server, tmp_path / "far", monkeypatch))
        long_talk(far.place)
        killed: list[int] = []

        def kill_once(arrived: int) -> None:
            if arrived == 2 and not killed:
                killed.append(int((server.home / "server.pid").read_text()))
                os.kill(killed[0], signal.SIGKILL)

        time.sleep(2.5)  # a server that dies younger is not started again
        far.line.before_part = kill_once
        codes = [far.program.run("ingest")]
        while codes[-1] == TryAgain.exit_code and len(codes) < 4:
            codes.append(far.program.run("ingest"))
        assert killed
        assert codes[-1] == 0, far.program.log.read_text("utf-8")
        assert far.entry().master is not None
        assert far.begun() == 0


@contextmanager
def small_disk(folder: Path, mib: int) -> Iterator[Path]:
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a user who may mount a small disk is not here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("free_mib", [0, 2, 9], ids=["at once", "in the recording", "in the master"])
def test_a_disk_that_is_full_loses_nothing(
    free_mib: int, s3_server: SeaweedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work folder is full: the owner is told so, and once there is room the same command ends well."""
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "disk", 32))
        far = stack.enter_context(far_from(s3_server, tmp_path / "far", monkeypatch, disk))
        far.place.drop(NAME, seconds=95)  # 8 MiB as it is dropped, a third of one as a master
        filler = disk / "filler"
        filler.write_bytes(bytes((32 << 20) - (free_mib << 20) - (1 << 16)))
        if not free_mib:
            with filler.open("ab") as file:
                _fill(file.fileno())
        assert far.program.run("ingest") == NeedsOperator.exit_code, far.program.log.read_text("utf-8")
        said = far.program.log.read_text("utf-8")
        assert "full" in said or "No space left" in said
        assert "Make room" in said
        assert "Traceback" not in said
        assert f"\n{NAME}" in said, "the recording is named as its owner knows it"
        guid = far.entry().guid
        assert far.entry().recording is not None
        filler.unlink()
        assert far.program.run("ingest") == 0, far.program.log.read_text("utf-8")
        assert far.entry().master is not None
        assert far.entry().guid == guid
        assert [path.name for path in disk.iterdir() if path.name.startswith(("master-", "."))] == []


def _fill(descriptor: int) -> None:
    """To the last byte."""
    for size in (1 << 16, 1 << 12, 1):
        try:
            while True:
                os.write(descriptor, bytes(size))
        except OSError:
            continue
