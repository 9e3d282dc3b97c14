// Derives the parts of an interaction from spans: roles, texts, contexts, totals.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_INTERACTION_PARTS_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_INTERACTION_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/otlp/span_forest.h"
#include "ingest_service/otlp/turn_builder.h"

namespace flywheel::ingest {

// What a message or a part of one costs beside its texts, about.
inline constexpr size_t kPartBytes = 16;

// The spans of a trace by what they are for. What judges the agent is left out: it is not its work.
struct TraceRoles {
  // All, the nearest to the root first.
  std::vector<const SpanNode*> from_the_top;
  // Agents and chains, the nearest to the root first.
  std::vector<const SpanNode*> heads;
  // Calls of models whose parents do not say the same, by start.
  std::vector<const SpanNode*> models;
  std::vector<const SpanNode*> retrievers;
  std::vector<const SpanNode*> rerankers;
  // What models said and tools did in the conversation itself, by start.
  std::vector<const SpanNode*> work;
  // The first model's call that was told anything; null for none.
  const SpanNode* first_told = nullptr;
  // The model's call that ended last; null for none.
  const SpanNode* answerer = nullptr;
  // There is an agent, a chain, a model, a tool or a retriever.
  bool tells_of_work = false;
};

TraceRoles FindRoles(const std::vector<SpanNode>& nodes);

// What the person said last before the work, in words and pictures, and what they were answered in
// the end. A blob (the state of a program, an object, a raw response) loses to what the models were
// told and said, and stands in only where that is nothing.
ChatMessage FindQuestion(const TraceRoles& roles);
ChatMessage FindAnswer(const TraceRoles& roles);

// What the rerankers left or, without them, the retrievers found; each document once.
std::vector<common::v1::RetrievedContext> CollectContexts(const TraceRoles& roles);

// What the models of the conversation itself were told that they may call, each by its name once.
std::vector<common::v1::ToolDefinition> CollectTools(const TraceRoles& roles);

// What was said before the turn, and in it between question and answer.
TurnMessages CollectMessages(const TraceRoles& roles);

// Why there is no answer that counts: the failure nearest to the person; null for none.
const TraceSpan* FindFailure(const TraceRoles& roles);

// At most 60.
std::map<std::string, std::string> CollectAttributes(const TraceRoles& roles);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_INTERACTION_PARTS_H_
