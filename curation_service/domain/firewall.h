// Train/eval split by groups, without leakage: a session, a group or an input stands on one side
// for ever.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_FIREWALL_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_FIREWALL_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/interaction_groups.h"

namespace flywheel::curation {

// What the firewall needs to know of an interaction.
struct FirewallMember {
  std::string interaction_id;
  // Empty where it has none.
  std::string session_id;
  // NormaliseText of the input, by which earlier programs knew it.
  std::string normalised_input;
  // Besides the session.
  std::vector<InteractionGroup> groups = {};
  // ComparedText of the input: copies of it with other case, spaces or punctuation are one. Empty
  // where it has no letter, so that the other one is compared.
  std::string compared_input = {};

  const std::string& text() const {
    return compared_input.empty() ? normalised_input : compared_input;
  }
};

// A member with this input as a person wrote it.
FirewallMember MakeFirewallMember(std::string interaction_id, std::string session_id,
                                  const std::string& input, std::vector<InteractionGroup> groups);

// The keys by which the wall remembers what stood where: the hash of a session's id, of a group, of
// an input as FirewallMember::text() has it, or of one that everybody says. They are the same for
// ever, whatever becomes of the interactions that had them: a model that was trained on a person's
// rows still is when the person is forgotten. So they name neither.
std::string SessionKey(const std::string& session_id);
std::string GroupKey(const InteractionGroup& group);
std::string TextKey(const std::string& text);
std::string CommonTextKey(const std::string& text);
// What earlier programs remembered in their place, of a normalised input. They are looked up for
// ever, because who remembers a hash has no text to make another one of.
std::string InputKey(const std::string& normalised_input);
std::string CommonInputKey(const std::string& normalised_input);

// An input that would tie together more sessions than this, of those in which something else was
// asked too, is common: what everybody says. Sessions of one group count as one.
inline constexpr size_t kMaxJoinedSessions = 10;

// The side on which each key stood first, in any version of the agent.
using FirewallKeys = absl::flat_hash_map<std::string, Split>;

// The side of every member, and what the wall must remember from now on.
struct FirewallSplit {
  // Empty: the member touches both sides, and stands on neither.
  std::vector<std::optional<Split>> sides;
  // Sorted by key, without those that were known.
  std::vector<std::pair<std::string, Split>> new_keys;
};

// Puts every member on a side, or on none, so that a session, a group and an input that once stood
// on a side stay there for ever: what was trained on never becomes eval data, and what was ever
// handed to a gate is never trained on, whatever `eval_share` later versions ask for and in
// whatever order their interactions get their signals.
//
// Members that share a session, a group or an input, directly or through others, form a component.
// A common input (a greeting, "yes") ties nothing together, from the version on in which it was
// found to be common, for all agents: half of all conversations would hang on it, and move as one.
// It has a side of its own instead, that where it first stood or one that is drawn, and a member
// that says it is left out where its session stands on the other. The rarest inputs are joined
// first.
//
//  - It holds no known key: it stands as a whole on the eval side iff the hash of the session (or
//    interaction, where it has none) of its first member, as a fraction of [0, 1), is below
//    `eval_share`.
//  - It holds known keys of one side alone: it stands on that side as a whole.
//  - It holds known keys of both sides, because they grew together: a member with a known eval key
//    and no known train key stands on the eval side; a member that shares a key with such a one, or
//    holds known keys of both sides, is left out; the others are trained on. Leaving out costs a
//    few rows. Either side would cost more: on the train side they would carry what the gate asks
//    into training, and on the eval side the gate would ask what was trained on.
//
// `members` are in feed order; the result depends on nothing else.
FirewallSplit SplitByFirewall(std::span<const FirewallMember> members, const FirewallKeys& known,
                              double eval_share);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_FIREWALL_H_
