# Two commands on a fresh machine with Go, Node and Debian's packages: `make demo` runs the product, `make test` runs every test.
# Each installs what it needs.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
export CGO_ENABLED ?= 0

BIN := bin/undercity
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# What the tests use beside Go and Node: a browser with Chinese fonts, PROJ, GDAL and Blender to compare with.
PACKAGES := chromium fonts-noto-cjk proj-bin proj-data gdal-bin blender
VIEWER := $(shell find viewer/src viewer/public viewer/index.html viewer/package.json viewer/vite.config.ts -type f 2>/dev/null)

# What golangci-lint finds depends on its version.
LINTER := bin/golangci-lint-2.15.0

.PHONY: lint demo build test test-go test-viewer test-e2e check packages bench fuzz generate clean

demo: build ## build, generate a city of 20,000 segments and serve it; prints one sign-in address
	$(BIN) demo

build: $(BIN)

$(BIN): viewer/dist/index.html $(shell find cmd geometry server tiles twin viewer -name '*.go' -o -name '*.sql' -o -name '*.csv' -o -name '*.gz' -o -name '*.yaml' 2>/dev/null | grep -v node_modules) go.mod go.sum
	go build -buildvcs=auto -tags viewer -trimpath -o $(BIN) ./cmd/undercity

viewer/node_modules: viewer/package.json viewer/package-lock.json
	cd viewer && npm ci --no-audit --no-fund
	touch viewer/node_modules

viewer/dist/index.html: viewer/node_modules $(VIEWER)
	cd viewer && npm run build
	touch viewer/dist/index.html

test: packages check lint test-go test-viewer test-e2e ## everything
	@echo "all tests passed"

check: ## formatting and vet, also without Node's files
	@test -z "$$(gofmt -l cmd geometry server tiles twin viewer/*.go)" || { gofmt -l cmd geometry server tiles twin viewer/*.go; echo "run gofmt -w on these"; exit 1; }
	go build ./...
	go vet ./...

lint: $(LINTER) ## what .golangci.yml asks for
	$(LINTER) run ./...

$(LINTER):
	GOBIN=$(CURDIR)/bin/install go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	mv bin/install/golangci-lint $@ && rmdir bin/install

# The race detector needs a C compiler; without one the tests run plainly.
RACE := $(shell command -v gcc >/dev/null && echo -race)

tiles/testdata/validator/node_modules: tiles/testdata/validator/package.json tiles/testdata/validator/package-lock.json
	cd tiles/testdata/validator && npm ci --no-audit --no-fund
	touch $@

# Packages in which nothing runs beside anything else: the detector has nothing to find in them, and makes them three to four times as slow. A test of
# cmd/undercity holds them to it.
SINGLE := ./geometry ./twin/generate

test-go: tiles/testdata/validator/node_modules
	go test -shuffle=on -timeout 20m $(SINGLE)
	CGO_ENABLED=$(if $(RACE),1,0) go test $(RACE) -shuffle=on -timeout 20m $$(go list ./... | grep -vxF "$$(go list $(SINGLE))")

test-viewer: viewer/node_modules
	cd viewer && npm run typecheck && npm test

test-e2e: build
	cd viewer && UNDERCITY_BIN=$(CURDIR)/$(BIN) npm run e2e

packages: ## install what the tests need
	@missing=""; for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then $(SUDO) apt-get update -qq; DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; fi

bench: build ## the figures of the README
	go test -run '^$$' -bench . -benchtime 2s ./geometry/... ./twin/... ./tiles/...
	scripts/bench.sh $(BIN)

fuzz: ## each fuzz target for half a minute
	@for d in $$(grep -rl --include='*_test.go' 'func Fuzz' geometry twin tiles server 2>/dev/null | xargs -r -n1 dirname | sort -u); do \
	  for f in $$(grep -rhoE --include='*_test.go' 'func (Fuzz[A-Za-z0-9_]+)' $$d | awk '{print $$2}' | sort -u); do \
	    if grep -q "func $$f(" $$d/*_test.go; then go test -run '^$$' -fuzz "^$$f\$$" -fuzztime 30s -fuzzminimizetime 5x ./$$d; fi; done; done

generate: ## the tables that are made from other data (needs proj-data and sqlite3)
	go generate ./...
	git diff --exit-code

clean:
	rm -rf bin viewer/dist viewer/node_modules tiles/testdata/validator/node_modules
