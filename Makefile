# One command each. Everything a command needs is installed by `make setup`, which the others call themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build run test bench fmt lint clean-data
.NOTPARALLEL:

DATA ?= data
ENV := set -euo pipefail; . .ci/env

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## install what is missing to run
	@.ci/setup run

build: setup ## the server for real work (target/production/meiyue) and the browser's part (target/site)
	@.ci/build

run: setup ## build in a hurry and serve on http://127.0.0.1:3000 with demo data
	@.ci/build --quick
	@.ci/serve

test: ## every check: format, lint, layers, weight, unit and database tests, journeys in the browser
	@.ci/setup test
	@.ci/test

bench: setup ## requests per second of the server as built for real work, beside a bare handler
	@.ci/build
	@.ci/bench

drill: ## kill server and database under load, fill the disk, take the database away; nothing acknowledged may be lost
	@.ci/setup test
	@command -v strace >/dev/null || apt-get install -y -qq strace >/dev/null 2>&1 || true
	@$(ENV); MEIYUE_TEST_KILLS=100 cargo nextest run --package server --test server --no-capture drills

fmt: ## format the sources
	@$(ENV); cargo fmt --all

lint: setup ## format check, clippy for both sides, layer check
	@.ci/lint

clean-data: ## throw the demo database away
	rm -rf $(DATA)
