// Package bench holds programs that run the library and its rivals on the same
// data in the same run and print the ratio. Each folder is one field.
package bench
