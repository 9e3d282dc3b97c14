// Assembles complete traces into interactions in the background.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_ASSEMBLER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_ASSEMBLER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest_service/domain/missing_text_detector.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/domain/waiting_span.h"
#include "ingest_service/record/ingestor.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// What a trace became, ready to be stored.
struct AssembledTrace {
  // A turn each, in order; none where no span of it has to do with an agent, or only says how good
  // one was.
  std::vector<InteractionRecord> interactions;
  std::vector<SignalRecord> signals;
  // Of all of them.
  ModelText text = ModelText::kNoCalls;
};

// A thread that waits until traces are complete, has them read, and stores what they became: in one
// transaction the interactions, their signals, and that its spans no longer wait. So no crash, no
// span that comes late and no erasure gets in between, and nothing is kept of what was said about
// an interaction that is refused. Thread-safe.
class TraceAssembler {
 public:
  // Pure but for keys: equal traces become equal records. An error means that the trace can become
  // nothing, and is dropped.
  using AssembleFunction = std::function<absl::StatusOr<AssembledTrace>(const WaitingTrace&)>;
  // Counts what became of traces and spans: "interactions", "dropped_spans" and so on.
  using CountFunction = std::function<void(const std::string& outcome, int64_t count)>;

  // The pointers outlive this object.
  TraceAssembler(sql::Database* database, Ingestor* ingestor, const Clock* clock,
                 rpc::Metrics* metrics, const TraceLimits& limits, AssembleFunction assemble,
                 CountFunction count);

  // Begins with what waits since an earlier run.
  void Start() { loop_.Start(); }

  // Ends the thread after the traces that it is at; what waits stays on the disk.
  void Stop() { loop_.Stop(); }

  // How many of a project's newest traces in a row call models and carry no text, where there are
  // enough for a warning; else 0.
  int64_t TextlessTraces(const std::string& project) const;

  // A trace will be due at `time`. Must be quick, and is.
  void NotifyDue(absl::Time time);

 private:
  struct Work;

  // The loop's step: assembles what is due, if anything is, and says when to look again.
  absl::StatusOr<absl::Duration> Look();
  // One round over the traces that are due: at most kTracesPerRound, or kBytesPerRound of spans.
  absl::Status AssembleDue();
  absl::StatusOr<std::optional<Work>> Read(const TraceKey& key);
  // Stores what all of them became, with one shared commit.
  void Store(std::vector<Work>& round);
  void Count(const Work& work, const BatchResult& result) const;
  void CountInteraction(const Work& work, const ItemResult& item) const;
  // Counts an interaction whose models' calls have no text, and warns where there are many.
  void NoteText(const Work& work);
  absl::Status PlanNextLook();

  sql::Database* const database_;
  Ingestor* const ingestor_;
  const Clock* const clock_;
  const TraceLimits limits_;
  const AssembleFunction assemble_;
  const CountFunction count_;
  mutable absl::Mutex mutex_;
  MissingTextDetector missing_text_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_due_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_ASSEMBLER_H_
