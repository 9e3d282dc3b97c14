// Made-up secrets in the syntaxes that people paste: each issuer's in each syntax.
#ifndef FLYWHEEL_TESTS_REDACTION_SECRET_SAMPLES_H_
#define FLYWHEEL_TESTS_REDACTION_SECRET_SAMPLES_H_

#include <string>
#include <vector>

namespace flywheel::redaction {

struct SecretSample {
  std::string text;
  std::string value;
  std::string issuer;
  std::string syntax;
  // Not what the rows were written for. Some that failed were mended since: no measure of the
  // world.
  bool held_out_issuer = false;
  bool held_out_syntax = false;
};

// `rounds` of every issuer in every syntax, the same each time.
std::vector<SecretSample> SecretSamples(int rounds);

// What stands in the same places and is no secret: placeholders, variables, calls, paths, words.
std::vector<std::string> SecretLookalikes();

// Code, configurations and logs that name keys and tokens, and hold none.
std::vector<std::string> OrdinaryCode();

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_SECRET_SAMPLES_H_
