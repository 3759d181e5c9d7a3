# `make run` runs the bot, `make test` checks everything; both make their own environment first.

# The first of these that runs and is new enough makes the environment. Each is tried: a name on PATH may be
# a shim that fails.
PYTHON ?= python3.13 python3.12 python3.11 python3 python
PROBE  := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
VENV   ?= .venv
PY     := $(VENV)/bin/python
LOCK   := requirements-dev.lock
STAMP  := $(VENV)/installed.lock
UV     ?= uv
# More for the bot: make run ARGS="--port 9000 --no-browser"
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help run invite test cover lint format env lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: env  ## run the bot: on Discord with a token (environment or .env), else the demo in the browser
	@$(READ_DOTENV) \
	if [ -n "$$DISCORD_TOKEN$$DISCORD_TOKEN_FILE" ]; then exec $(PY) -m bot run $(ARGS); fi; \
	echo 'No DISCORD_TOKEN and no DISCORD_TOKEN_FILE, here or in .env: starting the demo.'; \
	exec $(PY) -m bot demo $(ARGS)

invite: env  ## print the address that lets the bot into a server; needs the token (environment or .env)
	@$(READ_DOTENV) exec $(PY) -m bot invite

# One process more than many machines have processors: quite a few tests wait for a clock or a socket.
test: lint  ## lint, types and tests
	$(PY) -m pytest -n 3 --dist worksteal

cover: env  ## the tests with coverage, which takes a quarter longer
	$(PY) -m pytest --cov -n 3 --dist worksteal

lint: env  ## lint, formatting and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

format: env  ## put the code into its format, repair what ruff can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# The environment holds exactly what the lock says and remembers that lock's content, so it is made again
# when the lock changes (or its Python is gone) and only then. The copy comes last: an interrupted
# installation leaves none.
env:  ## the environment by itself
	@if ! cmp -s $(LOCK) $(STAMP) || ! $(PY) -c '' 2>/dev/null; then \
		set -e; python=; \
		for p in $(PYTHON); do if $$p -c '$(PROBE)' >/dev/null 2>&1; then python=$$p; break; fi; done; \
		if [ -z "$$python" ]; then \
			echo 'No Python 3.11 or newer with venv among: $(PYTHON). (Debian, Ubuntu: apt install python3-venv)' >&2; \
			exit 2; \
		fi; \
		echo "Making $(VENV) with $$python from $(LOCK) ..."; \
		rm -rf $(VENV); \
		$$python -m venv $(VENV); \
		$(PY) -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r $(LOCK); \
		cp $(LOCK) $(STAMP).part; mv $(STAMP).part $(STAMP); \
	fi

# Needs uv, which nothing else here does. One version of everything for all Pythons.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --fork-strategy fewest $(LOCKFLAGS) pyproject.toml
lock:  ## resolve the dependencies again (LOCKFLAGS=--upgrade: to the newest versions)
	$(COMPILE) --extra demo --extra dev -o requirements-dev.lock
	$(COMPILE) -c requirements-dev.lock -o requirements.lock
	$(COMPILE) --extra llm --extra semantic -c requirements-dev.lock -o requirements-extras.lock

clean:  ## remove what was made here, except your data and .env
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find bot tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# What .env says, unless the environment already says it. Read as text, never executed, and as docker compose reads
# it: a mark at the file's start, "export", space around "=", quotes and comments behind a value belong to none of it.
# A line that is none of this is named by its number, since it may hold a secret.
define READ_DOTENV
if [ -f .env ]; then \
	mark=$$(printf '\357\273\277'); number=0; \
	while IFS= read -r line || [ -n "$$line" ]; do \
		number=$$((number + 1)); \
		line=$$(printf '%s' "$${line#"$$mark"}" | tr -d '\r' | \
			sed -e 's/^[[:space:]]*//' -e 's/^export[[:space:]]\{1,\}//' -e 's/[[:space:]]*$$//'); \
		case $$line in ''|'#'*) continue ;; esac; \
		key=$$(printf '%s' "$${line%%=*}" | sed -e 's/[[:space:]]*$$//'); \
		case $$line in *=*) ;; *) key= ;; esac; \
		case $$key in ''|*[!A-Za-z0-9_]*|[0-9]*) \
			echo ".env: line $$number is not KEY=value, and left out" >&2; continue ;; esac; \
		value=$$(printf '%s' "$${line#*=}" | sed -e 's/^[[:space:]]*//' -e ta -e :a \
			-e 's/^"\([^"]*\)"\([[:space:]]*#.*\)*$$/\1/' -e t \
			-e "s/^'\([^']*\)'\([[:space:]]*#.*\)*$$/\1/" -e t \
			-e 's/^#.*//' -e 's/[[:space:]]\{1,\}#.*//'); \
		if [ -z "$$(printenv "$$key")" ]; then export "$$key=$$value"; fi; \
	done < .env; \
fi;
endef
