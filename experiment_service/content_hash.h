// Hashes of what was asked for.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_CONTENT_HASH_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_CONTENT_HASH_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "experiment_service/domain/experiment.h"

namespace flywheel::experiment {

// Collects the fields of a request, each with its length before it, so that no two different
// requests read alike. What is stored are hashes over these bytes: fields and their order never
// change.
class ContentHash {
 public:
  ContentHash& Add(std::string_view text);
  ContentHash& Add(const std::string& text) { return Add(std::string_view(text)); }
  ContentHash& Add(int64_t number);
  // Its bits, but -0 as 0.
  ContentHash& Add(double number);
  ContentHash& Add(absl::Time time);

  // SHA-256, 32 bytes.
  std::string Sha256() const;

 private:
  std::string bytes_;
};

// Of all that a client says about an experiment, defaults filled in.
std::string RequestHash(const Experiment& experiment);

// Of all that a client says about a promotion.
std::string RequestHash(const ActiveVersion& promotion);

// The name under which a unit is kept: 32 hexadecimal digits that do not show its id.
std::string UnitHash(std::string_view project, std::string_view unit_id);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_CONTENT_HASH_H_
