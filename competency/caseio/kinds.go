package caseio

// A shape is the form that a field has in CASE 1.1.
type shape uint8

const (
	asText    shape = iota
	asTexts         // a list of text
	asURI           // text that should be an absolute URI
	asLink          // LinkURI: title, identifier, uri
	asLinks         // a list of LinkURI
	asEnd           // LinkGenURI: as link, and targetType
	asDay           // 2026-05-31
	asMoment        // RFC 3339
	asNumber        // a number
	asInteger       // a whole number
	asBox           // extensions: an object, or a list of objects
	asObjects       // a list of objects of another kind
	asObject        // one object of another kind
)

// A field is one field of a kind of object, in the order in which we write them.
type field struct {
	name     string
	extra    string // where the model keeps it if it has no word for it
	shape    shape
	required bool
	mapped   bool  // the model has a word for it
	max      int   // characters that other systems hold; 0: no limit is stated
	of       *kind // of records
}

// A kind is one kind of object, as it stands in a package.
type kind struct {
	name   string
	fields []field
	index  map[string]int
	stray  map[string]bool // fields of the stand-alone form: common in packages, where they say nothing
	listed bool            // extensions are a list here, alone among the kinds
}

// space marks the fields of CASE in a [competency.Extra].
const space = "case:"

func newKind(name string, stray []string, fields ...field) *kind {
	k := &kind{name: name, fields: fields, index: map[string]int{}, stray: map[string]bool{}}
	for i := range k.fields {
		k.fields[i].extra = space + k.fields[i].name
		k.index[k.fields[i].name] = i
	}
	for _, s := range stray {
		k.stray[s] = true
	}
	return k
}

// The forms below are those of the package's JSON schema and OpenAPI file of
// CASE 1.1 (1EdTech); the lengths those of the implementation guide, A.1.
var (
	fIdentifier          = field{name: "identifier", required: true}
	fURI                 = field{name: "uri", shape: asURI, required: true}
	fChanged             = field{name: "lastChangeDateTime", shape: asMoment, required: true}
	fTitle               = field{name: "title", required: true}
	fDescription         = field{name: "description"}
	fDescriptionRequired = field{name: "description", required: true}
	fHierarchy           = field{name: "hierarchyCode", required: true}
	fStart               = field{name: "statusStartDate", shape: asDay}
	fEnd                 = field{name: "statusEndDate", shape: asDay}
	fLicense             = field{name: "licenseURI", shape: asLink}
	fNotes               = field{name: "notes"}
	fLanguage            = field{name: "language", max: 10}
	fExtensions          = field{name: "extensions", shape: asBox}

	documentKind = newKind("CFDocument", []string{"CFPackageURI"},
		fIdentifier, fURI, field{name: "frameworkType"}, field{name: "caseVersion"}, field{name: "creator", required: true}, fTitle, fChanged,
		field{name: "officialSourceURL", shape: asURI}, field{name: "publisher"}, fDescription,
		field{name: "subject", shape: asTexts}, field{name: "subjectURI", shape: asLinks}, fLanguage, field{name: "version"},
		field{name: "adoptionStatus"}, fStart, fEnd, fLicense, fNotes, fExtensions)

	itemKind = newKind("CFItem", []string{"CFDocumentURI", "CFItemAssociationURI"},
		fIdentifier, fURI, field{name: "fullStatement", required: true, max: 4096}, field{name: "alternativeLabel", max: 60},
		field{name: "abbreviatedStatement", max: 60}, field{name: "humanCodingScheme", max: 100}, field{name: "listEnumeration", max: 10},
		field{name: "CFItemType", max: 60}, field{name: "CFItemTypeURI", shape: asLink},
		field{name: "conceptKeywords", shape: asTexts, max: 300}, field{name: "conceptKeywordsURI", shape: asLink}, fNotes,
		field{name: "subject", shape: asTexts}, field{name: "subjectURI", shape: asLinks}, fLanguage,
		field{name: "educationLevel", shape: asTexts, max: 300}, fLicense, fStart, fEnd, fChanged, fExtensions)

	associationKind = newKind("CFAssociation", []string{"CFDocumentURI"},
		fIdentifier, fURI, field{name: "associationType", required: true}, field{name: "sequenceNumber", shape: asInteger},
		field{name: "originNodeURI", shape: asEnd, required: true}, field{name: "destinationNodeURI", shape: asEnd, required: true},
		field{name: "CFAssociationGroupingURI", shape: asLink}, fChanged, fNotes, fExtensions)

	definitionsKind = newKind("CFDefinitions", nil,
		field{name: "CFConcepts", shape: asObjects, of: newKind("CFConcept", nil, fIdentifier, fURI, fTitle, field{name: "keywords"}, fHierarchy, fDescription, fChanged, fExtensions)},
		field{name: "CFSubjects", shape: asObjects, of: newKind("CFSubject", nil, fIdentifier, fURI, fTitle, fHierarchy, fDescription, fChanged, fExtensions)},
		field{name: "CFLicenses", shape: asObjects, of: newKind("CFLicense", nil, fIdentifier, fURI, fTitle, fDescription, field{name: "licenseText", required: true, max: 300}, fChanged, fExtensions)},
		field{name: "CFItemTypes", shape: asObjects, of: newKind("CFItemType", nil, fIdentifier, fURI, fTitle, fDescriptionRequired, fHierarchy, field{name: "typeCode"}, fChanged, fExtensions)},
		field{name: "CFAssociationGroupings", shape: asObjects, of: newKind("CFAssociationGrouping", nil, fIdentifier, fURI, fTitle, fDescription, fChanged, fExtensions)},
		fExtensions)

	levelKind = listing(newKind("CFRubricCriterionLevel", nil,
		fIdentifier, fURI, fDescription, field{name: "quality"}, field{name: "score", shape: asNumber}, field{name: "feedback"},
		field{name: "position", shape: asInteger}, field{name: "rubricCriterionId"}, fChanged, fExtensions))

	criterionKind = newKind("CFRubricCriterion", nil,
		fIdentifier, fURI, field{name: "category"}, fDescription, field{name: "CFItemURI", shape: asLink}, field{name: "weight", shape: asNumber},
		field{name: "position", shape: asInteger}, field{name: "rubricId"}, fChanged,
		field{name: "CFRubricCriterionLevels", shape: asObjects, of: levelKind}, fExtensions)

	rubricKind = newKind("CFRubric", nil,
		fIdentifier, fURI, field{name: "title"}, fDescription, fChanged, field{name: "CFRubricCriteria", shape: asObjects, of: criterionKind}, fExtensions)

	packageKind = newKind("CFPackage", nil,
		field{name: "CFDocument", shape: asObject, required: true, of: documentKind}, field{name: "CFItems", shape: asObjects, of: itemKind},
		field{name: "CFAssociations", shape: asObjects, of: associationKind}, field{name: "CFDefinitions", shape: asObject, of: definitionsKind},
		field{name: "CFRubrics", shape: asObjects, of: rubricKind}, fExtensions)
)

// The fields for which the model has words; the others are kept as they are.
func init() {
	own := func(k *kind, names ...string) {
		for _, n := range names {
			k.fields[k.index[n]].mapped = true
		}
	}
	own(documentKind, "identifier", "uri", "title", "description", "officialSourceURL", "language", "version", "adoptionStatus", "statusStartDate", "statusEndDate", "caseVersion", "extensions")
	own(itemKind, "identifier", "uri", "fullStatement", "alternativeLabel", "abbreviatedStatement", "humanCodingScheme", "CFItemType", "language", "statusStartDate", "statusEndDate", "extensions")
	own(associationKind, "identifier", "associationType", "sequenceNumber", "originNodeURI", "destinationNodeURI", "notes", "extensions")
	own(rubricKind, "identifier", "title", "CFRubricCriteria", "extensions")
	own(criterionKind, "CFItemURI", "rubricId", "CFRubricCriterionLevels", "extensions")
	own(levelKind, "description", "quality", "score", "rubricCriterionId", "extensions")
}

func listing(k *kind) *kind {
	k.listed = true
	return k
}

// renamed are names that systems write for a field of CASE.
var renamed = map[string]string{"educationalLevel": "educationLevel"}
