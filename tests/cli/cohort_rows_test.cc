// What a finding does to its row.
#include "cli/gate_run/cohort_rows.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/domain/verdict_decision.h"

namespace flywheel::cli {
namespace {

CohortSays SaysOfKind(int number) {
  evalgate::v1::Finding finding;
  finding.set_kind(static_cast<evalgate::v1::FindingKind>(number));
  return SaysOf(finding);
}

// The gate and the command each have the list of what blocks.
TEST(CohortRows, SayOfEveryKindWhatTheGateDecidesByIt) {
  const auto* const kinds = evalgate::v1::FindingKind_descriptor();
  for (int i = 0; i < kinds->value_count(); ++i) {
    const int number = kinds->value(i)->number();
    if (number == evalgate::v1::FINDING_KIND_UNSPECIFIED) continue;
    const evalgate::Severity severity =
        evalgate::SeverityOf(static_cast<evalgate::FindingKind>(number));
    const CohortSays says = SaysOfKind(number);
    EXPECT_EQ(says == CohortSays::kBlocks, severity == evalgate::Severity::kBlocks)
        << kinds->value(i)->name();
    EXPECT_EQ(says == CohortSays::kUndecided, severity == evalgate::Severity::kUndecided)
        << kinds->value(i)->name();
  }
}

TEST(CohortRows, DoNotPassByAKindThatTheyDoNotKnow) {
  EXPECT_EQ(SaysOfKind(9'999), CohortSays::kUndecided);
}

}  // namespace
}  // namespace flywheel::cli
