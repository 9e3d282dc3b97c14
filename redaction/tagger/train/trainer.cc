#include "redaction/tagger/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "redaction/tagger/tagger.h"

namespace flywheel::redaction {
namespace {

using Lanes = std::array<float, kLanes>;

// What may follow: no span goes on that was not begun.
constexpr float kForbidden = -1e4F;
constexpr float kSmall = 0.1F;

bool MayFollow(size_t from, size_t to) {
  return to == 0 || to % 2 == 1 || from == to || from == to - 1;
}

struct Example {
  const LabelledText* text = nullptr;
  Window window;
  WindowKind kind;
  std::vector<uint8_t> tags;
};

std::vector<Example> ExamplesOf(const std::vector<LabelledText>& texts, const Tagger& tagger) {
  std::vector<Example> examples;
  for (const LabelledText& text : texts) {
    std::array<uint32_t, kLanguages> language_counts{};
    tagger.ForEachWindow(text.text, [&](const Window& window) {
      const WindowKind kind = KindOf(window, language_counts);
      if (!Tagger::IsCandidate(window)) return;
      examples.push_back({&text, window, kind, TagsOf(text, window)});
    });
  }
  return examples;
}

// Weights that learn: each divides its steps by the root of the squares of all gradients so far.
class Learner {
 public:
  Learner(const TrainOptions& options, ModelHeader& header)
      : options_(options),
        header_(header),
        weights_(size_t{1} << options.row_bits),
        squares_(weights_.size()),
        random_(options.seed) {
    for (size_t s = 0; s < kTags; ++s) {
      header_.first[s] = MayFollow(0, s) ? 0 : kForbidden;
      for (size_t t = 0; t < kTags; ++t) {
        header_.transitions[s][t] = MayFollow(s, t) ? 0 : kForbidden;
      }
    }
  }

  void Learn(std::vector<const Example*>& order) {
    std::shuffle(order.begin(), order.end(), random_);
    for (const Example* example : order) Step(*example);
  }

  const std::vector<Lanes>& weights() const { return weights_; }

 private:
  void Step(const Example& example) {
    const size_t size = example.window.size;
    // Which rows each word adds up, with the word itself hidden now and then.
    rows_.assign(size, {});
    lattice_.size = size;
    for (size_t i = 0; i < size; ++i) {
      lattice_.scores[i].fill(0);
      if (example.window.words[i].technical) {
        lattice_.scores[i].fill(kForbidden);
        lattice_.scores[i][0] = 0;
        continue;
      }
      WordFeatures features;
      FeaturesOf(example.text->text, example.window, example.kind, i, features);
      const bool hide = static_cast<double>(random_() >> 11) * 0x1p-53 < options_.hide_identity;
      for (size_t f = hide ? kIdentityFeatures : 0; f < kFeatures; ++f) {
        const size_t row = features[f] & (weights_.size() - 1);
        rows_[i].push_back(row);
        for (size_t t = 0; t < kLanes; ++t) lattice_.scores[i][t] += weights_[row][t];
      }
    }
    pairs_ = {};
    MarginalsOf(StepsOf(header_), lattice_, marginals_, &pairs_);
    // What is observed, less what is expected.
    for (size_t i = 0; i < size; ++i) {
      Lanes gradient{};
      for (size_t t = 0; t < kTags; ++t) gradient[t] = -marginals_[i][t];
      gradient[example.tags[i]] += 1;
      for (const size_t row : rows_[i]) {
        for (size_t t = 0; t < kLanes; ++t) {
          squares_[row][t] += gradient[t] * gradient[t];
          weights_[row][t] += options_.rate * gradient[t] / std::sqrt(squares_[row][t] + kSmall);
        }
      }
    }
    for (size_t i = 1; i < size; ++i) pairs_[example.tags[i - 1]][example.tags[i]] -= 1;
    for (size_t s = 0; s < kTags; ++s) {
      for (size_t t = 0; t < kTags; ++t) {
        if (!MayFollow(s, t)) continue;
        pair_squares_[s][t] += pairs_[s][t] * pairs_[s][t];
        header_.transitions[s][t] -=
            options_.rate * pairs_[s][t] / std::sqrt(pair_squares_[s][t] + kSmall);
      }
    }
  }

  const TrainOptions& options_;
  ModelHeader& header_;
  std::vector<Lanes> weights_, squares_;
  PairCounts pair_squares_{};
  std::mt19937_64 random_;
  // Of one step.
  std::vector<std::vector<size_t>> rows_;
  Lattice lattice_;
  Marginals marginals_{};
  PairCounts pairs_{};
};

template <typename Visit>
void ForEachLine(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::string EmptyModel(const TrainOptions& options, std::string_view lexicon,
                       std::string_view ordinary) {
  ModelHeader header;
  header.magic = kModelMagic;
  header.row_bits = options.row_bits;
  header.lexicon_bits = options.lexicon_bits;
  header.ordinary_bits = options.ordinary_bits;
  header.slope.fill(1);
  std::string model(sizeof header, '\0');
  std::memcpy(model.data(), &header, sizeof header);
  model.resize(model.size() + (size_t{1} << options.row_bits) * kLanes);
  // Open addressing, in the order of the file.
  const uint64_t slots = uint64_t{1} << options.lexicon_bits;
  std::vector<std::array<uint16_t, 2>> table(slots);
  ForEachLine(lexicon, [&](std::string_view line) {
    const size_t tab = line.find('\t');
    const auto bits = static_cast<uint16_t>(std::stoul(std::string(line.substr(0, tab))));
    const uint64_t hash = LowerHash(line.substr(tab + 1));
    uint64_t slot = LexiconSlot(hash, options.lexicon_bits);
    while (table[slot][0] != 0 && table[slot][0] != LexiconPrint(hash)) {
      slot = (slot + 1) & (slots - 1);
    }
    table[slot] = {LexiconPrint(hash), static_cast<uint16_t>(table[slot][1] | bits)};
  });
  model.append(reinterpret_cast<const char*>(table.data()), table.size() * sizeof table[0]);
  std::string bloom((size_t{1} << options.ordinary_bits) / 8, '\0');
  ForEachLine(ordinary, [&](std::string_view word) {
    for (int probe = 0; probe < kOrdinaryProbes; ++probe) {
      const uint64_t bit = OrdinaryBit(LowerHash(word), probe, options.ordinary_bits);
      bloom[bit / 8] = static_cast<char>(bloom[bit / 8] | 1 << bit % 8);
    }
  });
  return model + bloom;
}

size_t LearntBytes(const TrainOptions& options) {
  return sizeof(ModelHeader) + (size_t{1} << options.row_bits) * kLanes;
}

void Train(const TrainOptions& options, const std::vector<LabelledText>& texts,
           std::string& model) {
  const TaggerModel empty = TaggerModel::Read(model).value();
  const Tagger tagger(empty);
  const std::vector<Example> examples = ExamplesOf(texts, tagger);
  std::vector<const Example*> order;
  order.reserve(examples.size());
  for (const Example& example : examples) order.push_back(&example);
  ModelHeader header = empty.header();
  Learner learner(options, header);
  for (int epoch = 0; epoch < options.epochs; ++epoch) learner.Learn(order);
  // One unit for all weights; what few are larger are cut.
  constexpr float kLargest = 4;
  header.scale = kLargest / 127;
  std::memcpy(model.data(), &header, sizeof header);
  char* out = model.data() + sizeof header;
  for (const Lanes& row : learner.weights()) {
    for (const float weight : row) {
      const float unit = std::round(std::clamp(weight, -kLargest, kLargest) / header.scale);
      *out++ = static_cast<char>(static_cast<int8_t>(unit));
    }
  }
}

}  // namespace flywheel::redaction
