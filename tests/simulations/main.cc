#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/table.h"
#include "tests/simulations/assignment_independence.h"
#include "tests/simulations/clustered_floor.h"
#include "tests/simulations/experiment_figures.h"
#include "tests/simulations/experiment_power.h"
#include "tests/simulations/experiment_ratios.h"
#include "tests/simulations/experiment_segments.h"
#include "tests/simulations/experiment_verdicts.h"
#include "tests/simulations/grouped_verdicts.h"
#include "tests/simulations/verdicts.h"

namespace flywheel::simulations {
namespace {

// At an experiment, one after the other.
constexpr int kLooks = 300;

bool Write(const std::vector<Property>& properties, const std::string& path) {
  nlohmann::json json = nlohmann::json::array();
  for (const Property& one : properties) {
    json.push_back({{"name", one.name},
                    {"value", one.value},
                    {"lower", one.lower},
                    {"upper", one.upper},
                    {"target", one.target},
                    {"ok", one.ok}});
  }
  std::ofstream file(path);
  file << json.dump(2) << '\n';
  return static_cast<bool>(file.flush());
}

// Some of the properties; each draws its own random numbers, so that order changes none.
struct Family {
  std::string name;
  std::function<std::vector<Property>()> simulate;
};

std::vector<Family> Families(int64_t releases) {
  return {
      // The longest first.
      {"verdicts of experiments", [=] { return SimulateExperimentVerdicts(releases, kLooks); }},
      {"power", [=] { return SimulateExperimentPower(releases, kLooks); }},
      {"ratios and quantiles", [=] { return SimulateExperimentRatios(releases, kLooks); }},
      {"segments", [=] { return SimulateExperimentSegments(releases, kLooks); }},
      {"figures", [=] { return SimulateExperimentFigures(releases, kLooks); }},
      {"verdicts of the gate", [=] { return SimulateVerdicts(releases, /*floor_step=*/1); }},
      {"verdicts over groups", [=] { return SimulateGroupedVerdicts(releases); }},
      {"floors of clustered cases", [=] { return SimulateClusteredFloors(releases); }},
      {"independence of assignments", [] { return MeasureAssignmentIndependence(); }},
  };
}

// Runs them on all cores, and says what is done; the properties in the order of the families.
std::vector<Property> Simulate(const std::vector<Family>& families) {
  std::vector<std::vector<Property>> results(families.size());
  std::atomic<size_t> next = 0;
  std::atomic<size_t> done = 0;
  const auto work = [&] {
    for (size_t i = next++; i < families.size(); i = next++) {
      const absl::Time start = absl::Now();
      results[i] = families[i].simulate();
      fmt::print(stderr, "  ... {} of {}: {} ({:.0f} s)\n", ++done, families.size(),
                 families[i].name, absl::ToDoubleSeconds(absl::Now() - start));
    }
  };
  std::vector<std::thread> threads;
  const size_t cores = std::max<size_t>(1, std::thread::hardware_concurrency());
  threads.reserve(cores);
  for (size_t core = 0; core < cores; ++core) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  std::vector<Property> properties;
  for (const auto& some : results) properties.insert(properties.end(), some.begin(), some.end());
  return properties;
}

int Run(int64_t releases, const std::string& output) {
  const std::vector<Property> properties = Simulate(Families(releases));
  cli::Table table(
      {{"PROPERTY"}, {"VALUE", true}, {"95 % FROM", true}, {"TO", true}, {"TARGET", true}, {"OK"}});
  for (const Property& one : properties) {
    table.AddRow({one.name, fmt::format("{:.4f}", one.value), fmt::format("{:.4f}", one.lower),
                  fmt::format("{:.4f}", one.upper), fmt::format("{:.4g}", one.target),
                  one.ok ? "yes" : "NO"});
  }
  fmt::print("{}\n", table.Format());
  if (!Write(properties, output)) {
    fmt::print(stderr, "error: cannot write {}\n", output);
    return 1;
  }
  fmt::print("Written to {}.\n", output);
  const bool ok =
      std::all_of(properties.begin(), properties.end(), [](const Property& one) { return one.ok; });
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace flywheel::simulations

int main(int argc, char** argv) {
  int64_t releases = 2'000;
  std::string output = "build/statistics.json";
  CLI::App app(
      "Simulates decisions whose truth is known, and holds the share of wrong ones against what is "
      "promised.\nExit code 1 where a promise is not kept.");
  app.add_option("--releases", releases, "simulated releases and experiments of each kind")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  app.add_option("--output", output, "where the JSON goes")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return flywheel::simulations::Run(releases, output);
}
