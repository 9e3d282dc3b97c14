#include "curation_service/domain/text_vectorizer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace flywheel::curation {
namespace {

constexpr std::size_t kPieceCharacters = 4;
constexpr std::uint32_t kMinDocumentFrequency = 2;
// Of a text of unknown size: the beginning tells what it is about.
constexpr std::size_t kMaxTextBytes = 16'384;
constexpr std::size_t kMaxCountedFeatures = 4 << 20;

// Keeps a word, a pair of words and a piece of a word apart when their bytes are equal.
enum class FeatureKind : std::uint64_t { kWord = 0, kWordPair = 1, kPiece = 2 };

// FNV-1a, finished by the mixer of SplitMix64. Two features that collide merely share a weight.
std::uint64_t HashFeature(std::string_view bytes, FeatureKind kind) {
  std::uint64_t hash = 0xcbf29ce484222325ULL + static_cast<std::uint64_t>(kind);
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31);
}

bool IsUpper(unsigned char byte) { return byte >= 'A' && byte <= 'Z'; }

// Every byte of a multi-byte UTF-8 character counts as a letter.
bool IsLetterOrDigit(unsigned char byte) {
  return IsUpper(byte) || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
         byte >= 0x80;
}

// A word is a run of letters and digits in lower case; any other visible sign is its own word.
// ASCII only and by hand, because the locale must not decide what a dataset contains.
std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  bool inside_word = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool part_of_word = IsLetterOrDigit(byte);
    if (part_of_word) {
      if (!inside_word) words.emplace_back();
      words.back().push_back(static_cast<char>(IsUpper(byte) ? byte - 'A' + 'a' : byte));
    } else if (byte > ' ') {
      words.emplace_back(1, c);
    }
    inside_word = part_of_word;
  }
  return words;
}

bool StartsUtf8Character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

void AppendPieces(const std::string& word, std::vector<std::uint64_t>& hashes) {
  const std::string marked = "<" + word + ">";  // The marks tell prefixes and suffixes apart.
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (StartsUtf8Character(marked[i])) starts.push_back(i);
  }
  starts.push_back(marked.size());
  for (std::size_t i = 0; i + kPieceCharacters < starts.size(); ++i) {
    const std::size_t size = starts[i + kPieceCharacters] - starts[i];
    hashes.push_back(
        HashFeature(std::string_view(marked).substr(starts[i], size), FeatureKind::kPiece));
  }
}

// The distinct ones of the first `max_features` features of a text, in ascending order.
std::vector<std::uint64_t> FeatureHashes(std::string_view text, std::size_t max_features) {
  std::vector<std::uint64_t> hashes;
  std::string previous;  // Empty before the first word, which makes "starts with" a feature.
  for (const std::string& word : Words(text.substr(0, kMaxTextBytes))) {
    if (hashes.size() >= max_features) break;
    hashes.push_back(HashFeature(word, FeatureKind::kWord));
    previous += ' ';
    previous += word;
    hashes.push_back(HashFeature(previous, FeatureKind::kWordPair));
    AppendPieces(word, hashes);
    previous = word;
  }
  if (hashes.size() > max_features) hashes.resize(max_features);
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

FeatureCounts CountAll(std::span<const std::string> collection) {
  FeatureCounts counts(kMaxFeaturesPerText);
  for (const std::string& text : collection) counts.Add(text);
  return counts;
}

}  // namespace

void FeatureCounts::Add(std::string_view text) {
  ++num_texts_;
  for (const std::uint64_t hash : FeatureHashes(text, max_features_per_text_)) {
    const auto found = texts_by_hash_.find(hash);
    if (found != texts_by_hash_.end()) {
      ++found->second;
    } else if (by_first_use_.size() < kMaxCountedFeatures) {
      texts_by_hash_.emplace(hash, 1);
      by_first_use_.push_back(hash);
    }
  }
}

TextVectorizer::TextVectorizer(std::span<const std::string> collection)
    : TextVectorizer(CountAll(collection), std::numeric_limits<std::size_t>::max()) {}

TextVectorizer::TextVectorizer(const FeatureCounts& counts, std::size_t max_features)
    : max_features_per_text_(counts.max_features_per_text_) {
  // Numbers follow the texts: the order of a hash table changes from process to process.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> kept;
  for (const std::uint64_t hash : counts.by_first_use_) {
    const std::uint32_t frequency = counts.texts_by_hash_.find(hash)->second;
    if (frequency >= kMinDocumentFrequency) kept.emplace_back(hash, frequency);
  }
  if (kept.size() > max_features) {
    std::stable_sort(kept.begin(), kept.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    kept.resize(max_features);
  }
  for (const auto& [hash, frequency] : kept) {
    number_by_hash_.emplace(hash, static_cast<std::uint32_t>(num_features()));
    inverse_document_frequency_.push_back(
        std::log(static_cast<float>(counts.num_texts_ + 1) / static_cast<float>(frequency)));
  }
}

SparseVector TextVectorizer::Vectorize(std::string_view text) const {
  SparseVector vector;
  float square_sum = 0.0F;
  for (const std::uint64_t hash : FeatureHashes(text, max_features_per_text_)) {
    const auto found = number_by_hash_.find(hash);
    if (found == number_by_hash_.end()) continue;
    const float value = inverse_document_frequency_[found->second];
    vector.features.push_back(found->second);
    vector.values.push_back(value);
    square_sum += value * value;
  }
  for (float& value : vector.values) value /= std::sqrt(square_sum);
  return vector;
}

}  // namespace flywheel::curation
