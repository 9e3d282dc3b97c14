// Migration 8: gives scores their approval and the place of their evidence.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_08_EVIDENCE_COLUMNS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_08_EVIDENCE_COLUMNS_H_

namespace flywheel::curation {

// Scores are made of signals, so both columns are made of those that are kept: kinds 10 and 11 are
// thumbs and stars, 12 a correction, 13 an edit, 16 a copy, 19 an escalation, 20 an acceptance, 22
// an error report, and 23 an evaluation, which is no reaction. The text of edits that came before
// was not kept; they count from now on.
inline constexpr char kEvidenceColumnsSql[] = R"sql(
DROP INDEX scores_by_agent;
ALTER TABLE scores RENAME TO old_scores;
CREATE TABLE scores (
  -- What the signals say: one row for each interaction that has a score, made anew whenever a
  -- signal comes. agent, sequence and noise repeat the interaction's.
  project TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  evidence_sequence INTEGER NOT NULL, -- the place in the feed of the newest record it is made of
  implicit_score REAL NOT NULL,
  combined_score REAL NOT NULL,
  tier INTEGER NOT NULL,              -- domain/tier.h: Tier
  approval INTEGER NOT NULL,          -- domain/score.h: Approval
  correction_actor INTEGER NOT NULL,  -- Actor; 0 where nobody corrected it
  correction_actor_id TEXT NOT NULL,
  correction TEXT NOT NULL,
  noise INTEGER NOT NULL,
  PRIMARY KEY (project, interaction_id)
) STRICT;

INSERT INTO scores (project, interaction_id, agent, sequence, evidence_sequence, implicit_score,
                    combined_score, tier, approval, correction_actor, correction_actor_id,
                    correction, noise)
  WITH targets AS (
    SELECT o.project, o.interaction_id, i.session_id
    FROM old_scores AS o
    JOIN interactions AS i ON i.project = o.project AND i.interaction_id = o.interaction_id
  ), reactions AS (
    SELECT t.project, t.interaction_id, s.sequence, s.kind, s.value
    FROM targets AS t
    JOIN signals AS s ON s.project = t.project AND s.interaction_id = t.interaction_id
    WHERE s.kind <> 23
    UNION ALL
    SELECT t.project, t.interaction_id, s.sequence, s.kind, s.value
    FROM targets AS t
    JOIN signals AS s ON s.project = t.project AND s.session_id = t.session_id
    WHERE t.session_id <> '' AND s.kind <> 23
  ), evidence AS (
    SELECT project, interaction_id, MAX(sequence) AS newest,
           MAX((kind IN (10, 11) AND value < 0) OR kind IN (12, 19, 22)
               OR (kind = 13 AND value > 0.5)) AS refused,
           MAX(kind IN (10, 11) AND value > 0) AS said,
           MAX(kind IN (16, 20)) AS taken
    FROM reactions GROUP BY project, interaction_id
  )
  SELECT o.project, o.interaction_id, o.agent, o.sequence,
         MAX(o.sequence, COALESCE(e.newest, 0)), o.implicit_score, o.combined_score, o.tier,
         CASE WHEN o.staff_approved THEN 3 WHEN e.refused THEN 0 WHEN e.said THEN 2
              WHEN e.taken THEN 1 ELSE 0 END,
         o.correction_actor, o.correction_actor_id, o.correction, o.noise
  FROM old_scores AS o
  LEFT JOIN evidence AS e ON e.project = o.project AND e.interaction_id = o.interaction_id
  ORDER BY o.rowid;
DROP TABLE old_scores;

CREATE INDEX scores_by_agent
  -- Building reads an agent's scores in feed order.
  ON scores (project, agent, sequence);
CREATE INDEX scores_by_evidence
  -- The trigger looks at an agent's scores whose evidence came after a place in the feed.
  ON scores (project, agent, evidence_sequence);
CREATE INDEX training_runs_by_dataset
  -- The trigger asks whether a dataset version was trained on.
  ON training_runs (project, dataset_version_id, state);
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_08_EVIDENCE_COLUMNS_H_
