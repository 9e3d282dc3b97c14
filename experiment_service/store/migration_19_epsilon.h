// Migration 19: what readers were told of segments with noise, and the noise's keys.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_19_EPSILON_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_19_EPSILON_H_

namespace flywheel::experiment {

inline constexpr char kEpsilonSql[] = R"sql(
CREATE TABLE epsilon_spends (
  -- Answers with noise that a project has paid for. The same answer again is free; a budget is held
  -- against the sum since its period began.
  project TEXT NOT NULL,
  answer_hash BLOB NOT NULL,      -- SHA-256 of the request, the epsilon and the exact numbers
  epsilon INTEGER NOT NULL,       -- in millionths
  spend_time INTEGER NOT NULL,
  PRIMARY KEY (project, answer_hash)
) STRICT;

CREATE TABLE noise_keys (
  -- Of which the noise of an answer is made, together with its hash: so the same answer always has
  -- the same noise, and who does not have the key cannot take it off. Made with the first answer.
  project TEXT NOT NULL PRIMARY KEY,
  noise_key BLOB NOT NULL         -- random; never changed
) STRICT;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_19_EPSILON_H_
