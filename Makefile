# Everything a newcomer or a maintainer runs. `make demo` and `make test` need Python 3.11+ and make.

# The first interpreter that starts and is new enough, or say what is missing.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
# Most tests wait for real processes, so four at a time are quicker even on two cores.
SIDE_BY_SIDE := -n 4 --dist loadfile --no-loadscope-reorder
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes

.PHONY: help demo test walks danger words script check static format-check lint types imports format bench lock install clean
help:
	@echo "make demo    Heard on this machine: no token, no internet"
	@echo "make test    every test (browser and PostgreSQL tests where those are installed)"
	@echo "make check   formatting, lint, types, import rules, tests"
	@echo "make format  put the code into its format"
	@echo "make walks   ten thousand random walks through the talk, counted (WALKS=...)"
	@echo "make danger  what the recogniser of danger sees and misses, in figures"
	@echo "make words   the hardest sentences, and every fault of the wording"
	@echo "make script  draw the talk's table into docs/script.md"
	@echo "make bench   measurements, printed"
	@echo "make lock    renew the lock files from pyproject.toml"
	@echo "make install PREFIX=/opt/heard   put Heard where deploy/heard.service expects it"
	@echo "make clean   remove what these commands made"

demo: $(VENV)/run.stamp
	@exec $(BIN)/python -m bot demo $(DEMO)

test: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(TESTS)

check: static test

static: format-check lint types imports

format-check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

imports: $(VENV)/dev.stamp
	$(BIN)/lint-imports --no-cache --no-logo

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

WALKS ?= 10000
walks: $(VENV)/dev.stamp
	HEARD_WALKS=$(WALKS) $(BIN)/python -m pytest -s -q tests/dialogue/test_walks.py

danger: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.danger.measure

words: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.wording.gate

script: $(VENV)/run.stamp
	$(BIN)/python -m bot script --out docs/script.md

bench: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -s -o python_files='bench_*.py' -o python_functions='bench_*' tests

UV_LOCK := compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet
lock: $(VENV)/dev.stamp
	$(BIN)/python -m pip --disable-pip-version-check --quiet install uv
	$(BIN)/uv pip $(UV_LOCK) --extra postgres --upgrade -o requirements.lock
	$(BIN)/uv pip $(UV_LOCK) --extra postgres --group dev --upgrade -c requirements.lock -o requirements-dev.lock

# Run from its folder, not built into a package: that would fetch tools that no hash pins.
PREFIX ?= /opt/heard
install:
	$(PYTHON) -m venv $(PREFIX)
	$(PREFIX)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements.lock
	rm -rf $(PREFIX)/app && mkdir $(PREFIX)/app
	cp -R bot storage config README.md LICENSE $(PREFIX)/app/
	find $(PREFIX)/app -name __pycache__ -type d -prune -exec rm -rf {} +
	$(PREFIX)/bin/python -m compileall -q $(PREFIX)/app
	printf '#!/bin/sh\nPYTHONPATH=$(PREFIX)/app exec $(PREFIX)/bin/python -m bot "$$@"\n' > $(PREFIX)/bin/heard
	chmod 0755 $(PREFIX)/bin/heard

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Heard needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python could not make an environment. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/run.stamp: requirements.lock | $(VENV)/bin/python
	@echo "Installing what Heard needs (once) ..." >&2
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/run.stamp
	@echo "Installing what the tests need (once) ..." >&2
	@$(PIP) -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist *.egg-info
	find bot config storage tests -name __pycache__ -type d -prune -exec rm -rf {} +
