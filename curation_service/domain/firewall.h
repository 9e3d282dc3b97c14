// The wall between what is trained on and what is evaluated with.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_FIREWALL_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_FIREWALL_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// What the firewall needs to know of an interaction.
struct FirewallMember {
  std::string interaction_id;
  // Empty where it has none.
  std::string session_id;
  // NormaliseText of the input.
  std::string normalised_input;
};

// The keys by which the wall remembers what was trained on: a session, or the hash of a normalised
// input. Both are the same for ever, whatever becomes of the interactions that had them.
std::string SessionKey(const std::string& session_id);
std::string InputKey(const std::string& normalised_input);

using FirewallKeys = absl::flat_hash_set<std::string>;

// The side of every member, and what the train side adds to what the wall remembers.
struct FirewallSplit {
  std::vector<Split> sides;
  // Sorted, without those that were known.
  std::vector<std::string> new_train_keys;
};

// Members that share a session or a normalised input, directly or through others, form a component,
// which stands on one side as a whole: the eval side iff the hash of its first member's session (or
// interaction, where it has none), as a fraction of [0, 1), is below `eval_share` and no session
// and no input of it is among `known_train_keys`. So nothing that was ever trained on becomes eval
// data; a component may move the other way, when it grows together with one that was trained on.
//
// `members` are in feed order; the result depends on nothing else.
FirewallSplit SplitByFirewall(std::span<const FirewallMember> members,
                              const FirewallKeys& known_train_keys, double eval_share);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_FIREWALL_H_
