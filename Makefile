# Everything one does with a checkout; `make` alone lists it. Needs Python 3.11 or newer, and nothing else installed.
# make PYTHON=/path/to/python chooses the interpreter of the virtual environment.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip --quiet
SCHEMA := docs/portfolio.schema.json
API_SCHEMA := api/schema.graphql
PRINT_API_SCHEMA := $(BIN)/python -c 'from olagraph_api.schema import SCHEMA; print(SCHEMA.as_str())'
NPM := $(BIN)/python web/npm.py
PAGES := api/olagraph_api/static/index.html
PAGE_SOURCES := $(shell find web -name node_modules -prune -o -type f ! -name schema.d.ts -print)
MAKEFLAGS += --no-print-directory

.PHONY: help install demo test check check-format check-lint check-types check-layers check-schema check-ui check-wheel \
	ui format schema bench pins clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Install olagraph, editable, with its tools into .venv (every target below does)

demo: $(INSTALLED) $(PAGES) ## Serve an example, a bank's payment journey, and say where (Ctrl-C ends it)
	@$(BIN)/olagraph demo

test: $(INSTALLED) $(PAGES) ## Run the tests; ARGS="-k word" reaches pytest
	@$(NPM) test
	@$(BIN)/python -m pytest $(ARGS)

ui: $(PAGES) ## Build the pages, unless they are newer than their sources

check: check-format check-lint check-types check-layers check-schema check-ui check-wheel ## Check format, lint, types, layers, schema, pages and wheel

check-format: $(INSTALLED)
	@echo '— format'
	@$(BIN)/ruff format --quiet --check . || { echo 'Not formatted: make format mends it'; exit 1; }

check-lint: $(INSTALLED)
	@echo '— lint'
	@$(BIN)/ruff check --quiet --output-format concise .

check-types: $(INSTALLED)
	@echo '— types'
	@$(BIN)/mypy

check-layers: $(INSTALLED)
	@echo '— layers'
	@$(BIN)/lint-imports --no-logo

check-schema: $(INSTALLED)
	@echo '— schema'
	@test -f $(SCHEMA) || { echo '$(SCHEMA) is missing: make schema writes it'; exit 1; }
	@$(BIN)/olagraph schema > $(VENV)/schema.json || { echo 'olagraph schema failed'; exit 1; }
	@diff -u $(SCHEMA) $(VENV)/schema.json || { echo '$(SCHEMA) is not what olagraph schema prints: make schema writes it'; exit 1; }
	@$(PRINT_API_SCHEMA) > $(VENV)/schema.graphql
	@diff -u $(API_SCHEMA) $(VENV)/schema.graphql || { echo '$(API_SCHEMA) is not the schema that is served: make schema writes it'; exit 1; }

check-ui: $(INSTALLED)
	@echo '— pages'
	@$(NPM) check-format check-lint check-types > $(VENV)/check-ui.txt 2>&1 || { cat $(VENV)/check-ui.txt; exit 1; }

check-wheel: $(INSTALLED)
	@echo '— wheel'
	@$(BIN)/python .ci/check_wheel.py

format: $(INSTALLED) ## Format, and mend what the linter can
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .
	@$(NPM) format

schema: $(INSTALLED) ## Write the JSON Schema of the portfolio file, and the GraphQL schema
	@$(BIN)/olagraph schema > $(VENV)/schema.json && cp $(VENV)/schema.json $(SCHEMA)
	@$(PRINT_API_SCHEMA) > $(VENV)/schema.graphql && cp $(VENV)/schema.graphql $(API_SCHEMA)

bench: $(INSTALLED) ## Time the exact engine: make bench TREES=folder-of-open-psa-fault-trees
	@test -n '$(TREES)' || { echo 'Name a folder of fault trees in Open-PSA XML: make bench TREES=folder'; exit 2; }
	@$(BIN)/python benchmarks/fault_trees.py '$(TREES)'

pins: ## Resolve the dependencies afresh and write constraints.txt
	@rm -rf $(VENV) && $(MAKE) $(BIN)/python
	@echo 'Resolving'
	@$(PIP) install --upgrade pip && $(PIP) install --group dev && OLAGRAPH_SKIP_UI=1 $(PIP) install --no-build-isolation --editable '.[neo4j-local,telemetry]'
	@{ sed -n '/^#/p' constraints.txt; $(PIP) freeze --all --exclude-editable --exclude setuptools \
		| tr 'A-Z_' 'a-z-' | sort; } > $(VENV)/constraints.txt
	@cp $(VENV)/constraints.txt constraints.txt && touch $(INSTALLED)

clean: ## Remove everything made here, the virtual environment too
	@rm -rf web/node_modules $(dir $(PAGES)) $(VENV) dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PAGES): $(PAGE_SOURCES) | $(INSTALLED)
	@echo 'Building the pages'
	@$(NPM) build

$(BIN)/python:
	@python="$$(.ci/python $(PYTHON))" && "$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# pip comes first: reading dependency groups needs a recent one. The backend is among the tools, pinned like them.
$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	@echo 'Installing olagraph and its tools into $(VENV)'
	@$(PIP) install --constraint constraints.txt pip
	@$(PIP) install --constraint constraints.txt --group dev
	@OLAGRAPH_SKIP_UI=1 $(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[neo4j-local,telemetry]'
	@$(VENV)/bin/python -m compileall -q olagraph api/olagraph_api  # so that the first run is as quick as the next
	@touch $@
