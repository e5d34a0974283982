# `make run` and `make test` are all the set-up there is: the environment makes itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Many tests start a process: with byte code kept, it is compiled once.
export PYTHONDONTWRITEBYTECODE :=

# Much of a test is waiting, for a terminal or a process: more workers than cores.
WORKERS := $(shell echo $$((3 * $$(nproc))))
# Tests write real files. Where memory has room for them nobody waits for a disk at each of their many fsyncs.
TESTS_IN := $(shell test "$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 {print $$4}')" -gt 2000000 2>/dev/null && echo TMPDIR=/dev/shm)

.PHONY: run test compiled tools test-fast check format bench torture docs pictures lock clean

run: $(VENV)/ready
	@test -e .demo/workspace.json || $(BIN)/fleettui --home .demo init --demo
	@$(BIN)/fleettui --home .demo

test: tools
	@$(MAKE) --no-print-directory --jobs 2 check compiled
	$(TESTS_IN) $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not torture" tests

# The workers all begin at once with the same files: what is not compiled yet, each of them would compile.
compiled: $(VENV)/ready
	@$(BIN)/python -m pytest --collect-only -qq tests >/dev/null 2>&1 || true

# Tests of restricted accounts use a real sshd, those of completion zsh and fish, that of the man page mandoc; they are skipped where there
# is none. They are installed only where that is a matter of a container: by root, with apt-get, and where no service would be started.
tools:
	@missing=; for tool in /usr/sbin/sshd:openssh-server zsh:zsh fish:fish mandoc:mandoc; do \
	command -v $${tool%%:*} >/dev/null || missing="$$missing $${tool#*:}"; done; \
	test -z "$$missing" || test "$$(id -u)" != 0 || test -d /run/systemd/system || ! command -v apt-get >/dev/null || \
	{ export DEBIAN_FRONTEND=noninteractive; apt-get install -qq -y $$missing >/dev/null 2>&1 || \
	{ apt-get update -qq && apt-get install -qq -y $$missing; } >/dev/null 2>&1 || echo "not installed:$$missing; their tests are skipped"; }

# For the inner loop: no real processes, no terminals, no long random lives.
test-fast: $(VENV)/ready
	$(TESTS_IN) $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not torture and not slow" --ignore=tests/e2e tests

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/ready
	for name in store commands businesstime screens triage finder connect; do $(BIN)/python -m bench.$$name; done

# pytest would keep every log line of a session of 10,000 acts, whose memory is weighed.
torture: $(VENV)/ready
	$(BIN)/python -m pytest -p no:logging -m torture tests

docs: $(VENV)/ready
	$(BIN)/python -m screens.commands.keys_page > docs/keys.md
	$(BIN)/python -m fleettui.cli.manual > docs/fleettui.1
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/moving_picture.py

# Every screen at three widths, beside those of before the lists measured what they show.
pictures: $(VENV)/ready
	$(BIN)/python docs/pictures.py --widths after

lock: $(VENV)/ready
	$(BIN)/python -m pip freeze --exclude-editable --exclude pip > requirements.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .demo

$(VENV)/ready: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[dev,connect,postgres]'
	@touch $@
