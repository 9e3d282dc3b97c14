#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "bench/alternative_server.h"
#include "bench/benchmarks.h"
#include "bench/noop_server.h"
#include "cli/child_process.h"
#include "cli/local_services.h"
#include "cli/table.h"
#include "shared/status/errors.h"

namespace flywheel::bench {
namespace {

struct Benchmark {
  std::string name;
  // One of the two: for one line, or for several.
  Row (*run)(const Setup&) = nullptr;
  // Runs only where it is named: it takes minutes, or needs what './dev bench alternatives'
  // fetches.
  bool is_long = false;
  std::vector<Row> (*run_all)(const Setup&) = nullptr;
};

const std::vector<Benchmark>& Benchmarks() {
  static const auto& benchmarks =
      *new std::vector<Benchmark>{{"batch-ingest", BatchIngest},
                                  {"unary-ingest", UnaryIngest},
                                  {"batch-ingest-unredacted", BatchIngestUnredacted},
                                  {"unary-latency", UnaryLatency},
                                  {"feed-read", FeedRead},
                                  {"conversations", ConversationBytes},
                                  {"five-million", IngestAtFiveMillion, true},
                                  {"overload", Overload, true},
                                  {"otlp", OtlpIngestRate},
                                  {"fastapi", AgainstFastApi, true},
                                  {"postgres", AgainstPostgres, true},
                                  {"phoenix", OtlpAgainstPhoenix, true},
                                  {"redaction", Redact},
                                  {"statistics", Statistics},
                                  {"evaluators", nullptr, false, Evaluators},
                                  {"judged-outputs", JudgedOutputs},
                                  {"verdict", VerdictTime},
                                  {"long-outputs", LongOutputs, true},
                                  {"assign", Assign},
                                  {"assign-batch", AssignBatches},
                                  {"assign-in-process", AssignInProcess},
                                  {"outcomes", Outcomes},
                                  {"analyze", Analyze},
                                  {"analyze-ten-million", AnalyzeAtTenMillion, true},
                                  {"thousand-experiments", nullptr, true, ThousandExperiments}};
  return benchmarks;
}

void Write(const std::vector<Row>& rows, const std::string& path) {
  nlohmann::json json = nlohmann::json::array();
  for (const Row& row : rows) {
    json.push_back({{"name", row.name},
                    {"value", row.value},
                    {"unit", row.unit},
                    {"reference", row.reference},
                    {"reference_name", row.reference_name},
                    {"ratio", row.ratio}});
  }
  std::ofstream file(path);
  file << json.dump(2) << '\n';
  if (!file.flush()) Die("cannot write " + path);
}

int Run(const std::vector<std::string>& names, Setup setup, const std::string& work_dir,
        const std::string& output) {
  // The services that are measured, at ports and with stores of their own.
  cli::LocalServicesOptions options;
  options.data_dir = work_dir;
  options.free_ports = true;
  options.metrics = false;
  options.services = {cli::Service::kIngest, cli::Service::kExperiment};
  auto services = cli::LocalServices::Start(options);
  if (!services.ok()) Die(errors::MessageOf(services.status()));
  setup.work_dir = work_dir;
  setup.ingest = (*services)->at(cli::Service::kIngest).address;
  setup.experiment = (*services)->at(cli::Service::kExperiment).address;

  // The reference is this program once more: a process of its own, as a service is.
  setup.noop = fmt::format("127.0.0.1:{}", FreePort());
  cli::ChildOptions noop;
  noop.binary = std::filesystem::read_symlink("/proc/self/exe").string();
  noop.arguments = {"--serve-noop", setup.noop};
  noop.log_file = work_dir + "/noop.log";
  auto noop_server = cli::ChildProcess::Start(noop);
  if (!noop_server.ok()) Die(errors::MessageOf(noop_server.status()));

  // One after the other, so that none disturbs another.
  std::vector<Row> rows;
  for (const Benchmark& benchmark : Benchmarks()) {
    const bool named = std::find(names.begin(), names.end(), benchmark.name) != names.end();
    if (!named && (benchmark.is_long || !names.empty())) continue;
    fmt::print(stderr, "  ... {} ({} rounds of {} against its reference)\n", benchmark.name,
               setup.rounds, absl::FormatDuration(setup.duration));
    if (benchmark.run != nullptr) rows.push_back(benchmark.run(setup));
    if (benchmark.run_all == nullptr) continue;
    for (Row& row : benchmark.run_all(setup)) rows.push_back(std::move(row));
  }
  noop_server->Terminate();
  Write(rows, output);
  cli::Table table(
      {{"WHAT"}, {"VALUE", true}, {"UNIT"}, {"REFERENCE", true}, {"RATIO", true}, {"AGAINST"}});
  for (const Row& row : rows) {
    table.AddRow({row.name, cli::WithThousands(std::llround(row.value)), row.unit,
                  cli::WithThousands(std::llround(row.reference)), fmt::format("{:.2f}", row.ratio),
                  row.reference_name});
  }
  fmt::print("\n{}\nMedians of {} rounds in turn; written to {}.\n", table.Format(), setup.rounds,
             output);
  return 0;
}

}  // namespace
}  // namespace flywheel::bench

int main(int argc, char** argv) {
  using namespace flywheel;
  std::vector<std::string> names;
  std::string output = "build/bench.json", work_dir, serve_noop;
  bench::Setup setup;
  double seconds = 2;
  CLI::App app(
      "Measures the services against references in the same run, on this machine's loopback.\n"
      "Example: flywheel-bench batch-ingest --rounds 5");
  std::vector<std::string> known, long_ones;
  for (const bench::Benchmark& benchmark : bench::Benchmarks()) {
    known.push_back(benchmark.name);
    if (benchmark.is_long) long_ones.push_back(benchmark.name);
  }
  app.add_option(
         "NAME", names,
         fmt::format("{}; default: all but {}, which take minutes or the programs of others",
                     fmt::join(known, ", "), fmt::join(long_ones, ", ")))
      ->check(CLI::IsMember(known));
  app.add_option("--output", output, "where the JSON goes")->capture_default_str();
  app.add_option("--rounds", setup.rounds, "rounds, measured and reference in turn")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--seconds", seconds, "length of each load")
      ->check(CLI::Range(0.1, 60.0))
      ->capture_default_str();
  app.add_option("--work-dir", work_dir,
                 "where the stores are, on the disk that is measured; default beside the output");
  app.add_option("--serve-noop", serve_noop)->group("");
  CLI11_PARSE(app, argc, argv);
  if (!serve_noop.empty()) return bench::RunNoopServer(serve_noop);
  setup.duration = absl::Seconds(seconds);
  const bool temporary = work_dir.empty();
  if (temporary) work_dir = fmt::format("{}.{}", output, getpid());
  std::filesystem::create_directories(work_dir);
  const int code = bench::Run(names, setup, work_dir, output);
  if (temporary) std::filesystem::remove_all(work_dir);
  return code;
}
