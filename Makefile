# The two commands that matter: `make run` and `make test`. Everything happens in .venv.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SOURCES := review worker api integrations deploy tests benchmarks .ci

.PHONY: run test check lint audit licences bench bundle fix lock model setup help

help:
	@echo "make run    set everything up and start the site, its queue and its workers"
	@echo "make test   set everything up and run the whole test suite; TESTS=… only these"
	@echo "make check  linters, types, import contracts, fast tests"
	@echo "make audit  known weaknesses of the dependencies (needs a network; says so without one)"
	@echo "make licences  docs/licences.md and the list of parts (CycloneDX) anew, after a change of the lock"
	@echo "make bench  every figure anew, into docs/benchmarks.md; ONLY=gate some, QUICK=1 tries them"
	@echo "make bundle one archive in dist/ that installs without a network"
	@echo "make model  train the classifier again from models/passage/corpus/"

run: setup
	@$(BIN)/xianshen serve

test: setup
	$(BIN)/pytest -n auto --dist worksteal $(TESTS)

check: lint
	$(BIN)/pytest -q -n auto --dist worksteal -m "not slow"

lint: setup
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/xianshen lexicon check
	$(BIN)/python .ci/audit.py

audit: setup
	$(BIN)/python .ci/audit.py

licences: setup
	$(BIN)/python .ci/inventory.py

bench: setup
	$(BIN)/python -m benchmarks.run $(ONLY) $(if $(QUICK),--quick)

bundle: setup
	$(BIN)/python -m deploy.bundle

model: setup
	$(BIN)/xianshen model train $(if $(BACKGROUND),--background $(BACKGROUND))

fix: setup
	$(BIN)/ruff check --fix --exit-zero $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

# Needs uv; the lock names versions and hashes, never an index.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group pyproject.toml:build --group pyproject.toml:test --group pyproject.toml:check \
	  pyproject.toml -o requirements.lock

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "缺少 python3（3.11 或更新）：apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新的版本"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "缺少 python3-venv：apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q review worker api || true
	@touch $(STAMP)
