#include "curation_service/domain/firewall.h"

#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "shared/hashing/sha256.h"

namespace flywheel::curation {
namespace {

// Disjoint sets whose root is their smallest member, which is the first one in the feed.
class Components {
 public:
  explicit Components(size_t size) : parent_(size) {
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
    parent_[std::max(root_a, root_b)] = std::min(root_a, root_b);
  }

 private:
  std::vector<size_t> parent_;
};

// The keys under which a member touches others. An empty input says nothing, and its row is
// removed.
std::vector<std::string> KeysOf(const FirewallMember& member) {
  std::vector<std::string> keys;
  if (!member.session_id.empty()) keys.push_back(SessionKey(member.session_id));
  if (!member.normalised_input.empty()) keys.push_back(InputKey(member.normalised_input));
  return keys;
}

// The first 53 bits of SHA-256 as a fraction of [0, 1).
double FractionOf(const std::string& text) {
  const std::string digest = Sha256(text);
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(bits); ++i)
    bits = bits << 8 | static_cast<unsigned char>(digest[i]);
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

bool IsDrawnForEval(const FirewallMember& first, double eval_share) {
  const std::string& name = first.session_id.empty() ? first.interaction_id : first.session_id;
  return FractionOf(name) < eval_share;
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

// Decides the side of one member after the other, and collects what to remember.
class Splitter {
 public:
  Splitter(std::span<const FirewallMember> members, const FirewallKeys& known)
      : members_(members), known_(known), components_(members.size()), keys_(members.size()) {
    absl::flat_hash_map<std::string, size_t> first_with_key;
    for (size_t i = 0; i < members.size(); ++i) {
      keys_[i] = KeysOf(members[i]);
      for (const std::string& key : keys_[i]) {
        const auto [found, is_first] = first_with_key.emplace(key, i);
        if (!is_first) components_.Join(found->second, i);
      }
    }
    for (size_t i = 0; i < members.size(); ++i) {
      own_.push_back(KnownOf(keys_[i], known));
      of_root_[components_.Root(i)].Add(own_[i]);
    }
    for (size_t i = 0; i < members.size(); ++i) {
      if (!of_root_[components_.Root(i)].both() || !own_[i].eval_alone()) continue;
      eval_keys_of_mixed_.insert(keys_[i].begin(), keys_[i].end());
    }
  }

  FirewallSplit Decide(double eval_share) {
    FirewallSplit split;
    for (size_t i = 0; i < members_.size(); ++i) {
      split.sides.push_back(SideOf(i, eval_share));
      if (!split.sides[i]) continue;
      for (const std::string& key : keys_[i]) {
        if (!known_.contains(key)) split.new_keys.emplace_back(key, *split.sides[i]);
      }
    }
    std::sort(split.new_keys.begin(), split.new_keys.end());
    split.new_keys.erase(std::unique(split.new_keys.begin(), split.new_keys.end()),
                         split.new_keys.end());
    return split;
  }

 private:
  std::optional<Split> SideOf(size_t i, double eval_share) {
    const size_t root = components_.Root(i);
    const Known& component = of_root_[root];
    if (component.both()) return SideInMixed(i);
    if (component.eval) return Split::kEval;
    if (component.train) return Split::kTrain;
    return IsDrawnForEval(members_[root], eval_share) ? Split::kEval : Split::kTrain;
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
  std::vector<std::vector<std::string>> keys_;  // By member.
  std::vector<Known> own_;                      // By member.
  absl::flat_hash_map<size_t, Known> of_root_;
  // The keys, known or new, of the members of mixed components that stay on the eval side.
  absl::flat_hash_set<std::string> eval_keys_of_mixed_;
};

}  // namespace

std::string SessionKey(const std::string& session_id) {
  return "session_sha256:" + Sha256Hex(session_id);
}

std::string InputKey(const std::string& normalised_input) {
  return "input:" + Sha256Hex(normalised_input);
}

FirewallSplit SplitByFirewall(std::span<const FirewallMember> members, const FirewallKeys& known,
                              double eval_share) {
  return Splitter(members, known).Decide(eval_share);
}

}  // namespace flywheel::curation
