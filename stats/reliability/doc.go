// Package reliability says how far the items of a questionnaire measure one
// thing consistently.
package reliability
