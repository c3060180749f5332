# Everything starts here; `make help` explains it.

.PHONY: help setup demo sim build flash test test-long coverage bench gallery
.DEFAULT_GOAL := help

help: ## explain the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## install everything that demo, sim and tests need: .venv, pinned packages, types, Debian packages (as root)
	@tools/setup.sh test

demo: ## put test cards on a simulated watch over Bluetooth, pay in five ways, install an app; writes build/demo/
	@tools/setup.sh run
	@.venv/bin/tapwatch demo

sim: ## the watch, alive in a browser page
	@tools/setup.sh run
	@.venv/bin/tapwatch sim

build: ## the system image of a board, BOARD=lilygo_twatch_ultra unless another is said; writes build/images/
	@tools/setup.sh run
	@.venv/bin/tapwatch build --board $(or $(BOARD),lilygo_twatch_ultra)

flash: ## MicroPython (STOCK=file, STOCK_SHA256=hash) and the system onto a watch on USB: BOARD=, PORT= unless it is found; KEEP=1 keeps its state
	@tools/setup.sh run
	@.venv/bin/tapwatch build --board $(or $(BOARD),lilygo_twatch_ultra)
	@.venv/bin/tapwatch flash --board $(or $(BOARD),lilygo_twatch_ultra) \
		--image build/images/$(or $(BOARD),lilygo_twatch_ultra).twi $(if $(PORT),--port $(PORT)) \
		$(if $(STOCK),--stock $(STOCK)) $(if $(STOCK_SHA256),--stock-sha256 $(STOCK_SHA256)) $(if $(KEEP),--keep-state)

test: ## everything that proves the project, in minutes; CI=true lets no test be skipped
	@tools/setup.sh test
	@.venv/bin/pytest --numprocesses auto --maxprocesses 8 --dist loadfile

test-long: ## the same tests in their long forms, in hours
	@tools/setup.sh test
	@TAPWATCH_LONG=1 .venv/bin/pytest --numprocesses auto --maxprocesses 8 --dist loadfile

coverage: ## lines of the firmware that its tests run, by room; data for coverage.py in build/coverage/
	@tools/setup.sh test
	@TAPWATCH_COVERAGE=1 .venv/bin/pytest --quiet --numprocesses auto --maxprocesses 8 --dist loadfile tests/firmware tests/power

bench: ## count instructions, bytes and times, with WASP_OS=checkout those of its face too; writes build/bench.json
	@tools/setup.sh test
	@$(if $(WASP_OS),TAPWATCH_WASP_OS="$(WASP_OS)") .venv/bin/python -m tests.bench.bench

gallery: ## pictures of every screen on one page, beside the approved ones, or those of BASE=commit; writes build/gallery/
	@tools/setup.sh test
	@.venv/bin/python -m tests.screens.make_gallery $(if $(BASE),--base $(BASE))
