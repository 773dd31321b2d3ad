# Everything that people type. Each target sets up what it needs; `make` alone lists them.
PYTHON ?= python3
REAL ?= tests
LONG ?= tests
WORKERS ?= 0
BENCH ?= mastering feed upload overheads archive scale
VENV := .venv
BIN := $(VENV)/bin
# Byte code is compiled at install: the first run is not slower than the second.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALL := $(BIN)/uv pip install --quiet --system-certs --compile-bytecode --require-hashes

.PHONY: help demo up test test-real test-long fuzz check bench pictures clean lock
help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/run ## set everything up and publish the sample episode on this machine
	@$(BIN)/python scripts/demo.py

up: $(VENV)/run ## server, Prefect UI, drop folder and site, until Ctrl-C
	@$(BIN)/pillarcast up

test: $(VENV)/dev ## the fast suite: unit, property, contract, golden, real S3, real Prefect
	@$(BIN)/python -m pytest -m "not real and not long" -n auto --dist loadgroup tests

test-real: $(VENV)/dev ## against WordPress, Ghost, git sites, Chromium, ffmpeg; installs them with apt and npm
	@sh scripts/install_real.sh
	@PILLARCAST_REAL=1 $(BIN)/python -m pytest -m "real and not long" -n $(WORKERS) --dist loadgroup $(REAL)

test-long: $(VENV)/dev ## the whole crash matrix and long histories; SEED=7 repeats those of a run
	@$(BIN)/python -m pytest -m "long and not real" -n auto --dist load $(if $(SEED),--hypothesis-seed=$(SEED)) $(LONG)

fuzz: $(VENV)/dev ## parsers of strangers' words, for SECONDS (120) from SEED; what it prints repeats a failure
	@$(BIN)/python -m tests.fuzz $(or $(SECONDS),120) $(SEED)

check: $(VENV)/dev ## types, style, walls between rooms, docs, audit of dependencies
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy src flows
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/docs
	@$(BIN)/python scripts/audit.py

bench: $(VENV)/dev ## side by side with peers, as ratios; docs/performance.md says what came out
	@for bench in $(BENCH); do $(BIN)/python bench/$$bench.py; done

pictures: $(VENV)/dev ## the pictures of the README and the docs, made anew
	@$(BIN)/python scripts/screenshots.py
	@$(BIN)/python scripts/terminal_picture.py

lock: $(VENV)/run ## resolve the dependencies anew
	@sh requirements/compile.sh

clean: ## remove what was installed and made; episodes, articles and show.toml stay
	@rm -rf $(VENV) .pillarcast .testbeds

# uv installs many times faster; where it cannot reach its index (it does not read pip's settings), pip does it.
$(VENV)/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("pillarcast needs Python 3.11 or newer, this is " + sys.version.split()[0] + ". Say: make PYTHON=python3.12 …") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up (once) …"
	@$(PIP) --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/run: requirements/run.txt pyproject.toml scripts/build_kernels.py $(wildcard src/pillarcast/audio/kernels/*.[ch]) $(VENV)/bin/uv
	@$(INSTALL) -r requirements/run.txt 2>/dev/null || $(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python scripts/build_kernels.py
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/run
	@$(INSTALL) -r requirements/dev.txt 2>/dev/null || $(PIP) --require-hashes -r requirements/dev.txt
	@touch $@
