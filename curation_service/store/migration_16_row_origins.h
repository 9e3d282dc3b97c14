// Migration 16: rows say where they come from: provenance, labels, failure mode and signals.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_16_ROW_ORIGINS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_16_ROW_ORIGINS_H_

namespace flywheel::curation {

// Of rows that are there already the source says whose they are: 2 and 4 are of staff, 8 is
// synthetic. A score names its signals from the next signal on.
inline constexpr char kRowOriginsSql[] = R"sql(
DROP INDEX interactions_by_sequence;
DROP INDEX interactions_by_session;
ALTER TABLE interactions RENAME TO old_interactions;
CREATE TABLE interactions (
  -- What agents did, as ingest keeps it, without what curation has no use for. Immutable.
  project TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,      -- its place in the feed
  session_id TEXT NOT NULL,       -- empty where it has none
  user_id TEXT NOT NULL,          -- a pseudonym; empty where nobody is known
  agent TEXT NOT NULL,
  model_version TEXT NOT NULL,    -- empty where unknown
  prompt_version TEXT NOT NULL,   -- the same
  input TEXT NOT NULL,            -- the short form of the messages
  output TEXT NOT NULL,
  history TEXT NOT NULL,          -- JSON: store/message_columns.h
  messages TEXT NOT NULL,         -- JSON; [] where the short form is all
  tools TEXT NOT NULL,            -- JSON
  contexts TEXT NOT NULL,         -- JSON
  attributes TEXT NOT NULL,       -- JSON
  failure_kind TEXT NOT NULL,     -- of what the agent reported; empty where it answered
  noise INTEGER NOT NULL,         -- 1: no real use; no dataset has it
  PRIMARY KEY (project, interaction_id)
) STRICT;
INSERT INTO interactions (project, interaction_id, sequence, session_id, user_id, agent,
                          model_version, prompt_version, input, output, history, messages, tools,
                          contexts, attributes, failure_kind, noise)
  SELECT o.project, o.interaction_id, o.sequence, o.session_id, o.user_id, o.agent, o.model_version,
         o.prompt_version, o.input, o.output, o.history, o.messages, o.tools, o.contexts,
         o.attributes, '', o.noise
  FROM old_interactions AS o ORDER BY o.rowid;
DROP TABLE old_interactions;

CREATE INDEX interactions_by_sequence
  -- What left ingest is named by its place in the feed.
  ON interactions (sequence);
CREATE INDEX interactions_by_session
  -- A signal about a session concerns its interactions; scoring looks at the first of them.
  ON interactions (project, session_id, sequence);

DROP INDEX signals_by_interaction;
DROP INDEX signals_by_sequence;
DROP INDEX signals_by_session;
ALTER TABLE signals RENAME TO old_signals;
CREATE TABLE signals (
  -- What people did about it: the newest revision of each signal. The interaction may come later,
  -- so there is no foreign key.
  project TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sequence INTEGER NOT NULL,      -- its place in the feed
  interaction_id TEXT NOT NULL,   -- of this and the next one is empty
  session_id TEXT NOT NULL,
  event_time_us INTEGER NOT NULL,
  actor INTEGER NOT NULL,         -- domain/record.h: Actor
  actor_id TEXT NOT NULL,
  kind INTEGER NOT NULL,          -- SignalKind
  value REAL NOT NULL,
  text TEXT NOT NULL,
  messages TEXT NOT NULL,         -- JSON: store/message_columns.h
  failure_mode TEXT NOT NULL,     -- what went wrong; empty where it does not say
  PRIMARY KEY (project, signal_id)
) STRICT;
INSERT INTO signals (project, signal_id, revision, sequence, interaction_id, session_id,
                     event_time_us, actor, actor_id, kind, value, text, messages, failure_mode)
  SELECT o.project, o.signal_id, o.revision, o.sequence, o.interaction_id, o.session_id,
         o.event_time_us, o.actor, o.actor_id, o.kind, o.value, o.text, o.messages, ''
  FROM old_signals AS o ORDER BY o.rowid;
DROP TABLE old_signals;

CREATE INDEX signals_by_interaction
  -- Scoring reads the newest signals of an interaction, and stops after those.
  ON signals (project, interaction_id, sequence);
CREATE INDEX signals_by_sequence
  -- What left ingest is named by its place in the feed.
  ON signals (sequence);
CREATE INDEX signals_by_session
  -- The same of its session.
  ON signals (project, session_id, sequence);

DROP INDEX scores_by_agent;
DROP INDEX scores_by_evidence;
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
  correction_messages TEXT NOT NULL,  -- JSON: store/message_columns.h
  failure_mode TEXT NOT NULL,         -- by the newest signal that says it
  signal_ids TEXT NOT NULL,           -- JSON: the correction, else the newest reactions
  noise INTEGER NOT NULL,
  PRIMARY KEY (project, interaction_id)
) STRICT;
INSERT INTO scores (project, interaction_id, agent, sequence, evidence_sequence, implicit_score,
                    combined_score, tier, approval, correction_actor, correction_actor_id,
                    correction, correction_messages, failure_mode, signal_ids, noise)
  SELECT o.project, o.interaction_id, o.agent, o.sequence, o.evidence_sequence, o.implicit_score,
         o.combined_score, o.tier, o.approval, o.correction_actor, o.correction_actor_id,
         o.correction, o.correction_messages, '', '[]', o.noise
  FROM old_scores AS o ORDER BY o.rowid;
DROP TABLE old_scores;

CREATE INDEX scores_by_agent
  -- Building reads an agent's scores in feed order.
  ON scores (project, agent, sequence);
CREATE INDEX scores_by_evidence
  -- The trigger looks at an agent's scores whose evidence came after a place in the feed.
  ON scores (project, agent, evidence_sequence);

DROP INDEX dataset_rows_by_interaction;
ALTER TABLE dataset_rows RENAME TO old_dataset_rows;
CREATE TABLE dataset_rows (
  -- Their rows, whole, so that a version stays what it was. A row that was erased stays as an empty
  -- place, so that the others keep theirs.
  project TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  row_index INTEGER NOT NULL,     -- from 0, in feed order
  interaction_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  split INTEGER NOT NULL,         -- domain/dataset.h: Split
  prompt TEXT NOT NULL,           -- JSON: store/message_columns.h; [] where input is all
  ideal TEXT NOT NULL,            -- JSON; [] where ideal_output is all
  input TEXT NOT NULL,            -- the short form of prompt and ideal
  ideal_output TEXT NOT NULL,
  tools TEXT NOT NULL,            -- JSON
  contexts TEXT NOT NULL,         -- JSON
  tier INTEGER NOT NULL,          -- domain/tier.h: Tier
  score REAL NOT NULL,
  source INTEGER NOT NULL,        -- RowSource
  provenance INTEGER NOT NULL,    -- Provenance
  cohort TEXT NOT NULL,
  labels TEXT NOT NULL,           -- JSON: the attributes of the interaction
  failure_mode TEXT NOT NULL,     -- empty where nobody said what went wrong
  signal_ids TEXT NOT NULL,       -- JSON: those that made the row
  reported_output TEXT NOT NULL,
  model_version TEXT NOT NULL,
  prompt_version TEXT NOT NULL,
  erased INTEGER NOT NULL,
  PRIMARY KEY (project, dataset_version_id, row_index),
  FOREIGN KEY (project, dataset_version_id)
    REFERENCES dataset_versions (project, dataset_version_id)
) STRICT;
INSERT INTO dataset_rows (project, dataset_version_id, row_index, interaction_id, session_id, split,
                          prompt, ideal, input, ideal_output, tools, contexts, tier, score, source,
                          provenance, cohort, labels, failure_mode, signal_ids, reported_output,
                          model_version, prompt_version, erased)
  SELECT o.project, o.dataset_version_id, o.row_index, o.interaction_id, o.session_id, o.split,
         o.prompt, o.ideal, o.input, o.ideal_output, o.tools, o.contexts, o.tier, o.score, o.source,
         CASE WHEN o.source IN (2, 4) THEN 2 WHEN o.source = 8 THEN 4 ELSE 1 END, o.cohort, '{}',
         '', '[]', o.reported_output, o.model_version, o.prompt_version, o.erased
  FROM old_dataset_rows AS o ORDER BY o.rowid;
DROP TABLE old_dataset_rows;

CREATE INDEX dataset_rows_by_interaction
  -- The rows that an interaction is in, which leave with it.
  ON dataset_rows (project, interaction_id) WHERE interaction_id <> '';
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_16_ROW_ORIGINS_H_
