// TF-IDF vectors of texts, over a vocabulary learnt from a collection.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_VECTORIZER_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_VECTORIZER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace flywheel::curation {

// One text as a sparse vector: parallel arrays of feature numbers and values, of Euclidean length
// 1, or empty when the text has no known feature.
struct SparseVector {
  std::vector<std::uint32_t> features;
  std::vector<float> values;
};

// Of each text the first features matter, up to so many at the most.
inline constexpr std::size_t kMaxFeaturesPerText = 1'000;

// Counts in how many texts of a collection each feature is found. Holds at most four million
// features (some 100 MB): those that come first.
class FeatureCounts {
 public:
  // Of each text, counted here or vectorised later, the first features matter, up to so many.
  explicit FeatureCounts(std::size_t max_features_per_text)
      : max_features_per_text_(max_features_per_text) {}

  void Add(std::string_view text);

 private:
  friend class TextVectorizer;
  std::size_t max_features_per_text_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> texts_by_hash_;
  std::vector<std::uint64_t> by_first_use_;
  std::size_t num_texts_ = 0;
};

// Turns texts into TF-IDF vectors over a vocabulary learnt from a collection. The features of a
// text are its lower-cased words, its pairs of neighbouring words, and the 4-character pieces of
// its words (so that "transfer", "transfers" and "tranfer" resemble each other), each counted once.
// A feature found in a single text of the collection says nothing about any other and is left out.
//
// Deterministic: the same collection in the same order gives the same feature numbers.
// Thread-safe: immutable after construction.
class TextVectorizer {
 public:
  explicit TextVectorizer(std::span<const std::string> collection);
  // Knows at most `max_features`: where there are more, those of the most texts.
  TextVectorizer(const FeatureCounts& counts, std::size_t max_features);

  // The vector of any text, whether of the collection or not. Features are in no useful order.
  SparseVector Vectorize(std::string_view text) const;

  // Number of features; every feature number in a vector is smaller.
  std::size_t num_features() const { return inverse_document_frequency_.size(); }

 private:
  std::size_t max_features_per_text_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> number_by_hash_;
  std::vector<float> inverse_document_frequency_;  // By feature number.
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_VECTORIZER_H_
