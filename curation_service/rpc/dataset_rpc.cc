// The calls about the record, and about rows of dataset versions.
#include <string>
#include <string_view>
#include <vector>

#include "curation_service/domain/chat_jsonl.h"
#include "curation_service/domain/parquet_rows.h"
#include "curation_service/domain/row_size.h"
#include "curation_service/rpc/convert.h"
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/rpc/stream_writer.h"
#include "curation_service/rpc/validate.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/feed_token.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int kMaxRowsPerMessage = 500;
// A message is sent when it reaches this; with the row that makes it do so (kMaxRowBytes) it stays
// below the 4 MiB that a client takes that changed nothing.
constexpr size_t kMessageBytes = 1 << 20;
// Of the scores of one answer, for the same reason.
constexpr size_t kMaxBatchBytes = 3'900 << 10;

std::string LineOf(const DatasetRow& row, const v1::ExportDatasetRequest& request) {
  // No version that is built now has one, and no trainer may see one.
  if (row.HasMalformedCall()) return "";
  return request.format() == v1::EXPORT_FORMAT_PROMPT_COMPLETION
             ? PromptCompletionJsonLine(row, request.include_contexts())
             : ChatJsonLine(row, request.include_metadata());
}

// Who knows what the gate asks can train a model on it, or tune one by hand: only the gate does.
absl::Status CheckMayRead(const rpc::Caller& caller, v1::Split split) {
  if (split == v1::SPLIT_TRAIN || rpc::MayDo(caller.role, rpc::Role::kService)) {
    return absl::OkStatus();
  }
  return errors::PermissionDenied(
      rpc::RoleName(caller.role),
      "service for the eval side (ask for split = SPLIT_TRAIN with this one)");
}

}  // namespace

absl::Status CurationRpc::AwaitToken(const grpc::ServerContext& context,
                                     const std::string& min_feed_token) {
  ASSIGN_OR_RETURN(const int64_t sequence, rpc::ParseFeedToken("min_feed_token", min_feed_token));
  return use_cases_.follower->AwaitSequence(sequence, rpc::CallDeadline(context, endpoint_));
}

grpc::Status CurationRpc::GetProgress(grpc::ServerContext* context,
                                      const v1::GetProgressRequest* request,
                                      v1::GetProgressResponse* response) {
  return endpoint_.Serve(
      *context, "GetProgress", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetProgress(caller, *request, response); });
}

absl::Status CurationRpc::DoGetProgress(const rpc::Caller& caller,
                                        const v1::GetProgressRequest& /*request*/,
                                        v1::GetProgressResponse* response) {
  ASSIGN_OR_RETURN(const Progress progress, use_cases_.scores->GetProgress(caller.project));
  ToProto(progress, *use_cases_.follower, response);
  return absl::OkStatus();
}

grpc::Status CurationRpc::GetScore(grpc::ServerContext* context, const v1::GetScoreRequest* request,
                                   v1::GetScoreResponse* response) {
  return endpoint_.Serve(
      *context, "GetScore", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetScore(caller, *context, *request, response); });
}

absl::Status CurationRpc::DoGetScore(const rpc::Caller& caller, const grpc::ServerContext& context,
                                     const v1::GetScoreRequest& request,
                                     v1::GetScoreResponse* response) {
  // A correction may be an ideal output of the eval side.
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(AwaitToken(context, request.min_feed_token()));
  ASSIGN_OR_RETURN(const std::optional<Assessment> assessment,
                   use_cases_.scores->GetScore(caller.project, request.interaction_id()));
  ToProto(request.interaction_id(), assessment, response);
  return absl::OkStatus();
}

grpc::Status CurationRpc::BatchGetScores(grpc::ServerContext* context,
                                         const v1::BatchGetScoresRequest* request,
                                         v1::BatchGetScoresResponse* response) {
  return endpoint_.Serve(*context, "BatchGetScores", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) {
                           return DoBatchGetScores(caller, *context, *request, response);
                         });
}

absl::Status CurationRpc::DoBatchGetScores(const rpc::Caller& caller,
                                           const grpc::ServerContext& context,
                                           const v1::BatchGetScoresRequest& request,
                                           v1::BatchGetScoresResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(AwaitToken(context, request.min_feed_token()));
  size_t bytes = 0;
  for (int i = 0; i < request.interaction_ids_size(); ++i) {
    const std::string& id = request.interaction_ids(i);
    const auto found = use_cases_.scores->GetScore(caller.project, id);
    if (errors::ReasonOf(found.status()) == Reason::kNotFound) {
      response->add_missing_ids(id);
      continue;
    }
    RETURN_IF_ERROR(found.status());
    ToProto(id, *found, response->add_scores());
    bytes += response->scores().rbegin()->ByteSizeLong();
    if (bytes <= kMaxBatchBytes || response->scores_size() == 1) continue;
    // The one that is too much is read again with those after it.
    response->mutable_scores()->RemoveLast();
    for (; i < request.interaction_ids_size(); ++i) {
      response->add_unread_ids(request.interaction_ids(i));
    }
  }
  return absl::OkStatus();
}

grpc::Status CurationRpc::FindTaughtQuestions(grpc::ServerContext* context,
                                              const v1::FindTaughtQuestionsRequest* request,
                                              v1::FindTaughtQuestionsResponse* response) {
  return endpoint_.Serve(
      *context, "FindTaughtQuestions", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoFindTaughtQuestions(caller, *request, response); });
}

absl::Status CurationRpc::DoFindTaughtQuestions(const rpc::Caller& caller,
                                                const v1::FindTaughtQuestionsRequest& request,
                                                v1::FindTaughtQuestionsResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  std::vector<Question> questions;
  questions.reserve(static_cast<size_t>(request.questions_size()));
  for (const v1::Question& one : request.questions()) {
    questions.push_back({one.input(), one.has_history()});
  }
  std::optional<Learner> learner;
  if (!request.model_version().empty()) learner = {request.agent(), request.model_version()};
  ASSIGN_OR_RETURN(const std::vector<bool> taught,
                   use_cases_.taught->Find(caller.project, questions, learner));
  for (size_t i = 0; i < taught.size(); ++i) {
    if (taught[i]) response->add_taught(static_cast<int32_t>(i));
  }
  return absl::OkStatus();
}

grpc::Status CurationRpc::ReadDatasetRows(grpc::ServerContext* context,
                                          const v1::ReadDatasetRowsRequest* request,
                                          grpc::ServerWriter<v1::ReadDatasetRowsResponse>* writer) {
  return endpoint_.Serve(
      *context, "ReadDatasetRows", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoReadDatasetRows(caller, *request, writer); });
}

absl::Status CurationRpc::DoReadDatasetRows(
    const rpc::Caller& caller, const v1::ReadDatasetRowsRequest& request,
    grpc::ServerWriter<v1::ReadDatasetRowsResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(CheckMayRead(caller, request.split()));
  v1::ReadDatasetRowsResponse message;
  size_t message_bytes = 0;
  RETURN_IF_ERROR(use_cases_.datasets->ForEachRow(
      caller.project, request.dataset_version_id(),
      {FromProto(request.split()), request.include_negatives(), request.ids_only()},
      [&](const DatasetRow& row) -> absl::Status {
        v1::DatasetRow proto;
        if (request.ids_only()) {
          proto.set_interaction_id(row.interaction_id);
        } else {
          ToProto(row, &proto);
        }
        message_bytes += proto.ByteSizeLong();
        *message.add_rows() = std::move(proto);
        if (message.rows_size() < kMaxRowsPerMessage && message_bytes < kMessageBytes) {
          return absl::OkStatus();
        }
        message_bytes = 0;
        return Send(endpoint_, caller, *writer, message);
      }));
  return message.rows_size() == 0 ? absl::OkStatus() : Send(endpoint_, caller, *writer, message);
}

grpc::Status CurationRpc::ExportDataset(grpc::ServerContext* context,
                                        const v1::ExportDatasetRequest* request,
                                        grpc::ServerWriter<v1::ExportDatasetResponse>* writer) {
  return endpoint_.Serve(
      *context, "ExportDataset", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoExportDataset(caller, *request, writer); });
}

absl::Status CurationRpc::ExportParquet(const rpc::Caller& caller,
                                        const v1::ExportDatasetRequest& request,
                                        grpc::ServerWriter<v1::ExportDatasetResponse>* writer) {
  ASSIGN_OR_RETURN(const DatasetVersion version,
                   use_cases_.datasets->Get(caller.project, request.dataset_version_id()));
  v1::ExportDatasetResponse message;
  ParquetRows rows(version, [&](std::string_view bytes) -> absl::Status {
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kMessageBytes - message.parquet().size());
      message.mutable_parquet()->append(piece);
      bytes.remove_prefix(piece.size());
      if (message.parquet().size() < kMessageBytes) continue;
      RETURN_IF_ERROR(Send(endpoint_, caller, *writer, message));
    }
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(use_cases_.datasets->ForEachRow(
      caller.project, request.dataset_version_id(),
      {FromProto(request.split()), /*include_negatives=*/true}, [&](const DatasetRow& row) {
        return row.HasMalformedCall() ? absl::OkStatus() : rows.Add(row);
      }));
  RETURN_IF_ERROR(rows.Finish());
  return message.parquet().empty() ? absl::OkStatus() : Send(endpoint_, caller, *writer, message);
}

absl::Status CurationRpc::DoExportDataset(const rpc::Caller& caller,
                                          const v1::ExportDatasetRequest& request,
                                          grpc::ServerWriter<v1::ExportDatasetResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(CheckMayRead(caller, request.split()));
  if (request.format() == v1::EXPORT_FORMAT_PARQUET) return ExportParquet(caller, request, writer);
  v1::ExportDatasetResponse message;
  const auto add = [&](const std::string& line) -> absl::Status {
    *message.mutable_jsonl() += line;
    return message.jsonl().size() < kMessageBytes ? absl::OkStatus()
                                                  : Send(endpoint_, caller, *writer, message);
  };
  const std::string& id = request.dataset_version_id();
  const std::optional<Split> split = FromProto(request.split());
  if (request.format() == v1::EXPORT_FORMAT_PREFERENCE) {
    RETURN_IF_ERROR(use_cases_.preferences->ForEachPair(
        caller.project, id, split, [&](const DatasetRow& row, const RejectedAnswer& rejected) {
          const std::string line = PreferenceJsonLine(row, rejected);
          // Of two answers, each of which may be as long as a row may be.
          return line.size() > kMaxRowBytes ? absl::OkStatus() : add(line);
        }));
  } else if (request.format() == v1::EXPORT_FORMAT_UNPAIRED_PREFERENCE) {
    RETURN_IF_ERROR(use_cases_.preferences->ForEachJudged(
        caller.project, id, split, [&](const DatasetRow& row, bool label) {
          return add(UnpairedPreferenceJsonLine(row, label));
        }));
  } else {
    RETURN_IF_ERROR(use_cases_.datasets->ForEachRow(
        caller.project, id, {split, /*include_negatives=*/false},
        [&](const DatasetRow& row) { return add(LineOf(row, request)); }));
  }
  return message.jsonl().empty() ? absl::OkStatus() : Send(endpoint_, caller, *writer, message);
}

}  // namespace flywheel::curation
