package word

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
)

type colour uint8

var colours = Of[colour]("colour", "", "red", "green")

func TestWords(t *testing.T) {
	require.Equal(t, "green", colours.String(2))
	require.Equal(t, "colour(0)", colours.String(0))
	require.Equal(t, "colour(9)", colours.String(9))
	for _, v := range []colour{0, 9} {
		_, err := colours.Marshal(v)
		require.True(t, errors.Is(err, bangkom.ErrOption), v)
		require.False(t, colours.Has(v))
	}
	for v := colour(1); v <= 2; v++ {
		text, err := colours.Marshal(v)
		require.NoError(t, err)
		var back colour
		require.NoError(t, colours.Unmarshal(text, &back))
		require.Equal(t, v, back)
	}
	var v colour
	require.NoError(t, colours.Unmarshal([]byte("Red"), &v))
	require.Equal(t, colour(1), v)
	for _, text := range []string{"", "blue", "colour(1)"} {
		require.EqualError(t, colours.Unmarshal([]byte(text), &v), bangkom.Problem{Code: "option", Value: text, Msg: "no such colour", Need: "write one of red, green"}.Error())
	}
	require.Equal(t, colour(1), v, "an unknown word changes nothing")
}
