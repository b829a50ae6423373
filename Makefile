# Two commands to begin with: make demo, make test. Each sets up what it needs.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
SHELL := /bin/bash

.PHONY: demo test lint check bench system-deps clean

$(BIN)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

test: $(BIN)/.ready
	$(BIN)/pytest -n auto

lint: $(BIN)/.ready
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

system-deps:
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  libreoffice-writer-nogui fonts-noto-cjk postgresql qpdf

clean:
	rm -rf $(VENV) build dist
