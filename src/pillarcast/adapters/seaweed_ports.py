"""Five ports for the embedded server, the same at every start while they are free, so that URLs stay."""

from __future__ import annotations

import json
import os
import random
import socket
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pillarcast.errors import NeedsOperator, Unreachable

GRPC_OFFSET = 10_000
_ENDING_S, _LOOK_S = 5.0, 0.1
_FIRST, _LAST = 10_240, 22_700  # with the offset still below the ports that systems hand out by themselves


@dataclass(frozen=True)
class Ports:
    s3: int
    master: int
    volume: int
    filer: int
    admin: int

    def arguments(self) -> list[str]:
        return [f"-{name}.port={port}" for name, port in asdict(self).items()]


def choose_ports(noted: Path, preferred_s3: int) -> Ports:
    """Those noted at the last start, each replaced where somebody else has it now; noted again.

    But for the one in all addresses of the show. NeedsOperator where somebody else has that one now.
    """
    known = _read(noted) or {}
    before = known or {"s3": preferred_s3}
    if not _becomes_free(known.get("s3", 0)):
        what = f"the port {known['s3']}, which is part of every address of this show, is used by another program"
        mend = f"End that one; is it `pillarcast up` of another show? For other addresses, for good, remove {noted}."
        raise NeedsOperator("embedded S3 server", what, mend)
    chosen: dict[str, int] = {}
    for name in (field.name for field in fields(Ports)):
        port = before.get(name, 0)
        taken = set(chosen.values())
        chosen[name] = port if port and port not in taken and is_free(port) else _another(taken)
    noted.write_text(json.dumps(chosen))
    return Ports(**chosen)


def noted_ports(noted: Path) -> Ports | None:
    before = _read(noted)
    try:
        return Ports(**before) if before else None
    except TypeError:
        return None


def is_free(port: int) -> bool:
    """True where the port and its gRPC companion can be bound on loopback."""
    return _can_bind(port) and _can_bind(port + GRPC_OFFSET)


def is_answering(port: int) -> bool:
    """True where somebody accepts connections; the port is not bound for this, which would be in the way of it."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _becomes_free(port: int) -> bool:
    """A server that is ending has its port for a moment longer. No port is always free."""
    until = time.monotonic() + _ENDING_S
    while port and not is_free(port):
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_S)
    return True


def _another(taken: set[int]) -> int:
    candidates = random.sample(range(_FIRST, _LAST), 200)
    for port in candidates:
        if port not in taken and is_free(port):
            return port
    raise Unreachable("embedded S3 server", "no free port was found on this machine", "Close some programs.")


def _can_bind(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # as the server does: a port that was just closed counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except (OSError, OverflowError):
            return False
    return True


def _read(noted: Path) -> dict[str, int] | None:
    try:
        before = json.loads(noted.read_text())
        return {str(name): int(port) for name, port in before.items()}
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return None
