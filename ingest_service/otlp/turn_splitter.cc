#include "ingest_service/otlp/turn_splitter.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ingest_service/otlp/text_reader.h"
#include "ingest_service/otlp/turn_builder.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kNobody = static_cast<size_t>(-1);

bool SpeaksToPeople(SpanKind kind) {
  return kind == SpanKind::kAgent || kind == SpanKind::kChain || kind == SpanKind::kModel;
}

bool IsWork(SpanKind kind) {
  return SpeaksToPeople(kind) || kind == SpanKind::kTool || kind == SpanKind::kRetriever;
}

// What a person said last at a span; empty where it is told nothing.
std::string QuestionAt(const TraceSpan& span) {
  for (auto message = span.input_messages.rbegin(); message != span.input_messages.rend();
       ++message) {
    if (IsPersonsWord(*message)) return message->text;
  }
  return SpeaksToPeople(span.kind) ? ReadText(span.input, common::v1::ROLE_USER) : "";
}

std::string InstructionsOf(const TraceSpan& span) {
  if (!span.system_instructions.empty()) return span.system_instructions;
  for (const ChatMessage& message : span.input_messages) {
    if (message.role == common::v1::ROLE_SYSTEM) return message.text;
  }
  return "";
}

// A span with all that is below it, as one step of what its parent does.
struct Branch {
  size_t root = kNobody;
  uint64_t start = 0;
  uint64_t end = 0;
  // By the first span of it that was told anything.
  std::string question;
  const TraceSpan* told = nullptr;
  // Of the agent that answers.
  std::string agent;
};

class Splitter {
 public:
  explicit Splitter(const std::vector<TraceSpan>& spans)
      : spans_(spans),
        parents_(spans.size(), kNobody),
        children_(spans.size()),
        questions_(spans.size()) {
    Link();
  }

  std::vector<std::vector<TraceSpan>> Run() {
    // Down from the roots, as long as one branch does all the work and its top says nothing.
    std::vector<size_t> above;
    std::vector<Branch> branches = BranchesOf(roots_);
    while (branches.size() == 1) {
      const size_t top = branches.front().root;
      if (!IsSilent(spans_[top])) return {spans_};
      above.push_back(top);
      branches = BranchesOf(children_[top]);
    }
    return Divide(above, Group(branches));
  }

 private:
  void Link() {
    absl::flat_hash_map<std::string_view, size_t> places;
    for (size_t i = 0; i < spans_.size(); ++i) {
      if (!spans_[i].span_id.empty()) places.emplace(spans_[i].span_id, i);
    }
    for (size_t i = 0; i < spans_.size(); ++i) {
      const auto parent = places.find(spans_[i].parent_id);
      const bool has_parent = parent != places.end() && !IsBelow(parent->second, i);
      if (has_parent) parents_[i] = parent->second;
      (has_parent ? children_[parent->second] : roots_).push_back(i);
    }
  }

  // Senders make rings by mistake.
  bool IsBelow(size_t span, size_t other) const {
    for (; span != kNobody; span = parents_[span]) {
      if (span == other) return true;
    }
    return false;
  }

  // A span that does no more than to hold others.
  static bool IsSilent(const TraceSpan& span) {
    const bool holds = span.kind == SpanKind::kOther || span.kind == SpanKind::kAgent ||
                       span.kind == SpanKind::kChain;
    return holds && span.input_messages.empty() && span.output_messages.empty() &&
           span.input.empty() && span.output.empty();
  }

  void Visit(size_t root, const auto& visit) const {
    std::vector<size_t> waiting = {root};
    while (!waiting.empty()) {
      const size_t place = waiting.back();
      waiting.pop_back();
      visit(place);
      waiting.insert(waiting.end(), children_[place].begin(), children_[place].end());
    }
  }

  // Each is read once, however deep it stands.
  const std::string& Question(size_t place) {
    if (!questions_[place]) questions_[place] = QuestionAt(spans_[place]);
    return *questions_[place];
  }

  // Those that do some work, by start.
  std::vector<Branch> BranchesOf(const std::vector<size_t>& roots) {
    std::vector<Branch> branches;
    for (const size_t root : roots) {
      bool works = false;
      Branch branch;
      branch.root = root;
      branch.start = spans_[root].start_unix_nano;
      const TraceSpan* agent = nullptr;
      Visit(root, [&](size_t place) {
        const TraceSpan& span = spans_[place];
        works = works || IsWork(span.kind);
        branch.end = std::max(branch.end, span.end_unix_nano);
        const auto is_first = [&](const TraceSpan* known) {
          return known == nullptr || span.start_unix_nano < known->start_unix_nano;
        };
        if (SpeaksToPeople(span.kind) && is_first(branch.told)) {
          const std::string& question = Question(place);
          if (!question.empty()) {
            branch.question = question;
            branch.told = &span;
          }
        }
        if (!span.agent.empty() && is_first(agent)) agent = &span;
      });
      if (agent != nullptr) branch.agent = agent->agent;
      if (branch.agent.empty() && spans_[root].kind == SpanKind::kAgent) {
        branch.agent = spans_[root].name;
      }
      if (works) branches.push_back(std::move(branch));
    }
    std::stable_sort(branches.begin(), branches.end(), [](const Branch& one, const Branch& other) {
      return one.start < other.start;
    });
    return branches;
  }

  // Whether what `next` was told before its question has the question of `earlier`.
  static bool Remembers(const Branch& next, const Branch& earlier) {
    const std::vector<ChatMessage>& told = next.told->input_messages;
    return std::any_of(told.begin(), told.end(), [&](const ChatMessage& message) {
      return IsPersonsWord(message) && message.text == earlier.question;
    });
  }

  bool IsNextTurn(const Branch& next, const Branch& turn, uint64_t turn_end, bool models_alone) {
    if (next.question.empty() || turn.question.empty() || next.question == turn.question) {
      return false;
    }
    // What runs at the same time is no conversation.
    if (next.start < turn_end) return false;
    if (Remembers(next, turn)) return true;
    if (!next.agent.empty() || !turn.agent.empty()) return next.agent == turn.agent;
    // Models without an agent: with the same instructions they answer the same person, unless there
    // are none and they work for retrievers and tools between them.
    const SpanKind kind = spans_[next.root].kind;
    if (kind != SpanKind::kModel || spans_[turn.root].kind != kind) return false;
    const std::string instructions = InstructionsOf(*next.told);
    return instructions == InstructionsOf(*turn.told) && (!instructions.empty() || models_alone);
  }

  // The branches of each turn, by start.
  std::vector<std::vector<size_t>> Group(const std::vector<Branch>& branches) {
    const bool models_alone = std::all_of(
        branches.begin(), branches.end(),
        [&](const Branch& branch) { return spans_[branch.root].kind == SpanKind::kModel; });
    std::vector<std::vector<size_t>> turns;
    const Branch* lead = nullptr;
    uint64_t end = 0;
    for (const Branch& branch : branches) {
      const bool next = lead != nullptr && turns.size() < kMaxTurns &&
                        IsNextTurn(branch, *lead, end, models_alone);
      if (turns.empty() || next) turns.emplace_back();
      if (lead == nullptr || next || lead->question.empty()) lead = &branch;
      end = next ? branch.end : std::max(end, branch.end);
      turns.back().push_back(branch.root);
    }
    return turns;
  }

  // What is above the turns keeps its names, for each of them.
  static TraceSpan NamesOf(const TraceSpan& span, const std::vector<TraceSpan>& turn) {
    TraceSpan names = span;
    names.kind = SpanKind::kOther;
    names.failed = false;
    names.prompt_tokens.reset();
    names.completion_tokens.reset();
    names.cost_usd.reset();
    names.evaluations.clear();
    names.start_unix_nano = turn.front().start_unix_nano;
    names.end_unix_nano = 0;
    for (const TraceSpan& inside : turn) {
      names.start_unix_nano = std::min(names.start_unix_nano, inside.start_unix_nano);
      names.end_unix_nano = std::max(names.end_unix_nano, inside.end_unix_nano);
    }
    return names;
  }

  std::vector<std::vector<TraceSpan>> Divide(const std::vector<size_t>& above,
                                             const std::vector<std::vector<size_t>>& groups) const {
    if (groups.size() < 2) return {spans_};
    // Whatever is in no turn and above none is in the first: it says something of them all.
    std::vector<size_t> turn_of(spans_.size(), 0);
    for (size_t turn = 0; turn < groups.size(); ++turn) {
      for (const size_t root : groups[turn]) {
        Visit(root, [&](size_t place) { turn_of[place] = turn; });
      }
    }
    std::vector<std::vector<TraceSpan>> turns(groups.size());
    for (size_t i = 0; i < spans_.size(); ++i) {
      const bool is_above = std::find(above.begin(), above.end(), i) != above.end();
      if (!is_above) turns[turn_of[i]].push_back(spans_[i]);
    }
    for (std::vector<TraceSpan>& turn : turns) {
      const bool first = &turn == &turns.front();
      std::vector<TraceSpan> names;
      for (const size_t place : above) {
        names.push_back(NamesOf(spans_[place], turn));
        if (first) names.back().evaluations = spans_[place].evaluations;
      }
      turn.insert(turn.begin(), names.begin(), names.end());
    }
    return turns;
  }

  const std::vector<TraceSpan>& spans_;
  std::vector<size_t> parents_;
  std::vector<std::vector<size_t>> children_;
  std::vector<size_t> roots_;
  std::vector<std::optional<std::string>> questions_;
};

}  // namespace

std::vector<std::vector<TraceSpan>> SplitTurns(const std::vector<TraceSpan>& spans) {
  return Splitter(spans).Run();
}

}  // namespace flywheel::ingest
