// Comparison key of model versions.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERSION_KEY_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERSION_KEY_H_

#include <string>

#include "shared/text/name_key.h"

namespace flywheel::evalgate {

// Versions with one key are one version: a BLOCK is not escaped by another spelling.
inline std::string VersionKey(const std::string& model_version) { return NameKey(model_version); }

inline bool IsSameVersion(const std::string& one, const std::string& other) {
  return VersionKey(one) == VersionKey(other);
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERSION_KEY_H_
