// Load generator: concurrent callers and their throughput, and two loads compared in turn.
#ifndef FLYWHEEL_BENCH_LOAD_H_
#define FLYWHEEL_BENCH_LOAD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace flywheel::bench {

// One call; told the number of the caller (from 0) and of the call in the whole run. Ends the
// process with a message where the call fails: a benchmark of errors is none.
using CallFunction = std::function<void(int caller, int64_t call)>;

// Calls from `callers` threads for `duration`; returns calls a second.
double CallsPerSecond(int callers, absl::Duration duration, const CallFunction& call);
// The same, until so many calls were made where that is sooner.
double CallsPerSecond(int callers, absl::Duration duration, int64_t max_calls,
                      const CallFunction& call);

// What is compared: two loads in turn, A B A B, so that a machine that slows down slows both.
struct Comparison {
  // Median over the rounds.
  double measured = 0;
  double reference = 0;
  // Median of the rounds' own ratios, measured over reference.
  double ratio = 0;
};
Comparison CompareInTurn(int rounds, const std::function<double()>& measured,
                         const std::function<double()>& reference);

double Median(std::vector<double> values);

// One line of the result.
struct Row {
  std::string name;
  double value = 0;
  std::string unit;
  // What it is held against, and the value over it.
  std::string reference_name;
  double reference = 0;
  double ratio = 0;
};

// What the kernel says of a process's memory: "RssAnon", its own, or "VmHWM", the most that it had.
double MebibytesOf(int64_t pid, const char* what);

// Prints `message` and ends the process.
[[noreturn]] void Die(const std::string& message);

}  // namespace flywheel::bench

#endif  // FLYWHEEL_BENCH_LOAD_H_
