#include "curation_service/domain/model_version.h"

namespace flywheel::curation {

std::vector<std::string_view> DifferingFields(const ModelVersion& a, const ModelVersion& b) {
  std::vector<std::string_view> fields;
  const auto compare = [&](std::string_view field, const auto& left, const auto& right) {
    if (left != right) fields.push_back(field);
  };
  compare("base_model_version", a.base, b.base);
  compare("artifact_uri", a.artifact_uri, b.artifact_uri);
  compare("prompt_version", a.prompt_version, b.prompt_version);
  compare("retrieval_version", a.retrieval_version, b.retrieval_version);
  compare("training_run_id", a.training_run_id, b.training_run_id);
  compare("description", a.description, b.description);
  compare("labels", a.labels, b.labels);
  return fields;
}

}  // namespace flywheel::curation
