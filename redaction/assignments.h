// Assignments: what a name that says "secret" is set to, in the syntax of any language or file.
#ifndef FLYWHEEL_REDACTION_ASSIGNMENTS_H_
#define FLYWHEEL_REDACTION_ASSIGNMENTS_H_

#include <cstddef>
#include <string_view>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

// Words with '|' between, at which the finders below are worth trying.
extern const char kKeyNames[];
extern const char kPasswordNames[];
// Issuers whose keys have no prefix: their names make a name a key's without the word "key".
extern const char kIssuerNames[];

// Each takes the place of a word inside a name ("discordApiKey", "X-Auth-Token", "db.password"),
// goes over what stands between a name and its value, and returns the value where it looks like
// one, without quotes. The forms, with VALUE for the value:
//
//   apiKey = "VALUE"      api_key: VALUE       "apiKey": "VALUE"      \"apiKey\": \"VALUE\"
//   API_KEY := VALUE      api_key ?= VALUE     :api_key => 'VALUE'    api_key <- "VALUE"
//   ENV API_KEY VALUE     --api-key VALUE      ?api_key=VALUE&x=1     X-Api-Key: VALUE
//   <apiKey>VALUE<        key="apiKey" value="VALUE"                  set("API_KEY", "VALUE")
//   apiKey: string = new Key(`VALUE`)          Authorization: Token VALUE
//
// No value: variables, placeholders, paths, calls, words, dates, public keys, names of page tokens
// and counters. Pure; at most some hundred bytes are looked at.
ValueSpan FindAssignedKey(std::string_view text, size_t place);
ValueSpan FindAssignedPassword(std::string_view text, size_t place);
ValueSpan FindIssuerKey(std::string_view text, size_t place);
// The first value in base64 below "data:" of a Kubernetes secret whose "kind: Secret" is at
// `place`.
ValueSpan FindKubernetesValue(std::string_view text, size_t place);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_ASSIGNMENTS_H_
