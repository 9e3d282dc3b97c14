// PII detector: finds the spans of a text that are personal data.
#ifndef FLYWHEEL_REDACTION_PII_DETECTOR_H_
#define FLYWHEEL_REDACTION_PII_DETECTOR_H_

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "redaction/context_words.h"
#include "redaction/recogniser.h"
#include "redaction/redaction_config.h"
#include "redaction/repeats.h"
#include "redaction/tagger/tagger.h"
#include "redaction/trigger_scanner.h"

namespace re2 {
class RE2;
}

namespace flywheel::redaction {

// Bytes [begin, end) of a text are personal data, so `recogniser` (an index into the table) says.
struct Finding {
  size_t begin = 0;
  size_t end = 0;
  size_t recogniser = 0;
};

// The table of recognisers, ready to run. Immutable after Make, so thread-safe: a process has one.
// Texts are redacted through a Redactor, see redactor.h.
//
//   ASSIGN_OR_RETURN(const RedactionConfig config, ReadRedactionConfig(path));
//   ASSIGN_OR_RETURN(const PiiDetector detector, PiiDetector::Make(config));
class PiiDetector {
 public:
  // INVALID_CONFIGURATION where a pattern of the configuration is no pattern, could match an empty
  // text or has more than one group, or a name is taken.
  static absl::StatusOr<PiiDetector> Make(const RedactionConfig& config);

  PiiDetector(PiiDetector&&) noexcept;
  PiiDetector& operator=(PiiDetector&&) noexcept;
  ~PiiDetector();

  // Replaces the content of `findings` by what is found in `text`: in ascending order, not
  // overlapping, never a part of a placeholder. Linear in the size of the text, whatever it is.
  void Find(std::string_view text, std::vector<Finding>& findings) const;

  const Recogniser& recogniser(size_t index) const { return table_[index]; }

 private:
  PiiDetector();

  absl::Status Add(const Recogniser& recogniser);
  // Rows of the tagger's types, which stand behind all others and are tried nowhere.
  void AddTagger(const TaggerThresholds& thresholds);
  // Adds what the tagger finds where no rule found anything.
  void FindByTagger(std::string_view text, std::vector<Finding>& findings) const;
  // Makes one of names, and of parts of an address, that stand directly side by side where one of
  // them is the tagger's.
  void Join(std::string_view text, std::vector<Finding>& findings) const;
  // Do the words around the finding, or its key, say what the recogniser asks for?
  bool IsNamed(std::string_view text, const Finding& finding) const;
  // What the row's pattern, or its finder, takes for the value at `place`; empty for none.
  ValueSpan Match(std::string_view text, size_t index, size_t place) const;
  // The value that the recogniser finds at `place`; false for none.
  bool Try(std::string_view text, size_t index, size_t place, Finding& finding) const;

  // Makes a finding of an address the whole block that it belongs to; true where one has grown.
  bool GrowAddresses(std::string_view text, std::vector<Finding>& findings) const;
  // What a row said of a place in a long text at which it was tried.
  struct Tried {
    size_t place = 0;
    bool found = false;
    Finding finding;
  };
  // The last places, as a text that repeats may ask at several places each time.
  struct LastTried {
    std::array<Tried, 4> places;
    size_t next = 0;
  };
  // The same, where the bytes around `place` that a row looks at are those of the last place.
  bool TryAgain(std::string_view text, size_t index, size_t place, LastTried& tried,
                Repeats& repeats, Finding& finding) const;

  std::vector<Recogniser> table_;
  std::vector<std::unique_ptr<re2::RE2>> patterns_;  // Null where the row has a finder.
  // What row i of the table asks of the words around it.
  struct Surroundings {
    ContextWords context, keys, not_after;
  };
  std::vector<Surroundings> surroundings_;
  TriggerScanner scanner_;
  Tagger tagger_;
  TaggerThresholds thresholds_;
  Wanted wanted_ = Wanted::kAll;  // So the thresholds say.
  size_t first_tagged_ = 0;       // The row of kTaggedTypes[0].
  std::vector<size_t> scans_;     // The rows that find by themselves.
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_PII_DETECTOR_H_
