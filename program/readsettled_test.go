package program

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/competency"
)

func TestReadSettled(t *testing.T) {
	w, ps := competency.NewWorkforce(nil, nil, nil, []competency.Person{{ID: "P1"}, {ID: "P2"}})
	require.Empty(t, found(ps))
	const file = `NIP;Keputusan;Kode;Kode Sesi;JP
P1;sudah;A1;;
P1;Wajib;A2;;
P2;tetap;;S1;
P1;tidak;;S1;
P1;jp;;;"4,5"
P1;earned;;;2
P1;done;A1;;
P1;done;OLD;;
P9;done;A1;;
P1;must;A9;;
P1;lock;;S9;
P1;lock;A1;;
P1;must;;;
P1;perhaps;A1;;
P1;;A1;;
P1;jp;;;many
P1;jp;;;-3
P1;jp;;;9999999999999
P2;must;A1;;
`
	got, ps := ReadSettled(strings.NewReader(file), "d.csv", w, []Offering{{ID: "A1"}, {ID: "A2"}}, []Session{{ID: "S1"}})
	require.Equal(t, []string{
		"duplicate-id d.csv:8:Kode A1",
		"unknown-offering d.csv:9:Kode OLD",
		"unknown-person d.csv:10:NIP P9",
		"unknown-offering d.csv:11:Kode A9",
		"unknown-session d.csv:12:Kode Sesi S9",
		"empty-cell d.csv:13:Kode Sesi ",
		"empty-cell d.csv:14:Kode ",
		"unknown-word d.csv:15:Keputusan perhaps",
		"empty-cell d.csv:16:Keputusan ",
		"not-hours d.csv:17:JP many",
		"negative-hours d.csv:18:JP -3",
		"too-many-hours d.csv:19:JP 9999999999999",
	}, found(ps))
	require.Equal(t, []Settled{
		{Person: "P1", Done: []OfferingID{"A1"}, Where: "d.csv:2:Kode"},
		{Person: "P1", Must: []OfferingID{"A2"}, Where: "d.csv:3:Kode"},
		{Person: "P2", Lock: []SessionID{"S1"}, Where: "d.csv:4:Kode Sesi"},
		{Person: "P1", Not: []SessionID{"S1"}, Where: "d.csv:5:Kode Sesi"},
		{Person: "P1", Earned: 4_500, Where: "d.csv:6:JP"},
		{Person: "P1", Earned: 2_000, Where: "d.csv:7:JP"},
		{Person: "P1", Done: []OfferingID{"OLD"}, Where: "d.csv:9:Kode"},
		{Person: "P2", Must: []OfferingID{"A1"}, Where: "d.csv:20:Kode"},
	}, got)
	got, ps = ReadSettled(strings.NewReader("NIP,Keputusan,Kode\nx,must,y\n"), "d.csv", nil, nil, nil)
	require.Empty(t, found(ps), "with nothing to compare")
	require.Equal(t, []Settled{{Person: "x", Must: []OfferingID{"y"}, Where: "d.csv:2:Kode"}}, got)
}

func FuzzReadSettled(f *testing.F) {
	f.Add("NIP,Keputusan,Kode,Kode Sesi,JP\nP1,must,A1,,\nP1,jp,,,3\n")
	f.Add("NIP;Decision;Session\nP1;lock;S1\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, _ := ReadSettled(strings.NewReader(text), "d.csv", nil, nil, nil)
		for _, s := range got {
			require.NotEmpty(t, s.Person)
			require.True(t, s.Earned >= 0, s.Earned)
		}
	})
}

// TestNotToAttendAnOffering is not to attend any of its sessions.
func TestNotToAttendAnOffering(t *testing.T) {
	sessions := []Session{{ID: "S1", Offering: "A1"}, {ID: "S2", Offering: "A2"}, {ID: "S3", Offering: "A1"}}
	got, ps := ReadSettled(strings.NewReader("NIP,Keputusan,Kode,Kode Sesi\nx,tidak,A1,\nx,tidak,A9,\nx,tidak,,\n"), "d.csv", nil, []Offering{{ID: "A1"}, {ID: "A2"}}, sessions)
	require.Equal(t, []string{"unknown-offering d.csv:3:Kode A9", "empty-cell d.csv:4:Kode Sesi "}, found(ps))
	require.Equal(t, []Settled{{Person: "x", Not: []SessionID{"S1", "S3"}, Where: "d.csv:2:Kode"}}, got)
}
