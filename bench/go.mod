module github.com/bangkom/bangkom/bench

go 1.26.0

replace github.com/bangkom/bangkom => ../

require github.com/bangkom/bangkom v0.0.0-00010101000000-000000000000

require (
	github.com/google/uuid v1.6.0 // indirect
	golang.org/x/exp v0.0.0-20261113113407-e3970619a1a4 // indirect
	gonum.org/v1/gonum v0.17.0 // indirect
)
