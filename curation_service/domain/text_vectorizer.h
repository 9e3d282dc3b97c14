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

  // The vector of any text, whether of the collection or not. Features are in no useful order.
  SparseVector Vectorize(std::string_view text) const;

  // Number of features; every feature number in a vector is smaller.
  std::size_t num_features() const { return inverse_document_frequency_.size(); }

 private:
  absl::flat_hash_map<std::uint64_t, std::uint32_t> number_by_hash_;
  std::vector<float> inverse_document_frequency_;  // By feature number.
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_VECTORIZER_H_
