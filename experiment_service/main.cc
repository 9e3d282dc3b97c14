// flywheel-experiment: flags, then run.
#include "experiment_service/experiment_server.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/rpc/flags.h"
#include "shared/rpc/run_service.h"

namespace flywheel::experiment {
namespace {

constexpr char kDescription[] =
    "Compares versions of an agent on live traffic. Assign says which version serves a user, "
    "from\n"
    "memory; RecordOutcomes takes what came of it; Analyze says what stands: SHIP, ROLLBACK,\n"
    "CONTINUE, HOLD or STOP_FUTILE, right however often it is asked; PromoteVersion makes a\n"
    "version the active one. A version enters an experiment with a PASS of the evaluation gate,\n"
    "which need not be up otherwise.";

int Main(int argc, char** argv) {
  ExperimentConfig config;
  config.server.service = "experiment";
  config.server.listen = "127.0.0.1:7404";
  const auto add_flags = [&config](CLI::App& app) {
    using rpc::AddFlag;
    AddFlag(app, "--eval-gate-address", config.eval_gate_address,
            "where the evaluation gate listens, HOST:PORT");
    AddFlag(app, "--unit-key-file", config.unit_key_file,
            "key of the units' hashes; default DATA_DIR/unit.key, made when missing and no unit is "
            "known");
    AddFlag(
        app, "--ingest-address", config.ingest_address,
        "where ingest listens, HOST:PORT: its feed brings outcomes of metrics with a source, and\n"
        "says who is to be forgotten; empty: no feed is followed");
    AddFlag(
        app, "--outcome-days", config.outcome_days, 0, 36'500,
        "for how many days after its stop the outcomes of an experiment are kept; 0: for ever.\n"
        "What it found stays");
    AddRedactionFlags(app, config.redaction);
    AddFlag(app, "--least-group-size", config.least_group_size, 0, 1'000'000,
            "AnalyzeSegments shows readers no value of a segment of which an arm has fewer units,\n"
            "nor what it could be computed from; 0: all");
    AddFlag(
        app, "--segment-epsilon", config.segment_epsilon,
        "AnalyzeSegments gives readers counts and means with noise, of this epsilon an answer;\n"
        "0: exact ones");
    AddFlag(app, "--segment-epsilon-budget", config.segment_epsilon_budget,
            "what all answers with noise of a project may cost in a period");
    AddFlag(app, "--segment-epsilon-days", config.segment_epsilon_days, 1, 3'650,
            "how long a period is, in days");
  };
  return rpc::RunService<ExperimentServer>(kDescription, config, add_flags, argc, argv);
}

}  // namespace
}  // namespace flywheel::experiment

int main(int argc, char** argv) { return flywheel::experiment::Main(argc, argv); }
