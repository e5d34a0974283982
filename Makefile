# `make run` and `make test` are all the set-up there is: the environment makes itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check format bench torture docs lock clean

run: $(VENV)/ready
	@test -e .demo/workspace.json || $(BIN)/fleettui --home .demo init --demo
	@$(BIN)/fleettui --home .demo

test: check
	$(BIN)/python -m pytest -q -n auto -m "not torture" --ignore=tests/e2e tests
	$(BIN)/python -m pytest -q tests/e2e

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/ready
	for one in store commands businesstime screens triage; do $(BIN)/python -m bench.$$one; done

torture: $(VENV)/ready
	$(BIN)/python -m pytest -m torture tests/store

docs: $(VENV)/ready
	$(BIN)/python -m screens.commands.keys_page > docs/keys.md
	$(BIN)/python docs/pictures.py

lock: $(VENV)/ready
	$(BIN)/python -m pip freeze --exclude-editable --exclude pip > requirements.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .demo

$(VENV)/ready: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[dev]'
	@touch $@
