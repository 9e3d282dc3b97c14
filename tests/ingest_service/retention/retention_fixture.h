// Test fixture: an ingest service whose records grow old at will.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_RETENTION_RETENTION_FIXTURE_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_RETENTION_RETENTION_FIXTURE_H_

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "ingest_service/payloads/canonical_bytes.h"
#include "shared/rpc/feed_token.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {

class RetentionTest : public IngestTest {
 protected:
  // Records of many people, in sessions, with tools, attributes and signals.
  void LogMany(int count) {
    std::vector<v1::Interaction> batch;
    for (int i = 0; i < count; ++i) batch.push_back(Rich(i));
    Log(batch);
    std::vector<v1::Signal> signals;
    for (int i = 0; i < count; i += 3) {
      signals.push_back(Signal("signal-" + std::to_string(i), "i" + std::to_string(i)));
    }
    v1::Signal score = Signal("score", "i1");
    score.mutable_evaluation()->set_name("reward");
    score.mutable_evaluation()->set_score(0.5);
    signals.push_back(score);
    Record(signals);
  }

  v1::Interaction Rich(int i) const {
    v1::Interaction interaction = Interaction("i" + std::to_string(i));
    interaction.set_session_id("session-" + std::to_string(i % 11));
    interaction.set_user_id("user-" + std::to_string(i % 23));
    interaction.set_model_version("v" + std::to_string(i % 2));
    interaction.set_input("Where is my parcel? It was to come on day " + std::to_string(i) + ".");
    interaction.set_confidence(1.0 / (i + 3));
    interaction.set_prompt_tokens(i);
    (*interaction.mutable_attributes())["channel"] = i % 2 == 0 ? "web" : "phone";
    (*interaction.mutable_attributes())["a"] = std::to_string(i);
    // Long enough that all records share it.
    std::string told =
        "You are the support of a shop. Be kind, be brief, and never promise a date.";
    told.append(1'000, '.');
    *interaction.add_history() = Says(common::v1::ROLE_SYSTEM, told);
    UseTool({.name = "find_parcel",
             .arguments_json = "{\"number\": " + std::to_string(i * 7919) + "}",
             .success = true},
            interaction);
    return interaction;
  }

  // Every answer that shows records, by the question; equal answers are equal bytes.
  std::map<std::string, std::string> Answers(int count) {
    std::map<std::string, std::string> answers;
    for (int i = 0; i < count; ++i) {
      v1::GetInteractionRequest request;
      request.set_interaction_id("i" + std::to_string(i));
      v1::GetInteractionResponse response;
      EXPECT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
      answers["get " + request.interaction_id()] = CanonicalBytes(response);
    }
    v1::ListInteractionsRequest by_attribute;
    by_attribute.set_attribute_name("channel");
    by_attribute.set_attribute_value("web");
    answers["list web"] = List(by_attribute);
    v1::ListInteractionsRequest by_session;
    by_session.set_session_id("session-3");
    answers["list session"] = List(by_session);
    answers["list all"] = List({});
    for (const int64_t cursor : {0, 5, count}) {
      answers["feed " + std::to_string(cursor)] = Feed(cursor);
    }
    v1::GetSessionFeedbackRequest session;
    session.set_session_id("session-3");
    v1::GetSessionFeedbackResponse feedback;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetSessionFeedback, session, &feedback));
    answers["session"] = CanonicalBytes(feedback);
    answers["stats"] = CanonicalBytes(Stats("channel"));
    return answers;
  }

  std::string List(v1::ListInteractionsRequest request) {
    std::string all;
    request.set_page_size(7);
    do {
      v1::ListInteractionsResponse response;
      EXPECT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
      for (const auto& interaction : response.interactions()) all += CanonicalBytes(interaction);
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  // All entries after a cursor, and how the stream ended.
  std::vector<v1::FeedEntry> Entries(int64_t cursor, grpc::Status* ended) {
    v1::ReadFeedRequest request;
    request.set_cursor(rpc::FeedToken(cursor));
    request.set_max_entries(9);
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    const auto reader = stub_->ReadFeed(&context, request);
    std::vector<v1::FeedEntry> entries;
    v1::ReadFeedResponse response;
    while (reader->Read(&response)) {
      for (const auto& entry : response.entries()) entries.push_back(entry);
    }
    *ended = reader->Finish();
    return entries;
  }

  std::string Feed(int64_t cursor) {
    grpc::Status ended;
    std::string all;
    for (const auto& entry : Entries(cursor, &ended)) all += CanonicalBytes(entry);
    EXPECT_OK(ended);
    return all;
  }

  // What the rules do after `age`.
  RetentionReport Age(absl::Duration age) {
    clock_.Advance(age);
    const auto report = server_->ApplyRetention();
    EXPECT_OK(report);
    return report.ok() ? *report : RetentionReport{};
  }

  void Hold(const std::string& user_id, bool hold) {
    const auto privacy = v1::PrivacyService::NewStub(channel_.get());
    v1::SetLegalHoldRequest request;
    request.set_user_id(user_id);
    request.set_hold(hold);
    if (hold) request.set_reason("case 7");
    v1::SetLegalHoldResponse response;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    ASSERT_OK(privacy->SetLegalHold(&context, request, &response));
    EXPECT_TRUE(response.changed());
  }

  bool IsThere(const std::string& id) {
    v1::GetInteractionRequest request;
    request.set_interaction_id(id);
    v1::GetInteractionResponse response;
    return Call(&v1::IngestService::Stub::GetInteraction, request, &response).ok();
  }
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_RETENTION_RETENTION_FIXTURE_H_
