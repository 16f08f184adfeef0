# make run      set everything up and serve the site     make test   set everything up and run the tests
# make setup    only set up                              make lint   formatting, lint, types
# make install  what a site in production needs, without tools; EXTRAS="postgresql s3 ocr assistants" adds to it
# make bench    measure search, indexing, and whole pages beside others, for hours: docs/benchmarks.md
# make test-benchmarks  the tests of make bench with the engines it installs, and tantivy compiled where there is cargo
# make bench-reading  measure how fast and how well letters and scans are read
# make test-postgresql  the tests on PostgreSQL, where it is installed
# make coverage  what the tests do not run           make test-matrix   the tests on every Python and Django there is
# make test-opensearch  the tests of the engine on an OpenSearch node, which Java and Maven start
# make soak      imports, kills, corrections, backups, slow clients and damage at once, for SOAK_SECONDS (1800)
# make campaign  several machines that lose processes, servers, connections and disks during an import of 5,000 letters
# PYTHON, HOST, PORT and the IMR_ variables of imrsite/settings.py may be given: PORT=8001 make run

PYTHON ?= python3
BIN := .venv/bin
BENCH_ITEMS ?= 20000 100000 300000
BENCH_PAGES ?= $(filter-out 300000 1000000 3500000,$(BENCH_ITEMS))
BENCH_LETTERS ?= 20000
# Whoosh answers a question in seconds where there are more than 20,000 items.
BENCH_PEERS ?= columnar sqlite_fts5 tantivy_rust postgresql
BENCH_WORK ?= data/benchmarks
# Every package at the version that constraints.txt pins, and with one of the hashes that requirements/ records.
INSTALL := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --require-hashes --requirement
# The site and its tests start many processes, and each would compile the program where no compiled one is kept.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run setup install test test-opensearch test-postgresql test-benchmarks lint format bench bench-reading coverage soak campaign test-matrix requirements clean

run: .venv/installed-site
	@exec $(BIN)/python manage.py serve

setup: .venv/installed-tools

# The site's own account cannot write here, so the program is compiled for it.
install: .venv/bin/python
	@for part in site $(EXTRAS); do $(INSTALL) requirements/$$part.txt || exit 1; done
	@$(BIN)/python -m compileall -q imrsite determinations
	@touch .venv/installed-site

test: .venv/installed-tools
	$(BIN)/python -m pytest --numprocesses auto

test-opensearch: .venv/installed-tools
	@tests/search/opensearch/run

# The suite on a PostgreSQL cluster that it starts and ends; skipped where Debian's package postgresql is missing.
# TESTS limits it: TESTS=--only-database leaves out what starts processes and what asks no database.
test-postgresql: .venv/installed-tools
	$(BIN)/python -m tests.on_postgresql --numprocesses auto $(TESTS)

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

.venv/installed-site: .venv/bin/python requirements/site.txt requirements/dev.txt
	@echo "Installing what the site needs into .venv ..."
	@$(INSTALL) requirements/site.txt
	@touch $@

.venv/installed-tools: .venv/bin/python requirements/site.txt requirements/dev.txt
	@echo "Installing what the site, its tests and its tools need into .venv ..."
	@$(INSTALL) requirements/dev.txt
	@touch $@ .venv/installed-site

# `make test` has none of the engines, so it leaves these out.
test-benchmarks: .venv/installed-tools
	@$(INSTALL) requirements/bench.txt
	@$(BIN)/python -c "from benchmarks.peers import tantivy_process; tantivy_process.compile_if_possible()"
	$(BIN)/python -m pytest tests/benchmarks

bench: .venv/installed-tools
	@$(INSTALL) requirements/bench.txt
	@for items in $(BENCH_ITEMS); do \
	  if [ $$items -gt 1000000 ]; then \
	    $(BIN)/python -m benchmarks.whole_record --items $$items --work $(BENCH_WORK) || exit 1; continue; \
	  fi; \
	  peers="--peers $(BENCH_PEERS)"; [ $$items -gt 20000 ] || peers=; \
	  $(BIN)/python -m benchmarks.index_bench --items $$items $$peers --work $(BENCH_WORK) --json $(BENCH_WORK)/index-$$items.json && \
	  $(BIN)/python -m benchmarks.search_bench --items $$items $$peers --work $(BENCH_WORK) --json $(BENCH_WORK)/search-$$items.json || exit 1; \
	done
	@for letters in $(BENCH_LETTERS); do for kind in text pdf; do \
	  $(BIN)/python -m benchmarks.import_bench --letters $$letters --kind $$kind --work $(BENCH_WORK) --json $(BENCH_WORK)/import-$$letters-$$kind.json || exit 1; \
	done; done
	@for items in $(BENCH_PAGES); do \
	  $(BIN)/python -m benchmarks.http_bench --items $$items --work $(BENCH_WORK) --json $(BENCH_WORK)/pages-$$items.json || exit 1; \
	done

# Reading of letters: speed, hostile texts, and scans through OCR where Tesseract is installed.
bench-reading: .venv/installed-tools
	$(BIN)/python -m benchmarks.reading_letters --letters 3000
	$(BIN)/python -m benchmarks.reading_letters --letters 3000 --hostile 0 --without-grounds
	$(BIN)/python -m benchmarks.ocr --letters 5

coverage: .venv/installed-tools
	$(BIN)/python -m pytest --numprocesses auto --cov --cov-report term:skip-covered --cov-report html

soak: .venv/installed-tools
	@$(BIN)/python -m tests.soak

# Needs PostgreSQL; CAMPAIGN_SEARCH=opensearch needs Java and Maven too. tests/campaign/__main__.py has the settings.
campaign: .venv/installed-tools
	@tests/campaign/run

# The suite on every Python and Django that the site supports, those that are installed here.
test-matrix:
	@for python in 3.11 3.12 3.13; do for django in 5.2 6.0 6.1; do .ci/matrix $$python $$django || exit 1; done; done

# Writes requirements/ anew after a pin in constraints.txt or a dependency in pyproject.toml was changed.
PIN := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-annotate --no-header --constraint constraints.txt
COMPILE := $(PIN) pyproject.toml
requirements: .venv/installed-tools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --output-file requirements/site.txt
	$(PIN) --group build --output-file requirements/build.txt
	$(COMPILE) --extra ocr --output-file requirements/ocr.txt
	$(COMPILE) --extra assistants --output-file requirements/assistants.txt
	$(COMPILE) --extra postgresql --output-file requirements/postgresql.txt
	$(COMPILE) --extra s3 --output-file requirements/s3.txt
	$(COMPILE) --all-extras --group dev --output-file requirements/dev.txt
	$(COMPILE) --all-extras --group dev --group bench --output-file requirements/bench.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
