# Everything a person or a machine does with this repository. `make` alone lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
DATA_DIR ?= var
export DATA_DIR

PYTHON := .venv/bin/python

.PHONY: help setup setup-dev setup-test demo test-quick test faults check bench screenshots format lock

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

setup: ## Make .venv and what running needs
	@scripts/setup.sh run

setup-dev:
	@scripts/setup.sh dev

setup-test:
	@scripts/setup.sh test

# exec and supervise: stopping make, in whichever way, stops all that the demo started.
demo: setup ## Serve the demo on 127.0.0.1 (PORT=8000 DATA_DIR=var)
	@exec $(PYTHON) scripts/supervise.py $(PYTHON) manage.py demo --port $(PORT)

test-quick: setup-dev ## Tests without browser and slow ones, on SQLite; for every commit
	@exec $(PYTHON) -m scripts.run_tests quick

test: setup-test ## All tests, those marked db on PostgreSQL too, and the browser journeys
	@exec $(PYTHON) -m scripts.run_tests all

faults: setup-test ## The long fault tests
	@exec $(PYTHON) -m scripts.run_tests faults

check: setup-dev ## Format, lint, types, contracts, migrations, settings, templates, sources
	@exec $(PYTHON) -m scripts.check

bench: setup ## The performance table of docs/performance.md
	@exec $(PYTHON) -m scripts.bench

screenshots: setup-test ## The pictures of the documentation, from a demo served on PORT
	@exec $(PYTHON) -m scripts.screenshots http://127.0.0.1:$(PORT)

format: setup-dev ## Format Python and templates
	@.venv/bin/ruff format --quiet .
	@.venv/bin/ruff check --quiet --fix-only .
	@$(PYTHON) -m scripts.format_templates

# --no-emit-index-url: no file of the repository names a package registry.
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url
lock: setup-dev ## Make the lock files anew (UPGRADE=--upgrade for newer versions)
	@$(LOCK) $(UPGRADE) --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	@$(LOCK) $(UPGRADE) --custom-compile-command "make lock" pyproject.toml --group dev \
		-c requirements.lock -o requirements-dev.lock
	@.venv/bin/uv --version | sed 's/uv \([0-9.]*\).*/uv==\1/' | $(LOCK) --custom-compile-command "make lock" \
		- -o requirements-uv.lock
