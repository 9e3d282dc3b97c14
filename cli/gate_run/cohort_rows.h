// The findings of a verdict as a table: a row for the suite, and one for each cohort.
#ifndef FLYWHEEL_CLI_GATE_RUN_COHORT_ROWS_H_
#define FLYWHEEL_CLI_GATE_RUN_COHORT_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "flywheel/evalgate/v1/verdict.pb.h"

namespace flywheel::cli {

// What a cohort does to the verdict.
enum class CohortSays { kBlocks, kUndecided, kPasses, kTooSmall };

// As the gate has it (SeverityOf in its domain). A kind that a newer gate has proves nothing.
CohortSays SaysOf(const evalgate::v1::Finding& finding);

// "blocks", "undecided", "passes", "too small to say".
const char* CohortSaysText(CohortSays says);

struct CohortRow {
  // Empty: the whole suite.
  std::string cohort;
  CohortSays says = CohortSays::kPasses;
  int64_t cases = 0;
  int64_t passed = 0;
  // The finding about its floor, and those that compare it; null where there is none. They live as
  // long as the verdict.
  const evalgate::v1::Finding* floor = nullptr;
  const evalgate::v1::Finding* baseline = nullptr;
  const evalgate::v1::Finding* reference = nullptr;
};

// The whole suite first, then what blocks, what is undecided, and the rest, the largest first; at
// most `most` rows. Of `verdict`, which outlives them.
std::vector<CohortRow> CohortRows(const evalgate::v1::Verdict& verdict, size_t most);

// Of those that have a row: of a BLOCK those that block, of an INCONCLUSIVE those that are
// undecided; the first `most`.
std::vector<const evalgate::v1::Finding*> DecidingFindings(const evalgate::v1::Verdict& verdict,
                                                           size_t most);

// The findings that no row has, such as that all outputs are the same, or that runs were not
// finished.
std::vector<const evalgate::v1::Finding*> OtherFindings(const evalgate::v1::Verdict& verdict);

// Heading and cells of the table, for people: rates with their bounds and bars.
std::vector<std::string> CohortHeadings(const evalgate::v1::Verdict& verdict);
std::vector<std::string> CohortCells(const CohortRow& row, const evalgate::v1::Verdict& verdict);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_COHORT_ROWS_H_
