# The three commands of Porchlight. Each works on a fresh clone with Python 3.11 or newer, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

# A module is compiled when it is first read, and kept, whatever the machine's own setting says: most of what pip
# brings is never read, and what every process reads must not be compiled by every process.
export PYTHONDONTWRITEBYTECODE :=
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

EXTRAS := lock-spark lock-bench
.PHONY: lock-dev $(EXTRAS) run test test-browser bench env spark programs lint messages lock clean

run: env  ## both editions built and judged, then the dashboard on http://localhost:8501
	$(BIN)/porchlight run --edition all
	$(BIN)/porchlight serve --port $(PORT)

# Three workers for two cores: one of them always waits for its browser, its server or its disk.
test: env spark  ## a browser and a Java if none is found, Spark, then all tests
	$(BIN)/python -m tests.browser.find_browser
	$(BIN)/python -m tests.etl.find_java
	$(BIN)/python -m pytest -n 3 --dist loadgroup

test-browser: env  ## the browser suite on every page x language x theme x section; `make test` visits the usual ones
	$(BIN)/python -m tests.browser.find_browser
	BROWSER_PLACES=all $(BIN)/python -m pytest -n 2 --dist loadgroup tests/browser

bench: env spark $(VENV)/.bench  ## what a run costs against its floor, up to 100 M responses; BENCH_SIZES=1,10 is shorter
	$(BIN)/python -m tests.etl.find_java
	$(BIN)/python -m tests.benchmarks.bench_scale

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

messages: env  ## collect the strings of the dashboard and say which have no Spanish (dashboard/locales/README.md)
	$(BIN)/python -m dashboard.messages

env: $(VENV)/.ready

$(VENV)/.made:
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Porchlight needs Python 3.11 or newer; try: make PYTHON=python3.12'"
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/.made
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

# Spark is 400 MB and only for those who outgrow one machine: `make run` does without it.
spark: $(VENV)/.spark

$(VENV)/.spark: requirements-spark.lock | $(VENV)/.made
	$(INSTALL) --require-hashes -r requirements-spark.lock
	touch $@

# A browser and a Java, where Debian has them and they may be installed; what is missing after all, `make test` says.
programs:
	-$(PYTHON) -m tests.browser.find_browser
	-$(PYTHON) -m tests.etl.find_java

# Another data frame library only stands beside ours in the bench's table.
$(VENV)/.bench: requirements-bench.lock $(VENV)/.ready
	$(INSTALL) --require-hashes -r requirements-bench.lock
	touch $@

lock: lock-dev $(EXTRAS)  ## write the lock files anew from pyproject.toml (needs uv)

lock-dev:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --extra dev --output-file requirements.lock pyproject.toml

$(EXTRAS): lock-%: lock-dev
	python3 -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["$*"], sep="\n")' \
	| uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--constraint requirements.lock --output-file requirements-$*.lock -

clean:
	rm -rf $(VENV) data/private data/public
