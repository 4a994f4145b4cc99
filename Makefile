# `make demo` and `make test` are all a newcomer needs; the rest is for people who work here.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# Pinned versions for everything that pip installs, also for what it builds with.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Files go whole to one of two processes, so that what a file builds for its tests is built once.
SPREAD := -n 2 --dist loadfile

.PHONY: help demo test test-slow test-lowest lint types rooms tests build verify panels simulator pictures bench bench-store peers format clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.core  ## build the sample card and show what a lender and an applicant get
	@$(BIN)/plainscore demo

test: lint types rooms tests  ## lint, types, import contracts and the default tests

test-slow: $(VENV)/.test  ## slow, browser and public-data tests, and every property test with all its examples
	$(BIN)/python -m pytest $(SPREAD) -m "slow or browser or hypothesis" --hypothesis-profile=all-examples

# An environment of its own, since its versions are others: PIP_CONSTRAINT names the lower bounds there.
LOWEST ?= .venv-lowest
LOWEST_PYTHON ?= python3.11
test-lowest:  ## engine tests on the lowest versions that pyproject.toml allows
	$(LOWEST_PYTHON) -m venv $(LOWEST)
	$(LOWEST_PYTHON) .ci/lowest.py > $(LOWEST)/lowest.txt
	PIP_CONSTRAINT=$(abspath $(LOWEST)/lowest.txt) $(LOWEST)/bin/python -m pip install --quiet \
	  --editable ".[excel]" $$($(LOWEST_PYTHON) .ci/lowest.py --tools)
	$(LOWEST)/bin/python -m pytest $(SPREAD) tests/scorecard src/plainscore/scorecard -m "not slow and not browser"

lint: $(VENV)/.test
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks

types: $(VENV)/.test
	$(BIN)/mypy

rooms: $(VENV)/.test
	$(BIN)/lint-imports

tests: $(VENV)/.test
	$(BIN)/python -m pytest $(SPREAD) -m "not slow and not browser"

build: $(VENV)/.core  ## build the sample card, its reports and pages
	$(BIN)/plainscore build

verify: $(VENV)/.core  ## check what is published against the ledger
	$(BIN)/plainscore verify

panels: $(VENV)/.core  ## cards on the public panels (needs their files: DATA=folder)
	$(BIN)/plainscore panels $(or $(DATA),../shared/data)

bench: $(VENV)/.test  ## write reports/benchmarks.md, beside its peers (REUSE=folder keeps answers between runs)
	$(BIN)/python -m benchmarks $(if $(REUSE),--reuse $(REUSE))

bench-store: $(VENV)/.test  ## the store at a million decisions, into the same report (STORE=folder, 20 GB; ONLY=sqlite or postgresql)
	$(BIN)/python -m benchmarks._store_bench $(or $(STORE),build/store) $(if $(ONLY),--only $(ONLY)) \
	  $(if $(SERVER),--server $(SERVER))

peers: $(VENV)/.core  ## install the packages that the benchmark compares with, each in its own environment
	$(BIN)/python -m benchmarks._environments

simulator: $(VENV)/.core  ## write reports/simulator.html: the plots that show the simulator is plausible
	$(BIN)/python -c "from plainscore.simulate import write_report; write_report('reports/simulator.html')"

pictures: $(VENV)/.test  ## take the pictures of the README and of docs/bench.md (needs Chromium)
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/bench_pictures.py

format: $(VENV)/.test
	$(BIN)/ruff check --fix src tests benchmarks
	$(BIN)/ruff format src tests benchmarks

clean:
	rm -rf $(VENV) $(LOWEST) benchmarks/.peers .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Plainscore needs Python 3.11 or newer; set PYTHON=python3.12, say.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Plainscore and what it needs, pinned (about a minute the first time) ..."
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.core
	@echo "Installing what the tests need ..."
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	@touch $@
