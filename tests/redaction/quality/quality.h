// Measures redaction on a half of the labelled set.
#ifndef FLYWHEEL_TESTS_REDACTION_QUALITY_QUALITY_H_
#define FLYWHEEL_TESTS_REDACTION_QUALITY_QUALITY_H_

#include <array>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "redaction/pii_detector.h"
#include "tests/redaction/quality/labelled_set.h"

namespace flywheel::redaction {

struct Share {
  int part = 0;
  int of = 0;

  void Add(bool is_part) {
    part += is_part ? 1 : 0;
    ++of;
  }
  // 0 of none.
  double value() const { return of == 0 ? 0 : static_cast<double>(part) / of; }
};

// Spans found, and findings that are right.
struct SpanShares {
  // Labels of which every letter and digit was replaced, under whatever name: what matters is what
  // stays on the disk.
  Share recall;
  // Findings of which at least half the bytes are labelled.
  Share precision;

  // (1 + 4) P R / (4 P + R): recall weighs more.
  double f2() const;
};

struct TypeQuality {
  SpanShares spans;  // Its precision counts only labels of the type, or of one that says the same.
  // How often its labels went under each name, "left" or "in part".
  std::map<std::string, int> found_as;
};

struct Quality {
  SpanShares all;
  // Without organisations, places, dates and ages, which are no personal data by themselves.
  SpanShares core;
  std::array<TypeQuality, kDataTypes> types;
  std::map<std::string, Share> recall_by_language, recall_by_register;  // Of the core.
  Share clean_changed;
  Share ordinary_changed;  // Kinds of text of ordinary_text.h.
  // Bare answers that were replaced, and of those that are no personal data the changed ones.
  Share answers, ordinary_answers_changed;
  std::map<std::string, Share> answers_by_kind;
  // Occurrences in dialogues: values that stayed though they are personal data, by type, and values
  // that must survive and did not.
  std::map<DataType, Share> dialogue_left;
  Share dialogue_lost;
  // What went wrong, a line each. Only of the half that may be looked at.
  std::vector<std::string> faults;
};

// Over all documents and conversations of `set`. An error of redaction is one of this.
absl::StatusOr<Quality> MeasureQuality(const PiiDetector& detector, const LabelledSet& set,
                                       Half half);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_QUALITY_QUALITY_H_
