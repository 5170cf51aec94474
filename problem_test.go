package bangkom_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
)

func TestProblemsErrIsATrueNil(t *testing.T) {
	err := bangkom.Problems{{Code: "guess", Severity: bangkom.Note}}.Err()
	require.NoError(t, err)
}

func TestTheTextOfAProblemShowsNobodysNumber(t *testing.T) {
	p := bangkom.Problem{Where: "r.csv:2:190001012099011001", Msg: "x 19000101209901100", Value: "190001012099011007", Need: "Rp10000000000000 2027é"}
	require.Equal(t, "r.csv:2:…001: x …100 (\"…007\"); Rp10000000000000 2027é", p.Error())
	require.Equal(t, "…007", bangkom.Problem{Msg: "190001012099011007"}.Error())
	for said, shown := range map[string]string{
		"worth 39.599999999999995":             "worth 39.599999999999995",
		"(-0.00012345678901234567)":            "(-0.00012345678901234567)",
		"1.190001012099011007":                 "1.…007",
		"row 1: 190001012099011007.5":          "row 1: …007.5",
		"1.90001012099011007E+17":              "1.…007E+17",
		"a.190001012099011007":                 "a.…007",
		"5,190001012099011007,3":               "5,…007,3",
		"version 1.2.190001012099011":          "version 1.2.…011",
		"0.190001012099011007.190001012099011": "0.…007.…011",
	} {
		require.Equal(t, shown, bangkom.Problem{Msg: said}.Error())
	}
	data, err := json.Marshal(p)
	require.NoError(t, err)
	require.Contains(t, string(data), "190001012099011007", "files have it whole")
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
