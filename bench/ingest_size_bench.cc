// Rows about a store that is not empty: reading it, and writing to it when it is large.
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/time/clock.h"
#include "bench/benchmarks.h"
#include "bench/ingest_load.h"

namespace flywheel::bench {
namespace {

constexpr int kSizeCallers = 4;
constexpr int kSizeBatch = 100;
constexpr int64_t kReadOut = 200'000;
constexpr int64_t kManyInteractions = 5'000'000;

// Entries a second of the whole feed, from its beginning.
double EntriesPerSecond(ingest::v1::IngestService::Stub& stub) {
  grpc::ClientContext context;
  ingest::v1::ReadFeedRequest request;
  request.set_max_entries(5'000);
  const absl::Time start = absl::Now();
  const auto reader = stub.ReadFeed(&context, request);
  ingest::v1::ReadFeedResponse response;
  int64_t entries = 0;
  while (reader->Read(&response)) entries += response.entries_size();
  const grpc::Status status = reader->Finish();
  if (!status.ok()) Die(status.error_message());
  if (entries < kReadOut) Die(fmt::format("the feed has {} entries only", entries));
  return static_cast<double>(entries) / absl::ToDoubleSeconds(absl::Now() - start);
}

// Sends until `interactions` more are stored.
void Fill(const IngestStubs& stubs, int64_t interactions) {
  CallsPerSecond(kSizeCallers, absl::InfiniteDuration(), interactions / kSizeBatch,
                 [&](int caller, int64_t) {
                   if (!Send(stubs.of(caller), NewBatch(kSizeBatch))) Die("a batch was refused");
                 });
}

double MedianRate(const IngestStubs& stubs, const Setup& setup) {
  std::vector<double> rates;
  for (int round = 0; round < setup.rounds; ++round) {
    rates.push_back(InteractionsPerSecond(stubs, kSizeCallers, kSizeBatch, setup.duration));
  }
  return Median(rates);
}

common::v1::Message Says(common::v1::Role role, const std::string& text) {
  common::v1::Message message;
  message.set_role(role);
  message.add_parts()->set_text(text);
  return message;
}

// A session of so many turns, a call each as an agent sends them. Returns the bytes of its texts,
// which no other session has.
int64_t SendConversation(ingest::v1::IngestService::Stub& stub, int session, int turns) {
  int64_t text_bytes = 0;
  ingest::v1::LogInteractionsRequest said = NewBatch(1);
  ingest::v1::Interaction& turn = *said.mutable_interactions(0);
  const std::string text = turn.input() + turn.output();
  turn.clear_input();
  turn.clear_output();
  for (int number = 0; number < turns; ++number) {
    turn.set_interaction_id(fmt::format("{}-{}", turn.session_id(), number));
    for (const common::v1::Message& message : turn.messages()) *turn.add_history() = message;
    turn.clear_messages();
    for (const auto role : {common::v1::ROLE_USER, common::v1::ROLE_ASSISTANT}) {
      const std::string own =
          fmt::format("{} {} {} {}", text, session, number, text.substr(0, 150));
      text_bytes += static_cast<int64_t>(own.size());
      *turn.add_messages() = Says(role, own);
    }
    if (!Send(stub, said)) Die("a turn was refused");
  }
  return text_bytes;
}

int64_t BytesUnder(const std::string& folder) {
  int64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
  }
  return bytes;
}

}  // namespace

Row ConversationBytes(const Setup& setup) {
  constexpr int kSessions = 200;
  constexpr int kTurns = 50;
  auto services = StartIngest(setup, "conversations", {});
  int64_t text_bytes = 0;
  {
    const IngestStubs stubs(AddressOf(*services), 1);
    for (int session = 0; session < kSessions; ++session) {
      text_bytes += SendConversation(stubs.of(0), session, kTurns);
    }
  }
  services.reset();
  constexpr double kMegabyte = 1e6;
  const double stored = static_cast<double>(BytesUnder(setup.work_dir + "/conversations"));
  const auto text = static_cast<double>(text_bytes);
  return {fmt::format("store of {} sessions of {} turns, 2 kB a turn", kSessions, kTurns),
          stored / kMegabyte,
          "MB",
          "their texts, each once",
          text / kMegabyte,
          stored / text};
}

Row FeedRead(const Setup& setup) {
  const auto services = StartIngest(setup, "feed", {});
  const IngestStubs stubs(AddressOf(*services), kSizeCallers);
  Fill(stubs, kReadOut);
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return EntriesPerSecond(stubs.of(0)); },
      [&] { return InteractionsPerSecond(stubs, kSizeCallers, kSizeBatch, setup.duration); });
  return {"ReadFeed from its beginning, one reader",
          result.measured,
          "entries/s",
          "written in batches of 100",
          result.reference,
          result.ratio};
}

Row IngestAtFiveMillion(const Setup& setup) {
  const auto services = StartIngest(setup, "large", {});
  const IngestStubs stubs(AddressOf(*services), kSizeCallers);
  const double empty = MedianRate(stubs, setup);
  Fill(stubs, kManyInteractions);
  const double full = MedianRate(stubs, setup);
  return {"ingest at 5 million stored, batches of 100",
          full,
          "interactions/s",
          "on an empty store",
          empty,
          full / empty};
}

}  // namespace flywheel::bench
