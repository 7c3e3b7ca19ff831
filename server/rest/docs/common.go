package docs

import "encoding/json"

// common are the answers that every operation may give, because what gives them stands before all of them: limits and bounds.
var common = []string{"403", "414", "429", "503"}

// signedIn are those of operations that need a sign-in: without it, and with one that is for other things.
var signedIn = []string{"401", "403"}

// withBody are those of operations that take a body.
var withBody = []string{"408", "413", "415"}

// addCommon writes the common answers into each operation of a document that does not describe them itself.
func addCommon(doc []byte) ([]byte, error) {
	var all map[string]json.RawMessage
	var paths map[string]map[string]any
	if err := json.Unmarshal(doc, &all); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(all["paths"], &paths); err != nil {
		return nil, err
	}
	for _, item := range paths {
		for _, o := range item {
			op, ok := o.(map[string]any)
			if !ok {
				continue // what the operations of a path share
			}
			answers, ok := op["responses"].(map[string]any)
			if !ok {
				continue
			}
			statuses := common
			if op["security"] == nil { // which public operations set
				statuses = append(signedIn[:len(signedIn):len(signedIn)], statuses...)
			}
			if op["requestBody"] != nil {
				statuses = append(withBody[:len(withBody):len(withBody)], statuses...)
			}
			for _, s := range statuses {
				if answers[s] == nil {
					answers[s] = map[string]any{"$ref": "#/components/responses/Problem"}
				}
			}
		}
	}
	var err error
	if all["paths"], err = json.Marshal(paths); err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// Below is a document of an installation whose paths all lie below another one, such as /twin/.
func Below(doc []byte, path string) []byte {
	var all map[string]json.RawMessage
	servers, err := json.Marshal([]map[string]string{{"url": path}})
	if err != nil || json.Unmarshal(doc, &all) != nil {
		return doc
	}
	all["servers"] = servers
	out, err := json.Marshal(all)
	if err != nil {
		return doc
	}
	return out
}
