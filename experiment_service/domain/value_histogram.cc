#include "experiment_service/domain/value_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>

namespace flywheel::experiment {
namespace {

// A double has 52 bits of a fraction below its exponent; the first seven say where in its doubling.
constexpr int kFractionBits = 52;
constexpr int kBucketBits = 7;
constexpr int32_t kBucketsOfADoubling = 1 << kBucketBits;
constexpr int32_t kExponentBias = 1023;
// Of the smallest bucket beside zero, and of the first that is none any more.
constexpr int32_t kLeastExponent = -30;
constexpr int32_t kEndExponent = 40;
constexpr int32_t kLastKey = (kEndExponent - kLeastExponent) * kBucketsOfADoubling;
// What encoded histograms begin with.
constexpr char kForm = 1;

int32_t KeyOf(double value) {
  if (value == 0) return 0;
  const auto bits = std::bit_cast<uint64_t>(std::fabs(value));
  // Exponent and bucket in one number, which grows by one from each bucket to the next.
  const auto position = static_cast<int32_t>(bits >> (kFractionBits - kBucketBits));
  constexpr int32_t kLeast = (kExponentBias + kLeastExponent) * kBucketsOfADoubling;
  const int32_t key = std::clamp(position - kLeast + 1, int32_t{1}, kLastKey);
  return value > 0 ? key : -key;
}

// Where the bucket of a key above 0 begins.
double LowerEnd(int32_t key) {
  const int32_t position = key - 1;
  const double fraction =
      1 + static_cast<double>(position % kBucketsOfADoubling) / kBucketsOfADoubling;
  return std::ldexp(fraction, kLeastExponent + position / kBucketsOfADoubling);
}

ValueHistogram::Bucket BucketOf(int32_t key, int64_t units) {
  if (key == 0) return {0, 0, units};
  const int32_t magnitude = std::abs(key);
  const double near = magnitude == 1 ? 0 : LowerEnd(magnitude);
  const double far = LowerEnd(magnitude + 1);
  return key > 0 ? ValueHistogram::Bucket{near, far, units}
                 : ValueHistogram::Bucket{-far, -near, units};
}

// Base 128, the low digits first; all but the last with the high bit.
void AppendNumber(uint64_t number, std::string& bytes) {
  while (number >= 0x80) {
    bytes.push_back(static_cast<char>((number & 0x7f) | 0x80));
    number >>= 7;
  }
  bytes.push_back(static_cast<char>(number));
}

std::optional<uint64_t> TakeNumber(std::string_view& bytes) {
  uint64_t number = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
  return std::nullopt;
}

// Small numbers for small magnitudes of either sign: 0, -1, 1, -2.
uint64_t Unsigned(int64_t number) {
  return (static_cast<uint64_t>(number) << 1) ^ (number < 0 ? ~uint64_t{0} : 0);
}
int64_t Signed(uint64_t number) {
  return static_cast<int64_t>((number >> 1) ^ ((number & 1) != 0 ? ~uint64_t{0} : 0));
}

}  // namespace

void ValueHistogram::AddToKey(int32_t key, int64_t units) {
  if (units == 0) return;
  units_ += units;
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), key,
                       [](const Entry& entry, int32_t wanted) { return entry.key < wanted; });
  if (found == entries_.end() || found->key != key) {
    entries_.insert(found, {key, units});
    return;
  }
  found->units += units;
  if (found->units == 0) entries_.erase(found);
}

void ValueHistogram::Add(double value, int64_t units) { AddToKey(KeyOf(value), units); }

void ValueHistogram::Merge(const ValueHistogram& other) {
  for (const Entry& entry : other.entries_) AddToKey(entry.key, entry.units);
}

std::vector<ValueHistogram::Bucket> ValueHistogram::Buckets() const {
  std::vector<Bucket> buckets;
  buckets.reserve(entries_.size());
  for (const Entry& entry : entries_) buckets.push_back(BucketOf(entry.key, entry.units));
  return buckets;
}

ValueHistogram::Bucket ValueHistogram::Lowest() const {
  return BucketOf(entries_.front().key, entries_.front().units);
}
ValueHistogram::Bucket ValueHistogram::Highest() const {
  return BucketOf(entries_.back().key, entries_.back().units);
}

ValueHistogram::Bucket ValueHistogram::BucketAtRank(int64_t rank) const {
  int64_t below = 0;
  for (const Entry& entry : entries_) {
    below += entry.units;
    if (rank < below) return BucketOf(entry.key, entry.units);
  }
  return {};
}

// The form, then each bucket's distance from the last one and its units.
std::string ValueHistogram::Encode() const {
  std::string bytes;
  if (entries_.empty()) return bytes;
  bytes.push_back(kForm);
  int32_t last = 0;
  for (const Entry& entry : entries_) {
    AppendNumber(Unsigned(int64_t{entry.key} - last), bytes);
    AppendNumber(Unsigned(entry.units), bytes);
    last = entry.key;
  }
  return bytes;
}

std::optional<ValueHistogram> ValueHistogram::Decode(std::string_view bytes) {
  ValueHistogram histogram;
  const std::string_view all = bytes;
  if (all.empty()) return histogram;
  if (bytes.front() != kForm) return std::nullopt;
  bytes.remove_prefix(1);
  int64_t key = 0;
  while (!bytes.empty()) {
    const std::optional<uint64_t> distance = TakeNumber(bytes);
    const std::optional<uint64_t> units = distance ? TakeNumber(bytes) : std::nullopt;
    if (!units || *units == 0 || *distance > Unsigned(2 * int64_t{kLastKey})) return std::nullopt;
    key += Signed(*distance);
    const bool ascends = histogram.entries_.empty() || key > histogram.entries_.back().key;
    if (!ascends || std::abs(key) > kLastKey) return std::nullopt;
    histogram.entries_.push_back({static_cast<int32_t>(key), Signed(*units)});
    histogram.units_ += Signed(*units);
  }
  // Numbers that could be written shorter were not written here.
  if (histogram.Encode() != all) return std::nullopt;
  return histogram;
}

}  // namespace flywheel::experiment
