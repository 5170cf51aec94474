// Package competency is the domain language: what a job asks for and what a
// person shows.
package competency
