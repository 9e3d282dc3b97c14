// What became of a case, in words. But for ShownText the texts are whole, and as the version gave
// them.
#ifndef FLYWHEEL_CLI_GATE_RUN_CASE_TEXT_H_
#define FLYWHEEL_CLI_GATE_RUN_CASE_TEXT_H_

#include <google/protobuf/repeated_field.h>

#include <string>
#include <string_view>

#include "flywheel/evalgate/v1/verdict.pb.h"

namespace flywheel::cli {

using Attempts = google::protobuf::RepeatedPtrField<evalgate::v1::AttemptResult>;

// The attempt that says the most: the first that did not pass, else the first; null where there is
// none. It lives as long as `attempts`.
const evalgate::v1::AttemptResult* ShownAttempt(const Attempts& attempts);

// The answer: an error, else the text and the calls; empty where nothing was answered.
std::string AnswerText(const evalgate::v1::AttemptResult* attempt);

// Why it failed: "checks 0.50: length: 7 words, want at most 5", each evaluator with its kind where
// that is not its name, its score above 0, and its explanation where the gate gave one, else what
// it wanted; or the outcome where no evaluator says anything.
std::string ReasonText(const evalgate::v1::AttemptResult* attempt);

// Of the attempts "2 of 3 passed", where there were several; else empty.
std::string AttemptsText(const Attempts& attempts);

// What would be right, where it was asked for; else empty.
std::string IdealText(const evalgate::v1::CaseResult& one);

// Of a text in a column of a table.
inline constexpr size_t kShownOfAText = 48;
// A reason names every check that failed.
inline constexpr size_t kShownOfAReason = 120;

// The begin of a text, for a table; "-" where there is none.
std::string ShownText(std::string_view text, size_t most_bytes = kShownOfAText);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_CASE_TEXT_H_
