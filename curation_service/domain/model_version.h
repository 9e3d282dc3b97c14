// Model versions: what answers for an agent, and what it was made from.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_MODEL_VERSION_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_MODEL_VERSION_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace flywheel::curation {

// Immutable: whatever answers differently, be it weights, a prompt or a retrieval, has a name of
// its own. All but agent and name may be empty.
struct ModelVersion {
  std::string agent;
  // Unique among the agent's.
  std::string name;
  // A version of the same agent.
  std::string base;
  std::string artifact_uri;
  std::string prompt_version;
  std::string retrieval_version;
  // A run of the same agent; no two versions come of one.
  std::string training_run_id;
  std::string description;
  std::map<std::string, std::string> labels;
  absl::Time create_time;
  // The id of a key; empty where the server had none.
  std::string created_by = {};
};

// The fields, in the words of the contract, in which two versions of one name differ. When they
// were registered, and by whom, is no content.
std::vector<std::string_view> DifferingFields(const ModelVersion& a, const ModelVersion& b);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_MODEL_VERSION_H_
