#include "curation_service/domain/contamination_index.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "shared/text/compared_text.h"

namespace flywheel::curation {
namespace {

// A text of more words has no keys without one of them: a word among so many changes no cosine.
constexpr size_t kMostWordsOfVariant = 48;
constexpr size_t kLeastWordsOfVariant = 4;
// A typing error is one in a word of at least so many letters.
constexpr size_t kLeastLettersOfTypo = 4;
// Of sums in single precision.
constexpr float kRounding = 1e-4F;
constexpr uint64_t kSeed = 0x9E3779B97F4A7C15;

// FNV-1a with a finaliser; the same on every machine, because what it decides is stored.
uint64_t HashOf(std::string_view word) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  hash ^= hash >> 32;
  hash *= 0xD6E8FEB86659FD93;
  return hash ^ hash >> 32;
}

std::vector<uint64_t> HashesOf(std::string_view compared) {
  std::vector<uint64_t> hashes;
  for (const std::string_view word : ComparedWords(compared)) hashes.push_back(HashOf(word));
  return hashes;
}

// Of the words in order, without the one at `left_out`; all of them where that is none.
uint64_t HashOfWords(const std::vector<uint64_t>& words, size_t left_out) {
  uint64_t hash = kSeed;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i != left_out) hash = (hash ^ words[i]) * 0x9FB21C651E98DF25 + kSeed;
  }
  return hash ^ hash >> 29;
}

// English, German, French, Spanish, Italian, Portuguese and Dutch words that only join others.
constexpr std::string_view kJoiningWords =
    "a about all am an and any are as at be been but by can could did do does each for from get "
    "had "
    "has have he her him his how i if in into is it its just many me more much my no not of on one "
    "or our out please she so some than that the their them then there these they this to up us "
    "was "
    "we were what when where which who why will with would you your "
    "aber als am auf aus bei bin das dass dem den der des die du ein eine einen er es für haben "
    "hat "
    "ich ihr im in ist ja kann mein mich mir mit nach nicht noch nur oder sein sich sie sind so "
    "und "
    "uns von war was wie wir wo zu zum zur "
    "au aux avec c ce ces cette d dans de des du elle en est et il ils j je l la le les leur lui "
    "ma "
    "mais me mes mon n ne nous on ou par pas plus pour qu que qui s sa se ses son sur un une vous "
    "y "
    "al como con de del el en era es eso esta este ha hay la las lo los me mi mis muy no nos o "
    "para "
    "pero por que se si sin su sus te tu un una y ya yo "
    "che ci da dei del della di e gli ho i il io la le ma mi mio nel non per più quanto se si sono "
    "sul ti un una "
    "ao as com da das do dos e ela ele em eu foi mas meu minha na no nos não o os ou para por qual "
    "que se seu sua um uma você "
    "aan bij dan dat de den die dit een en er het hij hoe ik in is je kan maar met mijn naar niet "
    "nog "
    "of om ook op te tot uit van voor wat we wij zijn zo ";
constexpr double kUnseenTexts = 1'000;

const absl::flat_hash_set<uint64_t>& JoiningWords() {
  static const auto* const words = [] {
    auto* const hashes = new absl::flat_hash_set<uint64_t>();
    for (const std::string_view word : ComparedWords(kJoiningWords)) hashes->insert(HashOf(word));
    return hashes;
  }();
  return *words;
}

struct CountedWord {
  uint64_t hash = 0;
  double count = 0;
  bool is_number = false;
};

bool HasDigit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Each word once, by its hash.
std::vector<CountedWord> CountedWords(std::string_view compared) {
  std::vector<CountedWord> words;
  for (const std::string_view word : ComparedWords(compared)) {
    words.push_back({HashOf(word), 1, HasDigit(word)});
  }
  std::sort(words.begin(), words.end(),
            [](const CountedWord& a, const CountedWord& b) { return a.hash < b.hash; });
  size_t kept = 0;
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i].hash == words[kept].hash) {
      ++words[kept].count;
    } else {
      words[++kept] = words[i];
    }
  }
  if (!words.empty()) words.resize(kept + 1);
  return words;
}

// A number that is the same says more than a word: rephrasing leaves it as it is.
double WeightOf(const CountedWord& word, double information) {
  constexpr double kNumberWeight = 1.5;
  return (1 + std::log(word.count)) * information * (word.is_number ? kNumberWeight : 1);
}

// Whether one letter was left out, added, replaced, or changed places with its neighbour.
bool IsTypo(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() < kLeastLettersOfTypo || b.size() - a.size() > 2 || HasDigit(a) || HasDigit(b)) {
    return false;
  }
  size_t first = 0;
  while (first < a.size() && a[first] == b[first]) ++first;
  size_t last = 0;
  while (last < a.size() - first && a[a.size() - 1 - last] == b[b.size() - 1 - last]) ++last;
  const size_t rest_a = a.size() - first - last;
  const size_t rest_b = b.size() - first - last;
  // A letter has up to two bytes here.
  if (rest_a <= 1 && rest_b <= 1) return true;
  if (rest_a == 0 && rest_b == 2) return static_cast<unsigned char>(b[first]) >= 0x80;
  return rest_a == 2 && rest_b == 2 && a[first] == b[first + 1] && a[first + 1] == b[first];
}

}  // namespace

void WordFrequencies::Add(std::string_view compared) {
  ++texts_;
  for (const CountedWord& word : CountedWords(compared)) ++texts_with_[word.hash];
}

double WordFrequencies::InformationOf(uint64_t word_hash) const {
  const auto found = texts_with_.find(word_hash);
  const double with = found == texts_with_.end() ? 0 : found->second;
  const double unseen = JoiningWords().contains(word_hash) ? kUnseenTexts / 3 : 0;
  return std::log((1 + kUnseenTexts + texts_) / (1 + unseen + with));
}

double WordFrequencies::Information(std::string_view word) const {
  return InformationOf(HashOf(word));
}

ContaminationIndex::ContaminationIndex(std::vector<std::string> eval_texts,
                                       const WordFrequencies& frequencies,
                                       const ContaminationOptions& options)
    : texts_(std::move(eval_texts)), frequencies_(frequencies), options_(options) {
  information_.reserve(texts_.size());
  for (size_t i = 0; i < texts_.size(); ++i) {
    const auto text = static_cast<uint32_t>(i);
    const std::vector<uint64_t> words = HashesOf(texts_[i]);
    if (!words.empty()) whole_.emplace(HashOfWords(words, words.size()), text);
    if (words.size() >= kLeastWordsOfVariant && words.size() <= kMostWordsOfVariant) {
      for (size_t k = 0; k < words.size(); ++k) {
        std::vector<uint32_t>& texts = without_a_word_[HashOfWords(words, k)];
        if (texts.empty() || texts.back() != text) texts.push_back(text);
      }
    }
    words_.push_back(WordsOf(texts_[i]));
    float information = 0;
    for (const Word& word : words_.back()) {
      information += word.information;
      postings_[word.hash].push_back({text, word.weight});
    }
    information_.push_back(information);
    AddRarestWords(text);
  }
  shared_.resize(texts_.size());
}

// So many of a text's rarest words that who has none of them has less of it than is asked for.
void ContaminationIndex::AddRarestWords(uint32_t text) {
  if (information_[text] < options_.min_shared_information) return;
  std::vector<Word> words = words_[text];
  std::sort(words.begin(), words.end(), [](const Word& a, const Word& b) {
    return std::pair(-a.information, a.hash) < std::pair(-b.information, b.hash);
  });
  const double may_lack = (1 - options_.contained_share) * information_[text];
  double lacked = 0;
  for (const Word& word : words) {
    with_rarest_word_[word.hash].push_back(text);
    lacked += word.information;
    if (lacked > may_lack) break;
  }
}

std::vector<ContaminationIndex::Word> ContaminationIndex::WordsOf(std::string_view compared) const {
  std::vector<Word> words;
  double squares = 0;
  for (const CountedWord& word : CountedWords(compared)) {
    const double information = frequencies_.InformationOf(word.hash);
    const double weight = WeightOf(word, information);
    if (weight == 0) continue;  // Everybody says it.
    squares += weight * weight;
    words.push_back({word.hash, static_cast<float>(weight), static_cast<float>(information)});
  }
  const auto length = static_cast<float>(std::sqrt(squares));
  for (Word& word : words) word.weight /= length;
  return words;
}

bool ContaminationIndex::IsVariant(std::string_view compared, size_t text) const {
  const std::vector<std::string_view> a = ComparedWords(compared);
  const std::vector<std::string_view> b = ComparedWords(texts_[text]);
  size_t first = 0;
  while (first < a.size() && first < b.size() && a[first] == b[first]) ++first;
  size_t last = 0;
  while (first + last < a.size() && first + last < b.size() &&
         a[a.size() - 1 - last] == b[b.size() - 1 - last]) {
    ++last;
  }
  if (a.size() == b.size()) {
    return first + last == a.size() || (first + last + 1 == a.size() && IsTypo(a[first], b[first]));
  }
  // A word more or less stands at an end: in the middle it may be a "not".
  return first == 0 || last == 0;
}

std::optional<Contamination> ContaminationIndex::FindVariant(std::string_view compared) const {
  const std::vector<uint64_t> words = HashesOf(compared);
  if (words.empty()) return std::nullopt;
  const uint64_t whole = HashOfWords(words, words.size());
  const auto says_enough = [&](uint32_t text) {
    return information_[text] >= options_.min_variant_information;
  };
  if (const auto found = whole_.find(whole); found != whole_.end()) {
    if (!says_enough(found->second)) return std::nullopt;
    return Contamination{found->second, Likeness::kVariant, 1};
  }
  if (words.size() < kLeastWordsOfVariant || words.size() > kMostWordsOfVariant + 1) {
    return std::nullopt;
  }
  std::vector<uint32_t> candidates;
  if (const auto found = without_a_word_.find(whole); found != without_a_word_.end()) {
    candidates = found->second;
  }
  for (size_t i = 0; i < words.size(); ++i) {
    const uint64_t without = HashOfWords(words, i);
    const auto longer = whole_.find(without);
    if (longer != whole_.end()) candidates.push_back(longer->second);
    const auto replaced = without_a_word_.find(without);
    if (replaced == without_a_word_.end()) continue;
    candidates.insert(candidates.end(), replaced->second.begin(), replaced->second.end());
  }
  std::sort(candidates.begin(), candidates.end());
  for (const uint32_t text : candidates) {
    if (says_enough(text) && IsVariant(compared, text))
      return Contamination{text, Likeness::kVariant, 1};
  }
  return std::nullopt;
}

// The exact figures of one eval text.
std::optional<Contamination> ContaminationIndex::Judge(uint32_t text,
                                                       const std::vector<Word>& words) const {
  double cosine = 0;
  double information = 0;
  auto own = words.begin();
  for (const Word& word : words_[text]) {
    while (own != words.end() && own->hash < word.hash) ++own;
    if (own == words.end()) break;
    if (own->hash != word.hash) continue;
    cosine += static_cast<double>(own->weight) * word.weight;
    information += word.information;
  }
  if (information < options_.min_shared_information) return std::nullopt;
  const double share = information / information_[text];
  if (cosine < options_.block_cosine && share >= options_.contained_share) {
    return Contamination{text, Likeness::kContained, std::min(share, 1.0)};
  }
  if (cosine < options_.review_cosine) return std::nullopt;
  return Contamination{text, Likeness::kParaphrase, std::min(cosine, 1.0)};
}

bool ContaminationIndex::IsBetter(const Contamination& a, const Contamination& b) const {
  return std::tuple(!Blocks(a), -a.score, a.eval_text) <
         std::tuple(!Blocks(b), -b.score, b.eval_text);
}

// Those that may share enough of their words for a paraphrase. From the rarest word on, until what
// is left can no longer make two texts alike by itself.
void ContaminationIndex::AddLike(const std::vector<Word>& words,
                                 std::vector<uint32_t>& candidates) {
  struct Sought {
    const std::vector<Posting>* postings;
    float weight;
    float information;
  };
  std::vector<Sought> sought;
  float rest_information = 0;
  float rest_squares = 0;
  for (const Word& word : words) {
    const auto found = postings_.find(word.hash);
    if (found == postings_.end()) continue;
    sought.push_back({&found->second, word.weight, word.information});
    rest_information += word.information;
    rest_squares += word.weight * word.weight;
  }
  std::sort(sought.begin(), sought.end(), [](const Sought& a, const Sought& b) {
    return std::pair(a.postings->size(), -a.information) <
           std::pair(b.postings->size(), -b.information);
  });
  const auto least_information = static_cast<float>(options_.min_shared_information);
  const auto least_cosine = static_cast<float>(options_.review_cosine) - kRounding;
  std::vector<uint32_t> touched;
  for (const Sought& word : sought) {
    if (rest_information < least_information || rest_squares < least_cosine * least_cosine) break;
    for (const Posting& posting : *word.postings) {
      Shared& shared = shared_[posting.text];
      if (shared.information == 0) touched.push_back(posting.text);
      shared.cosine += word.weight * posting.weight;
      shared.information += word.information;
    }
    rest_information -= word.information;
    rest_squares -= word.weight * word.weight;
  }
  const float rest_cosine = std::sqrt(std::max(rest_squares, 0.0F));
  for (const uint32_t text : touched) {
    const Shared shared = std::exchange(shared_[text], Shared());
    if (shared.information + rest_information >= least_information - kRounding &&
        shared.cosine + rest_cosine >= least_cosine) {
      candidates.push_back(text);
    }
  }
}

std::optional<Contamination> ContaminationIndex::FindByWords(std::string_view compared) {
  const std::vector<Word> words = WordsOf(compared);
  std::vector<uint32_t> candidates;
  AddLike(words, candidates);
  // A text that is said whole has its rarest words here.
  for (const Word& word : words) {
    const auto found = with_rarest_word_.find(word.hash);
    if (found == with_rarest_word_.end()) continue;
    candidates.insert(candidates.end(), found->second.begin(), found->second.end());
  }
  std::optional<Contamination> best;
  for (const uint32_t text : candidates) {
    const std::optional<Contamination> one = Judge(text, words);
    if (one && (!best || IsBetter(*one, *best))) best = one;
  }
  return best;
}

std::optional<Contamination> ContaminationIndex::Find(std::string_view compared) {
  if (auto variant = FindVariant(compared)) return variant;
  return FindByWords(compared);
}

std::vector<std::string> SharedPhrases(std::string_view compared, std::string_view other) {
  constexpr size_t kMostPhrases = 8;
  const std::vector<std::string_view> a = ComparedWords(compared);
  const std::vector<std::string_view> b = ComparedWords(other);
  absl::flat_hash_map<std::string_view, std::vector<size_t>> places;
  for (size_t j = 0; j < b.size(); ++j) places[b[j]].push_back(j);
  std::vector<std::pair<size_t, size_t>> runs;  // Words, and where in `a`.
  for (size_t i = 0; i < a.size();) {
    size_t longest = 0;
    const auto found = places.find(a[i]);
    if (found != places.end()) {
      for (const size_t j : found->second) {
        size_t n = 1;
        while (i + n < a.size() && j + n < b.size() && a[i + n] == b[j + n]) ++n;
        longest = std::max(longest, n);
      }
    }
    if (longest >= 2) runs.emplace_back(longest, i);
    i += std::max<size_t>(longest, 1);
  }
  std::stable_sort(runs.begin(), runs.end(),
                   [](const auto& x, const auto& y) { return x.first > y.first; });
  std::vector<std::string> phrases;
  for (const auto& [size, first] : runs) {
    if (phrases.size() == kMostPhrases) break;
    const char* begin = a[first].data();
    const char* end = a[first + size - 1].data() + a[first + size - 1].size();
    phrases.emplace_back(begin, end);
  }
  return phrases;
}

}  // namespace flywheel::curation
