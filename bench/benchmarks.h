// Benchmarks, a function each: what it measures, and against what.
#ifndef FLYWHEEL_BENCH_BENCHMARKS_H_
#define FLYWHEEL_BENCH_BENCHMARKS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "bench/load.h"

namespace flywheel::bench {

// Where the servers are, and how long each load runs.
struct Setup {
  std::string ingest;
  std::string experiment;
  std::string noop;
  // Where benchmarks that start services of their own keep the stores.
  std::string work_dir;
  int rounds = 5;
  absl::Duration duration = absl::Seconds(2);
};

// Durable batches of 100 interactions of 1 kB from 4 callers, and single ones from 64 callers, each
// against the no-op with the same bytes.
Row BatchIngest(const Setup& setup);
Row UnaryIngest(const Setup& setup);

// BatchIngest without redaction.
Row BatchIngestUnredacted(const Setup& setup);

// The p99 of one call beside batches at half of what the service can take, against the p99 without.
Row UnaryLatency(const Setup& setup);

// Reading the feed out, against writing it.
Row FeedRead(const Setup& setup);

// The disk that turns take whose histories repeat all that was said before, against the texts.
Row ConversationBytes(const Setup& setup);

// The rate of batches at 5,000,000 stored interactions, against an empty store. Takes minutes and
// 8 GB.
Row IngestAtFiveMillion(const Setup& setup);

// The memory of ingest while ten times as many callers as it can serve send for a minute.
Row Overload(const Setup& setup);

// Spans over OTLP against interactions of the same texts by LogInteractions.
Row OtlpIngestRate(const Setup& setup);

// What users would take instead (bench/alternatives/README.md). Each needs programs of others.
Row AgainstFastApi(const Setup& setup);
Row AgainstPostgres(const Setup& setup);
Row OtlpAgainstPhoenix(const Setup& setup);

// Redaction of chat text on one core.
Row Redact(const Setup& setup);

// The analysis of an experiment with two arms and ten metrics on one core, against formulas that
// hold for one look alone.
Row Statistics(const Setup& setup);

// Levenshtein similarity against the textbook's table, JSON Schema against parsing alone, and cases
// a second of every evaluator of the gate, against exact match. One core.
std::vector<Row> Evaluators(const Setup& setup);

// Outputs that the gate judges by four evaluators and keeps, over one stream, against longer ones.
Row JudgedOutputs(const Setup& setup);

// A verdict on 100,000 cases, against one on 1,000.
Row VerdictTime(const Setup& setup);

// The memory of the gate for 100,000 outputs of 100 kB. Takes minutes and 12 GB.
Row LongOutputs(const Setup& setup);

// Assign from 64 callers against the no-op.
Row Assign(const Setup& setup);

// AssignBatch of 100 from 4 callers against the no-op with the same bytes; assignments a second.
Row AssignBatches(const Setup& setup);

// Assignment in the agent's own process on one core, against Assign from 64 callers.
Row AssignInProcess(const Setup& setup);

// Outcomes in durable batches of 100 from 4 callers, against the no-op with the same bytes.
Row Outcomes(const Setup& setup);

// Analyze from one caller at 1,000,000 outcomes, against the same at 1,000: must not grow.
Row Analyze(const Setup& setup);

// The same at 10,000,000. Takes minutes and 2 GB.
Row AnalyzeAtTenMillion(const Setup& setup);

// How long the service starts with 1,000 running experiments and 1,000,000 units, and its memory
// then, against an empty store. Takes minutes.
std::vector<Row> ThousandExperiments(const Setup& setup);

}  // namespace flywheel::bench

#endif  // FLYWHEEL_BENCH_BENCHMARKS_H_
