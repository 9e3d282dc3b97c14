// Reads the data set: queries with their intents, from CSV files.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_QUERIES_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_QUERIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace flywheel::example {

// What a customer asks, and what they mean by it. Only customers know `intent`.
struct Query {
  std::string text;
  std::string intent;
  // Index of the customer who asks.
  int customer = 0;
};

// Reads a CSV file (RFC 4180) whose first line is "text,category". INVALID_CONFIGURATION where it
// cannot be read, where a record is malformed (named by its number), or where it holds fewer than
// `least` queries.
absl::StatusOr<std::vector<Query>> LoadQueries(const std::string& path, size_t least = 1);

// Who asks what, in which order.
struct Traffic {
  // Examples that experts wrote before the first customer came.
  std::vector<Query> seeds;
  // What arrives in each revolution.
  std::vector<std::vector<Query>> slices;
  int customers = 0;
  // Every intent, sorted.
  std::vector<std::string> intents;
};

// Shuffles `queries`, makes the first of them seeds (6 %, but at most eight an intent, for experts
// have little time), and deals the rest into slices of equal size, in which each is asked `times`
// times, by whomever; about 18 questions a customer. The same seed gives the same traffic on every
// machine.
Traffic MakeTraffic(std::vector<Query> queries, int revolutions, uint64_t seed, int times = 1);

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_QUERIES_H_
