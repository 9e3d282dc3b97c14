#include "curation_service/domain/interaction_groups.h"

#include <algorithm>
#include <array>

#include "shared/text/normalise.h"

namespace flywheel::curation {
namespace {

// As NormaliseText leaves them.
constexpr std::array<std::string_view, 14> kWordsForNothing = {
    "",    "-",   "--",   "?",    "empty",     "n/a",     "na",
    "nan", "nil", "none", "null", "undefined", "unknown", "unset",
};

void Add(std::string_view name, std::string_view value, std::vector<InteractionGroup>& groups) {
  std::string normalised = NormaliseText(value);
  if (TellsGroups(normalised)) groups.emplace_back(name, std::move(normalised));
}

}  // namespace

bool TellsGroups(std::string_view value) {
  return std::find(kWordsForNothing.begin(), kWordsForNothing.end(), NormaliseText(value)) ==
         kWordsForNothing.end();
}

std::vector<InteractionGroup> GroupsOf(const Interaction& interaction,
                                       const std::vector<std::string>& names) {
  std::vector<InteractionGroup> groups;
  for (const std::string& name : names) {
    const auto attribute = interaction.attributes.find(name);
    if (attribute != interaction.attributes.end()) {
      Add(name, attribute->second, groups);
    } else if (name == kUserIdGroup) {
      Add(name, interaction.user_id, groups);
    } else if (name == kPromptVersionGroup) {
      Add(name, interaction.prompt_version, groups);
    } else if (name == kDocumentIdGroup) {
      for (const RetrievedContext& context : interaction.contexts) {
        Add(name, context.document_id, groups);
      }
    }
  }
  return groups;
}

}  // namespace flywheel::curation
