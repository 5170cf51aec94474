module github.com/bangkom/bangkom/competency/caseio/schematest

go 1.26.0

require (
	github.com/bangkom/bangkom v0.0.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
)

require (
	github.com/google/uuid v1.6.0 // indirect
	golang.org/x/text v0.14.0 // indirect
)

replace github.com/bangkom/bangkom => ../../../
