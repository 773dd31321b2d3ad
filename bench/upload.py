"""Uploads side by side with `aws s3 cp`, `rclone` and boto3, on the same server: ratios into docs/.

Needs rclone (apt); the AWS command line comes by pip into a folder of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pillarcast.adapters.s3_place import S3Place, connect
from pillarcast.adapters.seaweed import SeaweedServer

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance-uploads.md"
MIB = 1 << 20

OURS = """
import hashlib, sys, time
from pathlib import Path
from pillarcast.adapters.s3 import S3Bucket, S3Place
from pillarcast.ports import ObjectMeta
endpoint, bucket, access, secret, path, key = sys.argv[1:]
place = S3Place(endpoint, bucket, access_key=access, secret_key=secret, verify_checksums=True)
with open(path, "rb") as file:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
bucket = S3Bucket(place)
bucket.head("private/nothing")
began = time.perf_counter()
bucket.upload(f"private/{key}", Path(path), ObjectMeta("audio/mpeg", "no-store", digest))
print(time.perf_counter() - began)
"""
BOTO3 = """
import sys, time, boto3
from botocore.config import Config
endpoint, bucket, access, secret, path, key = sys.argv[1:]
config = Config(s3={"addressing_style": "path"})
client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1",
                      aws_access_key_id=access, aws_secret_access_key=secret, config=config)
client.list_objects_v2(Bucket=bucket, Prefix="private/nothing")
began = time.perf_counter()
client.upload_file(path, bucket, f"private/{key}")
print(time.perf_counter() - began)
"""


@dataclass(frozen=True)
class Peer:
    name: str
    command: Callable[[Path, str], list[str]]
    environment: dict[str, str]


@dataclass(frozen=True)
class Run:
    """`transfer_s` is without the start of the program; 0 where the program does not tell it."""

    wall_s: float
    cpu_s: float
    transfer_s: float


def peers(place: S3Place) -> list[Peer]:
    arguments = [place.endpoint, place.bucket, place.access_key, place.secret_key]
    remote = f":s3,provider=Other,no_check_bucket,endpoint='{place.endpoint}',env_auth:{place.bucket}"
    keys = {
        "AWS_ACCESS_KEY_ID": place.access_key,
        "AWS_SECRET_ACCESS_KEY": place.secret_key,
        "AWS_DEFAULT_REGION": place.region,
    }
    aws, rclone = aws_program(), shutil.which("rclone")
    if rclone is None:
        sys.exit("rclone is missing: apt install rclone")
    cp = [aws, "s3", "cp", "--only-show-errors", "--endpoint-url", place.endpoint]
    return [
        Peer("pillarcast", lambda path, key: [sys.executable, "-c", OURS, *arguments, str(path), key], {}),
        Peer("boto3 upload_file", lambda path, key: [sys.executable, "-c", BOTO3, *arguments, str(path), key], {}),
        Peer("aws s3 cp", lambda path, key: [*cp, str(path), f"s3://{place.bucket}/private/{key}"], keys),
        Peer("rclone copyto", lambda path, key: [rclone, "copyto", str(path), f"{remote}/private/{key}"], keys),
    ]


def aws_program() -> str:
    bed = ROOT / ".testbeds" / "awscli"
    program = bed / ("Scripts/aws.cmd" if os.name == "nt" else "bin/aws")
    if not program.exists():
        venv.create(bed, with_pip=True)
        subprocess.run([program.parent / "python", "-m", "pip", "install", "--quiet", "--quiet", "awscli"], check=True)
    return str(program)


def measure(peer: Peer, path: Path, key: str) -> Run:
    ours_alone = {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "RCLONE_"))}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**ours_alone, **peer.environment}
    done = subprocess.run(peer.command(path, key), env=environment, check=True, capture_output=True, text=True)
    wall_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall_s, cpu_s, float(done.stdout.strip() or 0))


def compare(rounds: int, length_mib: int) -> dict[str, list[Run]]:
    """Rounds are interleaved, so that what else the machine does falls on all alike."""
    with tempfile.TemporaryDirectory() as folder, SeaweedServer(Path(folder) / "s3", s3_port=0) as server:
        path = Path(folder) / "master.mp3"
        path.write_bytes(hashlib.shake_128(b"master").digest(length_mib * MIB))
        client = connect(server.place)
        runs: dict[str, list[Run]] = {}
        for number in range(rounds + 1):
            for peer in peers(server.place):
                key = f"{number}-{peer.name.replace(' ', '-')}"
                run = measure(peer, path, key)
                if number:  # the first round warms up
                    runs.setdefault(peer.name, []).append(run)
                client.delete_object(Bucket=server.place.bucket, Key=f"private/{key}")
        return runs


def page(runs: dict[str, list[Run]], rounds: int, length_mib: int) -> str:
    ours = runs["pillarcast"]
    lines = [
        "# Uploads side by side",
        "",
        f"One file of {length_mib} MiB to the same embedded server on loopback, each program from its start to its",
        f"end, {rounds} rounds in turn. Medians, as ratios to pillarcast: above 1 is slower or costs more. The server",
        "and the client share the machine here; over a slow line all of them wait for the line.",
        "",
        "| Program | Time | Without its start | CPU of the client |",
        "|---|---|---|---|",
    ]
    for name, theirs in runs.items():
        cells = [ratio(theirs, ours, what) for what in ("wall_s", "transfer_s", "cpu_s")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += [
        "",
        "pillarcast reads the file twice here (its hash comes first), sends SHA-256 of every part, notes the upload so",
        "that it can be resumed, and reads the object's length, hash and checksum back. The others do none of the last",
        "two. Made by `python bench/upload.py`.",
        "",
    ]
    return "\n".join(lines)


def ratio(theirs: list[Run], ours: list[Run], what: str) -> str:
    quotient = median(theirs, what) / median(ours, what)
    return f"{quotient:.2f}" if quotient else "not told"


def median(runs: list[Run], what: str) -> float:
    return float(statistics.median(getattr(run, what) for run in runs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mib", type=int, default=150)
    options = parser.parse_args()
    runs = compare(options.rounds, options.mib)
    text = page(runs, options.rounds, options.mib)
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
