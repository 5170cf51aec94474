package asn_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/asn"
)

// A number that nobody can have: born in 1900, appointed in 2099.
const someNIP = "190001012099011007"

func TestD13ANumberIsTextAndDamageIsReported(t *testing.T) {
	for _, s := range []string{someNIP, " " + someNIP + "\n", "'" + someNIP, "19000101 209901 1 007", "19000101\u00a0209901\u00a01\u00a0007"} {
		n, err := asn.ParseNIP(s)
		require.NoError(t, err, "%q", s)
		require.Equal(t, someNIP, n.Number(), "every digit is kept")
	}
	for s, code := range map[string]string{
		"19000101209901100":    "nip-digits", // 17
		"1900010120990110071":  "nip-digits", // 19
		"190001012099011007.0": "nip-digits",
		"19000101209901100O":   "nip-digits", // the letter O
		"":                     "nip-digits",
		"belum ada":            "nip-digits",
		"١٩٠٠٠١٠١٢٠٩٩٠١١٠٠٧":   "nip-digits", // eighteen digits of another script
		"1.90001E+17":          "nip-scientific",
		"1,90001E+17":          "nip-scientific",
		"1.99e17":              "nip-scientific",
	} {
		n, err := asn.ParseNIP(s)
		require.ErrorIs(t, err, bangkom.Problem{Code: code}, "%q", s)
		require.True(t, n.IsZero())
	}
}

func TestNIPValidateWarnsAndNeverRefuses(t *testing.T) {
	for month, odd := range map[string]bool{"01": false, "12": false, "21": false, "00": true, "13": true, "20": true, "99": true} {
		n, err := asn.ParseNIP("190001012099" + month + "1007")
		require.NoError(t, err)
		ps := n.Validate()
		require.Equal(t, odd, ps.Has("nip-month"), month)
		require.NoError(t, ps.Err(), "only length and digits are errors")
	}
	n, err := asn.ParseNIP("190001012099011000")
	require.NoError(t, err)
	require.True(t, n.Validate().Has("nip-rounded"), "what is left of a number of fifteen significant digits")
	require.Empty(t, asn.NIP{}.Validate())
}

// The number goes out as data, and masked in everything people read.
func TestNIPLeaksNothingWhereItIsTalkedAbout(t *testing.T) {
	n, err := asn.ParseNIP(someNIP)
	require.NoError(t, err)
	const mask = "***************007"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%T|%v"} {
		args := []any{n}
		if strings.HasPrefix(verb, "%T") {
			args = []any{n, n}
		}
		require.NotContains(t, fmt.Sprintf(verb, args...), "1900", verb)
		require.Contains(t, fmt.Sprintf(verb, args...), mask, verb)
	}
	require.NotContains(t, fmt.Sprintf("%+v", asn.Employee{NIP: n}), someNIP)
	require.NotContains(t, fmt.Sprint(&n, []asn.NIP{n}, map[asn.NIP]int{n: 1}), "1900")

	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "nip", n, slog.Group("g", "nip", n))
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "nip", n)
	require.NotContains(t, log.String(), "1900")
	require.Equal(t, 3, strings.Count(log.String(), mask))

	for _, s := range []string{"19000101209901100", "1.9000101E+17", "19000101-2099011007"} {
		_, err := asn.ParseNIP(s)
		p, ok := errors.AsType[bangkom.Problem](err)
		require.True(t, ok)
		shown, _ := json.Marshal(p)
		require.NotContains(t, string(shown)+p.Error(), "1900", "not even a part of a damaged number")
	}

	data, err := json.Marshal(map[string]any{"nip": n, "by": map[asn.NIP]int{n: 1}})
	require.NoError(t, err)
	require.JSONEq(t, `{"nip":"`+someNIP+`","by":{"`+someNIP+`":1}}`, string(data), "the key that joins files")
}

func FuzzNIP(f *testing.F) {
	for _, s := range []string{someNIP, "1.99E+17", "19000101209901100", "", "'" + someNIP, "1e", "é\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := asn.ParseNIP(s)
		if err != nil {
			require.True(t, n.IsZero())
			p, ok := errors.AsType[bangkom.Problem](err)
			require.True(t, ok)
			require.Contains(t, []string{"nip-digits", "nip-scientific"}, p.Code)
			return
		}
		require.Len(t, n.Number(), 18)
		require.NoError(t, n.Validate().Err())
		text, err := n.MarshalText()
		require.NoError(t, err)
		var back asn.NIP
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, n.Number(), back.Number())
		require.True(t, n == back)
	})
}
