// Collects what is wrong with a request.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_VIOLATIONS_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_VIOLATIONS_H_

#include <google/protobuf/duration.pb.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "shared/status/errors.h"

namespace flywheel::curation {

// Checks fields one by one, and says everything at once.
class Violations {
 public:
  void Add(std::string_view field, std::string_view got, std::string_view want);

  // A client's id.
  void CheckId(std::string_view field, const std::string& value);
  // 1 to `max_bytes` bytes.
  void CheckText(std::string_view field, const std::string& value, size_t max_bytes);
  // Neither NaN nor infinite, and within [low, high].
  void CheckNumber(std::string_view field, double value, double low, double high);
  void CheckFinite(std::string_view field, double value);
  void CheckAtLeast(std::string_view field, int64_t value, int64_t low);
  // Well-formed, and within [low, high].
  void CheckDuration(std::string_view field, const google::protobuf::Duration& value,
                     absl::Duration low, absl::Duration high);
  // A number that the enumeration has.
  void CheckEnum(std::string_view field, bool is_known, int value);

  // OK, or INVALID_ARGUMENT with all that was found.
  absl::Status ToStatus() const;

 private:
  std::vector<errors::FieldViolation> found_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_VIOLATIONS_H_
