# Needs Python 3.11 or later and make. Everything else comes from requirements.lock into .venv, once.
PYTHON ?= python3
PYTHON313 ?= python3.13
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
TEST := tests
# Two processes, each with a PostgreSQL of its own, a file's tests together: `make test PROCESSES=0` runs all in one.
PROCESSES := 2

.PHONY: help setup demo test check lint fix conformance soak open-client clean
.DEFAULT_GOAL := help

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.installed ## make .venv from requirements.lock (the other targets do it when needed)

.venv/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tutela needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

# The build's own tools come through pip's isolation: a bare Python's setuptools is too old for pyproject.toml.
.venv/.installed: .venv/.locked pyproject.toml
	$(PIP) install --no-deps -e .
	@touch $@

demo: setup ## build a synthetic world, send 2,000 reports through it, and stay up to be looked at
	$(BIN)/tutela demo

test: setup ## run the tests (TEST=tests/matching for a part)
	$(BIN)/pytest -n $(PROCESSES) --dist loadfile $(TEST)

check: lint ## everything a reviewer's machine checks except the tests: style, types, layers, map
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tutela.config.housemap --check
	TUTELA_HOME=.stamps/check $(BIN)/python -m tutela.api.openapi --check

lint: setup ## ruff only
	$(BIN)/ruff check
	$(BIN)/ruff format --check

fix: setup ## let ruff repair what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

conformance: setup ## compare our PDQ with published pairs: make conformance VECTORS=directory
	@test -d "$(VECTORS)" || { echo "Say where the published pairs are: make conformance VECTORS=directory"; exit 2; }
	$(BIN)/python -m tutela.matching.conformance "$(VECTORS)"

soak: setup ## the long runs that `make test` leaves out
	$(BIN)/pytest -m soak $(TEST)

clean: ## remove .venv and every cache
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An open client that is not ours speaks to this house; it needs a Python of 3.13 or later, which Tutela itself does not.
open-client: setup ## let an open CyberTipline client (ncmec-cybertip, unmodified) speak to this house
	@test -x .stamps/open-client/bin/python || $(PYTHON313) -m venv .stamps/open-client
	.stamps/open-client/bin/python -m pip -q install ncmec-cybertip==0.1.1
	OPEN_CLIENT_PYTHON=.stamps/open-client/bin/python $(BIN)/pytest -s tests/contracts/test_open_client.py
