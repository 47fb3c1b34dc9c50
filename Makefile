# `make demo` and `make test` need Python 3.11 or later, make, and a network for pip; nothing else.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
DEMO := .demo/.chaja

# Looked for only while there is no environment: the first of these names that is new enough.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$name -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$name; break; }; done)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-browser test-cluster screenshots lint quality gate phrases forms words wrapped bridge documents benchmark clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

# Shows a command as it would be typed, and runs it on the index of the demonstration.
define demonstrate
	@printf '\n$$ chaja %s\n' '$(1)'
	@CHAJA_INDEX=$(DEMO) $(BIN)/chaja $(1)
endef

demo: $(VENV)/installed ## install, index the sample, and search it in both languages
	$(call demonstrate,build sample)
	$(call demonstrate,search 중앙아시아 협력 -n 3)
	$(call demonstrate,search critical minerals -n 3)
	$(call demonstrate,search 기후 변화 --lang en -n 2)
	$(call demonstrate,phrase 전략적 동반자 관계 -n 3)
	$(call demonstrate,search 아이티 지진 -n 3)
	@printf '\nThe next command to type:\n  $(BIN)/chaja search 공급망 안정화 --index $(DEMO)\n'

test: $(VENV)/installed-test ## run the tests, with coverage
	@$(BIN)/python -m pytest --cov --numprocesses auto --maxprocesses 4 --dist worksteal

test-browser: $(VENV)/installed-test $(VENV)/installed-browser ## test the page in Chromium, which it installs as root
	@tests/browser/install_chromium
	@CHAJA_BROWSER=1 $(BIN)/python -m pytest tests/browser

# Without Java and Maven nothing is tested, and a line says so; CLUSTER=required makes that an error.
CLUSTER = 1
test-cluster: $(VENV)/installed-test ## test against nodes of OpenSearch, which it fetches and starts
	@CHAJA_CLUSTER=$(CLUSTER) $(BIN)/python -m pytest tests/cluster

screenshots: $(VENV)/installed-browser ## make the pictures of the page
	@tests/browser/install_chromium
	@$(BIN)/python -m tests.browser.screenshots docs/images

lint: $(VENV)/installed-lint ## check style, types and the import rules of the packages
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

quality: gate phrases forms words wrapped bridge documents ## measure ranking, phrases, words, the bridge and documents

gate: $(VENV)/installed-evaluate ## measure the ranking quality only
	@$(BIN)/python -m tests.quality.gate

phrases: $(VENV)/installed
	@$(BIN)/python -m tests.quality.phrases

forms: $(VENV)/installed
	@$(BIN)/python -m tests.quality.forms

words: $(VENV)/installed ## measure which misspellings are put right, and which right words are left
	@$(BIN)/python -m tests.quality.slips
	@$(BIN)/python -m tests.quality.right_words

wrapped: $(VENV)/installed ## measure what is lost of words that line ends part
	@$(BIN)/python -m tests.quality.wrapped

bridge: $(VENV)/installed-evaluate ## measure the bridge: quality across languages, and its cost
	@$(BIN)/python -m tests.quality.bridge

documents: $(VENV)/installed ## measure what is read of real documents, and at which cost
	@$(BIN)/python -m tests.quality.documents

benchmark: $(VENV)/installed-benchmark ## measure time and memory, and write docs/benchmarks.md
	@$(BIN)/python -m tests.benchmarks

clean: ## remove the environment and the index of the demonstration
	rm -rf $(VENV) .venv-3.* .demo build dist

$(BIN)/python:
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' 2>/dev/null || { \
	  echo 'Chaja needs Python 3.11 or later; name one: make $(MAKECMDGOALS) PYTHON=/path/to/python' >&2; \
	  exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

# A stamp for the package and one for each set of extras, so that pip runs only when there is
# something new to install. An index is bound to the analyzer it was made with, so it goes too.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo 'Installing Chaja into $(VENV); the Korean model is large, this may take a minute.'
	@$(PIP) install --editable .
	@rm -rf .demo
	@touch $@

$(VENV)/installed-%: $(VENV)/installed
	@$(PIP) install --editable '.[$*]'
	@touch $@
