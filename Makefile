# make run   start the app          make test   all tests, the browser's included
# make lint  style, types, layers   make test-fast   the quick ones of the library
# make bench   measure and write docs/benchmarks.md; make bench-short prints the main figures
# make screenshots  take the pictures of README and docs
# make eslint  check the JavaScript; needs npm
# make lock  pin what pyproject.toml asks for, with hashes; needs uv (pip install uv)
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
BIN := .venv/bin
# One more than there are processors: tests in a browser wait a good part of their time.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"

# Workers, servers and commands under test import the same modules: they are compiled once.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-fast lint bench bench-short screenshots eslint lock

run: .venv/app
	@$(BIN)/python -m ikmgeo serve --host $(HOST) --port $(PORT)

test: .venv/dev
	$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal

test-fast: .venv/dev
	$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal --ignore tests/browser --ignore tests/pages -m "not app and not slow"

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev
	$(BIN)/python tools/bench.py

bench-short: .venv/dev
	$(BIN)/python tools/bench.py --short

screenshots: .venv/dev
	$(BIN)/python tools/screenshots.py

eslint: node_modules
	npx eslint ikmgeo/static

node_modules: package-lock.json
	npm ci --no-audit --no-fund --silent
	@touch $@

lock:
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) --group dev --constraint requirements.txt --output-file requirements-dev.txt

# Installed once; again only when the pinned requirements change.
.venv/app: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ikmgeo needs Python 3.11 or later: make run PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: .venv/app requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
