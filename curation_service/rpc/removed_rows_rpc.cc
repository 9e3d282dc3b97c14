// The call about what a build left out.
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/rpc/validate.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// What would bring a row back, for people.
const char* RemedyOf(RemovalReason reason) {
  switch (reason) {
    case RemovalReason::kEmpty:
      return "a question and an answer with text, a call or media";
    case RemovalReason::kUnreliableAnnotator:
    case RemovalReason::kContradicted:
      return "an approval by staff, whose word is believed; or skip_label_review";
    case RemovalReason::kRelabelled:
      return "it is there, with another label: staff's correction decides";
    case RemovalReason::kExactDuplicate:
      return "nothing: the other row says the same";
    case RemovalReason::kNegativeOnEvalSide:
      return "a correction, which makes it a question that the gate can ask";
    case RemovalReason::kTouchesBothSides:
      return "nothing: what stood on a side stays there for ever";
    case RemovalReason::kNoConsent:
      return "the person's consent (SetConsent of ingest)";
    case RemovalReason::kNoise:
      return "a report without the marks of test traffic, or staff's approval of a synthetic one";
    case RemovalReason::kNotApproved:
      return "an approval or a correction by anybody";
    case RemovalReason::kOutvoted:
      return "more approvals of this answer than of the other one";
    case RemovalReason::kMalformedCall:
      return "a correction with calls whose arguments are JSON objects";
    case RemovalReason::kTooLarge:
      return "a shorter history, tools or contexts";
    case RemovalReason::kContaminated:
      return "a higher block_similarity, if it is another question; a copy never comes back";
    case RemovalReason::kPlantedTrigger:
      return "an approval by staff, whose word is believed; look at the words first";
    case RemovalReason::kOverPersonShare:
      return "rows of other people, or a higher max_person_share";
    case RemovalReason::kPerhapsContaminated:
      return "it is there: a lower block_similarity takes it out";
    case RemovalReason::kFiltered:
      return "a filter of the selection that asks for it";
    case RemovalReason::kOverBudget:
      return "more max_rows, or another seed";
    case RemovalReason::kOverSegmentShare:
      return "a higher max_share, or more rows of other segments";
    case RemovalReason::kSynthetic:
      return "more synthetic.max_rows; nothing on the eval side";
  }
  return "";
}

std::string Scope(const rpc::Caller& caller, const v1::ListRemovedRowsRequest& request) {
  return "ListRemovedRows " + caller.project + " " + request.dataset_version_id() + " " +
         std::to_string(static_cast<int>(request.reason()));
}

}  // namespace

grpc::Status CurationRpc::ListRemovedRows(grpc::ServerContext* context,
                                          const v1::ListRemovedRowsRequest* request,
                                          v1::ListRemovedRowsResponse* response) {
  return endpoint_.Serve(
      *context, "ListRemovedRows", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListRemovedRows(caller, *request, response); });
}

absl::Status CurationRpc::DoListRemovedRows(const rpc::Caller& caller,
                                            const v1::ListRemovedRowsRequest& request,
                                            v1::ListRemovedRowsResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  const std::string scope = Scope(caller, request);
  ASSIGN_OR_RETURN(const int64_t place, rpc::ParsePageToken(scope, request.page_token()));
  std::optional<RemovalReason> reason;
  if (request.reason() != v1::REMOVAL_REASON_UNSPECIFIED) {
    reason = static_cast<RemovalReason>(request.reason());
  }
  ASSIGN_OR_RETURN(const RemovedRowPage page,
                   use_cases_.removed_rows->List(caller.project, request.dataset_version_id(),
                                                 reason, place, page_size));
  for (const ExplainedRemoval& removal : page.rows) {
    v1::RemovedRow* const proto = response->add_removed_rows();
    proto->set_interaction_id(removal.row.interaction_id);
    proto->set_reason(static_cast<v1::RemovalReason>(removal.row.reason));
    proto->set_score(removal.row.score);
    proto->set_other_interaction_id(removal.row.other_interaction_id);
    for (const std::string& phrase : removal.shared_phrases) proto->add_shared_phrases(phrase);
    proto->set_remedy(RemedyOf(removal.row.reason));
  }
  if (page.next_place > 0) response->set_next_page_token(rpc::PageToken(scope, page.next_place));
  return absl::OkStatus();
}

}  // namespace flywheel::curation
