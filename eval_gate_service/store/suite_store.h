// SQL store of suites and their cases.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITE_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITE_STORE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// A suite with the hash of the request that made it.
struct StoredSuite {
  Suite suite;
  std::string request_hash;
  // How many rows its dataset version had lost when it was made; 0 of an upload; not read again.
  int64_t compared_erased_rows = 0;
  // ErasureStore::Round before its rows were read; not read again.
  int64_t erasure_round = 0;
  // Its place among the project's, from 1; not looked at where it is stored.
  int64_t ordinal = 0;
};

// A case as verdicts look at it; views into the row that is read.
struct CaseRow {
  std::string_view case_id;
  std::string_view cohort;
  std::string_view group;
  bool critical = false;
  std::string_view ideal_output;
  std::string_view expected_tool_calls;
  std::string_view labels;
};

// A suite that was begun and is not complete.
struct UnfinishedSuite {
  std::string project;
  std::string suite_id;
  int64_t erasure_round = 0;
};

// The SQL of suites, listed_suites and suite_cases. In the caller's transaction. A suite is written
// in pieces, so that nobody waits long for the writer: Begin, AddCases as often as needed,
// Complete. Before Complete, Find does not find it.
class SuiteStore {
 public:
  explicit SuiteStore(sql::Connection& connection) : connection_(connection) {}

  // Begins a suite that does not exist yet, begun ones included.
  absl::Status Begin(const std::string& project, const StoredSuite& stored);
  // With a seal each.
  absl::Status AddCases(const std::string& project, const std::string& suite_id,
                        std::span<const SuiteCase> cases);
  // Returns the suite_version that it has: the next one of its agent and suite_name.
  absl::StatusOr<int64_t> Complete(const std::string& project, const Suite& suite);

  // One that is unfinished, of whatever project. Nothing where none is.
  absl::StatusOr<std::optional<UnfinishedSuite>> FindUnfinished();
  // One of the project that is unfinished and of another round than this one, but no upload, of
  // which nobody is erased.
  absl::StatusOr<std::optional<UnfinishedSuite>> FindOutdated(const std::string& project,
                                                              int64_t erasure_round);
  // Removes up to `limit` cases of an unfinished suite, or the suite itself once it has none.
  // Returns whether it is gone, as it is where one of a newer round has its id.
  absl::StatusOr<bool> RemoveSome(const UnfinishedSuite& suite, int64_t limit);

  // Nothing where the project has no such suite.
  absl::StatusOr<std::optional<StoredSuite>> Find(const std::string& project,
                                                  const std::string& suite_id);
  // NOT_FOUND.
  absl::StatusOr<StoredSuite> Get(const std::string& project, const std::string& suite_id);

  // Up to `limit` suites beyond an ordinal, in the order of the filter: those of its dataset
  // version where it names one, else those of its agent. The rest of the filter is not looked at.
  absl::StatusOr<std::vector<StoredSuite>> List(const std::string& project,
                                                const SuiteFilter& filter, int64_t beyond,
                                                int64_t limit);
  // The highest suite_version of the name; 0 where there is none.
  absl::StatusOr<int64_t> NewestVersion(const std::string& project, const std::string& agent,
                                        const std::string& suite_name);

  // Up to `limit` cases by id, after `after_case_id` (empty: from the first); fewer, but at least
  // one, where they reach 1 MiB. Empty at the end alone. What is judged; their questions
  // where they are wanted.
  absl::StatusOr<std::vector<SuiteCase>> Cases(const std::string& project,
                                               const std::string& suite_id,
                                               const std::string& after_case_id, int64_t limit,
                                               bool with_questions);

  // The same, with what is asked alone: id, input, cohort, question, group, critical, labels.
  absl::StatusOr<std::vector<SuiteCase>> Questions(const std::string& project,
                                                   const std::string& suite_id,
                                                   const std::string& after_case_id, int64_t limit);

  // Every case by id, with what verdicts look at alone. Ends with the first error of `take`.
  absl::Status ReadOutline(const std::string& project, const std::string& suite_id,
                           absl::FunctionRef<absl::Status(const CaseRow&)> take);

  // Rows, whatever they are: those too that were put in by hand, and that no page begins before.
  absl::StatusOr<int64_t> CountCases(const std::string& project, const std::string& suite_id);

  // As Cases gives it. Nothing where the suite has no such case.
  absl::StatusOr<std::optional<SuiteCase>> FindCase(const std::string& project,
                                                    const std::string& suite_id,
                                                    const std::string& case_id, bool with_question);
  absl::StatusOr<bool> HasCase(const std::string& project, const std::string& suite_id,
                               const std::string& case_id);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITE_STORE_H_
