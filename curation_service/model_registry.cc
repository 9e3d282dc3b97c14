#include "curation_service/model_registry.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <utility>

#include "curation_service/store/model_version_store.h"
#include "curation_service/store/training_run_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::curation {
namespace {

constexpr char kModelVersion[] = "model version";
constexpr char kRun[] = "training run";

absl::Status CheckBase(sql::Connection& connection, const std::string& project,
                       const ModelVersion& version) {
  if (version.base.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<StoredModelVersion> base,
                   ModelVersionStore(connection).Find(project, version.agent, version.base));
  if (base) return absl::OkStatus();
  return errors::NotFound("base model version", version.base,
                          "Register it first, for the same agent.");
}

// A run is open or leased until the version that comes of it is registered, which completes it; so
// one that is complete has a version, or none will come.
absl::Status CheckRun(sql::Connection& connection, const std::string& project,
                      const ModelVersion& version) {
  if (version.training_run_id.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<StoredTrainingRun> stored,
                   TrainingRunStore(connection).Find(project, version.training_run_id));
  if (!stored) {
    return errors::NotFound(kRun, version.training_run_id,
                            "Open it, or list the runs that there are.");
  }
  const TrainingRun& run = stored->run;
  if (run.agent != version.agent) {
    return errors::InvalidArgument("training_run_id", fmt::format("one of agent '{}'", run.agent),
                                   fmt::format("a run of agent '{}'", version.agent));
  }
  ASSIGN_OR_RETURN(
      const std::optional<StoredModelVersion> other,
      ModelVersionStore(connection).FindByTrainingRun(project, version.training_run_id));
  if (other) {
    return errors::FailedPrecondition(
        Reason::kAlreadyEnded, kRun, version.training_run_id,
        fmt::format("model version '{}', which is registered for it", other->version.name),
        "that name, or a run without a version");
  }
  if (run.state == TrainingRunState::kFailed || run.state == TrainingRunState::kCancelled) {
    return errors::FailedPrecondition(Reason::kAlreadyEnded, kRun, version.training_run_id,
                                      "one that ended without a model",
                                      "one that is open or leased");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Created<ModelVersion>> RegisterVersion(sql::Connection& connection,
                                                      const std::string& project,
                                                      const ModelVersion& version) {
  ModelVersionStore versions(connection);
  ASSIGN_OR_RETURN(std::optional<StoredModelVersion> earlier,
                   versions.Find(project, version.agent, version.name));
  if (earlier) {
    const auto differing = DifferingFields(earlier->version, version);
    if (differing.empty()) {
      return Created<ModelVersion>{std::move(earlier->version), /*replayed=*/true};
    }
    return errors::AlreadyExistsWithOtherContent(
        fmt::format("{} of {}", fmt::join(differing, ", "), kModelVersion), version.name);
  }
  RETURN_IF_ERROR(CheckBase(connection, project, version));
  RETURN_IF_ERROR(CheckRun(connection, project, version));
  RETURN_IF_ERROR(versions.Add(project, version));
  return Created<ModelVersion>{version, /*replayed=*/false};
}

absl::StatusOr<Created<ModelVersion>> ModelRegistry::Register(const rpc::Actor& actor,
                                                              ModelVersion version) {
  version.create_time = StoredTime(clock_->Now());
  version.created_by = actor.key_id;
  return database_->Write(
      [&](sql::Connection& connection) -> absl::StatusOr<Created<ModelVersion>> {
        ASSIGN_OR_RETURN(Created<ModelVersion> registered,
                         RegisterVersion(connection, actor.project, version));
        if (registered.replayed) return registered;
        RETURN_IF_ERROR(
            audit::Record(connection, actor,
                          {kModelVersion, version.name, fmt::format("agent '{}'", version.agent)},
                          version.create_time));
        return registered;
      });
}

absl::StatusOr<ModelVersion> ModelRegistry::Get(const std::string& project,
                                                const std::string& agent,
                                                const std::string& name) const {
  ASSIGN_OR_RETURN(std::optional<StoredModelVersion> stored,
                   database_->Read([&](sql::Connection& connection) {
                     return ModelVersionStore(connection).Find(project, agent, name);
                   }));
  if (stored) return std::move(stored->version);
  return errors::NotFound(kModelVersion, name,
                          "Register it, or list the versions that the agent has.");
}

absl::StatusOr<ListPage<ModelVersion>> ModelRegistry::List(const std::string& project,
                                                           const ListFilter& filter, int64_t beyond,
                                                           int64_t page_size) const {
  ASSIGN_OR_RETURN(ListPage<StoredModelVersion> page,
                   database_->Read([&](sql::Connection& connection) {
                     return ReadListPage<StoredModelVersion>(
                         beyond, page_size,
                         [&](int64_t from, int64_t limit) {
                           return ModelVersionStore(connection)
                               .List(project, {filter.agent, filter.oldest_first, from}, limit);
                         },
                         [&](const StoredModelVersion& stored) {
                           return filter.Matches(stored.version.create_time, stored.version.labels);
                         });
                   }));
  RETURN_IF_ERROR(FillListPage<StoredModelVersion>(
      sql::kMaxReadBytes,
      [](StoredModelVersion& stored) {
        const ModelVersion& version = stored.version;
        return version.description.size() + version.artifact_uri.size() +
               LabelBytes(version.labels);
      },
      page));
  return ValuesOf(std::move(page), &StoredModelVersion::version);
}

}  // namespace flywheel::curation
