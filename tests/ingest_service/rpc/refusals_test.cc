#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "shared/sql/connection.h"
#include "shared/status/errors.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

TEST_F(IngestTest, RefusesEachMalformedFieldByItsName) {
  struct Case {
    const char* field;
    std::function<void(v1::Interaction&)> break_it;
  };
  const std::vector<Case> cases = {
      {"interaction_id", [](auto& i) { i.set_interaction_id(""); }},
      {"interaction_id", [](auto& i) { i.set_interaction_id(std::string(129, 'x')); }},
      {"session_id", [](auto& i) { i.set_session_id(std::string(257, 'x')); }},
      {"session_id", [](auto& i) { i.set_session_id("a\nb"); }},
      {"session_id", [](auto& i) { i.set_session_id("a\u202eb"); }},
      {"user_id", [](auto& i) { i.set_user_id(std::string(257, 'x')); }},
      {"agent", [](auto& i) { i.clear_agent(); }},
      {"start_time", [](auto& i) { i.clear_start_time(); }},
      {"start_time", [](auto& i) { i.mutable_start_time()->set_seconds(1'800'000'000 + 301); }},
      {"start_time", [](auto& i) { i.mutable_start_time()->set_seconds(0); }},
      {"confidence", [](auto& i) { i.set_confidence(NAN); }},
      {"confidence", [](auto& i) { i.set_confidence(-0.1); }},
      {"prompt_tokens", [](auto& i) { i.set_prompt_tokens(-1); }},
      {"completion_tokens", [](auto& i) { i.set_completion_tokens(-1); }},
      {"latency", [](auto& i) { i.mutable_latency()->set_seconds(-1); }},
      {"cost_usd", [](auto& i) { i.set_cost_usd(INFINITY); }},
      {"contexts[0].score", [](auto& i) { i.add_contexts()->set_score(NAN); }},
      {"contexts[0].age", [](auto& i) { i.add_contexts()->mutable_age()->set_seconds(-1); }},
      {"previous_interaction_id", [](auto& i) { i.set_previous_interaction_id("a b"); }},
      {"assignment_token", [](auto& i) { i.set_assignment_token("a.b"); }},
      {"assignment_token", [](auto& i) { i.set_assignment_token(std::string(129, 'x')); }},
      {"failure.kind", [](auto& i) { i.mutable_failure()->set_message("why"); }},
      {"finish_reason", [](auto& i) { i.set_finish_reason(std::string(129, 'x')); }},
      {"tools[0].name", [](auto& i) { i.add_tools(); }},
      {"input", [](auto& i) { *i.add_messages() = Says(common::v1::ROLE_USER, "other"); }},
      {"output", [](auto& i) { *i.add_messages() = Says(common::v1::ROLE_ASSISTANT, "other"); }},
      {"messages",
       [](auto& i) {
         for (int k = 0; k < 10'001; ++k) i.add_messages();
       }},
      {"messages[0].role", [](auto& i) { i.add_messages(); }},
      {"history[0].role",
       [](auto& i) { i.add_history()->set_role(static_cast<common::v1::Role>(99)); }},
      {"history[0].parts", [](auto& i) { i.add_history()->set_role(common::v1::ROLE_USER); }},
      {"history[0].parts[0]",
       [](auto& i) {
         i.add_history()->set_role(common::v1::ROLE_USER);
         i.mutable_history(0)->add_parts();
       }},
      {"history[0].parts[0]",
       [](auto& i) {
         i.add_history()->set_role(common::v1::ROLE_USER);
         i.mutable_history(0)->add_parts()->mutable_tool_call()->set_name("lookup");
       }},
      {"history[0].parts[0].tool_call.name",
       [](auto& i) {
         i.add_history()->set_role(common::v1::ROLE_ASSISTANT);
         i.mutable_history(0)->add_parts()->mutable_tool_call();
       }},
      {"history[0].parts[0].tool_result.tool_call_id",
       [](auto& i) {
         i.add_history()->set_role(common::v1::ROLE_TOOL);
         auto& result = *i.mutable_history(0)->add_parts()->mutable_tool_result();
         result.set_tool_call_id(std::string(129, 'x'));
       }},
      {"history[0].parts[0].media.uri",
       [](auto& i) {
         i.add_history()->set_role(common::v1::ROLE_USER);
         i.mutable_history(0)->add_parts()->mutable_media()->set_uri("data:image/png;base64,AA==");
       }},
      {"history[0].parts[0].media.uri",
       [](auto& i) {
         i.add_history()->set_role(common::v1::ROLE_USER);
         i.mutable_history(0)->add_parts()->mutable_media()->set_uri(" data:image/png;base64,AA==");
       }},
      {"history[0].parts[0].media.mime_type",
       [](auto& i) {
         i.add_history()->set_role(common::v1::ROLE_USER);
         i.mutable_history(0)->add_parts()->mutable_media()->set_mime_type("ada@example.com");
       }},
      {"messages",
       [](auto& i) {
         i.add_history()->set_role(common::v1::ROLE_USER);
         for (int k = 0; k < 100'001; ++k) i.mutable_history(0)->add_parts()->set_text("");
       }},
      {"history[0].parts[0].media.sha256",
       [](auto& i) {
         i.add_history()->set_role(common::v1::ROLE_USER);
         i.mutable_history(0)->add_parts()->mutable_media()->set_sha256("short");
       }},
      {"attributes",
       [](auto& i) {
         for (int k = 0; k < 65; ++k) (*i.mutable_attributes())[std::to_string(k)] = "";
       }},
  };
  for (const Case& each : cases) {
    v1::Interaction interaction = Interaction("a");
    each.break_it(interaction);
    const auto response = Log({interaction});
    EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_REJECTED) << each.field;
    EXPECT_EQ(response.results(0).reason(), common::v1::ERROR_REASON_INVALID_ARGUMENT);
    EXPECT_NE(response.results(0).message().find(std::string("interactions[0].") + each.field),
              std::string::npos)
        << response.results(0).message();
  }
  EXPECT_EQ(Stats().interactions(), 0);
}

TEST_F(IngestTest, ShortensALongTextBetweenCharactersSoThatTheAnswerCanBeRead) {
  v1::Interaction bad = Interaction("bad");
  bad.set_agent("a");
  for (int i = 0; i < 100; ++i) bad.mutable_agent()->append("\xc3\xa9");
  const auto response = Log({Interaction("good"), bad});
  ASSERT_EQ(response.results_size(), 2);
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(response.results(1).status(), common::v1::ITEM_STATUS_REJECTED);
}

TEST_F(IngestTest, RefusesEachMalformedSignalByItsField) {
  struct Case {
    const char* field;
    std::function<void(v1::Signal&)> break_it;
  };
  const std::vector<Case> cases = {
      {"signal_id", [](auto& s) { s.set_signal_id("#"); }},
      {"revision", [](auto& s) { s.set_revision(-1); }},
      {"target", [](auto& s) { s.clear_target(); }},
      {"interaction_id", [](auto& s) { s.set_interaction_id(""); }},
      {"session_id", [](auto& s) { s.set_session_id(""); }},
      {"session_id", [](auto& s) { s.set_session_id("a\u202eb"); }},
      {"event_time", [](auto& s) { s.clear_event_time(); }},
      {"actor", [](auto& s) { s.clear_actor(); }},
      {"actor", [](auto& s) { s.set_actor(static_cast<v1::Actor>(77)); }},
      {"kind", [](auto& s) { s.clear_kind(); }},
      {"message_id",
       [](auto& s) {
         s.set_session_id("whole");
         s.set_message_id("m");
       }},
      {"tool_call_id", [](auto& s) { s.set_tool_call_id(std::string(129, 'x')); }},
      {"document_id", [](auto& s) { s.set_document_id(""); }},
      {"comment", [](auto& s) { s.set_comment(std::string(16'385, 'x')); }},
      {"attributes.key", [](auto& s) { (*s.mutable_attributes())[""] = "x"; }},
      {"stars.stars", [](auto& s) { s.mutable_stars()->set_stars(6); }},
      {"stars.max_stars",
       [](auto& s) {
         s.mutable_stars()->set_stars(1);
         s.mutable_stars()->set_max_stars(11);
       }},
      {"correction.ideal_output", [](auto& s) { s.mutable_correction(); }},
      {"correction.ideal_output",
       [](auto& s) {
         *s.mutable_correction()->add_ideal_messages() = Says(common::v1::ROLE_ASSISTANT, "a");
         s.mutable_correction()->set_ideal_output("b");
       }},
      {"correction.ideal_messages[0].role",
       [](auto& s) {
         *s.mutable_correction()->add_ideal_messages() = Says(common::v1::ROLE_USER, "a");
         *s.mutable_correction()->add_ideal_messages() = Says(common::v1::ROLE_ASSISTANT, "b");
       }},
      {"correction.ideal_messages[0].parts[0].tool_call.name",
       [](auto& s) {
         auto& message = *s.mutable_correction()->add_ideal_messages();
         message.set_role(common::v1::ROLE_ASSISTANT);
         message.add_parts()->mutable_tool_call();
       }},
      {"correction.ideal_messages",
       [](auto& s) {
         auto& message = *s.mutable_correction()->add_ideal_messages();
         message.set_role(common::v1::ROLE_TOOL);
         message.add_parts()->mutable_tool_result();
       }},
      {"correction.ideal_messages",
       [](auto& s) {
         for (int i = 0; i < 10'001; ++i) {
           *s.mutable_correction()->add_ideal_messages() = Says(common::v1::ROLE_ASSISTANT, "a");
         }
       }},
      {"edit.edit_ratio", [](auto& s) { s.mutable_edit()->set_edit_ratio(NAN); }},
      {"evaluation.name", [](auto& s) { s.mutable_evaluation()->set_score(1); }},
      {"evaluation.score",
       [](auto& s) {
         s.mutable_evaluation()->set_name("reward");
         s.mutable_evaluation()->set_score(std::numeric_limits<double>::quiet_NaN());
       }},
      {"evaluation.label",
       [](auto& s) {
         s.mutable_evaluation()->set_name("reward");
         s.mutable_evaluation()->set_label(std::string(257, 'x'));
       }},
      {"evaluation.explanation",
       [](auto& s) {
         s.mutable_evaluation()->set_name("reward");
         s.mutable_evaluation()->set_explanation(std::string(16'385, 'x'));
       }},
  };
  for (const Case& each : cases) {
    v1::Signal signal = Signal("s", "a");
    each.break_it(signal);
    const auto response = Record({signal});
    EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_REJECTED) << each.field;
    EXPECT_NE(response.results(0).message().find(std::string("signals[0].") + each.field),
              std::string::npos)
        << response.results(0).message();
  }
}

TEST_F(IngestTest, RefusesEmptyAndOversizedBatches) {
  v1::LogInteractionsRequest request;
  v1::LogInteractionsResponse response;
  EXPECT_THAT(Call(&v1::IngestService::Stub::LogInteractions, request, &response),
              HasReason(Reason::kEmptyBatch));
  for (int i = 0; i < 10'001; ++i) request.add_interactions();
  EXPECT_THAT(Call(&v1::IngestService::Stub::LogInteractions, request, &response),
              HasReason(Reason::kTooLarge));
}

TEST_F(IngestTest, RefusesARequestAboveTheByteLimitWithItsFigures) {
  config_.server.max_message_bytes = 10'000;
  Start();
  v1::LogInteractionsRequest request;
  *request.add_interactions() = Interaction("a");
  request.mutable_interactions(0)->set_output(std::string(11'000, 'x'));
  v1::LogInteractionsResponse response;
  const grpc::Status status = Call(&v1::IngestService::Stub::LogInteractions, request, &response);
  EXPECT_THAT(status, HasReason(Reason::kTooLarge));
  EXPECT_NE(status.error_message().find("want at most 10000"), std::string::npos);
  // Far above it, gRPC itself refuses, before it has read the request.
  request.mutable_interactions(0)->set_output(std::string(100'000, 'x'));
  EXPECT_EQ(Call(&v1::IngestService::Stub::LogInteractions, request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Stats().interactions(), 0);
}

TEST_F(IngestTest, RefusesWhoHasNoKeyAWrongKeyOrTooSmallARole) {
  const std::string keys = dir_.path() + "/keys";
  std::ofstream(keys) << "board key-of-a-reader-1234 shop reader\n";
  config_.server.api_keys_file = keys;
  Start();
  v1::LogInteractionsRequest request;
  *request.add_interactions() = Interaction("a");
  v1::LogInteractionsResponse response;
  const auto log = [&](const std::string& key) {
    return Call(&v1::IngestService::Stub::LogInteractions, request, &response, key);
  };
  EXPECT_THAT(log(""), HasReason(Reason::kUnauthenticated));
  EXPECT_THAT(log("key-of-nobody-123456"), HasReason(Reason::kUnauthenticated));
  EXPECT_THAT(log("key-of-a-reader-1234"), HasReason(Reason::kPermissionDenied));
}

TEST_F(IngestTest, DoesNothingForACallerWhoseDeadlineHasPassed) {
  v1::LogInteractionsRequest request;
  *request.add_interactions() = Interaction("a");
  v1::LogInteractionsResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  EXPECT_EQ(stub_->LogInteractions(&context, request, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(Stats().interactions(), 0);
}

TEST_F(IngestTest, AnswersBackPressureWithRetryInfoAndStoresNothingOfTheCall) {
  config_.server.max_message_bytes = 4'096;
  config_.server.max_queued_bytes = 4'096;
  Start();
  // The store is locked, so that what was accepted first waits in the queue.
  auto other = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kWrite);
  ASSERT_OK(other);
  ASSERT_OK((*other)->Execute("BEGIN IMMEDIATE"));
  std::vector<grpc::Status> results(2);
  absl::Notification refused;
  std::vector<std::thread> callers;
  for (size_t caller = 0; caller < 2; ++caller) {
    callers.emplace_back([&, caller] {
      v1::LogInteractionsRequest request;
      *request.add_interactions() = Interaction(std::to_string(caller));
      request.mutable_interactions(0)->set_output(std::string(3'000, 'x'));
      v1::LogInteractionsResponse response;
      results[caller] = Call(&v1::IngestService::Stub::LogInteractions, request, &response);
      if (!results[caller].ok()) refused.Notify();
    });
  }
  EXPECT_TRUE(refused.WaitForNotificationWithTimeout(absl::Seconds(4)));
  ASSERT_OK((*other)->Execute("ROLLBACK"));
  for (std::thread& caller : callers) caller.join();
  const grpc::Status& status = results[0].ok() ? results[1] : results[0];
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status, HasReason(Reason::kBackPressure));
  EXPECT_TRUE(errors::RetryDelayOf(rpc::FromGrpcStatus(status)).has_value());
  EXPECT_NE(results[0].ok(), results[1].ok());
  EXPECT_EQ(Stats().interactions(), 1);
}

TEST_F(IngestTest, RefusesCursorsAndPageTokensThatAreNone) {
  v1::ReadFeedRequest feed;
  feed.set_cursor("-1");
  grpc::ClientContext context;
  const auto reader = stub_->ReadFeed(&context, feed);
  v1::ReadFeedResponse page;
  EXPECT_FALSE(reader->Read(&page));
  EXPECT_THAT(reader->Finish(), HasReason(Reason::kInvalidArgument));
  v1::ListInteractionsRequest list;
  list.set_page_token("gibberish");
  v1::ListInteractionsResponse response;
  EXPECT_THAT(Call(&v1::IngestService::Stub::ListInteractions, list, &response),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(IngestTest, CarriesTheCallersRequestIdInEveryError) {
  grpc::ClientContext context;
  context.AddMetadata("x-request-id", "my-request-7");
  v1::GetInteractionRequest request;
  request.set_interaction_id("nowhere");
  v1::GetInteractionResponse response;
  const grpc::Status status = stub_->GetInteraction(&context, request, &response);
  EXPECT_EQ(errors::MetadataOf(rpc::FromGrpcStatus(status)).at("request_id"), "my-request-7");
}

}  // namespace
}  // namespace flywheel::ingest
