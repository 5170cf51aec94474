package bangkom_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
)

func TestProblemsErrIsATrueNil(t *testing.T) {
	err := bangkom.Problems{{Code: "guess", Severity: bangkom.Note}}.Err()
	require.NoError(t, err)
}

func TestSentinelsAreFoundByCode(t *testing.T) {
	err := bangkom.Problems{
		{Code: "other", Msg: "x"},
		{Code: "too-few", Where: "a.csv:3:NIP", Msg: "one pair", Need: "at least 2"},
	}.Err()
	require.ErrorIs(t, err, bangkom.ErrTooFew)
	require.NotErrorIs(t, err, bangkom.ErrShape)
	p, ok := errors.AsType[bangkom.Problem](err)
	require.True(t, ok)
	require.Equal(t, "other", p.Code)
}
