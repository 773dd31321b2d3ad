"""The pages' scripts keep their types."""

import subprocess

import pytest

from tests.site_support.browsing import ROOT, needs_npm_packages

pytestmark = [pytest.mark.real, needs_npm_packages]


def test_scripts_are_typed() -> None:
    done = subprocess.run(
        [ROOT / "node_modules/.bin/tsc", "-p", ROOT / "tsconfig.json"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout
