// What `gate run` and `gate submit` are told alike: which version answers to which suite, and what
// is to come of it.
#ifndef FLYWHEEL_CLI_GATE_RUN_CANDIDATE_H_
#define FLYWHEEL_CLI_GATE_RUN_CANDIDATE_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/gate_run/begin_run.h"
#include "cli/gate_run/gate_client.h"
#include "cli/gate_run/report_output.h"
#include "cli/labels.h"

namespace flywheel::cli {

struct CandidateFlags {
  // A name or an id; the agent where it is said.
  std::string suite, agent;
  std::string model_version;
  std::string baseline, run_id, verdict_id;
  // 0: as the run has it.
  int attempts = 0;
  std::vector<std::string> label_flags;
  LabelMap labels;
  evalgate::v1::Bar bar;
  bool no_finish = false;
  bool no_judge = false;
  ReportFlags report;
  rpc::Target target;
  std::string project;
};

// Add the flags that say which version and suite, and what is to come of it; call
// CheckCandidateFlags with the command when they were parsed.
void AddCandidateFlags(CLI::App& command, CandidateFlags& flags);
void AddVerdictFlags(CLI::App& command, CandidateFlags& flags);
// Takes the labels. What parsing cannot check ends it with an error.
void CheckCandidateFlags(const CLI::App& command, CandidateFlags& flags);

// What the flags name.
struct Candidate {
  evalgate::v1::Suite suite;
  BegunRun begun;
  // Not empty: why no verdict could come of it, and no run was started.
  std::string why_not_judged;
};

// Finds the suite, and starts or finds the run, unless what it is to be compared with has no
// finished run there.
absl::StatusOr<Candidate> BeginCandidate(const GateClient& client, const CandidateFlags& flags);

// Tells why no verdict could come of it; returns the exit code of NOT JUDGED.
int TellWhyNotJudged(const CandidateFlags& flags, const Candidate& candidate);

// Finishes the run and has the version judged, as far as the flags want it; tells what came of it,
// and returns the exit code. A run that the infrastructure kept from its end is INCONCLUSIVE, one
// that lacks answers NOT JUDGED; both stay open. `outage`: the last error of the infrastructure, in
// words; empty where there was none.
int FinishAndJudge(const GateClient& client, const CandidateFlags& flags,
                   const Candidate& candidate, const std::string& outage = "");

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_CANDIDATE_H_
