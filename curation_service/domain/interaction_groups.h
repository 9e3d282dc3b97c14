// Groups of interactions that belong together besides their session: a task, a template, a person.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_INTERACTION_GROUPS_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_INTERACTION_GROUPS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "curation_service/domain/record.h"

namespace flywheel::curation {

// The name of what makes a group, and its value.
using InteractionGroup = std::pair<std::string, std::string>;

// Where no attribute of the interaction has the name, these mean its own fields: its user, the
// version of its prompt, and each document that was retrieved for it.
inline constexpr std::string_view kUserIdGroup = "user_id";
inline constexpr std::string_view kPromptVersionGroup = "prompt_version";
inline constexpr std::string_view kDocumentIdGroup = "document_id";

// Whether a value tells one group from another: not where it is empty, or a word by which programs
// write that they do not know ("unknown", "null", "n/a", "-"). Such values join nothing, else all
// that has none would stand on one side together.
bool TellsGroups(std::string_view value);

// The groups of an interaction by the attributes in `names`, without those whose value tells none.
// Values are as NormaliseText leaves them.
std::vector<InteractionGroup> GroupsOf(const Interaction& interaction,
                                       const std::vector<std::string>& names);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_INTERACTION_GROUPS_H_
