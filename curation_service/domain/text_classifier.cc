#include "curation_service/domain/text_classifier.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace flywheel::curation {
namespace {

constexpr std::size_t kBlock = 16;  // Floats per inner loop: a constant trip count vectorises.
constexpr std::size_t kGramCharacters = 4;
// Classes whose gradient is smaller than this do not move: most of 100 classes, most of the time.
constexpr float kNegligibleGradient = 2e-3F;
// e^-20 is below the precision of a float next to 1.
constexpr float kNegligibleLogOdds = -20.0F;

std::uint64_t Mix(std::uint64_t x) {  // The finalizer of SplitMix64.
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::uint64_t HashBytes(std::string_view bytes, std::uint64_t kind) {
  std::uint64_t hash = 0xcbf29ce484222325ULL + kind;  // FNV-1a.
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return Mix(hash);
}

// A word is a run of letters, digits and non-ASCII bytes; other signs are words of their own.
std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool upper = byte >= 'A' && byte <= 'Z';
    const bool letter = upper || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
                        byte >= 0x80;
    if (letter) {
      if (!inside) words.emplace_back();
      words.back().push_back(static_cast<char>(upper ? byte + ('a' - 'A') : byte));
    } else if (byte > ' ') {
      words.emplace_back(1, c);
    }
    inside = letter;
  }
  return words;
}

bool StartsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

void AppendCharacterGrams(const std::string& word, std::vector<std::uint64_t>& hashes) {
  const std::string marked = "<" + word + ">";
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (StartsCharacter(marked[i])) starts.push_back(i);
  }
  starts.push_back(marked.size());
  const std::size_t length = starts.size() - 1;
  for (std::size_t from = 0; from < length; ++from) {
    const std::size_t n = kGramCharacters;
    if (from + n > length) break;
    const std::string_view gram(marked.data() + starts[from], starts[from + n] - starts[from]);
    hashes.push_back(HashBytes(gram, /*kind=*/2));
  }
}

// The distinct features of a text, sorted.
std::vector<std::uint64_t> FeatureHashes(std::string_view text) {
  std::vector<std::uint64_t> hashes;
  std::string previous;
  for (const std::string& word : Words(text)) {
    hashes.push_back(HashBytes(word, /*kind=*/0));
    hashes.push_back(HashBytes(previous + ' ' + word, /*kind=*/1));
    AppendCharacterGrams(word, hashes);
    previous = word;
  }
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

void AddScaled(float scale, const float* __restrict row, float* __restrict out, std::size_t stride) {
  for (std::size_t block = 0; block < stride; block += kBlock) {
    for (std::size_t i = 0; i < kBlock; ++i) out[block + i] += scale * row[block + i];
  }
}

// Turns the first n scores into probabilities.
void Softmax(std::vector<float>& scores, std::size_t n) {
  const float highest = *std::max_element(scores.begin(), scores.begin() + n);
  float sum = 0.0F;
  for (std::size_t k = 0; k < n; ++k) {
    const float log_odds = scores[k] - highest;
    scores[k] = log_odds < kNegligibleLogOdds ? 0.0F : std::exp(log_odds);
    sum += scores[k];
  }
  for (std::size_t k = 0; k < n; ++k) scores[k] /= sum;
}

// std::shuffle is free to differ between standard libraries; this order is ours.
void Shuffle(std::vector<std::uint32_t>& order, std::uint64_t seed) {
  for (std::size_t i = order.size(); i > 1; --i) {
    seed += 0x9e3779b97f4a7c15ULL;
    std::swap(order[i - 1], order[Mix(seed) % i]);
  }
}

}  // namespace

TextVectorizer::TextVectorizer(std::span<const std::string> texts) {
  absl::flat_hash_map<std::uint64_t, std::uint32_t> document_frequency;
  std::vector<std::uint64_t> first_seen;
  for (const std::string& text : texts) {
    for (const std::uint64_t hash : FeatureHashes(text)) {
      if (document_frequency[hash]++ == 0) first_seen.push_back(hash);
    }
  }
  // Numbers follow the order of the texts, never the (randomised) order of the hash table.
  for (const std::uint64_t hash : first_seen) {
    const std::uint32_t frequency = document_frequency[hash];
    if (frequency < 2) continue;
    index_.emplace(hash, static_cast<std::uint32_t>(inverse_document_frequency_.size()));
    inverse_document_frequency_.push_back(
        std::log(static_cast<float>(texts.size() + 1) / static_cast<float>(frequency)));
  }
}

SparseVector TextVectorizer::Vectorize(std::string_view text) const {
  SparseVector vector;
  float square = 0.0F;
  for (const std::uint64_t hash : FeatureHashes(text)) {
    const auto found = index_.find(hash);
    if (found == index_.end()) continue;
    const float value = inverse_document_frequency_[found->second];
    vector.features.push_back(found->second);
    vector.values.push_back(value);
    square += value * value;
  }
  if (square > 0.0F) {
    for (float& value : vector.values) value /= std::sqrt(square);
  }
  return vector;
}

TextClassifier::TextClassifier(std::size_t num_features, std::size_t num_classes)
    : num_classes_(num_classes),
      stride_((num_classes + kBlock - 1) / kBlock * kBlock),
      weights_((num_features + 1) * stride_, 0.0F) {}

TextClassifier TextClassifier::Train(std::span<const ClassifierExample> examples,
                                     std::size_t num_features, std::size_t num_classes,
                                     const TextClassifierOptions& options) {
  assert(num_classes > 0);
  TextClassifier classifier(num_features, num_classes);
  std::vector<std::uint32_t> order(examples.size());
  std::iota(order.begin(), order.end(), 0U);
  std::vector<float> scores;
  std::vector<std::uint32_t> moved;
  const float decay = options.l2 / static_cast<float>(std::max<std::size_t>(examples.size(), 1));
  const double total_steps = static_cast<double>(options.epochs) * examples.size();
  double step = 0.0;
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    Shuffle(order, options.seed + static_cast<std::uint64_t>(epoch));
    for (const std::uint32_t i : order) {
      const auto remaining = static_cast<float>(1.0 - step++ / total_steps);
      const float rate = options.learning_rate * remaining;
      if (examples[i].weight <= 0.0F) continue;
      classifier.scale_ *= 1.0F - rate * decay;
      classifier.Step(examples[i], rate, scores, moved);
    }
  }
  for (float& weight : classifier.weights_) weight *= classifier.scale_;
  classifier.scale_ = 1.0F;
  return classifier;
}

void TextClassifier::Score(const SparseVector& vector, std::vector<float>& scores) const {
  const float* const bias = weights_.data() + weights_.size() - stride_;
  scores.assign(bias, bias + stride_);
  for (std::size_t j = 0; j < vector.features.size(); ++j) {
    if (j + 2 < vector.features.size()) {
      const float* ahead = weights_.data() + vector.features[j + 2] * stride_;
      for (std::size_t block = 0; block < stride_; block += kBlock) __builtin_prefetch(ahead + block);
    }
    AddScaled(vector.values[j], weights_.data() + vector.features[j] * stride_, scores.data(),
              stride_);
  }
  for (float& score : scores) score *= scale_;
}

void TextClassifier::Step(const ClassifierExample& example, float rate, std::vector<float>& scores,
                          std::vector<std::uint32_t>& moved) {
  assert(example.label < num_classes_);
  Score(*example.vector, scores);
  Softmax(scores, num_classes_);
  scores[example.label] -= 1.0F;
  moved.clear();
  for (std::size_t k = 0; k < num_classes_; ++k) {
    if (std::abs(scores[k]) > kNegligibleGradient) moved.push_back(static_cast<std::uint32_t>(k));
  }
  const float step = -rate * example.weight / scale_;
  const bool dense = moved.size() * 8 > stride_;
  const auto update = [&](float* row, float value) {
    if (dense) return AddScaled(value, scores.data(), row, stride_);
    for (const std::uint32_t k : moved) row[k] += value * scores[k];
  };
  for (std::size_t j = 0; j < example.vector->features.size(); ++j) {
    update(weights_.data() + example.vector->features[j] * stride_,
           step * example.vector->values[j]);
  }
  update(weights_.data() + weights_.size() - stride_, step * 0.1F);
}

std::vector<float> TextClassifier::Probabilities(const SparseVector& vector) const {
  std::vector<float> scores;
  Score(vector, scores);
  Softmax(scores, num_classes_);
  scores.resize(num_classes_);
  return scores;
}

}  // namespace flywheel::curation
