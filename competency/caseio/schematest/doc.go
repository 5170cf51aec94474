// Package schematest holds what package caseio writes against the official JSON
// schema of CASE 1.1, with a validator that the library itself does not depend on.
package schematest
