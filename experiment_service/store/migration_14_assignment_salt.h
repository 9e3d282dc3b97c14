// Migration 14: salts of assignments.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_14_ASSIGNMENT_SALT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_14_ASSIGNMENT_SALT_H_

namespace flywheel::experiment {

// Until now an arm was a hash of public ids alone. Older experiments stay without, so that nobody
// in them changes arms.
inline constexpr char kAssignmentSaltSql[] = R"sql(
-- 16 random bytes in the hash that deals units to arms; empty: made before there were any.
ALTER TABLE experiments ADD COLUMN assignment_salt BLOB NOT NULL DEFAULT x'';
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_14_ASSIGNMENT_SALT_H_
