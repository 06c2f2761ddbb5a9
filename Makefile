# Every target installs what it needs on a bare Debian 12 with Swift 6.3, git, make, gcc and python3.
.DEFAULT_GOAL := build
.PHONY: build demo test bench bench-balance bench-changes bench-tls fuzz format lint layers linkage sizes story deps library scenarios venv package docs clean help

SWIFT    ?= swift
SOURCES  := Package.swift Sources Tests
BENCH    ?= targets
SUBJECTS ?= nginx122,haproxy,envoy,aya
ROUNDS   ?= 5
export PYTHONDONTWRITEBYTECODE := 1

## build: the release binary with the Swift standard library inside, .build/release/aya
build: library
	$(SWIFT) build -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked --product aya

## demo: builds, then shows Aya before sample servers under load, in this terminal
demo: build
	.build/release/aya demo

## test: everything, from formatting to scenarios with the real binary; ends with "N passed, N failed"
test: deps venv
	.venv/bin/python scripts/run-tests

## scenarios: only the scenario tests; T="-k name" picks some
scenarios: deps venv build
	.venv/bin/pytest Tests/Scenarios -n 2 $(T)

## bench: Aya beside nginx, HAProxy and Envoy in one run; BENCH, SUBJECTS and ROUNDS choose what and how long
bench: build
	Benchmarks/peers/setup.sh
	Benchmarks/peers/bench.py $(BENCH) --subjects $(SUBJECTS) --rounds $(ROUNDS)

## bench-balance: pick times of every balancer, and tables of simulated worlds; T="picks fleets" picks some
bench-balance: library
	$(SWIFT) run -c release -Xswiftc -enforce-exclusivity=unchecked balance-bench $(T)

## bench-changes: what reloads and upgrades cost the traffic: latency, failures, memory
bench-changes: build venv
	.venv/bin/python Benchmarks/changes/measure.py

## bench-tls: what BoringSSL and OpenSSL cost below the same small server
bench-tls: build
	scripts/install-dependencies libssl-dev
	Benchmarks/tls-library/measure $(T)

## package: a Debian package and a tarball of the release binary, in .build/packages
package: build
	scripts/package

## docs: the documentation as HTML pages, in .build/docs
docs: venv
	.venv/bin/python scripts/render-docs

## fuzz: every parser's fuzz target over its corpus and beyond
fuzz:
	scripts/fuzz

## format: rewrites the sources in the house format
format:
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

## lint: complains where `make format` would rewrite
lint:
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

## layers, linkage, sizes, story: the checks of structure (linkage needs a build)
layers linkage sizes story:
	scripts/check-$@

## library: the Debian package that the build needs, SQLite to link with
library:
	@scripts/install-dependencies libsqlite3-dev

## deps: the Debian packages that the tests need
deps:
	@scripts/install-dependencies $$(cat scripts/packages.txt)

venv: .venv/installed

.venv/installed: Tests/Scenarios/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

clean:
	rm -rf .build .venv Benchmarks/peers/results

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)
