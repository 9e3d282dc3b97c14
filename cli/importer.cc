#include "cli/importer.h"

#include <fmt/format.h>

#include <utility>

#include "cli/table.h"
#include "shared/status/errors.h"
#include "shared/status/reason.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace v1 = ingest::v1;

constexpr size_t kMaxProblems = 10;

// Counts one result and keeps the first problems.
void Count(const common::v1::ItemResult& result, ItemCounts& counts, ImportSummary& summary) {
  switch (result.status()) {
    case common::v1::ITEM_STATUS_STORED:
      ++counts.stored;
      return;
    case common::v1::ITEM_STATUS_REPLAYED:
      ++counts.replayed;
      return;
    case common::v1::ITEM_STATUS_CONFLICT:
      ++counts.conflicts;
      break;
    default:
      ++counts.rejected;
      break;
  }
  if (summary.problems.size() == kMaxProblems) return;
  const bool conflict = result.status() == common::v1::ITEM_STATUS_CONFLICT;
  const auto reason = static_cast<Reason>(result.reason());
  summary.problems.push_back({result.id(), conflict ? "CONFLICT" : "REJECTED",
                              std::string(ReasonName(reason)), result.message()});
}

absl::Status CheckResults(int got, int want) {
  if (got == want) return absl::OkStatus();
  return errors::Internal(fmt::format("the server answered {} results to {} items", got, want));
}

// Collects items into requests of at most so many items and bytes, and sends each when the next
// item has no place in it.
template <typename Request, typename Add, typename Send>
class Batcher {
 public:
  Batcher(const ImporterOptions& options, Add add, Send send)
      : options_(options), add_(std::move(add)), send_(std::move(send)) {}

  template <typename Item>
  absl::Status Push(const Item& item) {
    const auto item_bytes = static_cast<int64_t>(item.ByteSizeLong());
    const bool full =
        items_ == options_.max_batch_items || bytes_ + item_bytes > options_.max_batch_bytes;
    if (items_ > 0 && full) RETURN_IF_ERROR(Flush());
    *add_(request_) = item;
    bytes_ += item_bytes;
    ++items_;
    return absl::OkStatus();
  }

  absl::Status Flush() {
    if (items_ == 0) return absl::OkStatus();
    RETURN_IF_ERROR(send_(request_));
    request_.Clear();
    bytes_ = 0;
    items_ = 0;
    return absl::OkStatus();
  }

 private:
  const ImporterOptions& options_;
  Add add_;
  Send send_;
  Request request_;
  int items_ = 0;
  int64_t bytes_ = 0;
};

template <typename Request, typename Add, typename Send>
Batcher<Request, Add, Send> MakeBatcher(const ImporterOptions& options, Add add, Send send) {
  return {options, std::move(add), std::move(send)};
}

}  // namespace

int64_t ToolCalls(const v1::Interaction& interaction) {
  int64_t calls = 0;
  for (const common::v1::Message& message : interaction.messages()) {
    for (const common::v1::Part& part : message.parts()) calls += part.has_tool_call();
  }
  return calls;
}

std::string Describe(const ImportSummary& summary) {
  const ItemCounts& interactions = summary.interactions;
  const ItemCounts& signals = summary.signals;
  const int64_t conflicts = interactions.conflicts + signals.conflicts;
  const int64_t rejected = interactions.rejected + signals.rejected;
  if (interactions.stored + signals.stored + conflicts + rejected == 0) {
    return fmt::format("stored nothing: all {} interactions and {} signals were already there",
                       WithThousands(interactions.replayed), WithThousands(signals.replayed));
  }
  return fmt::format(
      "stored {} interactions ({} tool calls) and {} signals; {} replayed, {} conflicts, {} "
      "rejected",
      WithThousands(interactions.stored), WithThousands(summary.tool_calls),
      WithThousands(signals.stored), WithThousands(interactions.replayed + signals.replayed),
      WithThousands(conflicts), WithThousands(rejected));
}

Importer::Importer(const rpc::Channel& channel, ImporterOptions options)
    : channel_(channel),
      options_(std::move(options)),
      stub_(v1::IngestService::NewStub(channel.get())) {}

absl::StatusOr<ImportSummary> Importer::Import(const std::vector<Conversation>& conversations) {
  ImportSummary summary;
  done_ = 0;
  total_ = 0;
  for (const Conversation& conversation : conversations) {
    total_ += conversation.turns.size() + conversation.signals.size();
  }

  auto interactions = MakeBatcher<v1::LogInteractionsRequest>(
      options_, [](v1::LogInteractionsRequest& request) { return request.add_interactions(); },
      [&](const v1::LogInteractionsRequest& request) {
        return SendInteractions(request, summary);
      });
  for (const Conversation& conversation : conversations) {
    for (const v1::Interaction& turn : conversation.turns) {
      RETURN_IF_ERROR(interactions.Push(turn));
    }
  }
  RETURN_IF_ERROR(interactions.Flush());

  auto signals = MakeBatcher<v1::RecordSignalsRequest>(
      options_, [](v1::RecordSignalsRequest& request) { return request.add_signals(); },
      [&](const v1::RecordSignalsRequest& request) { return SendSignals(request, summary); });
  for (const Conversation& conversation : conversations) {
    for (const v1::Signal& signal : conversation.signals) RETURN_IF_ERROR(signals.Push(signal));
  }
  RETURN_IF_ERROR(signals.Flush());
  return summary;
}

template <typename Request, typename Response>
absl::Status Importer::Call(grpc::Status (v1::IngestService::Stub::*method)(grpc::ClientContext*,
                                                                            const Request&,
                                                                            Response*),
                            const Request& request, Response& response) {
  return rpc::CallWithRetry(
      channel_, options_.retry,
      [&](grpc::ClientContext& context) {
        return (stub_.get()->*method)(&context, request, &response);
      },
      options_.project);
}

absl::Status Importer::SendInteractions(const v1::LogInteractionsRequest& request,
                                        ImportSummary& summary) {
  v1::LogInteractionsResponse response;
  RETURN_IF_ERROR(Call(&v1::IngestService::Stub::LogInteractions, request, response));
  RETURN_IF_ERROR(CheckResults(response.results_size(), request.interactions_size()));
  for (int i = 0; i < response.results_size(); ++i) {
    Count(response.results(i), summary.interactions, summary);
    if (response.results(i).status() == common::v1::ITEM_STATUS_STORED) {
      summary.tool_calls += ToolCalls(request.interactions(i));
    }
  }
  Advance(request.interactions_size());
  return absl::OkStatus();
}

absl::Status Importer::SendSignals(const v1::RecordSignalsRequest& request,
                                   ImportSummary& summary) {
  v1::RecordSignalsResponse response;
  RETURN_IF_ERROR(Call(&v1::IngestService::Stub::RecordSignals, request, response));
  RETURN_IF_ERROR(CheckResults(response.results_size(), request.signals_size()));
  for (const common::v1::ItemResult& result : response.results()) {
    Count(result, summary.signals, summary);
  }
  Advance(request.signals_size());
  return absl::OkStatus();
}

void Importer::Advance(size_t items) {
  done_ += items;
  if (options_.on_progress) options_.on_progress(done_, total_);
}

}  // namespace flywheel::cli
