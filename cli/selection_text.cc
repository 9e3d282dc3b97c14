#include "cli/selection_text.h"

#include <fmt/format.h>

#include <cctype>

#include "cli/table.h"
#include "cli/value_name.h"

namespace flywheel::cli {

namespace curation_v1 = curation::v1;

std::string LowerWords(std::string name) {
  for (char& c : name) {
    c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name;
}

std::string EnumName(const char* prefix, std::string word) {
  for (char& c : word) {
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return prefix + word;
}

curation_v1::Tier TierOfWord(const std::string& word) {
  curation_v1::Tier tier = curation_v1::TIER_UNSPECIFIED;
  curation_v1::Tier_Parse(EnumName("TIER_", word), &tier);
  return tier;
}

std::string LeftOutText(const curation_v1::DatasetVersion& version) {
  std::string text;
  for (const curation_v1::RemovalCount& count : version.removed_by_reason()) {
    if (count.rows_by_tier().empty()) continue;
    std::string tiers;
    for (const curation_v1::TierCount& of_tier : count.rows_by_tier()) {
      tiers += fmt::format("{}{} {}", tiers.empty() ? "" : ", ", WithThousands(of_tier.rows()),
                           LowerWords(ValueName(curation_v1::Tier_Name(of_tier.tier()), "TIER_")));
    }
    text += fmt::format(
        "left out, {}: {} rows ({})\n",
        LowerWords(ValueName(curation_v1::RemovalReason_Name(count.reason()), "REMOVAL_REASON_")),
        WithThousands(count.rows()), tiers);
  }
  return text;
}

}  // namespace flywheel::cli
