# Everything is set up by itself: a machine needs Python 3.11 or newer, make and a package index, nothing else.

PYTHON ?= python3
ARGS ?=
N ?= 3000
# Asked only where it is needed.
CORES = $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
# Fast tests wait for timers and sockets now and then: one more at a time than there are cores.
JOBS = $(shell expr $(CORES) + 1)

VENV := .venv
PY := $(VENV)/bin/python
RUN_STAMP := $(VENV)/installed-run
DEV_STAMP := $(VENV)/installed-dev
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.PHONY: help demo run test slow check bench simulate
.DEFAULT_GOAL := help

help:
	@echo "make demo    two companies, two Slack workspaces, one shared channel: watch them connect  (ARGS='--reach private')"
	@echo "make run     start a node with the settings in .env"
	@echo "make test    every fast test                                                              (ARGS='tests/pairing -x')"
	@echo "make slow    simulation, kills and fuzz: half an hour and more"
	@echo "make check   format, lint and types"
	@echo "make simulate N=100000   so many random histories over two sides in memory; the first that breaks tells its story  (ARGS=--script)"
	@echo "make bench   our speed and cost next to bare clients, from one run on this machine       (ARGS='budget --quick')"
	@echo "make help    these lines"
	@echo
	@echo "Each sets up $(VENV) by itself. Another Python: make test PYTHON=python3.12"

demo: $(RUN_STAMP)
	@$(PY) -m bot --no-env-file demo $(ARGS)

run: $(RUN_STAMP)
	@exec $(PY) -m bot run $(ARGS)

test: $(DEV_STAMP)
	PYTHONHASHSEED=0 $(PY) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

slow: $(DEV_STAMP)
	PYTHONHASHSEED=0 $(PY) -m pytest -n $(CORES) --dist load -m slow $(ARGS)

check: $(DEV_STAMP)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy

bench: $(DEV_STAMP)
	@$(PY) -m benchmarks $(ARGS)

simulate: $(DEV_STAMP)
	@$(PY) -m tests.simulation $(N) $(ARGS)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Drawbridge needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python cannot make virtual environments here. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(RUN_STAMP): pyproject.toml constraints.txt | $(PY)
	@echo "Installing what Drawbridge needs …"
	@$(INSTALL) '.[sandbox]'
	@touch $@

$(DEV_STAMP): $(RUN_STAMP)
	@echo "Installing what its tests need …"
	@$(INSTALL) '.[sandbox,dev]'
	@touch $@
