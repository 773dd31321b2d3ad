"""The embedded S3 server: SeaweedFS from its wheel, on loopback, shared by all who need it, gone with the last."""

from __future__ import annotations

import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock

from pillarcast.adapters.s3_errors import translated
from pillarcast.adapters.s3_place import S3Place, connect
from pillarcast.adapters.s3_setup import open_for_reading
from pillarcast.adapters.seaweed_holders import Holders
from pillarcast.adapters.seaweed_keys import ADMIN, PUBLISHER, make_keys, read_keys
from pillarcast.adapters.seaweed_leftovers import end_leftover
from pillarcast.adapters.seaweed_ports import choose_ports, is_answering, noted_ports
from pillarcast.adapters.seaweed_program import OBJECTS, server_command, server_program, spawn_warden
from pillarcast.errors import NeedsOperator, PillarcastError, Unreachable

_READY = "ready"  # beside public/ and private/, where no show looks and nobody reads without keys
_READY_BODY = b"ready"
_READY_S = 30.0
_LOOK_S = 0.05
_STARTS = 3
_ROOM_BYTES = 64_000_000
_NAME = "embedded S3 server"


class _DiedAtOnce(Unreachable):
    """Most likely somebody took one of its ports between our look and its start."""


class SeaweedServer:
    """`home` holds everything: objects, secrets, ports, log. Whoever starts it while it runs joins it.

    `place` is the publisher's; `admin_place` may also set the bucket up. Unsupported where no server exists for this
    machine; Unreachable where it does not come up.
    """

    def __init__(self, home: Path, bucket: str = "podcasts", prefix: str = "", s3_port: int = 8333) -> None:
        self.home = home.resolve()
        self.log = self.home / "server.log"
        self.is_joined = False
        self._bucket = bucket
        self._prefix = prefix
        self._s3_port = s3_port
        self._keys = self.home / "s3.json"
        self._noted = self.home / "ports.json"
        self._holders = Holders(self.home)
        self._held: FileLock | None = None
        self._warden: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def place(self) -> S3Place:
        return self._place(PUBLISHER)

    @property
    def admin_place(self) -> S3Place:
        return self._place(ADMIN)

    @property
    def public_url(self) -> str:
        """What the show's `public/` is read by, without a slash at its end."""
        url = f"{self.place.endpoint}/{self._bucket}/public"
        return f"{url}/{self._prefix}" if self._prefix else url

    def start(self) -> Self:
        """Returns when objects can be read and written."""
        if self._held:
            return self
        program = server_program()
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._holders.start:
            self._held = self._holders.register()
            try:
                self._join_or_start(program)
            except BaseException:
                self._held.release()
                self._held = None
                raise
        return self

    def stop(self) -> None:
        """Lets go; waits for the end of the server where nobody else needs it."""
        if self._held is None:
            return
        self._held.release()
        self._held = None
        until = time.monotonic() + _READY_S
        while self._holders.is_guarded() and not self._holders.is_needed() and time.monotonic() < until:
            time.sleep(_LOOK_S)
        if self._warden and not self._holders.is_guarded():
            self._warden.wait(_READY_S)

    def _join_or_start(self, program: Path) -> None:
        make_keys(self._keys, self._bucket)
        self.is_joined = self._holders.is_guarded() and noted_ports(self._noted) is not None
        if self.is_joined:
            with suppress(_DiedAtOnce):  # it was ending just then
                return self._wait_until_ready(None)
            self.is_joined = False
        end_leftover(self.home, self._is_ours)
        for _ in range(_STARTS - 1):
            with suppress(_DiedAtOnce):
                return self._launch(program)
        return self._launch(program)

    def _launch(self, program: Path) -> None:
        ports = choose_ports(self._noted, self._s3_port)
        (self.home / OBJECTS).mkdir(exist_ok=True)
        command = server_command(program, self._keys, self._bucket, ports)
        self._warden = spawn_warden(self.home, self.log, command)
        self._wait_until_ready(self._warden)
        open_for_reading(self.admin_place)

    def _wait_until_ready(self, warden: subprocess.Popen[bytes] | None) -> None:
        until = time.monotonic() + _READY_S
        while not self._is_ours():
            if not self._is_kept(warden):
                raise self._failed(_DiedAtOnce, "it ended as soon as it was started")
            if time.monotonic() > until:
                raise self._failed(Unreachable, f"it was not ready after {_READY_S:.0f} s")
            time.sleep(_LOOK_S)

    def _failed(self, kind: type[Unreachable], what: str) -> PillarcastError:
        """A full disk is the most common reason, and its log tells of that in another tongue."""
        free_bytes = shutil.disk_usage(self.home).free
        if free_bytes < _ROOM_BYTES:
            full = f"the disk is full ({free_bytes / 1e6:.0f} MB are free), so it does not start in {self.home}"
            return NeedsOperator(_NAME, full, "Make room, then try again.")
        return kind(_NAME, what, f"Its log tells why: {self.log}")

    def _is_kept(self, warden: subprocess.Popen[bytes] | None) -> bool:
        """False where no warden runs the server any more; without one of our own it is somebody else's."""
        return self._holders.is_guarded() if warden is None else warden.poll() is None

    def _is_ours(self) -> bool:
        """True where a server answers that knows our secrets and has our bucket."""
        ports = noted_ports(self._noted)
        if ports is None or not is_answering(ports.s3):  # far quicker than a client that finds nobody
            return False
        with suppress(PillarcastError), translated(self.admin_place):
            return self._reads_and_writes()
        return False

    def _reads_and_writes(self) -> bool:
        """The gateway answers a second before its volumes do: only an object that was read shows that all is up."""
        client = connect(self.admin_place, attempts=1, read_timeout_s=5)
        try:
            return bool(client.get_object(Bucket=self._bucket, Key=_READY)["Body"].read() == _READY_BODY)
        except client.exceptions.NoSuchKey:
            client.put_object(Bucket=self._bucket, Key=_READY, Body=_READY_BODY)
            return False

    def _place(self, identity: str) -> S3Place:
        access_key, secret_key = read_keys(self._keys, identity)
        ports = noted_ports(self._noted)
        if ports is None:
            raise Unreachable(_NAME, "it has not been started yet", "Start it: `pillarcast up`.")
        return S3Place(
            endpoint=f"http://127.0.0.1:{ports.s3}",
            bucket=self._bucket,
            access_key=access_key,
            secret_key=secret_key,
            prefix=self._prefix,
            verify_checksums=True,
        )
