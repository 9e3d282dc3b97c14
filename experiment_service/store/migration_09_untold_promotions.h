// Migration 9: the promotions that the gate is to be told of.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_09_UNTOLD_PROMOTIONS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_09_UNTOLD_PROMOTIONS_H_

namespace flywheel::experiment {

// Until now nobody told the gate which versions serve: it is told of the active ones.
inline constexpr char kUntoldPromotionsSql[] = R"sql(
CREATE TABLE untold_promotions (
  -- Promotions that the gate has not been told of: a row comes with its promotion, and leaves when
  -- the gate took it. They are told in the order of the key.
  project TEXT NOT NULL,
  ordinal INTEGER NOT NULL,       -- promotions.ordinal
  PRIMARY KEY (project, ordinal),
  FOREIGN KEY (project, ordinal) REFERENCES promotions (project, ordinal)
) STRICT;
INSERT INTO untold_promotions (project, ordinal)
  SELECT p.project, p.ordinal FROM active_versions AS a
  JOIN promotions AS p ON p.project = a.project AND p.promotion_id = a.promotion_id;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_09_UNTOLD_PROMOTIONS_H_
