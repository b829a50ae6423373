# Two commands to begin with: make demo, make test. Each sets up what it needs.
VENV ?= .venv
DEMO_VENV ?= build/demo-venv
PYTHON ?= python3
BIN := $(VENV)/bin
SHELL := /bin/bash
PIP := -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint check coverage mutants fuzz print-jobs bench messages docs system-deps clean

# The tools of development, and the package as it stands here.
$(BIN)/.ready: pyproject.toml constraints.txt hatch_build.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) -c constraints.txt -e '.[dev]'
	touch $@

# As a user has it: the wheel alone, in an environment of its own.
demo:
	$(PYTHON) -m venv --clear $(DEMO_VENV)
	$(DEMO_VENV)/bin/python $(PIP) -c constraints.txt .
	$(DEMO_VENV)/bin/python tools/demo.py build/demo

# Compiled before, for machines on which Python may not keep bytecode: the tests start it often.
test: $(BIN)/.ready
	$(BIN)/python hatch_build.py
	$(BIN)/python -m compileall -q src
	$(BIN)/pytest -n auto

lint: $(BIN)/.ready
	$(BIN)/ruff check src tests tools benchmarks hatch_build.py
	$(BIN)/ruff format --check src tests tools benchmarks hatch_build.py
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test coverage

# Every line and branch of the pure core is run by its own tests.
coverage: $(BIN)/.ready
	$(BIN)/coverage run --branch --source=dingmi_mark.domain -m pytest -q tests/domain
	$(BIN)/coverage report --skip-covered --show-missing --fail-under=100
	$(BIN)/coverage run --branch --source=dingmi_mark.quoting -m pytest -q tests/quoting
	$(BIN)/coverage report --skip-covered --show-missing --fail-under=100

# Small changes of the law engine and the procedure that no test notices (about half an hour).
mutants: $(BIN)/.ready
	$(BIN)/python tools/mutants.py

# Mutated PDF files by the thousand; the tests of every day run a few hundred of them.
fuzz: $(BIN)/.ready
	DINGMI_FUZZ=$${DINGMI_FUZZ:-20000} $(BIN)/pytest -n auto tests/formats/pdf/test_pdf_fuzz.py

# A hundred print jobs from eight clients at once, with processes killed meanwhile (minutes).
print-jobs: $(BIN)/.ready
	DINGMI_PRINT_JOBS=$${DINGMI_PRINT_JOBS:-100} $(BIN)/pytest -q -s tests/printhook/test_many_jobs.py

bench: $(BIN)/.ready
	$(PYTHON) -m venv --clear $(DEMO_VENV)
	$(DEMO_VENV)/bin/python $(PIP) -c constraints.txt .
	$(DEMO_VENV)/bin/python benchmarks/run.py

# Collect the wordings of the program into both catalogues.
messages: $(BIN)/.ready
	$(BIN)/python tools/messages.py

# The pages of docs/ that are made from the code.
docs: $(BIN)/.ready
	$(BIN)/python tools/make_docs.py

system-deps:
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui chromium fonts-noto-cjk \
	  cups cups-client cups-filters cups-ipp-utils avahi-daemon dbus poppler-utils postgresql qpdf tesseract-ocr tesseract-ocr-chi-sim

clean:
	rm -rf $(VENV) build dist
