# make run   start the app          make test   all tests, the browser's included
# make lint  style, types, layers   make bench  measure and write docs/benchmarks.md
# make screenshots  take the pictures of README and docs
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
BIN := .venv/bin
# One more than there are processors: tests in a browser wait a good part of their time.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')

.PHONY: run test lint bench screenshots

run: .venv/app
	@$(BIN)/python -m ikmgeo serve --host $(HOST) --port $(PORT)

test: .venv/dev
	$(BIN)/pytest --numprocesses $(WORKERS)

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev
	$(BIN)/python tools/bench.py

screenshots: .venv/dev
	$(BIN)/python tools/screenshots.py

# Installed once; again only when the pinned requirements change.
.venv/app: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ikmgeo needs Python 3.11 or later: make run PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: .venv/app requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
