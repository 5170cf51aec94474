package competency

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bangkom/bangkom/table"
)

// framework compares what the editions say of themselves.
func (c *comparison) framework() {
	x, y := c.old.f, c.new.f
	fields := compareTexts(nil, "title", x.Title, y.Title)
	fields = compareTexts(fields, "description", x.Description, y.Description)
	for _, s := range [][3]string{
		{"id", string(x.ID), string(y.ID)}, {"version", x.Version, y.Version}, {"uri", x.URI, y.URI}, {"source", x.Source, y.Source},
		{"status", string(x.Status), string(y.Status)}, {"valid_from", x.ValidFrom.String(), y.ValidFrom.String()}, {"valid_until", x.ValidUntil.String(), y.ValidUntil.String()},
		{"replaced_by", string(x.ReplacedBy), string(y.ReplacedBy)},
	} {
		fields = differs(fields, s[0], s[1], s[2])
	}
	c.changes.Framework = compareExtras(fields, x.Extra, y.Extra)
}

// differs adds a field that means nothing by itself.
func differs(fields []FieldChange, name, old, next string) []FieldChange {
	if old == next {
		return fields
	}
	return append(fields, FieldChange{Field: name, Old: old, New: next})
}

func compareCompetencies(x, y *Competency) []FieldChange {
	fields := compareTexts(nil, "title", x.Title, y.Title)
	fields = compareTexts(fields, "description", x.Description, y.Description)
	for k := range x.Levels {
		if d, both := descriptor(y.Levels, x.Levels[k].Level); both {
			fields = append(fields, compareDescriptors(fmt.Sprintf("levels/%d", d.Level), &x.Levels[k], d)...)
		}
	}
	fields = differs(fields, "id", string(same(x.ID)), string(same(y.ID)))
	fields = differs(fields, "code", x.Code, y.Code)
	fields = differs(fields, "uri", x.URI, y.URI)
	fields = differs(fields, "kind", string(x.Kind), string(y.Kind))
	if !slices.Equal(x.Also, y.Also) {
		fields = differs(fields, "also", strings.Join(x.Also, "|"), strings.Join(y.Also, "|"))
	}
	if x.Dense != y.Dense {
		fields = differs(fields, "dense", strconv.FormatBool(x.Dense), strconv.FormatBool(y.Dense))
	}
	fields = differs(fields, "valid_from", x.ValidFrom.String(), y.ValidFrom.String())
	if !x.ValidUntil.IsZero() { // a first end is a withdrawal
		fields = differs(fields, "valid_until", x.ValidUntil.String(), y.ValidUntil.String())
	}
	return compareExtras(fields, x.Extra, y.Extra)
}

func compareDescriptors(field string, x, y *Descriptor) []FieldChange {
	fields := compareTexts(nil, field+"/title", x.Title, y.Title)
	fields = compareTexts(fields, field+"/description", x.Description, y.Description)
	names, before := indicators(x)
	more, after := indicators(y)
	for _, n := range more {
		if _, has := before[n]; !has {
			names = append(names, n)
		}
	}
	for _, n := range names {
		fields = compareTexts(fields, field+"/indicators/"+n, before[n], after[n])
	}
	for _, e := range compareExtras(nil, x.Extra, y.Extra) {
		e.Field = strings.TrimPrefix(field+"/"+e.Field, "/")
		fields = append(fields, e)
	}
	return fields
}

// indicators names the indicators of a level by id, and the others by place.
func indicators(d *Descriptor) ([]string, map[string]Text) {
	var names []string
	all := map[string]Text{}
	for k := range d.Indicators {
		name := d.Indicators[k].ID
		if name == "" {
			name = strconv.Itoa(k + 1)
		}
		if _, taken := all[name]; taken {
			name = fmt.Sprintf("%s#%d", name, k+1)
		}
		names = append(names, name)
		all[name] = d.Indicators[k].Text
	}
	return names, all
}

// compareTexts compares two texts language by language.
func compareTexts(fields []FieldChange, field string, x, y Text) []FieldChange {
	shared, tags := false, 0
	for tag, s := range x {
		if s == "" {
			continue
		}
		tags++
		if t := y[tag]; t != "" {
			shared = true
			if s == t {
				tags--
			}
		}
	}
	for tag, t := range y {
		if t != "" && x[tag] == "" {
			tags++
		}
	}
	if tags == 0 {
		return fields
	}
	if !shared {
		return relabelled(fields, field, x, y)
	}
	for _, tag := range union(x, y) {
		if s, t := x[tag], y[tag]; s != t {
			fields = append(fields, FieldChange{Field: field + "/" + tag, Old: s, New: t, Meaning: s != "" && t != "" && !sameWords(s, t)})
		}
	}
	return fields
}

// relabelled compares two texts without a tag in common: as one language in
// two spellings of its tag, or as the same words under another tag. Otherwise
// nothing tells that the two languages say the same.
func relabelled(fields []FieldChange, field string, x, y Text) []FieldChange {
	if a, b, ok := plainTags(x, y); ok {
		return compareTexts(fields, field, a, b)
	}
	s, t := x.In(""), y.In("")
	meaning := s == "" || t == "" || !sameWords(s, t)
	for _, tag := range union(x, y) {
		if s, t := x[tag], y[tag]; s != t {
			fields = append(fields, FieldChange{Field: field + "/" + tag, Old: s, New: t, Meaning: meaning})
		}
	}
	return fields
}

// plainTags writes all tags in one way, "id_ID" as "id-id"; false if the two
// texts have none in common then either.
func plainTags(x, y Text) (a, b Text, shared bool) {
	plain := func(t Text) Text {
		p := Text{}
		for _, tag := range t.languages() {
			p[tagKey(tag)] = t[tag]
		}
		return p
	}
	a, b = plain(x), plain(y)
	for tag, s := range a {
		shared = shared || s != "" && b[tag] != ""
	}
	return a, b, shared
}

func union(x, y Text) []string {
	tags := x.languages()
	for tag := range y {
		if _, has := x[tag]; !has {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return tags
}

// sameWords reports whether two texts differ in their spelling only: in case,
// blanks and punctuation, but not in numbers or signs such as < and %.
func sameWords(s, t string) bool {
	return spelling(s) == spelling(t) && slices.Equal(figures(s), figures(t))
}

// figures lists the numbers and mathematical signs of a text.
func figures(s string) []string {
	var all []string
	start := -1
	for i, r := range s + " " {
		switch digit := unicode.IsDigit(r); {
		case digit && start < 0:
			start = i
		case !digit && start >= 0:
			all = append(all, s[start:i])
			start = -1
		}
		if r == '%' || unicode.Is(unicode.Sm, r) {
			all = append(all, string(r))
		}
	}
	return all
}

func compareExtras(fields []FieldChange, x, y Extra) []FieldChange {
	if len(x) == 0 && len(y) == 0 {
		return fields
	}
	var keys []string
	for k, v := range x {
		if string(v) != string(y[k]) {
			keys = append(keys, k)
		}
	}
	for k := range y {
		if _, has := x[k]; !has {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		fields = differs(fields, "extra/"+k, string(x[k]), string(y[k]))
	}
	return fields
}

// negations turn the meaning of a sentence round.
var negations = map[string]bool{
	"tidak": true, "bukan": true, "tanpa": true, "belum": true, "jangan": true, "kecuali": true,
	"not": true, "no": true, "never": true, "without": true, "except": true, "cannot": true,
}

// wordsKept returns the share of words that stayed in the texts that changed
// (Dice, over multisets), and whether a number or a negation is among those
// that did not.
func wordsKept(fields []FieldChange) (share float64, firm bool) {
	count := map[string]int{}
	all, stayed := 0, 0
	for _, f := range fields {
		if !f.Meaning {
			continue
		}
		clear(count)
		words := 0
		for w := range strings.FieldsSeq(table.Normalize(f.Old)) {
			count[w]++
			words++
		}
		for w := range strings.FieldsSeq(table.Normalize(f.New)) {
			words++
			if count[w]--; count[w] >= 0 {
				stayed += 2
			}
		}
		all += words
		for w, n := range count {
			firm = firm || n != 0 && (negations[w] || strings.ContainsFunc(w, unicode.IsDigit))
		}
		firm = firm || !slices.Equal(figures(f.Old), figures(f.New))
	}
	if all == 0 {
		return 0, firm
	}
	return float64(stayed) / float64(all), firm
}
