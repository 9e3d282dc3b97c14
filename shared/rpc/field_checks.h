// Checks of request fields that every service makes, in one wording.
#ifndef FLYWHEEL_SHARED_RPC_FIELD_CHECKS_H_
#define FLYWHEEL_SHARED_RPC_FIELD_CHECKS_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/map.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shared/status/errors.h"

namespace flywheel::rpc {

// Collects what is wrong with a message. A check that fails adds a violation and goes on.
class FieldChecks {
 public:
  // `prefix` comes before every field's name, such as "interactions[3]."; `now` bounds times.
  explicit FieldChecks(absl::Time now, std::string prefix = "")
      : now_(now), prefix_(std::move(prefix)) {}

  void Id(std::string_view field, std::string_view value);
  // As Id, but empty is right too.
  void OptionalId(std::string_view field, std::string_view value);
  // At most `max_bytes` bytes.
  void Text(std::string_view field, std::string_view value, size_t max_bytes);
  // Not empty as well; SIZE_MAX for no bound.
  void RequiredText(std::string_view field, std::string_view value, size_t max_bytes);
  // A name: as RequiredText, and without control and format characters (HasControls), because names
  // are shown in tables, terminals and logs.
  void Name(std::string_view field, std::string_view value, size_t max_bytes);
  // As Name, but empty is right too.
  void OptionalName(std::string_view field, std::string_view value, size_t max_bytes);
  void Finite(std::string_view field, double value);
  // Finite and between both ends, which belong to the range.
  void Range(std::string_view field, double value, double low, double high);
  void Range(std::string_view field, int64_t value, int64_t low, int64_t high);
  // At least `low`.
  void AtLeast(std::string_view field, int64_t value, int64_t low);
  // A number that the enumeration has.
  void Enum(std::string_view field, bool is_known, int value);
  // Set, not before 2000, at most five minutes in the future.
  void EventTime(std::string_view field, bool has_value, const google::protobuf::Timestamp& value);
  void NotNegative(std::string_view field, const google::protobuf::Duration& value);
  // Well-formed (one sign, nanos below a second), and between both ends, which belong to the range.
  void Duration(std::string_view field, const google::protobuf::Duration& value, absl::Duration low,
                absl::Duration high);
  // Empty, or a token that rpc::FeedToken gave.
  void FeedToken(std::string_view field, std::string_view value);
  // At most 64 labels, with names of 1 to 64 bytes and values of at most 256 bytes.
  void Labels(std::string_view field, const google::protobuf::Map<std::string, std::string>& value);
  // A violation where `ok` is false.
  void Require(bool ok, std::string_view field, std::string_view got, std::string_view want);

  bool ok() const { return violations_.empty(); }
  const std::vector<errors::FieldViolation>& violations() const { return violations_; }
  // OK, or INVALID_ARGUMENT with all violations.
  absl::Status status() const;

 private:
  void Add(std::string_view field, std::string_view got, std::string_view want);

  absl::Time now_;
  std::string prefix_;
  std::vector<errors::FieldViolation> violations_;
};

// Times on the wire.
absl::Time FromProto(const google::protobuf::Timestamp& time);
google::protobuf::Timestamp ToProto(absl::Time time);
absl::Duration FromProto(const google::protobuf::Duration& duration);
google::protobuf::Duration ToProto(absl::Duration duration);

// 0 means 50, above 1,000 means 1,000. INVALID_ARGUMENT below 0.
absl::StatusOr<int64_t> PageSize(int32_t page_size);

// A page token: the number where the next page begins, good only for lists of the same `scope` (the
// list's name and all its filters, in any wording). 0 is the empty token. INVALID_ARGUMENT for a
// text that is no token of this scope.
std::string PageToken(std::string_view scope, int64_t number);
absl::StatusOr<int64_t> ParsePageToken(std::string_view scope, std::string_view token);

// The same where a page begins behind an id. The empty id is the empty token.
std::string IdPageToken(std::string_view scope, std::string_view id);
absl::StatusOr<std::string> ParseIdPageToken(std::string_view scope, std::string_view token);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_FIELD_CHECKS_H_
