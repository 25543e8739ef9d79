# Two commands do all on a fresh machine: `make demo` and `make test`.
# They need Python ≥ 3.11, make and the package registries; uv is used when it is there.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
PYTEST := $(BIN)/python -m pytest

.PHONY: demo test test-unit test-services test-prefect lint types imports format bench docs install install-dev clean help

help:            ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 18

demo: install    ## install, then the whole journey on data/samples, into ./demo
	$(BIN)/sladd demo demo

test: install-dev test-unit test-services test-prefect test-browser ## install, then every test

test-unit: install-dev       ## no services needed
	$(PYTEST) -n 2 -m "not services and not prefect and not browser"

test-services: install-dev   ## a real PostgreSQL and MariaDB, one of each
	$(PYTEST) -n 2 --dist loadgroup -m services

test-prefect: install-dev    ## two real Prefect servers, started once
	$(PYTEST) -n 2 --dist loadfile -m prefect

test-browser: install-dev    ## the officer's desk in Debian's Chromium, where that is installed
	$(PYTEST) -n 2 -m browser

lint: install-dev imports    ## ruff, and that imports point down only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

imports: install-dev
	$(BIN)/lint-imports

types: install-dev           ## mypy, strict
	$(BIN)/mypy

format: install-dev          ## rewrite the code in the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

ROWS ?= 1000000
bench: install-dev           ## what the README claims, measured; ROWS=10000 for a quick look, WRITE=--write keeps it
	$(BIN)/python -m benchmarks --rows $(ROWS) $(WRITE)

docs: install-dev            ## write docs/reference from the code
	$(BIN)/python -m docs.generate

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

$(VENV)/.installed: pyproject.toml constraints.txt
ifdef UV
	@test -x $(BIN)/python || uv venv -q --python "$$(command -v $(PYTHON))" $(VENV)
	uv pip install -q --python $(BIN)/python -c constraints.txt -e .
else
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
endif
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
ifdef UV
	uv pip install -q --python $(BIN)/python -c constraints.txt -e ".[dev]"
else
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[dev]"
endif
	@touch $@

clean:           ## remove what make made
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
