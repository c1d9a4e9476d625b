# The one place of commands; `make` alone lists them.
#
# Each target sets up its own virtual environment first, from the locks, and does so again only when
# a lock changed. All that has to be there before: Python 3.11 to 3.13 with venv, make, git, and
# OpenSSH's client. `make PYTHON=/path/to/python3.12 ...` chooses another Python.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install install-dev demo test soak player check format bench pictures lock schema models wheel clean

VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 2
UV ?= uv>=0.9

# A changed lock, project file or directory asks for another stamp, so an old one never counts.
RUN_STAMP := $(VENV)/installed-$(shell (pwd; cat requirements.lock pyproject.toml) | cksum | cut -d' ' -f1)
DEV_STAMP := $(VENV)/installed-dev-$(shell (pwd; cat requirements-dev.lock pyproject.toml) | cksum | cut -d' ' -f1)
# Hashes are demanded, and nothing but the locks decides what is installed.
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(RUN_STAMP) ## the whole product in about a minute; nothing to set up
	@$(BIN)/jumpseat demo

test: $(DEV_STAMP) ## every test but the long ones
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not soak" $(ARGS)

soak: $(DEV_STAMP) ## the long tests only
	$(BIN)/python -m pytest -m soak --timeout 3600 $(ARGS)

player: $(DEV_STAMP) ## fetch asciinema-player by its hash, with npm, for reports and the tests that play in a browser
	$(BIN)/python -m tui.player.fetching

check: $(DEV_STAMP) ## format, lint, types, import contracts, shell scripts; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@scripts="$$(git grep -lE '^#!.*\b(ba|da)?sh\b' -- ':!*.md' ':!*.py')"; \
	if [ -z "$$scripts" ]; then :; \
	elif command -v shellcheck >/dev/null; then echo "shellcheck"; shellcheck -x -P recorder/practice/film $$scripts; \
	else echo "shellcheck is not installed: shell scripts were not checked"; fi

format: $(DEV_STAMP) ## put the sources in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV_STAMP) ## measure, and print the figures
	@for file in bench/*.py; do \
	  name=$$(basename "$$file" .py); echo "== $$name"; $(BIN)/python -m bench.$$name || exit 1; done

pictures: $(DEV_STAMP) ## take the pictures of the seat in docs/images anew, from a recorded session
	$(BIN)/python -m bench.pictures $(ARGS)

install: $(RUN_STAMP) ## .venv with what running needs
install-dev: $(DEV_STAMP) ## .venv with what working on it needs

lock: ## pin the dependencies anew; UPGRADE=--upgrade takes the newest of each
	@python="$$($(find_python))" || exit 1; rm -rf .lock-venv; \
	"$$python" -m venv .lock-venv && .lock-venv/bin/python -m pip --disable-pip-version-check -qq install '$(UV)' && \
	export UV_CUSTOM_COMPILE_COMMAND="make lock" && \
	compile=".lock-venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate $(UPGRADE)" && \
	$$compile --group pyproject.toml:build pyproject.toml -o requirements.lock && \
	$$compile --group pyproject.toml:dev -c requirements.lock pyproject.toml -o requirements-dev.lock; \
	status=$$?; rm -rf .lock-venv; exit $$status

schema: $(DEV_STAMP) ## write the JSON Schemas of the recording and the signals into docs/
	@$(BIN)/python -c 'import json; from recorder.recording.journal import journal_schema; \
	  print(json.dumps(journal_schema(), indent=2, sort_keys=True))' > docs/recording.schema.json
	@$(BIN)/python -c 'import json; from recorder.recording.manifest import manifest_schema; \
	  print(json.dumps(manifest_schema(), indent=2, sort_keys=True))' > docs/manifest.schema.json
	@$(BIN)/python -c 'import json; from analyzer.signals.editors import rules_schema; \
	  print(json.dumps(rules_schema(), indent=2, sort_keys=True))' > docs/signals.schema.json

models: $(DEV_STAMP) ## train the models that ship anew; the same examples give the same models
	$(BIN)/jumpseat model train --out analyzer/models/shipped

wheel: $(DEV_STAMP) ## build dist/jumpseat-*.whl
	$(BIN)/python -m hatchling build -t wheel

clean: ## remove what the other commands made
	rm -rf $(VENV) .lock-venv dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache .player
	find . -name __pycache__ -prune -exec rm -rf {} +

define find_python
for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
  "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
    2>/dev/null && { echo "$$python"; exit 0; }; \
done; \
echo "jumpseat needs Python 3.11, 3.12 or 3.13 with venv (tried: $(or $(PYTHON),python3 python3.13 python3.12 python3.11));" \
  "on Debian or Ubuntu: apt install python3 python3-venv, or name one with make PYTHON=/path/to/python" >&2; exit 1
endef

# An installation that was interrupted leaves `unfinished` behind: then it starts over.
define make_venv
if [ -e $(VENV)/unfinished ] || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
  python="$$($(find_python))" || exit 1; \
  echo "making $(VENV) with $$("$$python" --version)" >&2; \
  "$$python" -m venv --clear $(VENV) || exit 1; \
fi; touch $(VENV)/unfinished
endef

define install
@$(make_venv)
@echo "installing $(1); that takes a minute or two, this once" >&2
@$(PIP) install --require-hashes -r $(1)
@$(PIP) install --no-build-isolation --no-deps --editable .
@rm -f $(VENV)/unfinished $(2)
@touch $@
endef

$(RUN_STAMP):
	$(call install,requirements.lock,$(VENV)/installed-[0-9]*)

$(DEV_STAMP):
	$(call install,requirements-dev.lock,$(VENV)/installed-*)
	@touch $(RUN_STAMP)
