#include "eval_gate_service/suite_uploads.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "eval_gate_service/domain/case_copies.h"
#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/suite_cases.h"
#include "eval_gate_service/evaluators/work.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/policy_lookup.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Of the cases that an error names.
constexpr size_t kNamedCases = 10;

// What an error says, without what to do next, which is said once.
std::string WhatIsWrong(const absl::Status& status) {
  const std::string wrong = errors::MessageOf(status);
  return wrong.substr(0, wrong.find(". Mend the request"));
}

// Fills in the checks of each case; INVALID_ARGUMENT with the first cases that have a faulty one,
// or one that no evaluator of the suite looks at.
absl::Status CompleteChecks(const SuiteUpload& upload, std::vector<SuiteCase>& cases,
                            const Deadline& deadline) {
  ASSIGN_OR_RETURN(const Grader grader, Grader::Make(upload.evaluators));
  std::vector<errors::FieldViolation> faults;
  for (SuiteCase& one : cases) {
    RETURN_IF_ERROR(deadline.Check());
    // Judging an output makes them all again.
    const evaluators::Work work(Grader::kMostStepsToMake);
    if (!one.checks.empty() && !grader.runs_checks()) {
      faults.push_back({fmt::format("case '{}': checks", one.case_id),
                        "got some, want none, or an evaluator of kind 'checks' in the suite"});
    }
    for (size_t i = 0; i < one.checks.size(); ++i) {
      const absl::Status completed = Grader::CompleteCheck(one.checks[i]);
      if (completed.ok()) continue;
      faults.push_back(
          {fmt::format("case '{}': checks[{}]", one.case_id, i), WhatIsWrong(completed)});
    }
    if (faults.size() >= kNamedCases) break;
  }
  return faults.empty() ? absl::OkStatus() : errors::InvalidArgument(faults);
}

}  // namespace

absl::StatusOr<SuiteUpload> SuiteUploads::Admit(const rpc::Actor& actor, SuiteUpload upload) const {
  ASSIGN_OR_RETURN(upload.evaluators, Grader::Complete(std::move(upload.evaluators)));
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) {
    return RequireJudge(connection, actor, {upload.agent, upload.suite_name});
  }));
  return upload;
}

absl::StatusOr<Created<Suite>> SuiteUploads::Keep(const rpc::Actor& actor,
                                                  const SuiteUpload& upload,
                                                  std::vector<SuiteCase> cases,
                                                  const Deadline& deadline) const {
  // Of the cases as they were sent: what is filled in is another thing in another release.
  const std::string sent = SuiteUploadHash(upload.agent, upload.suite_name, upload.labels,
                                           SuiteHash(WithoutVersions(upload.evaluators), cases));
  RETURN_IF_ERROR(CompleteChecks(upload, cases, deadline));
  RETURN_IF_ERROR(GroupCopies(cases, deadline));
  SuiteDraft draft;
  Suite& suite = draft.made.suite;
  suite.suite_id = upload.suite_id;
  suite.agent = upload.agent;
  suite.suite_name = upload.suite_name;
  suite.evaluators = upload.evaluators;
  suite.labels = upload.labels;
  suite.created_by = actor.key_id;
  suite.create_time = clock_->Now();
  suite.cases = static_cast<int64_t>(cases.size());
  suite.content_hash = SuiteHash(upload.evaluators, cases);
  draft.made.request_hash = sent;
  // A replay first: what was taken once is not asked about again.
  ASSIGN_OR_RETURN(std::optional<Suite> earlier,
                   writer_->FindMade(actor.project, upload.suite_id, draft.made.request_hash));
  if (earlier) return Created<Suite>{*std::move(earlier), /*replayed=*/true};

  RETURN_IF_ERROR(CheckAll(upload, cases, deadline));
  RETURN_IF_ERROR(RefuseTaught(actor, upload, cases, deadline));
  draft.cases = std::move(cases);
  ASSIGN_OR_RETURN(std::optional<Created<Suite>> kept, writer_->Keep(actor, draft, deadline));
  if (!kept) return errors::Internal("an upload was outdated by an erasure, which none can be");
  return *std::move(kept);
}

absl::Status SuiteUploads::CheckAll(const SuiteUpload& upload, const std::vector<SuiteCase>& cases,
                                    const Deadline& deadline) const {
  if (cases.empty()) return errors::NotEnoughData("cases of the upload", "0", "at least 1");
  ASSIGN_OR_RETURN(const Grader grader, Grader::Make(upload.evaluators));
  std::vector<errors::FieldViolation> unjudged;
  for (const SuiteCase& one : cases) {
    RETURN_IF_ERROR(deadline.Check());
    if (grader.CanJudge(one)) continue;
    unjudged.push_back({fmt::format("case '{}'", one.case_id),
                        "got nothing that the suite's evaluators can hold an output against, want "
                        "an ideal output, expected calls or whatever they need, or the case left "
                        "out"});
    if (unjudged.size() == kNamedCases) break;
  }
  if (!unjudged.empty()) return errors::InvalidArgument(unjudged);
  return CheckCases({"suite", upload.suite_id, "give cases fewer values of cohort"},
                    grader.looks_at(), cases);
}

absl::Status SuiteUploads::RefuseTaught(const rpc::Actor& actor, const SuiteUpload& upload,
                                        const std::vector<SuiteCase>& cases,
                                        const Deadline& deadline) const {
  ASSIGN_OR_RETURN(const std::vector<size_t> taught,
                   curation_->FindTaught(actor.project, cases, /*learner=*/std::nullopt, deadline));
  if (taught.empty()) return absl::OkStatus();
  std::string named;
  for (size_t i = 0; i < taught.size() && i < kNamedCases; ++i) {
    named += fmt::format("{}{}", i == 0 ? "" : ", ", cases[taught[i]].case_id);
  }
  if (taught.size() > kNamedCases) named += ", ...";
  return errors::FailedPrecondition(
      Reason::kContaminated, "suite", upload.suite_id,
      fmt::format("{} cases whose input stands on the train side of the project ({})",
                  taught.size(), named),
      "cases that no model was trained on: take these out and upload again");
}

}  // namespace flywheel::evalgate
