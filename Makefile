# Everything runs from a clean clone with Python 3.11 or newer, git and make.
#   make demo    set up, grade a sample class, build the site, say where to look
#   make test    all checks and all tests
.DEFAULT_GOAL := help
.PHONY: help demo test check tests kernel attacks forks site serve verify bench fuzz steady lock clean

PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1
export PATH := $(abspath $(BIN)):$(PATH)

help:
	@sed -n 's/^#   //p' Makefile
	@echo "make check   format, lint, types and the strict site build"
	@echo "make site    the course site, in build/site"
	@echo "make serve   the course site at http://127.0.0.1:8000, rebuilt as you write"
	@echo "make verify  every exercise tried in every way; the kill matrix is in build/certificate"
	@echo "make bench   beside nbgrader and the floor: seconds, memory, ratios"
	@echo "make steady  the same folder graded 60 times on a busy machine: the same points"
	@echo "make kernel  what people do in notebooks, in a real kernel and behind the wall: the same"
	@echo "make attacks all attacks in every mode, as root and as a user: none wins"
	@echo "make forks   tests that share a process, and tests in one of their own: the same verdicts"
	@echo "make fuzz    ten minutes of damaged messages and notebooks"

.venv/ready: requirements.txt requirements-uv.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing the locked packages into .venv"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@mv $(BIN)/uv .venv/uv
	@# In the sandbox packages are read-only: what is not compiled now is compiled anew by each run.
	@VIRTUAL_ENV=.venv .venv/uv pip sync -q --compile-bytecode --require-hashes requirements.txt
	@VIRTUAL_ENV=.venv .venv/uv pip install -q --no-deps --no-build-isolation -e .
	@# What pyproject.toml calls data-files: an editable install leaves them out.
	@cp grader/learners/jupyter/nbgrader_config.json .venv/etc/jupyter/
	@touch .venv/ready

demo: .venv/ready
	@.ci/system-packages bwrap=bubblewrap libseccomp.so.2=libseccomp2
	@$(BIN)/python -m tests.tools.demo

test: .venv/ready
	@.ci/system-packages bwrap=bubblewrap libseccomp.so.2=libseccomp2 chromium=chromium initdb=postgresql
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory tests

check: .venv/ready
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy --strict grader datasets
	$(BIN)/mypy --strict -p course.site
	$(BIN)/codespell course exercises README.md CHANGELOG.md
	$(BIN)/mkdocs build --strict

tests: .venv/ready
	$(BIN)/pytest

kernel: .venv/ready
	@.ci/system-packages bwrap=bubblewrap libseccomp.so.2=libseccomp2
	@$(BIN)/python -m tests.kernel

attacks: .venv/ready
	@.ci/system-packages bwrap=bubblewrap libseccomp.so.2=libseccomp2
	@$(BIN)/python -m tests.attacks

forks: .venv/ready
	@.ci/system-packages bwrap=bubblewrap libseccomp.so.2=libseccomp2
	@$(BIN)/python -m tests.tools.forks

site: .venv/ready
	$(BIN)/mkdocs build --strict

serve: .venv/ready
	$(BIN)/mkdocs serve

verify: .venv/ready
	@.ci/system-packages bwrap=bubblewrap libseccomp.so.2=libseccomp2
	$(BIN)/grader verify --to build/certificate

bench: .venv/ready
	@.ci/system-packages bwrap=bubblewrap libseccomp.so.2=libseccomp2
	$(BIN)/python -m tests.bench

fuzz: .venv/ready
	$(BIN)/python -m tests.fuzz --minutes 10

steady: .venv/ready
	@.ci/system-packages bwrap=bubblewrap libseccomp.so.2=libseccomp2
	@$(BIN)/python -m tests.tools.steady

# For every Python from 3.11 on; what is locked stays as it is where it still fits.
lock:
	@test -x .venv/uv || { echo "make lock takes the uv of .venv: make .venv/ready"; exit 1; }
	.venv/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --universal \
	    --python-version 3.11 --all-extras --group course --group site --group test \
	    pyproject.toml -o requirements.txt

clean:
	rm -rf build .cache
