# What one types here. Each target is a few lines; the longer ones live in scripts/.
# The ordinary cargo commands work too, once `make web` has run.

# For `make demo`: AT=panel PORT=8080 DIR=/some/folder ARGS="any other flag"
AT ?=
PORT ?=
DIR ?= .demo
ARGS ?=

CARGO ?= cargo
export CARGO

.DEFAULT_GOAL := help
.PHONY: help demo test unit journeys lint bench web pdf screenshots clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: web ## Build and start the product with the 2009 round (AT=panel PORT=8080 DIR=folder)
	@AT='$(AT)' PORT='$(PORT)' DIR='$(DIR)' scripts/demo $(ARGS)

test: web ## Run every test: units, both databases, a real browser
	@scripts/test all

unit: web ## Run the Rust tests alone, on both databases
	@scripts/test rust

journeys: web ## Run the browser journeys alone (ONLY=part-of-a-file-name)
	@scripts/test browser $(ONLY)

screenshots: web ## Run the journeys and renew the pictures in docs/walk
	@UPDATE_SCREENSHOTS=1 scripts/test browser $(ONLY)

lint: web ## Check format, clippy, scripts and documents
	@scripts/lint

bench: web ## Measure: engines, pages, load
	@scripts/bench

web: ## Build the design system's styles and scripts into web/dist
	@scripts/web

pdf: ## Build the PDF engine and put it beside the program
	@scripts/pdf

clean: ## Remove everything built, and the demo's and the tests' data
	@$(CARGO) clean
	@rm -rf web/dist web/node_modules e2e/node_modules e2e/results .demo .postgres
