# make check  everything that must hold before a change lands
# make long   what takes minutes: fuzzing, crash tests, large plans
LINT_VERSION := v2.15.0
LINT         := $(shell go env GOPATH)/bin/golangci-lint-$(LINT_VERSION)
FUZZTIME     ?= 2s
NESTED       := $(shell find . -mindepth 2 -name go.mod -not -path '*/testdata/*' -exec dirname {} \;)

.PHONY: check fmt vet lint tidy race fuzz nested long

check: fmt vet lint tidy race fuzz nested

fmt:
	@out=$$(gofmt -l .); test -z "$$out" || { echo "gofmt: $$out"; exit 1; }

vet:
	go vet ./...

lint: $(LINT)
	$(LINT) run ./...

# Built once per version, with the Go that is here.
$(LINT):
	go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	mv $(dir $(LINT))golangci-lint $(LINT)

tidy:
	GOWORK=off go mod tidy -diff

# The import edges and the golden output of the examples are tests among these.
race:
	go test -race ./...

fuzz:
	./scripts/fuzz $(FUZZTIME)

nested:
	@for dir in $(NESTED); do echo "== $$dir"; (cd $$dir && GOWORK=off go mod tidy -diff && GOWORK=off go vet ./... && GOWORK=off go test ./...) || exit 1; done

long:
	BANGKOM_LONG=1 go test -timeout 120m ./...
	./scripts/fuzz 5m
