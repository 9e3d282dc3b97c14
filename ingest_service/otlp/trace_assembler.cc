#include "ingest_service/otlp/trace_assembler.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "ingest_service/store/span_store.h"
#include "ingest_service/store/trace_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kTracesPerRound = 256;
constexpr int64_t kBytesPerRound = 32 << 20;
// How often the clock is asked while something waits. Nothing is read from the disk for it.
constexpr absl::Duration kLookInterval = absl::Milliseconds(50);
// After the store refused something.
constexpr absl::Duration kBackoff = absl::Seconds(1);

// What a trace holds in memory, about.
int64_t SizeOf(const AssembledTrace& trace) {
  size_t bytes = 0;
  for (const InteractionRecord& turn : trace.interactions) {
    bytes += turn.payload.size();
    for (const SharedMessage& message : turn.shared_messages) {
      bytes += sizeof(message) + message.path_hash.size() + message.body.size();
    }
  }
  for (const SignalRecord& signal : trace.signals) bytes += signal.payload.size();
  return static_cast<int64_t>(bytes) + sql::Database::kSmallWriteBytes;
}

// For whoever runs an instrumentation that was never told to record texts.
std::string Advice(int64_t traces) {
  return fmt::format(
      "got {} traces in a row that call models and carry no text, want the messages of these "
      "calls: without them interactions are empty, and nothing is learned from them. Set in the "
      "application OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=SPAN_ONLY for "
      "opentelemetry-instrumentation-genai-*, =true and an exporter of logs for "
      "opentelemetry-instrumentation-openai-v2 and Node, or what your library obeys: see 'What to "
      "set so that texts are recorded' in docs/integrate/opentelemetry.md",
      traces);
}

}  // namespace

// A trace of the present round.
struct TraceAssembler::Work {
  WaitingTrace trace;
  AssembledTrace assembled;
  // How many interactions it becomes, and whether it has become any.
  size_t turns = 0;
  bool stored = false;
  absl::Status status;
};

TraceAssembler::TraceAssembler(sql::Database* database, Ingestor* ingestor, const Clock* clock,
                               rpc::Metrics* metrics, const TraceLimits& limits,
                               AssembleFunction assemble, CountFunction count)
    : database_(database),
      ingestor_(ingestor),
      clock_(clock),
      limits_(limits),
      assemble_(std::move(assemble)),
      count_(std::move(count)),
      loop_(
          {.name = "trace_assembly", .min_backoff = kBackoff, .max_backoff = kBackoff},
          [this] { return Look(); }, metrics) {}

void TraceAssembler::NotifyDue(absl::Time time) {
  bool idle = false;
  {
    absl::MutexLock lock(&mutex_);
    idle = next_due_ == absl::InfiniteFuture() && time < absl::InfiniteFuture();
    next_due_ = std::min(next_due_, time);
  }
  // Once something waits the loop looks by itself: not every commit has to wake it.
  if (idle) loop_.Wake();
}

absl::StatusOr<absl::Duration> TraceAssembler::Look() {
  {
    absl::MutexLock lock(&mutex_);
    if (next_due_ == absl::InfiniteFuture()) return absl::InfiniteDuration();
    if (next_due_ > clock_->Now()) return kLookInterval;
    // Whoever commits from here on sets it again; the round's end adds what it leaves.
    next_due_ = absl::InfiniteFuture();
  }
  const absl::Status status = AssembleDue();
  if (!status.ok()) {
    NotifyDue(clock_->Now());
    return status;
  }
  return absl::ZeroDuration();
}

absl::Status TraceAssembler::AssembleDue() {
  ASSIGN_OR_RETURN(const std::vector<TraceKey> keys,
                   database_->Read([&](sql::Connection& connection) {
                     return TraceStore(connection).Due(clock_->Now(), kTracesPerRound);
                   }));
  std::vector<Work> round;
  int64_t bytes = 0;
  for (const TraceKey& key : keys) {
    if (bytes >= kBytesPerRound) break;
    ASSIGN_OR_RETURN(std::optional<Work> work, Read(key));
    if (!work) continue;
    bytes += work->trace.bytes;
    round.push_back(*std::move(work));
  }
  Store(round);
  for (const Work& work : round) NoteText(work);
  for (const Work& work : round) RETURN_IF_ERROR(work.status);
  return PlanNextLook();
}

absl::StatusOr<std::optional<TraceAssembler::Work>> TraceAssembler::Read(const TraceKey& key) {
  ASSIGN_OR_RETURN(std::optional<WaitingTrace> trace,
                   database_->Read([&](sql::Connection& connection) {
                     return SpanStore(connection).ReadTrace(key, limits_);
                   }));
  if (!trace) return std::nullopt;
  Work work;
  work.trace = *std::move(trace);
  absl::StatusOr<AssembledTrace> assembled = assemble_(work.trace);
  if (assembled.ok()) {
    work.assembled = *std::move(assembled);
  } else {
    count_("refused_traces", 1);
    spdlog::warn("event=otlp_trace_refused project={} trace_id={} message={}", key.project,
                 key.trace_id, Quoted(errors::MessageOf(assembled.status())));
  }
  // The records hold what is still needed of them.
  work.trace.payloads = {};
  return work;
}

void TraceAssembler::Store(std::vector<Work>& round) {
  absl::BlockingCounter waiting(static_cast<int>(round.size()));
  for (Work& work : round) {
    AssembledTrace& assembled = work.assembled;
    work.turns = assembled.interactions.size();
    const int64_t size_bytes = SizeOf(assembled);
    ingestor_->LogTrace(
        work.trace.key.project, std::move(assembled.interactions), std::move(assembled.signals),
        size_bytes,
        [&](const absl::StatusOr<BatchResult>& result) {
          work.status = result.status();
          if (result.ok()) {
            Count(work, *result);
            work.stored = work.turns > 0 && result->results.front().status == ItemStatus::kStored;
          }
          // More has come meanwhile: it is due again when that has settled.
          if (errors::ReasonOf(work.status) == Reason::kChangedMeanwhile)
            work.status = absl::OkStatus();
          waiting.DecrementCount();
        },
        [this, &work](sql::Connection& connection) {
          return SpanStore(connection)
              .RemoveTrace(work.trace, work.turns > 0, limits_, clock_->Now());
        });
  }
  waiting.Wait();
}

void TraceAssembler::Count(const Work& work, const BatchResult& result) const {
  if (result.results.empty()) return count_("dropped_spans", work.trace.spans);
  auto item = result.results.begin();
  for (size_t i = 0; i < work.turns; ++i) CountInteraction(work, *item++);
  for (; item != result.results.end(); ++item) {
    if (item->status == ItemStatus::kReplayed) continue;
    count_(item->status == ItemStatus::kStored ? "signals" : "refused_signals", 1);
  }
}

void TraceAssembler::CountInteraction(const Work& work, const ItemResult& item) const {
  switch (item.status) {
    case ItemStatus::kStored:
      return count_("interactions", 1);
    case ItemStatus::kReplayed:
      return count_("replayed_interactions", 1);
    case ItemStatus::kConflict:
    case ItemStatus::kRejected:
      count_("refused_traces", 1);
      spdlog::warn("event=otlp_trace_refused project={} id={} reason={}", work.trace.key.project,
                   item.id, ReasonName(item.reason));
  }
}

void TraceAssembler::NoteText(const Work& work) {
  if (!work.stored) return;
  const std::string& project = work.trace.key.project;
  if (work.assembled.text == ModelText::kNone) count_("textless_interactions", 1);
  std::optional<int64_t> row;
  {
    absl::MutexLock lock(&mutex_);
    row = missing_text_.Note(project, work.assembled.text, clock_->Now());
  }
  if (row) spdlog::warn("event=otlp_no_text project={} message={}", project, Quoted(Advice(*row)));
}

int64_t TraceAssembler::TextlessTraces(const std::string& project) const {
  absl::MutexLock lock(&mutex_);
  return missing_text_.Row(project);
}

absl::Status TraceAssembler::PlanNextLook() {
  ASSIGN_OR_RETURN(const absl::Time next, database_->Read([&](sql::Connection& connection) {
    return TraceStore(connection).NextDueTime();
  }));
  NotifyDue(next);
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
