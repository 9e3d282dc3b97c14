#include "curation_service/domain/firewall.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "shared/hashing/sha256.h"
#include "shared/text/compared_text.h"
#include "shared/text/normalise.h"

namespace flywheel::curation {
namespace {

// Disjoint sets whose root is their smallest member, which is the first one in the feed.
class Components {
 public:
  explicit Components(size_t size) : parent_(size), weight_(size, 0) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }

  size_t Root(size_t member) {
    while (parent_[member] != member) {
      parent_[member] = parent_[parent_[member]];
      member = parent_[member];
    }
    return member;
  }

  void Join(size_t a, size_t b) {
    const size_t root_a = Root(a);
    const size_t root_b = Root(b);
    if (root_a == root_b) return;
    parent_[std::max(root_a, root_b)] = std::min(root_a, root_b);
    weight_[std::min(root_a, root_b)] = weight_[root_a] + weight_[root_b];
  }

  // Of the whole component of which `root` is the root.
  size_t Weight(size_t root) const { return weight_[root]; }
  void AddWeight(size_t member, size_t weight) { weight_[Root(member)] += weight; }

 private:
  std::vector<size_t> parent_;
  std::vector<size_t> weight_;  // By root.
};

// The first 53 bits of SHA-256 as a fraction of [0, 1).
double FractionOf(const std::string& text) {
  const std::string digest = Sha256(text);
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(bits); ++i)
    bits = bits << 8 | static_cast<unsigned char>(digest[i]);
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

Split Draw(const std::string& name, double eval_share) {
  return FractionOf(name) < eval_share ? Split::kEval : Split::kTrain;
}

// On which sides the wall knows keys of a member or of a component.
struct Known {
  bool train = false;
  bool eval = false;

  void Add(const Known& other) {
    train |= other.train;
    eval |= other.eval;
  }
  bool both() const { return train && eval; }
  bool eval_alone() const { return eval && !train; }
};

Known KnownOf(const std::vector<std::string>& keys, const FirewallKeys& known) {
  Known sides;
  for (const std::string& key : keys) {
    const auto found = known.find(key);
    if (found == known.end()) continue;
    (found->second == Split::kTrain ? sides.train : sides.eval) = true;
  }
  return sides;
}

// Members by what they share.
using Groups = absl::flat_hash_map<std::string_view, std::vector<size_t>>;

// Decides the side of one member after the other, and collects what to remember.
class Splitter {
 public:
  Splitter(std::span<const FirewallMember> members, const FirewallKeys& known)
      : members_(members),
        known_(known),
        components_(members.size()),
        keys_(members.size()),
        old_keys_(members.size()) {
    // Step 1: sessions and groups are joined, then the inputs that say something.
    JoinByKeys();
    WeighComponents();
    JoinInputs();
    // Step 2: what is known of each component.
    for (size_t i = 0; i < members.size(); ++i) {
      own_.push_back(KnownOf(keys_[i], known));
      own_.back().Add(KnownOf(old_keys_[i], known));
      of_root_[components_.Root(i)].Add(own_[i]);
    }
    for (size_t i = 0; i < members.size(); ++i) {
      if (!of_root_[components_.Root(i)].both() || !own_[i].eval_alone()) continue;
      eval_keys_of_mixed_.insert(keys_[i].begin(), keys_[i].end());
    }
  }

  FirewallSplit Decide(double eval_share) {
    FirewallSplit split;
    absl::flat_hash_map<std::string_view, Split> side_of_common;
    for (const auto& [input, group] : common_) {
      const std::string key = CommonTextKey(std::string(input));
      const Split side = SideOfCommon(key, input, group, eval_share);
      side_of_common.emplace(input, side);
      if (!known_.contains(key)) split.new_keys.emplace_back(key, side);
    }
    for (size_t i = 0; i < members_.size(); ++i) {
      std::optional<Split> side = SideOf(i, eval_share);
      const auto common = side_of_common.find(members_[i].text());
      if (common != side_of_common.end() && side != common->second) side = std::nullopt;
      split.sides.push_back(side);
      if (!side) continue;
      for (const std::string& key : keys_[i]) {
        if (!known_.contains(key)) split.new_keys.emplace_back(key, *side);
      }
    }
    std::sort(split.new_keys.begin(), split.new_keys.end());
    split.new_keys.erase(std::unique(split.new_keys.begin(), split.new_keys.end()),
                         split.new_keys.end());
    return split;
  }

 private:
  void JoinByKeys() {
    absl::flat_hash_map<std::string, size_t> first_with;
    for (size_t i = 0; i < members_.size(); ++i) {
      const FirewallMember& member = members_[i];
      if (!member.session_id.empty()) keys_[i].push_back(SessionKey(member.session_id));
      for (const InteractionGroup& group : member.groups) keys_[i].push_back(GroupKey(group));
      for (const std::string& key : keys_[i]) {
        components_.Join(first_with.emplace(key, i).first->second, i);
      }
    }
  }

  // One for each component, if it ties inputs together: a session of one input stands where the
  // input does, and ties it to nothing else.
  void WeighComponents() {
    absl::flat_hash_map<size_t, std::string_view> input_of_root;
    absl::flat_hash_set<size_t> weighed;
    for (size_t i = 0; i < members_.size(); ++i) {
      const size_t root = components_.Root(i);
      const std::string_view input = members_[i].text();
      const bool another = input_of_root.emplace(root, input).first->second != input;
      if (another && weighed.insert(root).second) components_.AddWeight(root, 1);
    }
  }

  void JoinInputs() {
    // An empty input says nothing, and its row is removed.
    Groups groups;
    for (size_t i = 0; i < members_.size(); ++i) {
      if (!members_[i].text().empty()) groups[members_[i].text()].push_back(i);
    }
    // The rarest say the most. Members are numbered in feed order.
    std::vector<std::pair<std::string_view, std::vector<size_t>>> inputs(groups.begin(),
                                                                         groups.end());
    std::sort(inputs.begin(), inputs.end(), [](const auto& a, const auto& b) {
      return std::pair(a.second.size(), a.second.front()) <
             std::pair(b.second.size(), b.second.front());
    });
    for (const auto& [input, group] : inputs) {
      if (IsCommon(input, group)) {
        common_.emplace_back(input, group);
        continue;
      }
      const std::string key = TextKey(std::string(input));
      for (const size_t i : group) {
        components_.Join(group.front(), i);
        keys_[i].push_back(key);
        old_keys_[i].push_back(InputKey(members_[i].normalised_input));
      }
    }
  }

  bool IsCommon(std::string_view input, const std::vector<size_t>& group) {
    if (known_.contains(CommonTextKey(std::string(input)))) return true;
    for (const size_t i : group) {
      if (known_.contains(CommonInputKey(members_[i].normalised_input))) return true;
    }
    absl::flat_hash_set<size_t> roots;
    size_t sessions = 0;
    for (const size_t i : group) {
      const size_t root = components_.Root(i);
      if (roots.insert(root).second) sessions += components_.Weight(root);
    }
    return roots.size() > 1 && sessions > kMaxJoinedSessions;
  }

  // Where it first stood, as an input like others or as a common one.
  Split SideOfCommon(const std::string& common_key, std::string_view input,
                     const std::vector<size_t>& group, double eval_share) const {
    std::vector<std::string> keys = {TextKey(std::string(input))};
    for (const size_t i : group) keys.push_back(InputKey(members_[i].normalised_input));
    keys.push_back(common_key);
    for (const size_t i : group) keys.push_back(CommonInputKey(members_[i].normalised_input));
    for (const std::string& key : keys) {
      const auto found = known_.find(key);
      if (found != known_.end()) return found->second;
    }
    return Draw(common_key, eval_share);
  }

  std::optional<Split> SideOf(size_t i, double eval_share) {
    const size_t root = components_.Root(i);
    const Known& component = of_root_[root];
    if (component.both()) return SideInMixed(i);
    if (component.eval) return Split::kEval;
    if (component.train) return Split::kTrain;
    const FirewallMember& first = members_[root];
    return Draw(first.session_id.empty() ? first.interaction_id : first.session_id, eval_share);
  }

  std::optional<Split> SideInMixed(size_t i) const {
    if (own_[i].eval_alone()) return Split::kEval;
    for (const std::string& key : keys_[i]) {
      if (eval_keys_of_mixed_.contains(key)) return std::nullopt;
    }
    if (own_[i].both()) return std::nullopt;
    return Split::kTrain;
  }

  const std::span<const FirewallMember> members_;
  const FirewallKeys& known_;
  Components components_;
  // By member: the keys under which it touches others.
  std::vector<std::vector<std::string>> keys_;
  // The same of earlier programs, which are looked up and not added.
  std::vector<std::vector<std::string>> old_keys_;
  std::vector<std::pair<std::string_view, std::vector<size_t>>> common_;  // Inputs, who says them.
  std::vector<Known> own_;                                                // By member.
  absl::flat_hash_map<size_t, Known> of_root_;
  // The keys, known or new, of the members of mixed components that stay on the eval side.
  absl::flat_hash_set<std::string> eval_keys_of_mixed_;
};

}  // namespace

std::string SessionKey(const std::string& session_id) {
  return "session_sha256:" + Sha256Hex(session_id);
}

std::string GroupKey(const InteractionGroup& group) {
  return "group_sha256:" + Sha256Hex(group.first + '\0' + group.second);
}

FirewallMember MakeFirewallMember(std::string interaction_id, std::string session_id,
                                  const std::string& input, std::vector<InteractionGroup> groups) {
  return {std::move(interaction_id), std::move(session_id), NormaliseText(input), std::move(groups),
          ComparedText(input)};
}

std::string TextKey(const std::string& text) { return "text:" + Sha256Hex(text); }

std::string CommonTextKey(const std::string& text) { return "common_text:" + Sha256Hex(text); }

std::string InputKey(const std::string& normalised_input) {
  return "input:" + Sha256Hex(normalised_input);
}

std::string CommonInputKey(const std::string& normalised_input) {
  return "common_input:" + Sha256Hex(normalised_input);
}

FirewallSplit SplitByFirewall(std::span<const FirewallMember> members, const FirewallKeys& known,
                              double eval_share) {
  return Splitter(members, known).Decide(eval_share);
}

}  // namespace flywheel::curation
