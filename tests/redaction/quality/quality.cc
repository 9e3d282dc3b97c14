#include "tests/redaction/quality/quality.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "shared/status/status_macros.h"
#include "tests/redaction/ordinary_text.h"
#include "tests/redaction/quality/redacted.h"

namespace flywheel::redaction {
namespace {

bool IsWordByte(char c) {
  return (c & 0x80) != 0 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         (c >= 'a' && c <= 'z');
}

bool IsCore(DataType type) {
  return type != DataType::kOrganisation && type != DataType::kPlace && type != DataType::kDate &&
         type != DataType::kAge;
}

// A birthday is a date, and a town belongs to an address or stands alone.
DataType Group(DataType type) {
  switch (type) {
    case DataType::kBirthDate:
      return DataType::kDate;
    case DataType::kPlace:
    case DataType::kLocation:
      return DataType::kAddress;
    default:
      return type;
  }
}

size_t Overlap(const TypedSpan& a, const TypedSpan& b) {
  const size_t begin = std::max(a.begin, b.begin);
  const size_t end = std::min(a.end, b.end);
  return begin < end ? end - begin : 0;
}

std::string_view Bytes(std::string_view text, const TypedSpan& span) {
  return text.substr(span.begin, span.end - span.begin);
}

// How often `value` stands in `text` as a word of its own.
int Occurrences(std::string_view text, std::string_view value) {
  const auto is_word = [](char c) { return IsWordByte(c) || c == '_'; };
  int count = 0;
  for (size_t begin = text.find(value); begin != std::string_view::npos;
       begin = text.find(value, begin + 1)) {
    const size_t end = begin + value.size();
    const bool cut = (begin > 0 && is_word(text[begin - 1]) && is_word(value.front())) ||
                     (end < text.size() && is_word(text[end]) && is_word(value.back()));
    count += cut ? 0 : 1;
  }
  return count;
}

class Measure {
 public:
  Measure(const PiiDetector& detector, bool keep_faults)
      : detector_(detector), keep_faults_(keep_faults) {}

  absl::Status Add(const Document& document) {
    ASSIGN_OR_RETURN(const auto texts, RedactedTurns(detector_, {{Role::kUser, document.text}}));
    const auto found = ReplacedSpans(document.text, texts[0]);
    if (!found.has_value()) {
      return absl::InternalError("'" + texts[0] + "' is not made of '" + document.text + "'");
    }
    if (document.spans.empty()) {
      quality_.clean_changed.Add(!found->empty());
      if (!found->empty()) Fault("clean", texts[0]);
    }
    for (const TypedSpan& label : document.spans) AddLabel(document, label, *found);
    for (const TypedSpan& finding : *found) AddFinding(document, finding);
    return absl::OkStatus();
  }

  absl::Status Add(const Conversation& conversation) {
    ASSIGN_OR_RETURN(const auto texts, RedactedTurns(detector_, conversation.turns));
    if (conversation.kind == "dialogue") {
      AddDialogue(conversation, texts);
    } else {
      AddAnswer(conversation, texts);
    }
    return absl::OkStatus();
  }

  absl::Status AddOrdinary(const std::string& text, Role role) {
    ASSIGN_OR_RETURN(const auto texts, RedactedTurns(detector_, {{role, text}}));
    quality_.ordinary_changed.Add(texts[0] != text);
    if (texts[0] != text) Fault("ordinary", text);
    return absl::OkStatus();
  }

  Quality Take() { return std::move(quality_); }

 private:
  void Fault(std::string_view what, std::string_view where) {
    if (keep_faults_) quality_.faults.push_back(fmt::format("{}: {}", what, where));
  }

  TypeQuality& Of(DataType type) { return quality_.types[static_cast<size_t>(type)]; }

  void AddLabel(const Document& document, const TypedSpan& label,
                const std::vector<TypedSpan>& found) {
    std::string_view name = "left";
    size_t most = 0;
    std::string replaced(label.end - label.begin, '\0');
    for (const TypedSpan& finding : found) {
      const size_t overlap = Overlap(label, finding);
      if (overlap == 0) continue;
      if (overlap > most) name = DataTypeName(finding.type);
      most = std::max(most, overlap);
      std::fill_n(replaced.begin() + static_cast<std::ptrdiff_t>(
                                         std::max(label.begin, finding.begin) - label.begin),
                  overlap, '\1');
    }
    bool covered = true;
    for (size_t i = 0; i < replaced.size(); ++i) {
      if (IsWordByte(document.text[label.begin + i]) && replaced[i] == '\0') covered = false;
    }
    if (!covered && most > 0) name = "in part";
    ++Of(label.type).found_as[std::string(name)];
    Of(label.type).spans.recall.Add(covered);
    quality_.all.recall.Add(covered);
    if (!covered) {
      Fault(fmt::format("{} {}", DataTypeName(label.type), name),
            fmt::format("<{}> in {}", Bytes(document.text, label), document.text));
    }
    if (!IsCore(label.type)) return;
    quality_.core.recall.Add(covered);
    quality_.recall_by_language[document.language].Add(covered);
    quality_.recall_by_register[document.register_name].Add(covered);
  }

  void AddFinding(const Document& document, const TypedSpan& finding) {
    size_t labelled = 0;
    size_t as_said = 0;
    for (const TypedSpan& label : document.spans) {
      const size_t overlap = Overlap(label, finding);
      labelled += overlap;
      if (Group(label.type) == Group(finding.type)) as_said += overlap;
    }
    const size_t size = finding.end - finding.begin;
    const bool right = 2 * labelled >= size;
    quality_.all.precision.Add(right);
    if (IsCore(finding.type)) quality_.core.precision.Add(right);
    Of(finding.type).spans.precision.Add(2 * as_said >= size);
    if (2 * as_said < size) {
      Fault(fmt::format("{} wrong", DataTypeName(finding.type)),
            fmt::format("<{}> in {}", Bytes(document.text, finding), document.text));
    }
  }

  void AddAnswer(const Conversation& conversation, const std::vector<std::string>& texts) {
    const std::string& said = conversation.turns.back().text;
    const std::string& stored = texts.back();
    if (conversation.gone.empty()) {
      quality_.ordinary_answers_changed.Add(stored != said);
      if (stored != said) Fault("answer changed", conversation.turns[0].text + " " + said);
      return;
    }
    // No word of it stays: neither a first name nor the half of a postcode.
    bool gone = stored != said;
    const std::string& value = conversation.gone[0].value;
    for (size_t i = 0; i < value.size();) {
      size_t end = i;
      while (end < value.size() && IsWordByte(value[end])) ++end;
      if (end - i > 1 && Occurrences(stored, value.substr(i, end - i)) > 0) gone = false;
      i = end + 1;
    }
    quality_.answers.Add(gone);
    quality_.answers_by_kind[conversation.kind].Add(gone);
    if (!gone) Fault("answer " + conversation.kind, conversation.turns[0].text + " " + said);
  }

  void AddDialogue(const Conversation& conversation, const std::vector<std::string>& texts) {
    for (size_t i = 0; i < texts.size(); ++i) {
      const std::string& before = conversation.turns[i].text;
      for (const auto& [value, type] : conversation.gone) {
        const int left = Occurrences(texts[i], value);
        Share& share = quality_.dialogue_left[type];
        share.of += Occurrences(before, value);
        share.part += left;
        if (left > 0) Fault(fmt::format("dialogue {} '{}'", DataTypeName(type), value), texts[i]);
      }
      for (const std::string& value : conversation.kept) {
        const int was = Occurrences(before, value);
        const int lost = std::max(0, was - Occurrences(texts[i], value));
        quality_.dialogue_lost.of += was;
        quality_.dialogue_lost.part += lost;
        if (lost > 0) Fault(fmt::format("dialogue lost '{}'", value), before);
      }
    }
  }

  const PiiDetector& detector_;
  const bool keep_faults_;
  Quality quality_;
};

}  // namespace

double SpanShares::f2() const {
  const double p = precision.value();
  const double r = recall.value();
  return p + r == 0 ? 0 : 5 * p * r / (4 * p + r);
}

absl::StatusOr<Quality> MeasureQuality(const PiiDetector& detector, const LabelledSet& set,
                                       Half half) {
  Measure measure(detector, half == Half::kTune);
  for (const Document& document : set.documents) RETURN_IF_ERROR(measure.Add(document));
  for (const Conversation& conversation : set.conversations) {
    RETURN_IF_ERROR(measure.Add(conversation));
  }
  for (const std::string& text : OrdinaryTexts()) {
    RETURN_IF_ERROR(measure.AddOrdinary(text, Role::kUser));
  }
  for (const std::string& json : OrdinaryJson()) {
    RETURN_IF_ERROR(measure.AddOrdinary(json, Role::kToolResult));
  }
  return measure.Take();
}

}  // namespace flywheel::redaction
