// SQL store of outputs: what model versions answered in their runs, and what became of it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_OUTPUT_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_OUTPUT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/seals.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// Of which run.
struct OutputSet {
  std::string project;
  std::string run_id;
};

// What is known of an attempt's output.
struct StoredOutput {
  std::string content_hash;
  // It ended in an error of the infrastructure.
  bool unavailable = false;
  // How often it ended in one, so far.
  int64_t infrastructure_errors = 0;
};

// An output with what became of it.
struct JudgedOutput {
  CaseOutput output;
  OutputJudgement judgement;
};

// The place of an output in its set, which is in the order of cases and attempts.
struct OutputPlace {
  std::string case_id;
  int attempt = 0;
};

// An output as it is stored, with what is sealed of it.
struct StoredAnswer {
  CaseOutput output;
  OutputFacts facts;
};

// An output that no version of before judged when it came.
struct UnjudgedOutput {
  OutputSet set;
  CaseOutput output;
};

// The SQL of outputs. In the caller's transaction.
class OutputStore {
 public:
  explicit OutputStore(sql::Connection& connection) : connection_(connection) {}

  // Takes the place of what was there, whose errors of the infrastructure stay counted.
  absl::Status Put(const OutputSet& set, const JudgedOutput& judged,
                   const std::string& content_hash, absl::Time now);

  // Nothing where nothing came for the attempt yet.
  absl::StatusOr<std::optional<StoredOutput>> Find(const OutputSet& set, const OutputPlace& place);

  // Whether any is more than an error.
  absl::StatusOr<bool> HasAnswer(const OutputSet& set);

  // Attempts that passed.
  absl::StatusOr<int64_t> CountPassed(const OutputSet& set);

  // Rows, whatever they are: those too that were put in by hand, and that no page begins before.
  absl::StatusOr<int64_t> Count(const OutputSet& set);

  absl::Status Erase(const OutputSet& set, const OutputPlace& place);

  // Up to `limit` outputs behind a place; fewer, but at least one, where they reach 1 MiB. Empty at
  // the end alone.
  absl::StatusOr<std::vector<JudgedOutput>> Page(const OutputSet& set, const OutputPlace& behind,
                                                 int64_t limit);
  // What became of each output, by case and attempt, without the texts. Ends with the first error
  // of `take`, whose case id is valid until it returns.
  using TakeOutcome = absl::FunctionRef<absl::Status(std::string_view case_id, int attempt,
                                                     const OutputJudgement& judgement)>;
  absl::Status ReadOutcomes(const OutputSet& set, TakeOutcome take);

  // The same as Page, with all that is stored of them. INTERNAL where one is of an attempt that
  // there cannot be.
  absl::StatusOr<std::vector<StoredAnswer>> Answers(const OutputSet& set, const OutputPlace& behind,
                                                    int64_t limit);
  // Up to `limit` that have no seal, because they came before there were any.
  absl::StatusOr<std::vector<OutputFacts>> Unsealed(const OutputSet& set, int64_t limit);

  // Up to `limit` that are to be judged, of whatever project, in the order of their keys; empty
  // where none is.
  absl::StatusOr<std::vector<UnjudgedOutput>> FindUnjudged(int64_t limit);
  absl::Status SetJudgement(const OutputSet& set, const OutputPlace& place,
                            const OutputJudgement& judgement);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_OUTPUT_STORE_H_
