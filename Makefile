# The two commands are `make run` and `make test`; each installs what it needs and is missing.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
UV := $(shell command -v uv || echo .tools/bin/uv)
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/tests/*' -not -name '*.test.ts' 2>/dev/null)
PYTHON_SOURCES := src tests bench scripts migrations
# Tests that have the machine to themselves.
ALONE := journeys system engines/media
say = @printf '\033[1;36m==>\033[0m %s\n'

help: ## Show the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

run: .venv/.installed web/dist/.built ## Install what is missing, then start everything
	$(say) "Starting Xinbo"
	@exec $(BIN)/xinbo up $(UP)

test: .venv/.installed-dev web/dist/.built browser ## All tests; T=tests/commerce/orders for one room
ifdef T
	@$(BIN)/python -m pytest $(T)
else
	$(say) "Python tests, two at a time"
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests $(addprefix --ignore=tests/,$(ALONE))
	$(say) "Journeys in the browser, and the system under kill -9"
	@$(BIN)/python -m pytest $(addprefix tests/,$(ALONE))
	$(say) "Web tests"
	@cd web && npm test --silent
endif

check: lint types walls drift test ## Everything that CI runs

lint: .venv/.installed-dev ## Style
	@$(BIN)/ruff format --check $(PYTHON_SOURCES)
	@$(BIN)/ruff check $(PYTHON_SOURCES)

fix: .venv/.installed-dev ## Format, and mend what can be mended
	@$(BIN)/ruff format $(PYTHON_SOURCES)
	@$(BIN)/ruff check --fix $(PYTHON_SOURCES)

types: .venv/.installed-dev web/node_modules/.package-lock.json ## Types, of Python and of the pages
	@$(BIN)/pyright
	@cd web && npm run types --silent

walls: .venv/.installed-dev ## Who may import whom; packages that nobody uses
	@PYTHONPATH=src $(BIN)/lint-imports
	@$(BIN)/deptry src

web: web/dist/.built ## Build the pages

api: .venv/.installed-dev web/node_modules/.package-lock.json ## Make the pages' client from the API
	@$(BIN)/xinbo openapi > web/packages/api/openapi.json.new
	@mv web/packages/api/openapi.json.new web/packages/api/openapi.json
	@cd web && npm run api --silent

drift: api ## Fail when the committed client is not the API's
	@git diff --exit-code --stat web/packages/api \
	  || { echo "The generated client differs: commit what 'make api' wrote."; exit 1; }

bench: .venv/.installed-dev web/dist/.built ## One benchmark, B=start: a JSON line for each result
	@$(BIN)/python -m bench $(B)

lock: uv ## Choose the newest versions that pyproject.toml allows
	@$(COMPILE) --upgrade -o requirements.lock pyproject.toml
	@$(COMPILE) --upgrade --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## Remove what was installed and built; the data folder stays
	@rm -rf .venv .tools web/node_modules web/dist .*_cache

uv:
	@command -v $(UV) >/dev/null || { \
	  printf '\033[1;36m==>\033[0m %s\n' "Fetching uv, which installs Python packages"; \
	  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv; }

.venv/pyvenv.cfg: .python-version | uv
	$(say) "Making .venv with Python $$(cat .python-version)"
	@test -f $@ || $(UV) venv --quiet --python "$$(cat .python-version)" .venv
	@touch $@

.venv/.installed: requirements.lock pyproject.toml .venv/pyvenv.cfg
	$(say) "Installing Python packages"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	$(say) "Installing test tools"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	@command -v npm >/dev/null || { echo "Install Node.js 20 or newer, then try again."; exit 1; }
	$(say) "Installing web packages"
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/.built: web/node_modules/.package-lock.json $(WEB_SOURCES)
	$(say) "Building the pages"
	@cd web && output=$$(npm run build --silent 2>&1) || { echo "$$output"; exit 1; }
	@mkdir -p web/dist && touch $@

# A browser and an encoder for the journeys. CHROMIUM names a browser that is elsewhere.
browser:
	@if { [ -n "$${CHROMIUM:-}" ] || command -v chromium; } >/dev/null && command -v ffmpeg >/dev/null; \
	  then exit 0; fi; \
	as_root=""; [ "$$(id -u)" = 0 ] || as_root="sudo -n"; \
	if command -v apt-get >/dev/null && $$as_root true 2>/dev/null; then \
	  printf '\033[1;36m==>\033[0m %s\n' "Installing Chromium and ffmpeg"; \
	  $$as_root apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -qq -y --no-install-recommends \
	    chromium fonts-noto-cjk fonts-noto-color-emoji ffmpeg >/dev/null; \
	else \
	  echo "The tests need Chromium and ffmpeg. Install both; if the browser is not on PATH as"; \
	  echo "'chromium', name it: CHROMIUM=/path/to/browser make test"; \
	  exit 1; \
	fi

.PHONY: help run test check lint fix types walls web api drift bench lock clean uv browser
