#include "eval_gate_service/neighbour/curation_client.h"

#include <grpcpp/client_context.h>

#include <memory>
#include <utility>

#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate {
namespace {

namespace curation_v1 = ::flywheel::curation::v1;

// A hundred thousand rows come in seconds; beyond this something hangs.
constexpr absl::Duration kTimeout = absl::Seconds(60);

bool IsCorrected(curation_v1::RowSource source) {
  return source == curation_v1::ROW_SOURCE_USER_CORRECTION ||
         source == curation_v1::ROW_SOURCE_STAFF_CORRECTION ||
         source == curation_v1::ROW_SOURCE_RELABELLED;
}

EvalRow ToDomain(curation_v1::DatasetRow& row) {
  EvalRow result;
  result.suite_case.case_id = std::move(*row.mutable_interaction_id());
  result.suite_case.input = std::move(*row.mutable_input());
  result.suite_case.ideal_output = std::move(*row.mutable_ideal_output());
  for (auto& call : *row.mutable_expected_tool_calls()) {
    result.suite_case.expected_tool_calls.push_back(
        {std::move(*call.mutable_name()), std::move(*call.mutable_arguments_json())});
  }
  result.suite_case.cohort = std::move(*row.mutable_cohort());
  result.corrected = IsCorrected(row.source());
  return result;
}

}  // namespace

absl::StatusOr<EvalSide> CurationClient::ReadEvalSide(const std::string& project,
                                                      const std::string& dataset_version_id) const {
  const auto stub = curation_v1::CurationService::NewStub(channel_.get());
  EvalSide side;
  {
    grpc::ClientContext context;
    channel_.Prepare(context, kTimeout, project);
    curation_v1::GetDatasetVersionRequest request;
    request.set_dataset_version_id(dataset_version_id);
    curation_v1::GetDatasetVersionResponse response;
    const grpc::Status status = stub->GetDatasetVersion(&context, request, &response);
    if (!status.ok()) return ToError(status, dataset_version_id);
    side.agent = response.dataset_version().options().agent();
  }
  // A dataset version never changes, so the rows are those of the same version.
  grpc::ClientContext context;
  channel_.Prepare(context, kTimeout, project);
  curation_v1::ReadDatasetRowsRequest request;
  request.set_dataset_version_id(dataset_version_id);
  request.set_split(curation_v1::SPLIT_EVAL);
  const auto reader = stub->ReadDatasetRows(&context, request);
  curation_v1::ReadDatasetRowsResponse response;
  while (reader->Read(&response)) {
    for (auto& row : *response.mutable_rows()) side.rows.push_back(ToDomain(row));
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return ToError(status, dataset_version_id);
  return side;
}

absl::Status CurationClient::ToError(const grpc::Status& status,
                                     const std::string& dataset_version_id) const {
  switch (status.error_code()) {
    case grpc::StatusCode::NOT_FOUND:
      return errors::NotFound("dataset version", dataset_version_id,
                              "Build it in the curation service first.");
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
      return errors::NeighbourRefused("curation", channel_.address(), status.error_message());
    default:
      return errors::NeighbourUnavailable("curation", channel_.address(), status.error_message());
  }
}

}  // namespace flywheel::evalgate
