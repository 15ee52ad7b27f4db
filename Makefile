# `make help` says what there is.
SHELL := /bin/bash
# Debian's own where it will do: the package runs on it, and one compiled without a profile is slower.
PYTHON ?= $(shell for python in /usr/bin/python3 python3; do $$python -c \
  'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; done; echo $$python)
VENV := .venv
BIN := $(VENV)/bin
LOCALE := src/ocpizza/locale
OCPIZZA := $(BIN)/ocpizza --config development.ini
# Python compiles what it imports; pip would compile twice as much.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
# … and keep it: to compile the shop costs as much as to start it, and tests start it often.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-fast lint bench bench-stripe bench-backup bench-kept bench-live bench-telling bench-lighthouse bench-memory bench-start bench-install bench-faults bench-size deb apt-repo messages migration lock clean

help:  ## print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: $(VENV)/demo.installed  ## from nothing to the shop with demo data at http://127.0.0.1:6543
	@mkdir -p var
	@$(OCPIZZA) migrate
	@$(OCPIZZA) demo-data --if-empty --weeks 6
	@$(OCPIZZA) demo-code || true
	@exec $(OCPIZZA) serve

test: $(VENV)/test.installed system-packages  ## every test, on PostgreSQL, SQLite, Chromium and a clean Debian
	$(BIN)/pytest -n 4 --dist loadgroup --no-loadscope-reorder

FAST := $(addprefix tests/,domain models services identity pictures)
test-fast: $(VENV)/test.installed  ## what one runs between two edits: rules, rows and services, on SQLite only
	$(BIN)/pytest -n 2 -k "not postgresql" $(FAST)

lint: $(VENV)/test.installed  ## ruff, format, mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --cache-dir "$${XDG_CACHE_HOME:-$$HOME/.cache}/ocpizza-mypy"

bench: $(VENV)/test.installed system-packages  ## requests, orders and CPU a request, beside a bare application
	PYTHONPATH=tests $(BIN)/python bench/shop.py

bench-stripe: $(VENV)/test.installed system-packages  ## what a Stripe that hangs costs those who do not pay by card
	PYTHONPATH=tests $(BIN)/python bench/stalled_stripe.py

bench-backup: $(VENV)/test.installed system-packages  ## what a backup costs those who order meanwhile
	PYTHONPATH=tests $(BIN)/python bench/backup.py

bench-kept: $(VENV)/test.installed system-packages  ## pages that nginx keeps, beside a static file of the same size
	PYTHONPATH=tests $(BIN)/python bench/kept_pages.py

bench-live: $(VENV)/test.installed system-packages  ## pages that listen while orders advance, and what the shop feels of it
	PYTHONPATH=tests $(BIN)/python bench/live.py

bench-telling: $(VENV)/test.installed system-packages  ## what it costs whoever writes an order that others are told of it
	PYTHONPATH=tests $(BIN)/python bench/telling.py

bench-lighthouse: $(VENV)/test.installed system-packages  ## what Lighthouse says of a customer's way, through nginx (npm brings it)
	PYTHONPATH=tests $(BIN)/python bench/lighthouse.py

bench-memory: $(VENV)/test.installed system-packages  ## what a worker holds before and after 100,000 requests
	PYTHONPATH=tests $(BIN)/python bench/memory.py

bench-start: $(VENV)/test.installed system-packages  ## from the start of the service to its first answers
	PYTHONPATH=tests $(BIN)/python bench/start.py

bench-install: $(VENV)/test.installed system-packages  ## from `apt install ocpizza` to the first page (root)
	PYTHONPATH=tests $(BIN)/python bench/installation.py

bench-faults: $(VENV)/test.installed system-packages  ## orders that flow while the shop is updated, upgraded, killed (root)
	PYTHONPATH=tests $(BIN)/python bench/faults.py

ORDERS ?= 1000000
bench-size: $(VENV)/test.installed system-packages  ## pages and jobs at a million orders (ORDERS=…), beside a small shop
	PYTHONPATH=tests:bench $(BIN)/python -m at_size --orders $(ORDERS)

deb:  ## the Debian package in dist/ (VERSION=… gives the same source another number)
	@debian/build-package $(VERSION)

apt-repo:  ## a signed repository in dist/apt of the packages in dist/ (APT_KEY=… names the key)
	@debian/apt-repository $(APT_KEY)

messages: $(VENV)/test.installed  ## collect every text into the catalogues; new ones wait in en.po for their translation
	@$(BIN)/pybabel -q extract -F babel.cfg --no-wrap --omit-header --sort-by-file --add-location=file \
	  -k _ -o $(LOCALE)/ocpizza.pot .
	@for po in $(LOCALE)/*/LC_MESSAGES/ocpizza.po; do $(BIN)/pybabel -q update -i $(LOCALE)/ocpizza.pot -o $$po \
	  -l $$(basename $${po%/LC_MESSAGES/*}) --no-fuzzy-matching --ignore-obsolete --no-wrap --omit-header; done

migration: $(VENV)/test.installed  ## the next migration from the models: make migration MESSAGE="What it is for"
	@PYTHONPATH=tests $(BIN)/python tools/make_migration.py "$(MESSAGE)"

lock:  ## renew requirements/*.txt from *.in (needs uv): one file for every Python and machine
	cd requirements && for name in run demo test; do uv pip compile --quiet --upgrade --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" $$name.in -o $$name.txt; done

clean:  ## remove everything that make made, the demo shop included
	rm -rf $(VENV) var build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: system-packages
system-packages:
	@tests/system-packages

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "OC Pizza needs Python 3.11 or newer; PYTHON=… names another one." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python's venv is missing: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/run.installed: requirements/run.txt setup.py | $(VENV)/bin/pip
	@echo "Installing what the shop needs (once) …"
	@$(PIP) --no-deps --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/demo.installed: requirements/demo.txt $(VENV)/run.installed
	@$(PIP) --no-deps --require-hashes -r requirements/demo.txt
	@touch $@

$(VENV)/test.installed: requirements/test.txt $(VENV)/demo.installed
	@$(PIP) --no-deps --require-hashes -r requirements/test.txt
	@touch $@
