#include "curation_service/domain/firewall.h"

#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_map.h"
#include "shared/privacy/digest.h"

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

}  // namespace

std::string SessionKey(const std::string& session_id) { return "session:" + session_id; }

std::string InputKey(const std::string& normalised_input) {
  return "input:" + Sha256Hex(normalised_input);
}

FirewallSplit SplitByFirewall(std::span<const FirewallMember> members,
                              const FirewallKeys& known_train_keys, double eval_share) {
  Components components(members.size());
  std::vector<std::vector<std::string>> keys(members.size());
  absl::flat_hash_map<std::string, size_t> first_with_key;
  for (size_t i = 0; i < members.size(); ++i) {
    keys[i] = KeysOf(members[i]);
    for (const std::string& key : keys[i]) {
      const auto [found, is_first] = first_with_key.emplace(key, i);
      if (!is_first) components.Join(found->second, i);
    }
  }

  std::vector<bool> trained_before(members.size(), false);  // Valid at roots.
  for (size_t i = 0; i < members.size(); ++i) {
    for (const std::string& key : keys[i]) {
      if (known_train_keys.contains(key)) trained_before[components.Root(i)] = true;
    }
  }

  FirewallSplit split;
  split.sides.resize(members.size(), Split::kTrain);
  for (size_t i = 0; i < members.size(); ++i) {
    const size_t root = components.Root(i);
    if (root == i) {
      const FirewallMember& first = members[i];
      const std::string& name = first.session_id.empty() ? first.interaction_id : first.session_id;
      if (!trained_before[i] && FractionOf(name) < eval_share) split.sides[i] = Split::kEval;
    } else {
      split.sides[i] = split.sides[root];  // A root comes before its members.
    }
    if (split.sides[i] == Split::kEval) continue;
    for (std::string& key : keys[i]) {
      if (!known_train_keys.contains(key)) split.new_train_keys.push_back(std::move(key));
    }
  }
  std::sort(split.new_train_keys.begin(), split.new_train_keys.end());
  split.new_train_keys.erase(std::unique(split.new_train_keys.begin(), split.new_train_keys.end()),
                             split.new_train_keys.end());
  return split;
}

}  // namespace flywheel::curation
