#include "ingest_service/otlp/unread_spans.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "ingest_service/otlp/attribute_names.h"
#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/span_kind_reader.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::trace::v1::Span;

constexpr std::string_view kWords[] = {"llm",  "prompt", "completion", "messages", "tokens",
                                       "chat", "agent",  "input",      "output"};

bool IsTelling(std::string_view name) {
  if (name.starts_with("user_agent") || UseOf(name) == AttributeUse::kDropped) return false;
  while (!name.empty()) {
    const std::string_view word = name.substr(0, name.find_first_of("._-"));
    if (std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords)) return true;
    name.remove_prefix(std::min(name.size(), word.size() + 1));
  }
  return false;
}

}  // namespace

bool IsUnread(const Span& span) {
  const bool telling = std::any_of(span.attributes().begin(), span.attributes().end(),
                                   [](const auto& item) { return IsTelling(item.key()); });
  if (!telling) return false;
  AttributeView attributes;
  attributes.Add(span.attributes());
  // Events of the older conventions make a model's span of any.
  const bool speaks =
      std::any_of(span.events().begin(), span.events().end(),
                  [](const auto& event) { return event.name().starts_with("gen_ai."); });
  return !speaks && ReadSpanKind(attributes, span.name()) == SpanKind::kOther;
}

}  // namespace flywheel::ingest
