// Contamination index: finds the eval text that another text says again in other words.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_CONTAMINATION_INDEX_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_CONTAMINATION_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace flywheel::curation {

// How often words stand in the texts that are compared, on either side: what is said everywhere
// says nothing. The order of texts does not matter.
class WordFrequencies {
 public:
  // `compared` is a ComparedText.
  void Add(std::string_view compared);

  // How much the word says: ln((1 + texts) / (1 + texts with the word)). A thousand texts that
  // nobody sees count as well, of which a third has each word that only joins others ("the",
  // "und"): in a handful of texts nearly every word is as rare as the next.
  double Information(std::string_view word) const;
  double InformationOf(uint64_t word_hash) const;

 private:
  absl::flat_hash_map<uint64_t, uint32_t> texts_with_;
  uint32_t texts_ = 0;
};

// In which way two texts are alike.
enum class Likeness {
  // One word is spelt otherwise, or stands before or behind.
  kVariant = 1,
  // The whole eval text is said within the other one.
  kContained = 2,
  // The same words and numbers in another order, among other words.
  kParaphrase = 3,
};

struct Contamination {
  // Which eval text, by its place.
  size_t eval_text = 0;
  Likeness likeness = Likeness::kVariant;
  // kParaphrase: the cosine. kContained: the share of what the eval text says that the other one
  // says too. kVariant: 1.
  double score = 0;
};

struct ContaminationOptions {
  // A cosine from here on blocks; one from `review_cosine` on is for people to look at.
  double block_cosine = 0.5;
  double review_cosine = 0.4;
  // The share of an eval text that has to be contained.
  double contained_share = 0.95;
  // What two texts share must say at least so much, as the sum of its words' information: short
  // questions about one thing are alike without being one.
  double min_shared_information = 28;
  // What an eval text says at least that a variant of it leaves: "yes, go ahead" stands in every
  // other conversation.
  double min_variant_information = 6;
};

// Of eval texts, to find those that other texts are copies of. Deterministic: of equally good ones
// the first. Not thread-safe. Memory: some 60 bytes a word of the texts; time of a look-up: the
// eval texts that share its rarer words.
class ContaminationIndex {
 public:
  // `eval_texts` are ComparedTexts, as what is asked for. The frequencies outlive the index.
  ContaminationIndex(std::vector<std::string> eval_texts, const WordFrequencies& frequencies,
                     const ContaminationOptions& options);

  // The eval text that `compared` is most like, where the score is `review_cosine` or more; equal
  // texts are a variant.
  std::optional<Contamination> Find(std::string_view compared);

  // Whether a finding blocks; else it is for review.
  bool Blocks(const Contamination& found) const {
    return found.likeness != Likeness::kParaphrase || found.score >= options_.block_cosine;
  }

  const std::string& eval_text(size_t place) const { return texts_[place]; }

 private:
  // A word of a text, whose weights together have length 1.
  struct Word {
    uint64_t hash = 0;
    float weight = 0;
    float information = 0;
  };
  struct Posting {
    uint32_t text = 0;
    float weight = 0;
  };
  // What a text shares with the one that is looked up.
  struct Shared {
    float cosine = 0;
    float information = 0;
  };

  // By hash.
  std::vector<Word> WordsOf(std::string_view compared) const;
  std::optional<Contamination> FindVariant(std::string_view compared) const;
  std::optional<Contamination> FindByWords(std::string_view compared);
  void AddLike(const std::vector<Word>& words, std::vector<uint32_t>& candidates);
  void AddRarestWords(uint32_t text);
  std::optional<Contamination> Judge(uint32_t text, const std::vector<Word>& words) const;
  bool IsBetter(const Contamination& a, const Contamination& b) const;
  bool IsVariant(std::string_view compared, size_t text) const;

  const std::vector<std::string> texts_;
  const WordFrequencies& frequencies_;
  const ContaminationOptions options_;
  // Hashes of each text whole, and without one of its words.
  absl::flat_hash_map<uint64_t, uint32_t> whole_;
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> without_a_word_;
  absl::flat_hash_map<uint64_t, std::vector<Posting>> postings_;
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> with_rarest_word_;
  // By text: its words, and the sum of their information.
  std::vector<std::vector<Word>> words_;
  std::vector<float> information_;
  // By text, for the look-up that is under way; 0 for all others.
  std::vector<Shared> shared_;
};

// The runs of at least two words that both texts say in the same order, longest first, at most 8:
// for people who ask why.
std::vector<std::string> SharedPhrases(std::string_view compared, std::string_view other);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_CONTAMINATION_INDEX_H_
