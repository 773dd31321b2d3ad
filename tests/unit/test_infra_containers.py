"""What the container files say of one another: one image, no open ports but Caddy's, no secret out of its place."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.infra_support.files import INFRA, ROOT, read_env

FOLDER = INFRA / "containers"
OURS = {"migrate", "prefect", "services", "pool", "worker", "drop"}
RUNNERS = {"worker", "drop"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))["services"]
    return services


def test_everything_of_ours_is_one_image(services: dict[str, Any]) -> None:
    ours = {name: service for name, service in services.items() if service["image"] == "pillarcast"}
    assert set(ours) == OURS
    assert {str(service["build"]) for service in ours.values()} == {
        str({"context": "../..", "dockerfile": "infra/containers/Containerfile"})
    }
    assert all(service["cap_drop"] == ["ALL"] for service in ours.values())


def test_only_caddy_has_ports(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert not [name for name, service in services.items() if service.get("network_mode")]


def test_every_variable_is_asked_for(services: dict[str, Any]) -> None:
    text = (FOLDER / "compose.yaml").read_text("utf-8")
    variables = set(re.findall(r"(?<!\$)\$\{(\w+):\?\}", text))
    assert variables == set(read_env(FOLDER / ".env.example"))
    assert set(re.findall(r"(?<!\$)\$\{?\w+[^:\w]", text)) == set(), "a variable that may be missing in silence"


def test_runners_know_no_password_of_the_database(services: dict[str, Any]) -> None:
    for name in RUNNERS:
        assert services[name]["env_file"] == ["../many-machines/worker.env", "pillarcast.env"]
        assert not {key for key in services[name]["environment"] if "DATABASE" in key or "REDIS" in key}
        assert services[name]["volumes"] == ["./show:/srv/pillarcast:ro"]


def test_the_database_is_up_to_date_before_anything_uses_it(services: dict[str, Any]) -> None:
    for name in ("prefect", "services"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    for name in RUNNERS:
        assert services[name]["depends_on"] == {"pool": {"condition": "service_completed_successfully"}}


def test_secrets_stay_out_of_git_and_of_the_image() -> None:
    ignored = (FOLDER / ".gitignore").read_text("utf-8").split()
    assert {".env", "pillarcast.env", "show/"} <= set(ignored)
    lines = [
        line for line in (FOLDER / "Containerfile.dockerignore").read_text("utf-8").splitlines() if line[:1] != "#"
    ]
    assert lines[0] == "*"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (FOLDER / "Containerfile").read_text("utf-8"), re.MULTILINE)
    assert {word for line in copied for word in line.split()} == allowed
    assert all((ROOT / path).exists() for path in allowed)


def test_image_runs_as_nobody_in_particular() -> None:
    text = (FOLDER / "Containerfile").read_text("utf-8")
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    installs = re.findall(r"pip install .*", text)
    assert all("--require-hashes" in line or "--no-deps /wheels" in line for line in installs)


def test_cluster_and_compose_start_the_same() -> None:
    _, deployment = yaml.safe_load_all((FOLDER / "kubernetes/drop.yaml").read_text("utf-8"))
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))["services"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["command"] == compose["drop"]["command"]
    worker = yaml.safe_load((FOLDER / "kubernetes/worker-values.yaml").read_text("utf-8"))["worker"]
    assert worker["config"] == {"workPool": "pillarcast", "type": "process", "limit": 2, "installPolicy": "never"}
    assert f"{worker['image']['repository']}:{worker['image']['prefectTag']}" == container["image"]
