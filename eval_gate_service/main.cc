// flywheel-eval-gate: flags, then run.
#include "eval_gate_service/eval_gate_server.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/rpc/flags.h"
#include "shared/rpc/run_service.h"

namespace flywheel::evalgate {
namespace {

constexpr char kDescription[] =
    "The evaluation gate answers one question: may this model version ship?\n"
    "An owner sets a release policy for each agent: which suites decide, by which bar, and "
    "against\n"
    "which version. A candidate's outputs are judged case by case, as a whole and per cohort: "
    "PASS,\n"
    "BLOCK or INCONCLUSIVE, with the figures and with error rates that hold. Every verdict\n"
    "is kept. Curation is needed while a suite is made, and when a run on an uploaded suite "
    "finishes;\n"
    "it is asked what people had erased.";

int Main(int argc, char** argv) {
  EvalGateConfig config;
  const auto add_flags = [&config](CLI::App& app) {
    using rpc::AddFlag;
    AddFlag(app, "--curation-address", config.curation_address,
            "where the curation service is, HOST:PORT");
    AddRedactionFlags(app, config.redaction);
  };
  return rpc::RunService<EvalGateServer>(kDescription, config, add_flags, argc, argv);
}

}  // namespace
}  // namespace flywheel::evalgate

int main(int argc, char** argv) { return flywheel::evalgate::Main(argc, argv); }
