#include "ingest_service/otlp/trace_mapper.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ingest_service/domain/trace_ids.h"
#include "ingest_service/otlp/interaction_composer.h"
#include "ingest_service/otlp/placeholder_numbers.h"
#include "ingest_service/otlp/record_names.h"
#include "ingest_service/otlp/signal_composer.h"
#include "ingest_service/otlp/span_forest.h"
#include "ingest_service/otlp/span_preparer.h"
#include "ingest_service/otlp/span_reader.h"
#include "ingest_service/otlp/turn_splitter.h"
#include "ingest_service/otlp/twin_spans.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::common::v1::KeyValue;
using opentelemetry::proto::trace::v1::ResourceSpans;
using opentelemetry::proto::trace::v1::Span;

Span& SpanOf(ResourceSpans& payload) { return *payload.mutable_scope_spans(0)->mutable_spans(0); }
const Span& SpanOf(const ResourceSpans& payload) { return payload.scope_spans(0).spans(0); }

// An event without its span has no start but its own time.
uint64_t StartOf(const Span& span) {
  if (span.start_time_unix_nano() != 0 || span.events_size() == 0) {
    return span.start_time_unix_nano();
  }
  return span.events(0).time_unix_nano();
}

// What was stored, by start.
std::vector<ResourceSpans> Decode(const WaitingTrace& trace) {
  std::vector<ResourceSpans> payloads;
  payloads.reserve(trace.payloads.size());
  for (const std::string& bytes : trace.payloads) {
    ResourceSpans payload;
    // Ingest wrote these itself; what cannot be read any more must not hold up the trace.
    if (!payload.ParseFromString(bytes)) continue;
    if (payload.scope_spans_size() != 1 || payload.scope_spans(0).spans_size() != 1) continue;
    payloads.push_back(std::move(payload));
  }
  std::stable_sort(payloads.begin(), payloads.end(), [](const auto& one, const auto& other) {
    return StartOf(SpanOf(one)) < StartOf(SpanOf(other));
  });
  return payloads;
}

// Every text in which a placeholder may stand, in the order in which they are numbered.
void ForEachText(std::vector<ResourceSpans>& payloads,
                 const std::function<void(std::string&)>& visit) {
  const auto attributes = [&](SpanPreparer::Attributes& list) {
    for (KeyValue& attribute : list) {
      if (attribute.value().has_string_value()) {
        visit(*attribute.mutable_value()->mutable_string_value());
      }
    }
  };
  for (ResourceSpans& payload : payloads) {
    Span& span = SpanOf(payload);
    visit(*span.mutable_name());
    attributes(*span.mutable_attributes());
    for (Span::Event& event : *span.mutable_events()) attributes(*event.mutable_attributes());
    if (span.has_status()) visit(*span.mutable_status()->mutable_message());
  }
}

void NumberPlaceholders(std::vector<ResourceSpans>& payloads) {
  // Two walks: numbers that senders gave are known before the first one is given out.
  PlaceholderNumbers numbers;
  ForEachText(payloads, [&](std::string& text) { numbers.Show(text); });
  ForEachText(payloads, [&](std::string& text) { numbers.Number(text); });
}

// Reads all spans, each with the events that came as log records. Events whose span is not here
// stand for it.
std::vector<TraceSpan> ReadSpans(const std::vector<ResourceSpans>& payloads) {
  absl::flat_hash_map<std::string_view, std::vector<const Span::Event*>> events;
  absl::flat_hash_map<std::string_view, bool> has_span;
  // First which spans are here, and the events by span.
  for (const ResourceSpans& payload : payloads) {
    const Span& span = SpanOf(payload);
    if (span.trace_state() != kLogEventMark) {
      has_span[span.span_id()] = true;
    } else if (span.events_size() == 1) {
      events[span.span_id()].push_back(&span.events(0));
    }
  }
  // Then each span once, with its events.
  std::vector<TraceSpan> spans;
  for (const ResourceSpans& payload : payloads) {
    Span span = SpanOf(payload);
    const std::string_view id = SpanOf(payload).span_id();
    std::vector<const Span::Event*> own;
    if (span.trace_state() == kLogEventMark) {
      if (has_span.contains(id) || std::exchange(has_span[id], true)) continue;
      span.set_start_time_unix_nano(StartOf(span));
      span.set_end_time_unix_nano(StartOf(span));
      span.clear_events();
    }
    if (const auto found = events.find(id); found != events.end()) own = found->second;
    spans.push_back(
        ReadSpan(span, payload.scope_spans(0).scope(), payload.resource().attributes(), own));
  }
  return spans;
}

// By the interaction that the spans became: whatever it shows of what was said is text.
ModelText TextOf(const std::vector<SpanNode>& nodes, const v1::Interaction& interaction) {
  const bool calls = std::any_of(nodes.begin(), nodes.end(), [](const SpanNode& node) {
    return node.span->kind == SpanKind::kModel && !node.under_evaluator;
  });
  if (!calls) return ModelText::kNoCalls;
  const auto has_text = [](const common::v1::Message& message) {
    return std::any_of(message.parts().begin(), message.parts().end(),
                       [](const common::v1::Part& part) { return !part.text().empty(); });
  };
  const bool some =
      std::any_of(interaction.messages().begin(), interaction.messages().end(), has_text) ||
      std::any_of(interaction.history().begin(), interaction.history().end(), has_text);
  return some ? ModelText::kSome : ModelText::kNone;
}

TraceFacts FactsOf(const WaitingTrace& trace) {
  TraceFacts facts;
  facts.trace_id = trace.key.trace_id;
  facts.part = trace.parts;
  facts.has_no_root = !trace.has_root;
  facts.cut = trace.cut;
  facts.arrival_time = trace.first_arrival;
  facts.session_id = trace.session_id;
  facts.user_id = trace.user_pseudonym;
  facts.agent = trace.agent;
  return facts;
}

void AddTurn(const std::vector<TraceSpan>& spans, const TraceFacts& facts, MappedTrace& mapped) {
  const std::vector<SpanNode> nodes = ArrangeSpans(spans);
  std::optional<v1::Interaction> interaction = ComposeInteraction(nodes, facts);
  if (!interaction) {
    // Scores without work: late ones are about what the trace became before, early ones about what
    // it will become; some are about the session.
    std::string session = facts.session_id;
    for (const TraceSpan& span : spans) {
      if (session.empty())
        session = span.conversation_id.empty() ? span.session_id : span.conversation_id;
    }
    const std::string about = InteractionIdOf(facts.trace_id, 0);
    for (v1::Signal& signal : ComposeSignals(spans, facts, about, session)) {
      mapped.signals.push_back(std::move(signal));
    }
    return;
  }
  const ModelText text = TextOf(nodes, *interaction);
  if (mapped.text != ModelText::kSome && text != ModelText::kNoCalls) mapped.text = text;
  for (v1::Signal& signal :
       ComposeSignals(spans, facts, interaction->interaction_id(), interaction->session_id())) {
    mapped.signals.push_back(std::move(signal));
  }
  // What the chosen user was called under older keys, for the erasures of those names.
  const auto user = std::find_if(spans.begin(), spans.end(), [&](const TraceSpan& span) {
    return span.user_id == interaction->user_id();
  });
  MappedTurn& turn = mapped.turns.emplace_back();
  if (user != spans.end()) turn.earlier_user_ids = user->earlier_user_ids;
  CleanNames(*interaction);
  turn.interaction = *std::move(interaction);
}

}  // namespace

MappedTrace MapTrace(const WaitingTrace& trace) {
  // 1. Decoded and renumbered, 2. read, 3. turn by turn arranged and composed.
  std::vector<ResourceSpans> payloads = Decode(trace);
  NumberPlaceholders(payloads);
  std::vector<TraceSpan> spans = ReadSpans(payloads);
  MergeTwins(spans);
  TraceFacts facts = FactsOf(trace);
  MappedTrace mapped;
  for (const std::vector<TraceSpan>& turn : SplitTurns(spans)) {
    AddTurn(turn, facts, mapped);
    facts.turn = static_cast<int64_t>(mapped.turns.size());
  }
  for (v1::Signal& signal : mapped.signals) CleanNames(signal);
  return mapped;
}

}  // namespace flywheel::ingest
