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

// How many owners have a stretch. Samples come owner by owner.
struct OwnerCount {
  size_t last_owner = 0;
  int64_t owners = 0;
};

struct Stretch {
  std::string_view bytes;
  int64_t owners = 0;

  int64_t Value() const { return owners * static_cast<int64_t>(bytes.size() - 4); }
};

class Collector {
 public:
  explicit Collector(const std::vector<DictionarySample>& samples) : samples_(samples) {
    for (const DictionarySample& sample : samples) {
      starts_.push_back(PieceStarts(sample.payload));
      // Which pieces a longer stretch has taken already.
      covered_.emplace_back(starts_.back().size(), false);
    }
  }

  // Adds stretches of so many pieces that enough owners share and that no longer one covers.
  void Collect(size_t pieces) {
    // First how many owners have each stretch of this length,
    absl::flat_hash_map<std::string_view, OwnerCount> counts;
    size_t owner = 0;
    for (size_t i = 0; i < samples_.size(); ++i) {
      if (i == 0 || samples_[i].owner != samples_[i - 1].owner) ++owner;
      for (size_t at = 0; at + pieces < starts_[i].size(); ++at) {
        const std::string_view bytes = Bytes(i, at, pieces);
        if (bytes.size() < kMinStretchBytes) continue;
        OwnerCount& count = counts[bytes];
        if (count.last_owner != owner) count = {owner, count.owners + 1};
      }
    }
    for (size_t i = 0; i < samples_.size(); ++i) {
      // then, from left to right, those that enough of them share.
      for (size_t at = 0; at + pieces < starts_[i].size();) {
        at += Take(i, at, pieces, counts) ? pieces : 1;
      }
    }
  }

  std::vector<Stretch> TakeStretches() { return std::move(stretches_); }

 private:
  std::string_view Bytes(size_t sample, size_t at, size_t pieces) const {
    const std::vector<size_t>& starts = starts_[sample];
    return std::string_view(samples_[sample].payload)
        .substr(starts[at], starts[at + pieces] - starts[at]);
  }

  // Whether the stretch is shared; then it is collected once, and covers these pieces.
  bool Take(size_t sample, size_t at, size_t pieces,
            absl::flat_hash_map<std::string_view, OwnerCount>& counts) {
    std::vector<bool>& covered = covered_[sample];
    if (covered[at]) return false;
    const std::string_view bytes = Bytes(sample, at, pieces);
    const auto found = counts.find(bytes);
    if (found == counts.end()) return false;
    constexpr int64_t kTaken = -1;
    int64_t& owners = found->second.owners;
    if (owners != kTaken && owners < kMinDictionaryOwners) return false;
    if (owners != kTaken) stretches_.push_back({bytes, std::exchange(owners, kTaken)});
    std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(at), pieces, true);
    return true;
  }

  const std::vector<DictionarySample>& samples_;
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
  // Samples owner by owner, because owners are counted, and not records.
  std::stable_sort(
      samples.begin(), samples.end(),
      [](const DictionarySample& a, const DictionarySample& b) { return a.owner < b.owner; });
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
