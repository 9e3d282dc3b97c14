// Value histogram: how many units have a value of about this size.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_VALUE_HISTOGRAM_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_VALUE_HISTOGRAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flywheel::experiment {

// Counts units by their value, in buckets that are as wide as their values are large: 128 to every
// doubling, so that a bucket is 0.4 to 0.8 % of its values wide, and its middle within 0.4 % of
// each of them (as DDSketch, Masson, Rim and Lee 2019, with buckets that are even within a
// doubling, as HdrHistogram has them: which one a value belongs to are bits of the double, the same
// on every machine). Zero has a bucket of its own; magnitudes below 2^-30, about 1e-9, share that
// next to it, those from 2^40 on, about 1.1e12, the outermost.
//
// Holds whole numbers alone: adding and taking out in any order gives the same to the last bit, and
// what was taken out before it came in is a negative count in between. A value type. Costs a search
// among its buckets to change: two of 0/1 values, and at most some thousands.
class ValueHistogram {
 public:
  // Those of a bucket: from `lower` on and below `upper`, or, of values below 0, above `lower` and
  // up to `upper`; both 0 of zeros.
  struct Bucket {
    double lower = 0;
    double upper = 0;
    int64_t units = 0;

    double middle() const { return 0.5 * (lower + upper); }
  };

  // Counts `units` of this value in; out again where they are negative.
  void Add(double value, int64_t units = 1);
  // Counts in all that `other` has.
  void Merge(const ValueHistogram& other);

  // Of all buckets together.
  int64_t units() const { return units_; }
  // Those that are not empty, by ascending values.
  std::vector<Bucket> Buckets() const;

  // The first and the last of them. REQUIRES: there is one.
  Bucket Lowest() const;
  Bucket Highest() const;

  // That of the unit with so many smaller ones, and its middle. REQUIRES: 0 <= rank < units(), and
  // no bucket has less than no units.
  Bucket BucketAtRank(int64_t rank) const;
  double AtRank(int64_t rank) const { return BucketAtRank(rank).middle(); }

  // As bytes, the same for the same counts; none for none. Stored: the form never changes.
  std::string Encode() const;
  // Nothing where Encode did not write it.
  static std::optional<ValueHistogram> Decode(std::string_view bytes);

  friend bool operator==(const ValueHistogram&, const ValueHistogram&) = default;

 private:
  struct Entry {
    // 0 of zeros, above it of values above 0.
    int32_t key = 0;
    int64_t units = 0;  // Never 0.

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  void AddToKey(int32_t key, int64_t units);

  std::vector<Entry> entries_;  // By key.
  int64_t units_ = 0;           // Of all entries.
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_VALUE_HISTOGRAM_H_
