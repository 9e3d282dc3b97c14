#include "ingest_service/otlp/signal_composer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "ingest_service/domain/session_id.h"
#include "ingest_service/domain/trace_ids.h"
#include "shared/hashing/content_hash.h"
#include "shared/hashing/sha256.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kMaxSignals = 10'000;
constexpr size_t kHashDigits = 16;
// 2020-01-01, UTC: revisions are seconds since then, and have room until 2088. For anything finer
// their 31 bits do not suffice.
constexpr int64_t kFirstRevision = 1'577'836'800;

int32_t RevisionOf(const EvaluationResult& result) {
  const auto seconds = static_cast<int64_t>(result.time_unix_nano / 1'000'000'000) - kFirstRevision;
  return static_cast<int32_t>(std::clamp<int64_t>(seconds, 0, INT32_MAX));
}

v1::Signal ToSignal(const TraceSpan& span, const EvaluationResult& result,
                    const TraceFacts& facts) {
  v1::Signal signal;
  // Deterministic: the same score of the same span is the same signal, however often it is sent.
  const std::string hash = ContentHash().Add(result.name).Add(result.identifier).Hex();
  signal.set_signal_id(fmt::format("otel-{}-{}-{}", facts.trace_id, ToHex(span.span_id),
                                   hash.substr(0, kHashDigits)));
  // A later score replaces an earlier one.
  signal.set_revision(RevisionOf(result));
  *signal.mutable_event_time() = rpc::ToProto(TimeOf(result.time_unix_nano, facts.arrival_time));
  signal.set_actor(result.by_person ? v1::ACTOR_STAFF : v1::ACTOR_SYSTEM);
  v1::Evaluation& evaluation = *signal.mutable_evaluation();
  evaluation.set_name(result.name);
  evaluation.set_score(result.score);
  evaluation.set_label(result.label);
  evaluation.set_explanation(result.explanation);
  return signal;
}

// The signals of a trace, in the order of its scores. Of those that are one revision of one signal,
// because they were given within a second, the last given.
class SignalList {
 public:
  bool full() const { return signals_.size() == kMaxSignals; }

  void Add(v1::Signal signal, uint64_t time_unix_nano) {
    const auto [known, is_new] = places_.try_emplace({signal.signal_id(), signal.revision()},
                                                     Place{signals_.size(), time_unix_nano});
    if (is_new) {
      signals_.push_back(std::move(signal));
    } else if (time_unix_nano > known->second.time_unix_nano) {
      known->second.time_unix_nano = time_unix_nano;
      signals_[known->second.index] = std::move(signal);
    }
  }

  std::vector<v1::Signal> Take() { return std::move(signals_); }

 private:
  struct Place {
    size_t index = 0;
    uint64_t time_unix_nano = 0;
  };

  std::vector<v1::Signal> signals_;
  // By id and revision.
  std::map<std::pair<std::string, int32_t>, Place> places_;
};

}  // namespace

std::vector<v1::Signal> ComposeSignals(const std::vector<TraceSpan>& spans, const TraceFacts& facts,
                                       const std::string& interaction_id,
                                       const std::string& session_id) {
  SignalList signals;
  for (const TraceSpan& span : spans) {
    for (const EvaluationResult& result : span.evaluations) {
      if (signals.full()) return signals.Take();
      v1::Signal signal = ToSignal(span, result, facts);
      // What it is about: the session, the trace that the judge links to, or this trace.
      const std::string& session = result.session_id.empty() ? session_id : result.session_id;
      if (result.about_session && IsPlainSessionId(session)) {
        signal.set_session_id(session);
      } else if (!span.linked_trace_ids.empty() && span.kind == SpanKind::kEvaluator) {
        signal.set_interaction_id(InteractionIdOf(ToHex(span.linked_trace_ids.front()), 0));
      } else if (!interaction_id.empty()) {
        signal.set_interaction_id(interaction_id);
      } else {
        continue;
      }
      signals.Add(std::move(signal), result.time_unix_nano);
    }
  }
  return signals.Take();
}

}  // namespace flywheel::ingest
