#include "ingest_service/payloads/dictionary_maker.h"

#include <zdict.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kMaxContentBytes = 110 << 10;
// Of one sample, and of all: bounds the memory and time of a training.
constexpr size_t kMaxSampleBytes = 64 << 10;
constexpr size_t kMaxTotalBytes = 4 << 20;
// A match of fewer bytes saves nothing.
constexpr size_t kMinStretchBytes = 8;
// So many pieces in a row are tried as one stretch, the longest first: a whole prompt is one match,
// and what only its sentences share is still found.
constexpr std::array<size_t, 4> kStretchPieces = {64, 16, 4, 1};

// Where a piece ends: at the marks of texts and of JSON, and at the tags and lengths between the
// fields of a message.
bool EndsPiece(char c) {
  switch (c) {
    case '.':
    case ',':
    case ':':
    case '?':
    case '!':
    case '"':
    case '{':
    case '}':
      return true;
    default:
      return static_cast<unsigned char>(c) < ' ';
  }
}

// Where each piece of a payload begins, and the end of the last.
std::vector<size_t> PieceStarts(std::string_view payload) {
  std::vector<size_t> starts = {0};
  for (size_t i = 0; i < payload.size(); ++i) {
    if (EndsPiece(payload[i])) starts.push_back(i + 1);
  }
  if (starts.back() != payload.size()) starts.push_back(payload.size());
  return starts;
}

// How many owners, or sessions, have a stretch. Samples come group by group.
struct GroupCount {
  size_t last_group = 0;
  int64_t groups = 0;

  void Add(size_t group) {
    if (last_group != group) *this = {group, groups + 1};
  }
};

struct SharingCount {
  GroupCount owners;
  GroupCount sessions;
  // It is a stretch of the dictionary.
  bool taken = false;

  bool is_shared() const {
    return owners.groups >= kMinDictionaryOwners && sessions.groups >= kMinDictionaryOwners;
  }
};

// A sample by its index, and its owner or session by a number from 1.
struct Member {
  size_t sample = 0;
  size_t group = 0;
};

// All samples, group by group.
std::vector<Member> GroupBy(const std::vector<DictionarySample>& samples,
                            std::string DictionarySample::*key) {
  std::vector<Member> members(samples.size());
  for (size_t i = 0; i < samples.size(); ++i) members[i].sample = i;
  const auto key_of = [&](const Member& member) -> const std::string& {
    return samples[member.sample].*key;
  };
  std::stable_sort(members.begin(), members.end(),
                   [&](const Member& a, const Member& b) { return key_of(a) < key_of(b); });
  for (size_t i = 0; i < members.size(); ++i) {
    const bool same = i > 0 && key_of(members[i]) == key_of(members[i - 1]);
    members[i].group = i == 0 ? 1 : members[i - 1].group + (same ? 0 : 1);
  }
  return members;
}

struct Stretch {
  std::string_view bytes;
  int64_t owners = 0;

  int64_t Value() const { return owners * static_cast<int64_t>(bytes.size() - 4); }
};

class Collector {
 public:
  explicit Collector(const std::vector<DictionarySample>& samples)
      : samples_(samples),
        by_owner_(GroupBy(samples, &DictionarySample::owner)),
        by_session_(GroupBy(samples, &DictionarySample::session)) {
    for (const DictionarySample& sample : samples) {
      starts_.push_back(PieceStarts(sample.payload));
      // Which pieces a longer stretch has taken already.
      covered_.emplace_back(starts_.back().size(), false);
    }
  }

  // Adds stretches of so many pieces that enough owners and sessions share and that no longer one
  // covers.
  void Collect(size_t pieces) {
    // First how many owners and sessions have each stretch of this length,
    Counts counts;
    Count(pieces, by_owner_, &SharingCount::owners, counts);
    Count(pieces, by_session_, &SharingCount::sessions, counts);
    for (size_t i = 0; i < samples_.size(); ++i) {
      // then, from left to right, those that enough of them share.
      for (size_t at = 0; at + pieces < starts_[i].size();) {
        at += Take(i, at, pieces, counts) ? pieces : 1;
      }
    }
  }

  std::vector<Stretch> TakeStretches() { return std::move(stretches_); }

 private:
  using Counts = absl::flat_hash_map<std::string_view, SharingCount>;

  void Count(size_t pieces, const std::vector<Member>& members, GroupCount SharingCount::*groups,
             Counts& counts) const {
    for (const Member& member : members) {
      const size_t last = starts_[member.sample].size();
      for (size_t at = 0; at + pieces < last; ++at) {
        const std::string_view bytes = Bytes(member.sample, at, pieces);
        if (bytes.size() >= kMinStretchBytes) (counts[bytes].*groups).Add(member.group);
      }
    }
  }

  std::string_view Bytes(size_t sample, size_t at, size_t pieces) const {
    const std::vector<size_t>& starts = starts_[sample];
    return std::string_view(samples_[sample].payload)
        .substr(starts[at], starts[at + pieces] - starts[at]);
  }

  // Whether the stretch is shared; then it is collected once, and covers these pieces.
  bool Take(size_t sample, size_t at, size_t pieces, Counts& counts) {
    std::vector<bool>& covered = covered_[sample];
    if (covered[at]) return false;
    const std::string_view bytes = Bytes(sample, at, pieces);
    const auto found = counts.find(bytes);
    if (found == counts.end()) return false;
    SharingCount& count = found->second;
    if (!count.is_shared()) return false;
    if (!std::exchange(count.taken, true)) {
      stretches_.push_back({bytes, count.owners.groups});
    }
    std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(at), pieces, true);
    return true;
  }

  const std::vector<DictionarySample>& samples_;
  const std::vector<Member> by_owner_;
  const std::vector<Member> by_session_;
  std::vector<std::vector<size_t>> starts_;
  std::vector<std::vector<bool>> covered_;
  std::vector<Stretch> stretches_;
};

// The most valuable last, where zstd reaches it with the smallest offsets.
std::string Content(std::vector<Stretch> stretches) {
  std::stable_sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) {
    return a.Value() != b.Value() ? a.Value() > b.Value() : a.bytes < b.bytes;
  });
  // As many as there is room for, by value.
  size_t bytes = 0;
  size_t taken = 0;
  while (taken < stretches.size() && bytes + stretches[taken].bytes.size() <= kMaxContentBytes) {
    bytes += stretches[taken++].bytes.size();
  }
  std::string content;
  content.reserve(bytes);
  while (taken > 0) content += stretches[--taken].bytes;
  return content;
}

// Shortens and drops samples until they fit kMaxTotalBytes.
void Bound(std::vector<DictionarySample>& samples) {
  size_t total = 0;
  size_t kept = 0;
  for (; kept < samples.size() && total < kMaxTotalBytes; ++kept) {
    samples[kept].payload.resize(std::min(samples[kept].payload.size(), kMaxSampleBytes));
    total += samples[kept].payload.size();
  }
  samples.resize(kept);
}

}  // namespace

std::string MakeDictionary(std::vector<DictionarySample> samples) {
  Bound(samples);
  Collector collector(samples);
  // Long stretches first: what they cover is not taken again in pieces.
  for (const size_t pieces : kStretchPieces) collector.Collect(pieces);
  const std::string content = Content(collector.TakeStretches());
  if (content.empty()) return "";

  // Adds statistics of the samples: numbers, and no text.
  std::string all;
  std::vector<size_t> sizes;
  for (const DictionarySample& sample : samples) {
    all += sample.payload;
    sizes.push_back(sample.payload.size());
  }
  std::string dictionary(kMaxContentBytes + (4 << 10), '\0');
  const size_t size = ZDICT_finalizeDictionary(
      dictionary.data(), dictionary.size(), content.data(), content.size(), all.data(),
      sizes.data(), static_cast<unsigned>(sizes.size()), ZDICT_params_t{});
  if (ZDICT_isError(size)) return "";
  dictionary.resize(size);
  return dictionary;
}

}  // namespace flywheel::ingest
