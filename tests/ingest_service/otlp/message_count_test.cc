// Exports that would take many times their size in memory.
#include "ingest_service/otlp/message_count.h"

#include <gtest/gtest.h>

#include <string>

#include "ingest_service/otlp/export_decoder.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
using testing::HasReason;

std::string Times(int64_t count, const std::string& bytes) {
  std::string all;
  for (int64_t i = 0; i < count; ++i) all += bytes;
  return all;
}

absl::Status Check(const std::string& bytes) {
  return CheckMessageCount(bytes, *ExportTraceServiceRequest::descriptor());
}

TEST(MessageCount, StopsAtAMillionMessagesWhereverTheyAre) {
  const std::string resource("\x0a\x00", 2);
  EXPECT_OK(Check(Times(kMaxMessages, resource)));
  EXPECT_THAT(Check(Times(kMaxMessages + 1, resource)), HasReason(Reason::kTooLarge));
  // A resource that holds a scope counts as two.
  const std::string scope("\x0a\x02\x12\x00", 4);
  EXPECT_OK(Check(Times(kMaxMessages / 2, scope)));
  EXPECT_THAT(Check(Times(kMaxMessages / 2 + 1, scope)), HasReason(Reason::kTooLarge));
}

TEST(MessageCount, CountsUnknownFieldsWhichAreKeptAsWell) {
  EXPECT_THAT(Check(Times(kMaxMessages + 1, std::string("\x78\x01", 2))),
              HasReason(Reason::kTooLarge));
}

TEST(MessageCount, LeavesWhatCannotBeDecodedToTheDecoder) {
  EXPECT_OK(Check("\xff\xff"));
  EXPECT_OK(Check(std::string("\x0a\x05\x12", 3)));
  EXPECT_OK(Check(Times(200, std::string("\x0a\x7f", 2))));
}

TEST(MessageCount, IsAskedBeforeAnExportIsDecoded) {
  ExportTraceServiceRequest request;
  EXPECT_THAT(DecodeExport(Times(kMaxMessages + 1, std::string("\x0a\x00", 2)), &request),
              HasReason(Reason::kTooLarge));
  EXPECT_EQ(request.resource_spans_size(), 0);
}

}  // namespace
}  // namespace flywheel::ingest
