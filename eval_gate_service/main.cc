// flywheel-eval-gate: flags, then run.
#include "eval_gate_service/eval_gate_server.h"
#include "shared/rpc/flags.h"
#include "shared/rpc/run_service.h"

namespace flywheel::evalgate {
namespace {

constexpr char kDescription[] =
    "The evaluation gate answers one question: may this model version ship?\n"
    "A suite is the eval side of a dataset version with a bar that is sealed when it is made. A\n"
    "candidate's outputs are judged against it, per cohort and paired with the version that "
    "serves\n"
    "now: PASS, BLOCK or INCONCLUSIVE, with the figures and with error rates that hold. Every "
    "verdict\n"
    "is kept. Curation is needed while a suite is made, and asked what people had erased.";

int Main(int argc, char** argv) {
  EvalGateConfig config;
  const auto add_flags = [&config](CLI::App& app) {
    using rpc::AddFlag;
    AddFlag(app, "--curation-address", config.curation_address,
            "where the curation service is, HOST:PORT");
    AddFlag(app, "--least-pass-rate-floor", config.least_bar.pass_rate_floor,
            "no suite may have a lower floor, of a cohort neither; 0 to 1");
    AddFlag(app, "--least-cases", config.least_bar.cases, "no suite may have fewer cases");
    AddFlag(app, "--largest-margin", config.least_bar.non_inferiority_margin,
            "no suite may let a candidate be worse than its baseline by more; 0 to 1");
    AddFlag(app, "--largest-cohort-margin", config.least_bar.cohort_margin,
            "nor by more in a cohort that is large enough to be asked; 0 to 1");
  };
  return rpc::RunService<EvalGateServer>(kDescription, config, add_flags, argc, argv);
}

}  // namespace
}  // namespace flywheel::evalgate

int main(int argc, char** argv) { return flywheel::evalgate::Main(argc, argv); }
