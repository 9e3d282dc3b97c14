#include "redaction/conversation/conversation_redactor.h"

#include <algorithm>
#include <utility>

#include "redaction/conversation/answers.h"
#include "redaction/conversation/labelled_lines.h"
#include "redaction/conversation/labelled_turns.h"
#include "redaction/conversation/words.h"
#include "redaction/name_lists.h"
#include "redaction/redactor.h"
#include "redaction/text_edit.h"
#include "shared/status/errors.h"

namespace flywheel::redaction {
namespace {

// Says of all spans of which nobody did why they are there.
void SayWhy(std::vector<PersonalSpan>& spans, std::string_view why) {
  for (PersonalSpan& span : spans) {
    if (span.why.empty()) span.why = why;
  }
}

}  // namespace

void ConversationRedactor::Add(Speaker speaker, std::string* text) {
  if (text->empty()) return;
  Text added;
  added.speaker = speaker;
  added.text = text;
  texts_.push_back(std::move(added));
}

void ConversationRedactor::AddNamed(
    const std::vector<std::pair<std::string_view, std::string*>>& texts) {
  KeyedObject object;
  for (const auto& [name, text] : texts) object.Add(KindOfKey(name));
  for (const auto& [name, text] : texts) {
    if (text->empty()) continue;
    Add(Speaker::kOther, text);
    texts_.back().object = object;
    texts_.back().key = KindOfKey(name);
  }
}

void ConversationRedactor::Know(DataType type, std::string_view value) {
  // An address as an id is an address: its form says more than its place.
  detector_.Find(value, findings_);
  if (findings_.size() == 1 && findings_[0].begin == 0 && findings_[0].end == value.size()) {
    const Recogniser& recogniser = detector_.recogniser(findings_[0].recogniser);
    known_.Add(recogniser.type, recogniser.label, value, Spread::kWhole);
  } else {
    known_.Add(type, DataTypeName(type), value, Spread::kWhole);
  }
}

Spread ConversationRedactor::SpreadOf(const Finding& finding, std::string_view value) const {
  const Recogniser& recogniser = detector_.recogniser(finding.recogniser);
  if (SpreadsByItself(recogniser.type)) return Spread::kNone;
  if (recogniser.type != DataType::kName) return Spread::kWhole;
  // A name spreads by its parts where little doubt is left that it is one.
  const std::string_view row = recogniser.name;
  const std::string_view first = value.substr(0, value.find_first_of(" \t\n,"));
  const bool sure = LookUpName(first).given || row.substr(0, 15) == "name_introduced" ||
                    row == "name_after_title" || row.substr(0, 10) == "name_field";
  if (sure) return Spread::kParts;
  return value.find(' ') == std::string_view::npos ? Spread::kNone : Spread::kWhole;
}

void ConversationRedactor::Look(Text& text) {
  text.is_new = false;
  text.spans.clear();
  text.json.reset();
  std::string_view plain = *text.text;
  // Where there are escapes, the JSON's meaning is what is looked at; others found things in its
  // strings.
  const bool may_be_json = StartsLikeJson(plain);
  const bool is_asked_about = found_ != nullptr && std::exchange(text.is_unseen, false);
  if (may_be_json && (is_asked_about || plain.find('\\') != std::string_view::npos)) {
    if (auto tokens = JsonTokens(plain)) text.json.emplace(plain, *std::move(tokens));
  }
  if (text.json) plain = text.json->plain();
  detector_.Find(plain, findings_);
  for (const Finding& finding : findings_) {
    const Recogniser& recogniser = detector_.recogniser(finding.recogniser);
    const std::string_view value = plain.substr(finding.begin, finding.end - finding.begin);
    text.spans.push_back({finding.begin, finding.end, recogniser.type, recogniser.label,
                          SpreadOf(finding, value), false, recogniser.name});
  }
  KeyedValues keyed;
  if (text.json) {
    text.json->FindKeyed(*text.text, keyed);
  } else {
    FindKeyedValues(*text.text, keyed);
    if (!may_be_json) FindLabelledLines(*text.text, keyed);
  }
  AddKeyed(keyed, text.spans);
  SayWhy(text.spans, kBecauseOfKey);
  full_names_.insert(full_names_.end(), keyed.full_names.begin(), keyed.full_names.end());
  if (!may_be_json) FindAnswersInDialogue(*text.text, text.spans);
  SayWhy(text.spans, kBecauseOfQuestion);
  if (text.object) {
    auto span = text.object->Decide(text.key, *text.text, true);
    if (span) {
      span->end = text.text->size();
      span->why = kBecauseOfKey;
      text.spans.push_back(*span);
    }
  }
  // Last, so that our own names what both found.
  if (is_asked_about) {
    const JsonText* const json = text.json ? &*text.json : nullptr;
    missed_ = !found_->AppendTo(text.speaker, plain, json, text.spans) || missed_;
    SayWhy(text.spans, kBecauseOfRecogniser);
  }
}

void ConversationRedactor::LookForAnswers() {
  // What was asked for last, read when somebody answers.
  std::vector<const std::string*> said;
  std::vector<AskedFor> asked;
  bool agent_spoke = false;
  for (Text& text : texts_) {
    if (text.speaker == Speaker::kAgent) {
      if (!agent_spoke) said.clear();
      agent_spoke = true;
      said.push_back(text.text);
    } else if (text.speaker == Speaker::kUser) {
      if (agent_spoke) {
        asked.clear();
        for (const std::string* one : said) {
          for (const AskedFor kind : ReadQuestion(*one)) asked.push_back(kind);
        }
      }
      agent_spoke = false;
      if (!asked.empty() && !StartsLikeJson(*text.text)) {
        FindAnswers(*text.text, asked, text.spans);
        SayWhy(text.spans, kBecauseOfQuestion);
      }
    }
  }
}

std::string ConversationRedactor::Placeholder(const PersonalSpan& span, std::string_view value) {
  // Counted by type, so that nothing of the value is kept outside of the redactor.
  ++counts_[static_cast<size_t>(span.type)];
  return known_.Placeholder(span.type, span.label, value);
}

void ConversationRedactor::Note(Text& text, const PersonalSpan& span, std::string_view value,
                                size_t begin, size_t end, const std::string& placeholder) const {
  if (!explains_) return;
  if (!text.is_original) {
    begin = PlaceOutside(text.original, value, text.explanations);
    if (begin == std::string_view::npos) begin = end = text.original.size();
    if (begin < text.original.size()) end = begin + value.size();
  }
  text.explanations.push_back({begin, end, span.type, std::string(span.why), placeholder});
}

bool ConversationRedactor::Replace(Text& text) {
  // Most texts have nothing to replace, and their JSON is not read.
  const std::string_view plain = text.json ? std::string_view(text.json->plain()) : *text.text;
  const bool may_be_json = StartsLikeJson(*text.text);
  if (!text.json && may_be_json) {
    known_.FindIn(plain, false, text.spans);
    if (text.spans.empty()) return false;
    if (auto tokens = JsonTokens(*text.text)) {
      text.json.emplace(*text.text, *std::move(tokens));
    }
  } else {
    known_.FindIn(plain, !may_be_json, text.spans);
  }
  if (text.spans.empty()) return false;
  SayWhy(text.spans, kBecauseKnown);
  MergeSpans(text.spans);
  if (explains_ && text.is_original) text.original = *text.text;
  const auto placeholder = [&](const PersonalSpan& span, std::string_view value) {
    std::string with = Placeholder(span, value);
    const auto begin = static_cast<size_t>(value.data() - text.json->plain().data());
    const auto [first, last] = text.json->InJson(*text.text, begin, begin + value.size());
    Note(text, span, value, first, last, with);
    return with;
  };
  bool changed = true;
  if (text.json) {
    changed = text.json->Replace(*text.text, text.spans, placeholder);
  } else {
    std::vector<TextEdit> edits;
    edits.reserve(text.spans.size());
    for (const PersonalSpan& span : text.spans) {
      const std::string_view value = plain.substr(span.begin, span.end - span.begin);
      std::string with = Placeholder(span, value);
      Note(text, span, value, span.begin, span.end, with);
      if (span.is_bare) with.insert(0, 1, '"').push_back('"');
      edits.push_back({span.begin, span.end, std::move(with)});
    }
    *text.text = ApplyEdits(*text.text, edits);
  }
  text.spans.clear();
  text.json.reset();
  text.is_new = changed;
  text.is_original = text.is_original && !changed;
  return changed;
}

absl::StatusOr<bool> ConversationRedactor::Finish() {
  bool any_changed = false;
  for (int round = 0; round < kMaxRounds; ++round) {
    // 1. Find in all texts, 2. know it, 3. replace it in all: a text may tell about one before it.
    full_names_.clear();
    for (Text& text : texts_) {
      if (text.is_new) Look(text);
    }
    if (missed_) return errors::RecogniserUnavailable(kMissed);
    LookForAnswers();
    const bool nothing = std::all_of(texts_.begin(), texts_.end(),
                                     [](const Text& text) { return text.spans.empty(); });
    if (nothing && known_.spreads_nothing()) return any_changed;
    if (round == 0) {
      for (const Text& text : texts_) known_.SkipNumbers(*text.text);
    }
    for (const std::string& name : full_names_) {
      known_.Add(DataType::kName, DataTypeName(DataType::kName), name, Spread::kParts);
    }
    for (const Text& text : texts_) {
      const std::string_view plain = text.json ? std::string_view(text.json->plain()) : *text.text;
      for (const PersonalSpan& span : text.spans) {
        known_.Add(span.type, span.label, plain.substr(span.begin, span.end - span.begin),
                   span.spread);
      }
    }
    known_.Resolve();
    bool changed = false;
    for (Text& text : texts_) changed = Replace(text) || changed;
    any_changed = any_changed || changed;
    if (!changed) return any_changed;
  }
  return RefusesToSettle();
}

}  // namespace flywheel::redaction
