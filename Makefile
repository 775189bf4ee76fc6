# Grulden. `make help` lists what there is; CONTRIBUTING.md says when to use it.
# Needed beforehand: Go (the version in go.mod or newer) and Node 20 or newer.
# The tests install the rest themselves.

CHROMIUM  ?= /usr/bin/chromium# the browser of the browser tests
FUZZTIME  ?= 10s#                for each fuzz target
BENCHTIME ?= 1s#                 for each Go benchmark
TESTFLAGS ?=#                    more flags for go test
ARGS      ?=#                    more flags for grulden demo and grulden bench

# What the tests use from Debian: a C compiler for the race detector, a browser
# with a font, readers of QR codes, of XML and of JSON, and hledger to check
# our export.
PACKAGES := ffmpeg fonts-dejavu-core gcc hledger jq libc6-dev libxml2-utils poppler-utils unzip zbar-tools
ifeq ($(CHROMIUM),/usr/bin/chromium)
PACKAGES += chromium
endif
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help build demo test tools schemas lint go-test browser-test gallery lighthouse bench fuzz clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

build: web/static/bundled/reader.js web/static/bundled/echarts.js ## build bin/grulden
	go build -trimpath -o bin/grulden ./cmd/grulden

demo: build ## a sample wijk with links to try; Ctrl-C ends it
	./bin/grulden demo $(ARGS)

test: tools node_modules/.package-lock.json schemas lint go-test browser-test ## install what the tests need, then lint and run them all

lint: ## formatting, go.mod, go vet, staticcheck
	@bad=$$(go tool gofumpt -l .) && { test -z "$$bad" || { echo "run 'go tool gofumpt -w .'; not formatted:" >&2; echo "$$bad" >&2; exit 1; }; }
	go mod tidy -diff
	go vet ./...
	go tool staticcheck ./...

# What runs on one goroutine needs no race detector, which makes it ten times slower. In
# internal/report only the keeper meets others.
ALONE = $(addprefix grulden/,internal/bench internal/books internal/export internal/policy internal/replay \
	internal/report internal/sample internal/sepa internal/sim internal/tidy web/page)

go-test: ## the Go tests, with the race detector where goroutines meet
	CGO_ENABLED=1 go test -race -timeout 15m $(TESTFLAGS) $$(go list ./... | grep -vxF $(ALONE:%=-e %))
	go test -timeout 15m $(TESTFLAGS) $(ALONE)
	CGO_ENABLED=1 go test -race $(TESTFLAGS) -run FromManySides grulden/internal/report

browser-test: build node_modules/.package-lock.json ## the browser tests, against the real program
	CHROMIUM="$(CHROMIUM)" node --test --test-reporter=spec --test-concurrency=1 web/browser/*.test.mjs

gallery: build node_modules/.package-lock.json ## photograph every page in every state into .cache/gallery
	CHROMIUM="$(CHROMIUM)" node web/browser/gallery.mjs $(ARGS)

lighthouse: build web/lighthouse/node_modules/.package-lock.json ## how fast wallet, pay and till are on a slow telephone
	CHROMIUM="$(CHROMIUM)" node web/lighthouse/run.mjs

bench: build ## the program's own measurements, then the Go benchmarks
	./bin/grulden bench $(ARGS)
	go test -run '^$$' -bench . -benchtime $(BENCHTIME) ./...

fuzz: ## every fuzz target for FUZZTIME (default 10s)
	@for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

schemas: .cache/schemas.stamp ## fetch the official bank schemas into .cache/schemas

.cache/schemas.stamp: internal/sepa/testdata/fetch-schemas.sh
	@mkdir -p .cache
	internal/sepa/testdata/fetch-schemas.sh .cache/schemas
	@touch $@

tools: ## install the Debian packages the tests use, if any is missing
	@command -v node >/dev/null || { echo "make: the browser tests need Node 20 or newer: https://nodejs.org" >&2; exit 1; }
	@if ! command -v dpkg-query >/dev/null; then \
		echo "make: this is not Debian; see to it that these are here: $(PACKAGES)"; exit 0; \
	fi; \
	missing=; \
	for package in $(PACKAGES); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	test -z "$$missing" || { \
		echo "make: installing$$missing"; \
		$(SUDO) apt-get update -qq && \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	}

# What comes from npm: the reader of QR codes, for browsers that have none, and
# the charts. Where there is no npm the program does without: those browsers then
# ask for the code to be typed, and tables stand without a chart.
ifneq ($(shell command -v npm),)
BUNDLE = go tool esbuild $< --bundle --minify --format=esm --target=es2021 --log-level=warning --legal-comments=eof --outfile=$@

web/static/bundled/reader.js: web/static/reader/reader.js node_modules/.package-lock.json
	$(BUNDLE)
	cp node_modules/zxing-wasm/dist/reader/zxing_reader.wasm web/static/bundled/

web/static/bundled/echarts.js: web/static/charting/echarts.js node_modules/.package-lock.json
	$(BUNDLE) '--define:process.env.NODE_ENV="production"'
else
.PHONY: web/static/bundled/reader.js web/static/bundled/echarts.js
web/static/bundled/reader.js web/static/bundled/echarts.js:
	@echo "make: no npm here, so $(notdir $@) is left out: CONTRIBUTING.md says what then is missing" >&2
endif

node_modules/.package-lock.json: package.json package-lock.json
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/lighthouse/node_modules/.package-lock.json: web/lighthouse/package.json web/lighthouse/package-lock.json
	cd web/lighthouse && npm ci --omit=optional --no-audit --no-fund --loglevel=error
	@touch $@

clean: ## remove what was built, fetched or photographed
	rm -rf bin .cache node_modules web/lighthouse/node_modules
	find web/static/bundled -type f ! -name README.txt -delete
