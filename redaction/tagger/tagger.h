// Tagger: finds names, addresses and more in running text by a linear model, where no rule does.
#ifndef FLYWHEEL_REDACTION_TAGGER_TAGGER_H_
#define FLYWHEEL_REDACTION_TAGGER_TAGGER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "redaction/tagger/features.h"
#include "redaction/tagger/lattice.h"
#include "redaction/tagger/model.h"
#include "redaction/tagger/word.h"

namespace flywheel::redaction {

// Bytes [begin, end) of a text are of a type, an index of kTaggedTypes, as sure as `confidence`
// says (0 to 1).
struct TaggedSpan {
  size_t begin = 0;
  size_t end = 0;
  size_t type = 0;
  float confidence = 0;
};

// What is looked for. Names and addresses alone cost less: most words cannot be of one.
enum class Wanted : uint8_t { kAll, kNamesAndAddresses };

// Reads a text in windows of whole sentences, 72 words at most, and decides every word of a window
// together: a conditional random field over hashed features with weights of one byte. Windows in
// which nothing can be a name or an address are passed over: those cost a look at each word.
// Linear in the text, deterministic, immutable and so thread-safe.
//
//   const Tagger tagger;
//   std::vector<TaggedSpan> spans;
//   tagger.Find("ask Zebulon Pike about it", spans);   // {4, 16, 0, .98}
class Tagger {
 public:
  // The model must outlive it.
  explicit Tagger(const TaggerModel& model = TaggerModel::Builtin())
      : model_(&model), steps_(StepsOf(model.header())) {}

  // Replaces the content of `spans` by what is found, ascending, not overlapping. Of types that are
  // not wanted some may be among it.
  void Find(std::string_view text, std::vector<TaggedSpan>& spans,
            Wanted wanted = Wanted::kAll) const;

  // Calls `visit(window)` for every window of `text`, with the lexicon's bits.
  template <typename Visit>
  void ForEachWindow(std::string_view text, Visit visit) const;

  // Can a word of the window be a name, or a number be the house's?
  static bool IsCandidate(const Window& window);

 private:
  // As ForEachWindow(), where kOrdinary is only known of words of which IsReadWhole().
  template <typename Visit>
  void ReadWindows(std::string_view text, Visit visit) const;
  // Most words are in lower case and no name: nobody asks how ordinary they are.
  static bool IsReadWhole(const Word& word) {
    return word.shape != Shape::kLower || (word.lexicon & kGivenName) != 0;
  }
  // Looks up what ReadWindows() did not.
  void Complete(Window& window) const;
  // The sum of the weights of all features, by tag.
  std::array<int16_t, kLanes> SumOf(const WordFeatures& features) const;
  // What the weights say of the words [begin, end) of a window.
  void Score(std::string_view text, const Window& window, const WindowKind& kind, size_t begin,
             size_t end, Lattice& lattice) const;
  void Decide(std::string_view text, const Window& window, const WindowKind& kind, Wanted wanted,
              std::vector<TaggedSpan>& spans) const;
  void DecideRun(std::string_view text, const Window& window, const WindowKind& kind, size_t begin,
                 size_t end, Lattice& lattice, std::vector<TaggedSpan>& spans) const;
  void AddSpan(std::string_view text, const Window& window, const WindowKind& kind, TaggedSpan span,
               std::vector<TaggedSpan>& spans) const;
  // Does the window end behind `word`?
  static bool Ends(std::string_view text, const Window& window);

  const TaggerModel* model_;
  Steps steps_;
};

template <typename Visit>
void Tagger::ReadWindows(std::string_view text, Visit visit) const {
  WordReader reader(text);
  Window window;
  Shape last = Shape::kLineEnd;
  while (reader.Next(window.words[window.size])) {
    Word& word = window.words[window.size];
    if (IsWordShape(word.shape)) {
      word.lexicon = model_->EntryOf(word.lower);
      if (IsReadWhole(word)) word.lexicon |= model_->OrdinaryOf(word.lower);
    }
    word.starts = last == Shape::kLineEnd || last == Shape::kPeriod || last == Shape::kQuote ||
                  last == Shape::kBracket || (last == Shape::kDash && window.size == 1);
    last = word.shape;
    ++window.size;
    if (window.size < kMaxWindow && !Ends(text, window)) continue;
    visit(window);
    window.size = 0;
    last = Shape::kLineEnd;
  }
  if (window.size > 0) visit(window);
}

template <typename Visit>
void Tagger::ForEachWindow(std::string_view text, Visit visit) const {
  ReadWindows(text, [&](Window& window) {
    Complete(window);
    visit(window);
  });
}

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_TAGGER_H_
