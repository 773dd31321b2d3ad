"""The small server as it ships: Prefect on loopback, Caddy in front with TLS and a password, the UI in a browser."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.infra_support.engines import PREFECT, caddy, prefect
from tests.infra_support.files import INFRA, environment, read_env, staged_small_server
from tests.testbeds.place import free_port, need_apt

pytestmark = pytest.mark.real

NAME, PASSWORD = "anna", "a-password-of-anna"


@dataclass(frozen=True)
class Desk:
    url: str
    loopback: str
    authority: Path
    env: dict[str, str]
    users: Path
    reload: Callable[[], str]

    def let_in(self, password: str) -> None:
        """As the runbook says: another line for the one person, and a reload."""
        self.users.write_text(f"{NAME} {hashed(password)}")
        self.reload()

    def get(self, path: str, password: str = "") -> requests.Response:
        who = (NAME, password) if password else None
        return requests.get(self.url + path, auth=who, verify=str(self.authority), timeout=30)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    need_apt("caddy")
    folder = tmp_path_factory.mktemp("desk")
    api_port, https_port = free_port(), free_port()
    staged = staged_small_server(folder / "root", "localhost")
    site = staged / "etc/caddy/pillarcast.caddy"
    moved = site.read_text().replace("127.0.0.1:4200", f"127.0.0.1:{api_port}")
    site.write_text(moved.replace("/var/log/caddy", str(folder)))
    users = site.parent / "pillarcast-users"
    users.write_text(f"{NAME} {hashed(PASSWORD)}")
    api = f"http://127.0.0.1:{api_port}/api"
    env = environment(
        read_env(staged / "etc/pillarcast/prefect.env"),
        {"PREFECT_HOME": str(folder / "prefect"), "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(folder / "ui")},
        {"PREFECT_SERVER_API_PORT": str(api_port), "PREFECT_API_URL": api},
    )
    with (
        prefect("server", "start", env=env, log=folder / "prefect.log", health=f"{api}/health"),
        caddy(site, folder, https_port) as reload,
    ):
        authority = folder / "caddy/pki/authorities/local/root.crt"
        yield Desk(f"https://localhost:{https_port}", api, authority, env, users, reload)


def hashed(password: str) -> str:
    asked = ["caddy", "hash-password", "--plaintext", password]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def test_nothing_but_health_is_open(desk: Desk) -> None:
    for path in ("/", "/api/admin/settings", "/api/docs", "/api/healthy", "/api/health/../flows"):
        assert desk.get(path).status_code == 401, path
        assert desk.get(path, "wrong").status_code == 401, path
    assert desk.get("/api/health").json() is True


def test_password_opens_ui_and_api(desk: Desk) -> None:
    assert "<html" in desk.get("/", PASSWORD).text
    answer = desk.get("/api/admin/version", PASSWORD)
    assert answer.ok
    assert answer.headers["Strict-Transport-Security"]
    assert "Server" not in answer.headers


def test_another_password_takes_over_at_once(desk: Desk) -> None:
    desk.let_in("another-password-of-anna")
    assert desk.get("/api/admin/version", PASSWORD).status_code == 401
    assert desk.get("/api/admin/version", "another-password-of-anna").ok
    desk.let_in(PASSWORD)
    assert desk.get("/api/admin/version", PASSWORD).ok


def test_a_page_elsewhere_cannot_change_anything(desk: Desk) -> None:
    """A browser sends the password along by itself; the token it cannot know."""
    filed = requests.post(f"{desk.loopback}/flows/", json={"name": "forged"}, timeout=30)
    assert filed.status_code == 403


def test_clients_on_the_machine_work(desk: Desk) -> None:
    made = subprocess.run(
        [PREFECT, "concurrency-limit", "create", "probe", "1"],
        env=desk.env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


def test_ui_works_in_a_browser(desk: Desk) -> None:
    need_apt("chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-quic"])
        context = browser.new_context(
            ignore_https_errors=True, http_credentials={"username": NAME, "password": PASSWORD}
        )
        page = context.new_page()
        page.route("**/*", lambda route: route.continue_() if "localhost" in route.request.url else route.abort())
        page.goto(f"{desk.url}/v2/deployments")
        deployments = page.get_by_role("link", name="Deployments").first
        deployments.wait_for(timeout=60_000)
        assert deployments.is_visible()
        browser.close()


@pytest.mark.parametrize("form", ["small-server", "many-machines"])
def test_units_are_right(tmp_path: Path, form: str) -> None:
    check_units(tmp_path, form)


def check_units(folder: Path, form: str) -> None:
    """systemd's own check, and its measure of how much a service may do (10 is anything)."""
    need_apt("systemd")
    for name in ("prefect", "pillarcast"):
        program = folder / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    shared = [
        INFRA / "small-server" / f"pillarcast-{name}" for name in ("alert@.service", "again.service", "again.timer")
    ]
    units = sorted({*(INFRA / form).glob("*.service"), *shared})
    for unit in units:
        text = unit.read_text().replace("/opt/pillarcast/.venv/bin", str(folder / "bin"))
        (folder / unit.name).write_text(text)
    drop_in = INFRA / "small-server/pillarcast-.service.d"
    (folder / drop_in.name).symlink_to(drop_in)
    env = {**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:/usr/lib/systemd/system", "SYSTEMD_COLORS": "0"}
    paths = [folder / unit.name for unit in units]
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths], env=env, capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    for path in paths:
        if path.suffix == ".timer":
            continue
        subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", path],
            env=env, capture_output=True, check=True,
        )  # fmt: skip
