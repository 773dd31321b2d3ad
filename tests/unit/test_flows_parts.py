"""Small parts of the flows: pictures, patience, which shows are served, the tether, the environment."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import psutil
import pytest

from flows.environment import server_environment
from flows.patience import _Attempt
from flows.picture import picture_url
from flows.shows import served, show_named
from flows.starting import free_port, started, stop, wait_until_ready
from pillarcast.errors import AccessDenied, Conflict, SettingsError, Unreachable
from pillarcast.model.base import FileRef
from pillarcast.model.master import Course, Loudness, Master
from pillarcast.render.receipt_picture import receipt_picture
from tests.show_support.place import SHOW


def master(before: float = -27.8, after: float = -16.0, peaks: bytes = bytes(range(0, 240, 2))) -> Master:
    return Master(
        file=FileRef(key="k", sha256="s", length_bytes=1, media_type="audio/mpeg"),
        duration_s=1.0,
        sample_rate_hz=44100,
        channels=1,
        bitrate_kbps=64,
        before=Loudness(integrated_lufs=before, range_lu=5, true_peak_dbtp=-10),
        after=Loudness(integrated_lufs=after, range_lu=5, true_peak_dbtp=-1.1),
        peaks=base64.b64encode(peaks).decode(),
    )


@pytest.mark.parametrize("before", [-70.0, -27.8, 0.0])
@pytest.mark.parametrize("peaks", [b"", b"\x00", bytes(range(0, 240, 2))])
def test_the_picture_is_one_that_any_browser_draws(before: float, peaks: bytes) -> None:
    course = Course(duration_s=1)
    svg = receipt_picture('<“Tom & Jerry”> "x"', master(before, peaks=peaks), course, course, -16.0).decode()
    root = ET.fromstring(svg)
    waves = [path.get("d", "") for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("stroke-width")]
    assert waves[0].count("v") == len(peaks) if peaks else not any("v" in wave for wave in waves)
    for mark in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert 0 <= float(mark.get("x", "0")) <= 960
        assert float(mark.get("width", "0")) >= 0
    assert f"{before:.1f} LUFS" in svg
    assert base64.b64decode(picture_url(svg).partition(",")[2]).decode() == svg


@pytest.mark.parametrize(
    ("error", "may_heal"),
    [
        (Unreachable("s3", "is away"), True),
        (Conflict("c", "changed"), False),
        (AccessDenied("s3", "no"), False),
        (KeyError("x"), False),
    ],
)
def test_only_what_time_heals_is_tried_again(error: Exception, *, may_heal: bool) -> None:
    def fail() -> None:
        raise error

    attempt = _Attempt(fail)
    with pytest.raises(type(error)):
        attempt.run()
    assert attempt.may_heal(None, None, None) is may_heal


def _show(folder: Path, title: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "show.toml").write_text(SHOW.replace("Career Talk", title), "utf-8")
    return folder / "show.toml"


def test_one_show_goes_by_its_title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_show(tmp_path / "a", "Career Talk").parent)
    assert [show.key for show in served()] == ["career-talk"]
    assert show_named("whatever").key == "career-talk"


def test_shows_in_folders_go_by_their_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("careers", "law"):
        _show(tmp_path / "shows" / name, "The same title")
    monkeypatch.chdir(tmp_path)
    assert [show.key for show in served()] == ["careers", "law"]
    assert show_named("law").file.resolve() == tmp_path / "shows" / "law" / "show.toml"
    with pytest.raises(SettingsError, match=r"no show goes by that name. Known: careers, law"):
        show_named("health")


def test_shows_can_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [_show(tmp_path / "a", "One"), _show(tmp_path / "b", "Two")]
    monkeypatch.setenv("PILLARCAST_SHOW", os.pathsep.join(map(str, files)))
    assert [show.key for show in served()] == ["one", "two"]
    monkeypatch.setenv("PILLARCAST_SHOW", os.pathsep.join([str(files[0]), str(_show(tmp_path / "c", "One"))]))
    with pytest.raises(SettingsError, match="two shows have the same name"):
        served()


def test_a_server_is_on_loopback_and_silent_and_what_the_owner_set_stays(tmp_path: Path) -> None:
    made = server_environment(tmp_path, 4242, {"PREFECT_RUNNER_POLL_FREQUENCY": "60", "PREFECT_API_URL": "elsewhere"})
    assert made["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert made["PREFECT_API_URL"] == "http://127.0.0.1:4242/api"
    assert made["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert made["PREFECT_RUNNER_POLL_FREQUENCY"] == "60"


def wait_until(what: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


STUBBORN = (
    "import signal, time; from flows.tether import tether; tether();"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(600)"
)
PARENT = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], stdin=subprocess.PIPE);"
    "print(child.pid, flush=True); time.sleep(600)"
)


def test_a_tethered_process_dies_with_a_parent_that_is_killed_even_when_it_does_not_listen() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, STUBBORN],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PILLARCAST_TETHER": "stdin"},
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    assert parent.stdout.readline() == "here\n"
    parent.kill()
    parent.wait()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    parent.stdout.close()


def test_what_was_started_is_stopped_and_what_does_not_start_is_said(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "x.log"
    with started("http.server", {}, log, str(free_port()), "--bind", "127.0.0.1") as process:
        assert process.poll() is None
    assert process.poll() is not None
    stop(process)  # twice does no harm
    with (
        started("no.such.module", {}, log) as process,
        pytest.raises(Unreachable, match="ended as soon as it was started"),
    ):
        wait_until_ready(process, "http://127.0.0.1:9/", log, "x")
    assert "No module named" in log.read_text("utf-8")


def test_a_port_that_is_taken_is_not_chosen() -> None:
    port = free_port()
    assert free_port(port) == port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert free_port(port) != port
