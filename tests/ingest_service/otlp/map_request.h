// Maps an OTLP export to interactions without a store.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_MAP_REQUEST_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_MAP_REQUEST_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "ingest_service/otlp/span_preparer.h"
#include "ingest_service/otlp/trace_mapper.h"
#include "ingest_service/payloads/stored_interaction.h"
#include "ingest_service/privacy/inbound_filter.h"
#include "ingest_service/record/record_checks.h"
#include "shared/testing/status_matchers.h"
#include "tests/ingest_service/otlp/trace_builder.h"

namespace flywheel::ingest {

// Where the tests' traces are.
inline absl::Time TestTime() { return absl::FromUnixSeconds(1'800'000'000); }

// What the spans of one trace become, in whichever order they come.
class RequestMapper {
 public:
  // What waits after this export.
  void Wait(const OtlpTraces& request, WaitingTrace& trace) {
    SpanPreparer preparer(project_, filter_);
    for (const auto& resource : request.resource_spans()) {
      for (const auto& scope : resource.scope_spans()) {
        EXPECT_OK(preparer.SetOrigin(resource.resource().attributes(), scope.scope().name()));
        for (const OtlpSpan& span : scope.spans()) {
          absl::StatusOr<WaitingSpan> waiting = preparer.Prepare(span);
          ASSERT_OK(waiting);
          trace.key = {project_, waiting->trace_id};
          trace.has_root = trace.has_root || waiting->is_root;
          trace.payloads.push_back(std::move(waiting->payload));
        }
      }
    }
    trace.first_arrival = TestTime() + absl::Seconds(2);
  }

  MappedTrace Map(const OtlpTraces& request) {
    WaitingTrace trace;
    Wait(request, trace);
    return MapTrace(trace);
  }

 private:
  const std::string project_ = "default";
  const Pseudonymiser pseudonymiser_{"a key of at least thirty-two characters"};
  rpc::Metrics metrics_;
  const InboundFilter filter_{&pseudonymiser_, *redaction::PiiDetector::Make({}), &metrics_};
};

// The interaction that one trace becomes, as readers get it.
inline v1::Interaction MapOne(const TraceBuilder& trace) {
  // Its recognisers take a tenth of a second to compile.
  static RequestMapper& mapper = *new RequestMapper();
  const MappedTrace mapped = mapper.Map(trace.request());
  EXPECT_EQ(mapped.turns.size(), 1u);
  if (mapped.turns.empty()) return {};
  EXPECT_OK(CheckRecord(mapped.turns[0].interaction, TestTime() + absl::Seconds(2), ""));
  v1::Interaction shown;
  EXPECT_OK(ParseInteraction(mapped.turns[0].interaction.SerializeAsString(), shown));
  return shown;
}

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_MAP_REQUEST_H_
