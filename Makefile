# Fairline. `make demo` and `make test` need Python 3.11 or newer and nothing else; `make help` lists the rest.

SHELL := /bin/bash
BIN := .venv/bin

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test spark format bench fairness lock wheel bom audit clean system-runtime system-test system-spark

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

demo: system-runtime .venv/.runtime ## Build the demo city, load it, write its reports, serve the dashboard
	$(BIN)/fairline demo demo-city $(ARGS)

test: system-test .venv/.test ## Pass every gate: format, lint, types, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses=2 --dist=worksteal $(ARGS)

spark: system-test system-spark .venv/.spark ## Add Spark (half a gigabyte), and pass the tests that need it
	$(BIN)/pytest tests/spark/test_spark.py $(ARGS)

format: system-test .venv/.test ## Format the code, and mend what the linter can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: system-test .venv/.test ## Run the benchmarks of tests/benchmarks
	$(BIN)/pytest tests/benchmarks -o python_files='bench_*.py' -o python_functions='bench_*' --capture=no $(ARGS)

fairness: system-test .venv/.test ## Try the comparison of agents on worlds whose truth is known
	$(BIN)/python -m tests.fairness.trial $(ARGS)

lock: ## Resolve the dependencies again; ARGS=--upgrade takes newer releases
	scripts/lock $(ARGS)

wheel: system-runtime .venv/.runtime ## Build the wheel into dist/
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

bom: system-runtime .venv/.runtime ## List what Fairline is made of, as CycloneDX
	scripts/bill-of-materials

audit: system-runtime .venv/.runtime ## Ask for known weaknesses of what Fairline is made of
	scripts/audit

clean: ## Remove all that was made, but the demo city
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist

system-runtime system-test system-spark: system-%:
	@scripts/system-packages $*

# A changed lock makes the environment anew, so that nothing stays in it by chance.
.venv/.runtime: requirements/build.txt requirements/runtime.txt scripts/environment
	@scripts/environment runtime

.venv/.test: .venv/.runtime requirements/test.txt
	@scripts/environment test

.venv/.spark: .venv/.test requirements/spark.txt
	@scripts/environment spark
