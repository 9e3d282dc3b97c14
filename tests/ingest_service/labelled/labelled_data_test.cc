// Labelled personal data through every door of the service, and a search for it in all that the
// service leaves behind.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "redaction/recogniser.h"
#include "shared/rpc/feed_token.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/labelled/searched_service.h"
#include "tests/ingest_service/labelled/value_search.h"
#include "tests/ingest_service/otlp/trace_builder.h"
#include "tests/redaction/sentences.h"

namespace flywheel::ingest {
namespace {

using redaction::DataType;
using redaction::Sentence;

// As many as the recall is measured over: 5,100 sentences.
constexpr int kRounds = 20;
constexpr size_t kBatch = 200;
// Every fifth sentence goes by OTLP as well.
constexpr size_t kTraceStep = 5;

// How many different values may stay in clear, by type: none.
const std::map<DataType, int> kAllowed = {};

class LabelledDataTest : public SearchedService {
 protected:
  LabelledDataTest() {
    sentences_ = redaction::PersonalSentences(kRounds);
    const auto clean = redaction::CleanSentences(kRounds);
    sentences_.insert(sentences_.end(), clean.begin(), clean.end());
    SearchFor(sentences_);
  }

  const std::string& Text(size_t index) const { return sentences_[index % sentences_.size()].text; }
  std::string Json(size_t index) const {
    return nlohmann::json({{"note", Text(index)}, {"notes", {1, Text(index + 1)}}}).dump();
  }

  // Each text of the message another sentence.
  v1::Interaction InteractionOf(size_t index) const {
    v1::Interaction interaction = Interaction("labelled-" + std::to_string(index));
    interaction.set_session_id("session-" + std::to_string(index % 97));
    interaction.set_intent(Text(index + 2));
    (*interaction.mutable_attributes())["note"] = Text(index + 3);
    common::v1::RetrievedContext* const context = interaction.add_contexts();
    context->set_document_id("document");
    context->set_text(Text(index + 4));
    // In history and turn, so that both are covered.
    if (index % 3 == 0) {
      *interaction.add_history() = Says(common::v1::ROLE_ASSISTANT, Text(index + 5));
    } else {
      interaction.mutable_failure()->set_kind("unknown");
      interaction.mutable_failure()->set_message(Text(index + 5));
    }
    interaction.set_input(Text(index));
    interaction.set_output(Text(index + 1));
    UseTool({"look_up", Json(index + 6), Text(index + 8)}, interaction);
    return interaction;
  }

  v1::Signal SignalOf(size_t index) const {
    const std::string id = "signal-" + std::to_string(index);
    v1::Signal signal = Signal(id, "labelled-" + std::to_string(index));
    switch (index % 4) {
      case 0:
        signal.mutable_correction()->set_ideal_output(Text(index + 9));
        signal.set_comment(Text(index));
        break;
      case 1:
        signal.mutable_edit()->set_edited_output(Text(index));
        break;
      case 2:
        signal.mutable_escalation()->set_reason(Text(index));
        break;
      default:
        signal.mutable_error_reported()->set_description(Text(index));
        break;
    }
    return signal;
  }

  void SendRecords() {
    for (size_t begin = 0; begin < sentences_.size(); begin += kBatch) {
      std::vector<v1::Interaction> interactions;
      std::vector<v1::Signal> signals;
      for (size_t i = begin; i < std::min(begin + kBatch, sentences_.size()); ++i) {
        interactions.push_back(InteractionOf(i));
        signals.push_back(SignalOf(i));
        sent_ += interactions.back().SerializeAsString() + signals.back().SerializeAsString();
      }
      const v1::LogInteractionsResponse logged = Log(interactions);
      for (const auto& item : logged.results()) {
        ASSERT_EQ(item.status(), common::v1::ITEM_STATUS_STORED) << item.ShortDebugString();
      }
      const v1::RecordSignalsResponse recorded = Record(signals);
      for (const auto& item : recorded.results()) {
        ASSERT_EQ(item.status(), common::v1::ITEM_STATUS_STORED) << item.ShortDebugString();
      }
    }
  }

  // Traces that are not complete yet.
  void SendTraces() {
    using Service = opentelemetry::proto::collector::trace::v1::TraceService;
    const auto service = Service::NewStub(channel_.get());
    OtlpTraces request;
    for (size_t i = 0; i < sentences_.size(); i += kTraceStep) {
      TraceBuilder trace(1 + i, clock_.Now(), "support");
      const nlohmann::json messages = {
          {{"role", "user"}, {"parts", {{{"type", "text"}, {"content", Text(i)}}}}}};
      trace.Add(1, 0, "chat", 0, 10)
          .Set("gen_ai.operation.name", "chat")
          .Set("gen_ai.input.messages", messages.dump())
          .Set("note", Text(i + 1));
      trace.Add(2, 1, "execute_tool look_up", 2, 3)
          .Set("gen_ai.operation.name", "execute_tool")
          .Set("gen_ai.tool.name", "look_up")
          .Set("gen_ai.tool.call.arguments", Json(i + 2))
          .AddEvent("exception", 2)
          .Set("exception.message", Text(i + 4));
      request.MergeFrom(trace.request());
      ++traces_;
    }
    sent_ += request.SerializeAsString();
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(60));
    opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse response;
    ASSERT_OK(service->Export(&context, request, &response));
    EXPECT_FALSE(response.has_partial_success()) << response.ShortDebugString();
  }

  void AwaitTraces() {
    clock_.Advance(absl::Seconds(6));
    v1::GetStatsRequest request;
    request.set_min_token(rpc::FeedToken(static_cast<int64_t>(2 * sentences_.size()) + traces_));
    v1::GetStatsResponse response;
    ASSERT_OK(Call(&v1::IngestService::Stub::GetStats, request, &response));
    ASSERT_EQ(response.interactions(), static_cast<int64_t>(sentences_.size()) + traces_);
  }

  std::vector<Sentence> sentences_;
  // As the callers serialised it.
  std::string sent_;
  int64_t traces_ = 0;
};

TEST_F(LabelledDataTest, NoLabelledValueIsInAnyByteThatTheServiceLeaves) {
  ASSERT_NO_FATAL_FAILURE(SendRecords());
  ASSERT_NO_FATAL_FAILURE(SendTraces());
  // What waits and what is in the log, before anything moved.
  SearchFiles(dir_.path(), "while traces wait");
  ASSERT_NO_FATAL_FAILURE(AwaitTraces());
  const auto all = static_cast<int64_t>(sentences_.size()) + traces_;
  ASSERT_NO_FATAL_FAILURE(SearchWhatIsLeftOf(all));

  int found = 0;
  for (const auto& [type, count] : search_->Found()) {
    const auto allowed = kAllowed.find(type);
    EXPECT_LE(count, allowed == kAllowed.end() ? 0 : allowed->second)
        << redaction::DataTypeName(type) << " in clear:" << search_->Examples();
    found += count;
  }
  // That the search finds what is there.
  ValueSearch again(sentences_);
  EXPECT_EQ(again.Find(sent_, "what was sent"), again.values());
  fmt::print(
      "{} sentences, {} different labelled values, {} interactions, {} MB sent: {} values in "
      "clear in {} MB\n",
      sentences_.size(), again.values(), all, sent_.size() / 1'000'000, found,
      searched_ / 1'000'000);
}

}  // namespace
}  // namespace flywheel::ingest
