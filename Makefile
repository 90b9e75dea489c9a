# Everything happens in .venv/ and .incubator/ beside this file; removing both leaves the machine as it was.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := $(shell command -v uv)
BIN := .venv/bin
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--annotation-style line --custom-compile-command "make lock" --quiet $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help install demo demo-reset test check format journey bench lock

help: ## dire ce que fait chaque commande
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

install: .venv/.installed ## préparer .venv/ avec les dépendances verrouillées
	@:

demo demo-reset: export INCUBATOR_HOME ?= $(CURDIR)/.incubator

demo: install ## lancer la démonstration sur http://127.0.0.1:8000 (PORT=8123 pour un autre port)
	@$(BIN)/incubator demo

demo-reset: install ## effacer la démonstration et la relancer à neuf
	@$(BIN)/incubator demo --reset

test: install ## lancer tous les tests
	$(BIN)/pytest

check: install ## vérifier forme, règles d’écriture, types, ordre des pièces, écart des migrations
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/incubator check --drift

format: install ## mettre le code en forme
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format --quiet

journey: install ## jouer tout le parcours, de l’appel à l’étape validée, par HTTP
	$(BIN)/python -m tests.journey

bench: install ## mesurer les temps de réponse
	$(BIN)/python -m benchmarks

lock: ## refaire les fichiers requirements après un changement de pyproject.toml (UPGRADE=1 pour tout mettre à jour)
	@test -n "$(UV)" || { echo "uv manque : pip install uv" >&2; exit 1; }
	uv pip compile pyproject.toml --all-extras --group dev $(LOCK) --output-file requirements-dev.txt
	uv pip compile pyproject.toml --constraint requirements-dev.txt $(LOCK) --output-file requirements.txt

# The dependencies follow their lock; the project itself follows pyproject.toml. A pip from before 23.3 forgets the lock
# of a package asked for with an extra, and takes the newest: the locked pip comes first.
.venv/.dependencies: requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 ou plus récent manque : installez-le, ou donnez PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) est trop ancien : il faut Python 3.11 ou plus récent (PYTHON=… pour en désigner un)" >&2; exit 1; }
ifdef UV
	@test -x $(BIN)/python || uv venv --quiet --allow-existing --python $(PYTHON) .venv
	uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt
else
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Le module venv de Python manque : apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@sed -n '/^pip==/,/[^\\]$$/p' requirements-dev.txt > .venv/pip.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement .venv/pip.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
endif
	@touch $@

.venv/.installed: .venv/.dependencies pyproject.toml
ifdef UV
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	@touch $@
