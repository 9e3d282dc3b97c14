#include "bench/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#include "absl/time/clock.h"

namespace flywheel::bench {

double CallsPerSecond(int callers, absl::Duration duration, const CallFunction& call) {
  return CallsPerSecond(callers, duration, std::numeric_limits<int64_t>::max(), call);
}

double CallsPerSecond(int callers, absl::Duration duration, int64_t max_calls,
                      const CallFunction& call) {
  // Callers take numbers from one counter, so that a slow one holds up nobody.
  std::atomic<int64_t> next = 0;
  const absl::Time start = absl::Now();
  const absl::Time end = start + duration;
  std::vector<std::thread> threads;
  threads.reserve(static_cast<size_t>(callers));
  for (int caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&, caller] {
      while (absl::Now() < end) {
        const int64_t number = next++;
        if (number >= max_calls) return;
        call(caller, number);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Over the time that passed: the last calls end after `duration`. Beyond max_calls each caller
  // took a number without a call.
  return static_cast<double>(std::min<int64_t>(next, max_calls)) /
         absl::ToDoubleSeconds(absl::Now() - start);
}

Comparison CompareInTurn(int rounds, const std::function<double()>& measured,
                         const std::function<double()>& reference) {
  std::vector<double> measured_values, reference_values, ratios;
  for (int round = 0; round < rounds; ++round) {
    measured_values.push_back(measured());
    reference_values.push_back(reference());
    // Of one round: both met the same machine.
    ratios.push_back(measured_values.back() / reference_values.back());
  }
  return {Median(measured_values), Median(reference_values), Median(ratios)};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double MebibytesOf(int64_t pid, const char* what) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what)) return std::stod(line.substr(line.find(':') + 1)) / 1024;
  }
  Die(fmt::format("no {} of process {}", what, pid));
}

void Die(const std::string& message) {
  std::fprintf(stderr, "error: %s\n", message.c_str());
  std::exit(1);
}

}  // namespace flywheel::bench
