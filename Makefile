# make run      set everything up and serve the site     make test   set everything up and run the tests
# make setup    only set up                              make lint   formatting, lint, types
# make bench    measure search, indexing and whole pages beside others, well over an hour: docs/benchmarks.md
# make coverage  what the tests do not run           make test-matrix   the tests on every Python and Django there is
# PYTHON, HOST, PORT and the IMR_ variables of imrsite/settings.py may be given: PORT=8001 make run

PYTHON ?= python3
BIN := .venv/bin
BENCH_ITEMS ?= 20000 100000 300000
BENCH_PAGES ?= $(filter-out 300000 1000000,$(BENCH_ITEMS))
BENCH_LETTERS ?= 20000
BENCH_WORK ?= data/benchmarks
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet
# Every package at the version and with the hash that constraints.txt gives. 
SITE_NEEDS := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")
INSTALL = $(BIN)/python -c '$(SITE_NEEDS)' > .venv/site-needs.txt && $(PIP) --constraint constraints.txt --requirement .venv/site-needs.txt

.PHONY: run setup test lint format bench coverage test-matrix constraints clean

run: .venv/installed-site
	@exec $(BIN)/python manage.py serve

setup: .venv/installed-tools

test: .venv/installed-tools
	$(BIN)/python -m pytest --numprocesses auto

lint: .venv/installed-tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	git ls-files -co --exclude-standard 'templates/*.html' | xargs $(BIN)/djade --check --target-version 5.2

format: .venv/installed-tools
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files -co --exclude-standard 'templates/*.html' | xargs $(BIN)/djade --target-version 5.2

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "No '$(PYTHON)' found: install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: install its venv package (on Debian: apt install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/installed-site: .venv/bin/python constraints.txt pyproject.toml
	@echo "Installing what the site needs into .venv ..."
	@$(INSTALL)
	@touch $@

.venv/installed-tools: .venv/bin/python constraints.txt pyproject.toml
	@echo "Installing what the site, its tests and its tools need into .venv ..."
	@$(PIP) --constraint constraints.txt pip # dependency groups need pip 25.1
	@$(INSTALL) --group dev
	@touch $@ .venv/installed-site

bench: .venv/installed-tools
	@$(INSTALL) --group bench
	@for items in $(BENCH_ITEMS); do \
	  $(BIN)/python -m benchmarks.index_bench --items $$items --work $(BENCH_WORK) --json $(BENCH_WORK)/index-$$items.json && \
	  $(BIN)/python -m benchmarks.search_bench --items $$items --work $(BENCH_WORK) --json $(BENCH_WORK)/search-$$items.json || exit 1; \
	done
	@for letters in $(BENCH_LETTERS); do for kind in text pdf; do \
	  $(BIN)/python -m benchmarks.import_bench --letters $$letters --kind $$kind --work $(BENCH_WORK) --json $(BENCH_WORK)/import-$$letters-$$kind.json || exit 1; \
	done; done
	@for items in $(BENCH_PAGES); do \
	  $(BIN)/python -m benchmarks.http_bench --items $$items --work $(BENCH_WORK) --json $(BENCH_WORK)/pages-$$items.json || exit 1; \
	done

coverage: .venv/installed-tools
	$(BIN)/python -m pytest --numprocesses auto --cov --cov-report term:skip-covered --cov-report html

# The suite on every Python and Django that the site supports, those that are installed here.
test-matrix:
	@for python in 3.11 3.12 3.13; do for django in 5.2 6.0; do .ci/matrix $$python $$django || exit 1; done; done

# Writes the hashes of the pinned versions into constraints.txt, after a pin was changed.
constraints: .venv/installed-tools
	@$(PIP) uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --constraint constraints.txt --group dev --group bench --all-extras pyproject.toml --output-file constraints.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
