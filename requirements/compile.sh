#!/bin/sh
# Resolves pyproject.toml into hash-locked requirements without URLs. Run it after each change of a dependency.
set -eu
cd "$(dirname "$0")/.."
compile() { .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header "$@"; }
compile -o requirements/run.txt pyproject.toml
compile -c requirements/run.txt --group dev -o requirements/dev.txt pyproject.toml
printf 'uv\nhatchling\neditables\n' | compile -o requirements/uv.txt -
