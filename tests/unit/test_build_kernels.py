"""Installation compiles what it can, and says in a line why it could not."""

from __future__ import annotations

import importlib.util
import shutil
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import psutil
import pytest

from pillarcast.audio import kernels
from pillarcast.audio.kernels import native

ROOT = Path(__file__).parents[2]
SOURCES = sorted(Path(kernels.__file__).parent.glob("*.[ch]"))


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_kernels", ROOT / "scripts" / "build_kernels.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(shutil.which("cc") is None, reason="a C compiler is not here")
def test_what_it_compiles_is_used(hook: ModuleType, tmp_path: Path) -> None:
    for source in SOURCES:
        shutil.copy(source, tmp_path)
    assert hook.compiled(sorted(tmp_path.glob("*.[ch]")), tmp_path / "kernels.so") == ""
    assert native.made_of_its_sources(tmp_path) is not None


@pytest.mark.parametrize(
    ("compiler", "said"),
    [
        ("false", "false: exit 1"),
        ("/no/such/cc", "No such file"),
        ('cc "', "No closing quotation"),
        ("sh -c 'echo rubbish >&2; exit 2' cc", "rubbish"),
        ("sh -c 'for last; do :; done; echo rubbish >\"$last\"' cc", "file too short"),
    ],
)
def test_a_compiler_that_fails_is_no_failure(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiler: str, said: str
) -> None:
    monkeypatch.setenv("CC", compiler)
    assert said in hook.compiled(SOURCES, tmp_path / "kernels.so")
    assert not list(tmp_path.iterdir())


def test_a_compiler_that_hangs_is_ended_with_its_children(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", f"sh -c 'sleep 600 & echo $! >{tmp_path}/child; wait' cc")
    monkeypatch.setattr(hook, "_PATIENCE_S", 1)
    assert "took too long" in hook.compiled(SOURCES, tmp_path / "kernels.so")
    child = int((tmp_path / "child").read_text())
    with suppress(psutil.NoSuchProcess):
        psutil.Process(child).wait(10)


def test_where_nothing_can_be_written_that_is_said(hook: ModuleType, tmp_path: Path) -> None:
    assert hook.compiled(SOURCES, tmp_path / "missing" / "kernels.so")


def test_without_a_compiler_that_is_said(hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hook.compiled(SOURCES, tmp_path / "kernels.so") == "no C compiler was found"


def test_a_checkout_and_an_image_have_all_that_installation_wants() -> None:
    """The hook stands outside the package, so whoever copies parts of the checkout has to name it."""
    container = (ROOT / "infra" / "containers" / "Containerfile").read_text()
    ignored = (ROOT / "infra" / "containers" / "Containerfile.dockerignore").read_text()
    assert "COPY scripts/build_kernels.py scripts/" in container
    assert "!scripts/build_kernels.py" in ignored
