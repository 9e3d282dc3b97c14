#include "ingest_service/retention/thinner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "absl/strings/match.h"
#include "ingest_service/payloads/stored_interaction.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

bool SaysError(std::string_view name, const std::string& value) {
  if (name == "error" || name == "error.type" || name == "exception.type") {
    return !value.empty() && !absl::EqualsIgnoreCase(value, "false");
  }
  const bool status = name == "status" || name == "otel.status_code";
  return status && absl::EqualsIgnoreCase(value, "error");
}

}  // namespace

bool ShowsFailure(const v1::Interaction& interaction) {
  if (interaction.has_failure()) return true;
  for (const common::v1::Message& message : interaction.messages()) {
    for (const common::v1::Part& part : message.parts()) {
      const common::v1::ToolResult& result = part.tool_result();
      if (result.has_success() && !result.success()) return true;
    }
  }
  return std::any_of(interaction.attributes().begin(), interaction.attributes().end(),
                     [](const auto& each) { return SaysError(each.first, each.second); });
}

double SamplingNumber(const Pseudonymiser& key, const std::string& project,
                      const std::string& interaction_id, double stage) {
  // Keyed, so that nobody can choose an id that stays.
  const std::string mac =
      key.ContentMac(fmt::format("thinning\n{}\n{}\n{}", project, interaction_id, stage));
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(bits); ++i) {
    bits = bits << 8 | static_cast<unsigned char>(mac[i]);
  }
  // The 53 bits that a double holds exactly.
  return std::ldexp(static_cast<double>(bits >> 11), -53);
}

absl::StatusOr<int64_t> Thinner::Thin(const std::string& project,
                                      std::vector<AgedInteraction>& page, double share) {
  std::vector<const AgedInteraction*> staying;
  std::vector<int64_t> leaving;
  for (AgedInteraction& row : page) {
    // Drawn already, with this share or a smaller one.
    if (!IsShown(row.place.form) || row.inclusion_probability <= share) continue;
    ASSIGN_OR_RETURN(const bool ordinary, IsOrdinary(project, row));
    if (!ordinary) continue;
    // Scaled by the probability with which the record is still here, so that in the end every
    // record stays with the probability `share`.
    const double number =
        SamplingNumber(key_, project, row.interaction_id, row.inclusion_probability);
    if (number * row.inclusion_probability < share) {
      staying.push_back(&row);
    } else {
      leaving.push_back(row.sequence);
    }
  }
  RETURN_IF_ERROR(
      writer_->Write(staying.size(), [&](sql::Connection& connection, size_t i) -> absl::Status {
        return RetentionStore(connection)
            .SetInclusionProbability(staying[i]->sequence, staying[i]->inclusion_probability,
                                     share);
      }));
  // First the probabilities of what stays, then the rest leaves: a crash in between draws the same
  // numbers again.
  if (leaving.empty()) return 0;
  RETURN_IF_ERROR(archive_->RemoveByAge(project, leaving, PayloadForm::kThinned));
  return static_cast<int64_t>(leaving.size());
}

absl::StatusOr<bool> Thinner::IsOrdinary(const std::string& project, AgedInteraction& row) {
  // Held, or spoken of.
  ASSIGN_OR_RETURN(const bool stays, database_->Read([&](sql::Connection& connection) {
    return RetentionStore(connection).MustStay(project, row.sequence, PayloadForm::kThinned);
  }));
  if (stays) return false;
  const absl::Status decoded = payloads_->Decode(row.sequence, row.place, row.payload);
  if (absl::IsNotFound(decoded)) return false;
  // Nobody can say whether a damaged record failed, so it stays.
  if (errors::ReasonOf(decoded) == Reason::kStoreCorrupt) return false;
  RETURN_IF_ERROR(decoded);
  v1::Interaction interaction;
  return ParseInteraction(row.payload, interaction).ok() && !ShowsFailure(interaction);
}

}  // namespace flywheel::ingest
