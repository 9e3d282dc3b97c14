#include "ingest_service/payloads/archive_line.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/escaping.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "ingest_service/payloads/canonical_bytes.h"
#include "ingest_service/payloads/stored_interaction.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr std::string_view kBase64Head = R"({"payload_base64":")";

absl::Status Damaged(std::string_view detail) {
  return errors::StoreCorrupt("a line of an archive file", detail);
}

absl::StatusOr<std::string> ToJson(const v1::FeedEntry& entry) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(entry, &json, options).ok()) {
    return errors::Internal("an interaction that cannot be written as JSON");
  }
  return json;
}

absl::StatusOr<v1::FeedEntry> FromJson(std::string_view json) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  v1::FeedEntry entry;
  const google::protobuf::StringPiece text(json.data(), json.size());
  if (!google::protobuf::util::JsonStringToMessage(text, &entry, options).ok()) {
    return Damaged("it is no feed entry in JSON");
  }
  return entry;
}

}  // namespace

absl::StatusOr<std::string> ToLine(const std::string& project, const ArchivedRecord& record) {
  v1::FeedEntry entry;
  entry.set_sequence(record.sequence);
  entry.set_project(project);
  *entry.mutable_commit_time() = rpc::ToProto(record.commit_time);
  std::string json;
  if (entry.mutable_interaction()->ParseFromString(record.payload)) {
    ASSIGN_OR_RETURN(json, ToJson(entry));
    const absl::StatusOr<v1::FeedEntry> again = FromJson(json);
    if (again.ok() && CanonicalBytes(again->interaction()) == record.payload) return json;
  } else {
    // Bytes that are no message are kept as well: the store has them, so a reader wants them.
    entry.clear_interaction();
    ASSIGN_OR_RETURN(json, ToJson(entry));
  }
  const std::string base64 = absl::Base64Escape({record.payload.data(), record.payload.size()});
  return std::string(kBase64Head) + base64 + "\"," + json.substr(1);
}

absl::StatusOr<ArchivedRecord> FromLine(std::string_view line) {
  ASSIGN_OR_RETURN(const v1::FeedEntry entry, FromJson(line));
  ArchivedRecord record;
  record.sequence = entry.sequence();
  record.commit_time = rpc::FromProto(entry.commit_time());
  if (line.substr(0, kBase64Head.size()) != kBase64Head) {
    record.payload = CanonicalBytes(entry.interaction()) + EarlierStepsOf(line);
    return record;
  }
  const std::string_view rest = line.substr(kBase64Head.size());
  const std::string_view base64 = rest.substr(0, rest.find('"'));
  if (!absl::Base64Unescape({base64.data(), base64.size()}, &record.payload)) {
    return Damaged("its payload is no base64");
  }
  return record;
}

}  // namespace flywheel::ingest
