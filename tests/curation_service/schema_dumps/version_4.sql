PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE dataset_rows (
          project TEXT NOT NULL,
          dataset_version_id TEXT NOT NULL,
          row_index BIGINT NOT NULL,
          interaction_id TEXT NOT NULL,
          session_id TEXT NOT NULL,
          split INTEGER NOT NULL,
          input TEXT NOT NULL,
          ideal_output TEXT NOT NULL,
          expected_tool_calls TEXT NOT NULL,
          tier INTEGER NOT NULL,
          score DOUBLE PRECISION NOT NULL,
          source INTEGER NOT NULL,
          cohort TEXT NOT NULL,
          reported_output TEXT NOT NULL,
          model_version TEXT NOT NULL, erased INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (project, dataset_version_id, row_index),
          FOREIGN KEY (project, dataset_version_id)
            REFERENCES dataset_versions (project, dataset_version_id)
        );
CREATE INDEX dataset_rows_by_interaction ON dataset_rows (project, interaction_id)
          WHERE interaction_id <> '';
CREATE TABLE dataset_versions (
          project TEXT NOT NULL,
          dataset_version_id TEXT NOT NULL,
          ordinal BIGINT NOT NULL,
          request_hash TEXT NOT NULL,
          agent TEXT NOT NULL,
          eval_share DOUBLE PRECISION NOT NULL,
          cohort_attribute TEXT NOT NULL,
          skip_label_review INTEGER NOT NULL,
          create_time_us BIGINT NOT NULL,
          feed_sequence BIGINT NOT NULL,
          content_hash TEXT NOT NULL,
          train_rows BIGINT NOT NULL,
          eval_rows BIGINT NOT NULL,
          negative_rows BIGINT NOT NULL,
          rows_by_tier TEXT NOT NULL,
          removed_by_reason TEXT NOT NULL,
          candidate_rows BIGINT NOT NULL, complete INTEGER NOT NULL DEFAULT 1, erased_rows BIGINT NOT NULL DEFAULT 0,
          PRIMARY KEY (project, dataset_version_id)
        );
CREATE UNIQUE INDEX dataset_versions_by_ordinal ON dataset_versions (project, ordinal);
CREATE INDEX dataset_versions_unfinished ON dataset_versions (project, dataset_version_id)
          WHERE complete = 0;
CREATE TABLE erasures (
          project TEXT NOT NULL,
          erasure_id TEXT NOT NULL,
          erased_rows BIGINT NOT NULL,
          last_sequence BIGINT NOT NULL,
          complete INTEGER NOT NULL,
          reported INTEGER NOT NULL,
          PRIMARY KEY (project, erasure_id)
        );
CREATE INDEX erasures_by_sequence ON erasures (project, last_sequence);
CREATE INDEX erasures_to_report ON erasures (project, erasure_id)
          WHERE complete = 1 AND reported = 0;
CREATE TABLE feed_cursors (
          feed TEXT NOT NULL PRIMARY KEY,
          next_cursor BIGINT NOT NULL
        );
CREATE TABLE firewall_keys (
          project TEXT NOT NULL,
          agent TEXT NOT NULL,
          firewall_key TEXT NOT NULL,
          split INTEGER NOT NULL,
          dataset_version_id TEXT NOT NULL,
          PRIMARY KEY (project, agent, firewall_key)
        );
CREATE INDEX firewall_keys_by_version ON firewall_keys (project, dataset_version_id);
CREATE INDEX firewall_keys_in_clear ON firewall_keys (firewall_key)
          WHERE firewall_key >= 'session:' AND firewall_key < 'session;';
CREATE TABLE interactions (
          project TEXT NOT NULL,
          interaction_id TEXT NOT NULL,
          sequence BIGINT NOT NULL,
          session_id TEXT NOT NULL,
          user_id TEXT NOT NULL,
          agent TEXT NOT NULL,
          model_version TEXT NOT NULL,
          input TEXT NOT NULL,
          output TEXT NOT NULL,
          tool_calls TEXT NOT NULL,
          attributes TEXT NOT NULL, noise INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (project, interaction_id)
        );
CREATE INDEX interactions_by_sequence ON interactions (sequence);
CREATE INDEX interactions_by_session ON interactions (project, session_id, sequence);
CREATE TABLE record_counts (
          project TEXT NOT NULL,
          tier INTEGER NOT NULL,
          interactions BIGINT NOT NULL,
          PRIMARY KEY (project, tier)
        );
CREATE TABLE schema_migrations (
        version INTEGER NOT NULL PRIMARY KEY,
        purpose TEXT NOT NULL
      );
CREATE TABLE scores (
          project TEXT NOT NULL,
          interaction_id TEXT NOT NULL,
          agent TEXT NOT NULL,
          sequence BIGINT NOT NULL,
          implicit_score DOUBLE PRECISION NOT NULL,
          combined_score DOUBLE PRECISION NOT NULL,
          tier INTEGER NOT NULL,
          staff_approved INTEGER NOT NULL,
          correction_actor INTEGER NOT NULL,
          correction_actor_id TEXT NOT NULL,
          correction TEXT NOT NULL, noise INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (project, interaction_id)
        );
CREATE INDEX scores_by_agent ON scores (project, agent, sequence, combined_score, noise);
CREATE TABLE signals (
          project TEXT NOT NULL,
          signal_id TEXT NOT NULL,
          revision BIGINT NOT NULL,
          sequence BIGINT NOT NULL,
          interaction_id TEXT NOT NULL,
          session_id TEXT NOT NULL,
          event_time_us BIGINT NOT NULL,
          actor INTEGER NOT NULL,
          actor_id TEXT NOT NULL,
          kind INTEGER NOT NULL,
          value DOUBLE PRECISION NOT NULL,
          text TEXT NOT NULL,
          PRIMARY KEY (project, signal_id)
        );
CREATE INDEX signals_by_interaction ON signals (project, interaction_id, sequence);
CREATE INDEX signals_by_sequence ON signals (sequence);
CREATE INDEX signals_by_session ON signals (project, session_id, sequence);
CREATE TABLE training_refusals (
          project TEXT NOT NULL,
          user_id TEXT NOT NULL,
          PRIMARY KEY (project, user_id)
        );
CREATE TABLE training_runs (
          project TEXT NOT NULL,
          training_run_id TEXT NOT NULL,
          ordinal BIGINT NOT NULL,
          request_hash TEXT NOT NULL,
          dataset_version_id TEXT NOT NULL,
          agent TEXT NOT NULL,
          state INTEGER NOT NULL,
          trigger_reason INTEGER NOT NULL,
          trigger_message TEXT NOT NULL,
          trigger_new_interactions BIGINT NOT NULL,
          trigger_high_quality_rate DOUBLE PRECISION NOT NULL,
          create_time_us BIGINT NOT NULL,
          trainer TEXT NOT NULL,
          lease_expire_time_us BIGINT NOT NULL,
          complete_time_us BIGINT NOT NULL,
          completion_hash TEXT NOT NULL,
          model_version TEXT NOT NULL,
          artifact_uri TEXT NOT NULL,
          metrics TEXT NOT NULL,
          failure TEXT NOT NULL,
          PRIMARY KEY (project, training_run_id),
          FOREIGN KEY (project, dataset_version_id)
            REFERENCES dataset_versions (project, dataset_version_id)
        );
CREATE INDEX training_runs_by_completion
          ON training_runs (project, agent, state, complete_time_us);
CREATE UNIQUE INDEX training_runs_by_model_version ON training_runs (project, model_version)
          WHERE model_version <> '';
CREATE UNIQUE INDEX training_runs_by_ordinal ON training_runs (project, ordinal);
CREATE INDEX training_runs_by_state ON training_runs (project, state, ordinal);
INSERT INTO dataset_rows (project, dataset_version_id, row_index, interaction_id, session_id, split, input, ideal_output, expected_tool_calls, tier, score, source, cohort, reported_output, model_version, erased) VALUES ('p', 'v1', 0, 'a', 's', 1, 'i', 'o', '[]', 1, 0.95, 4, '', '', 'm', 0);
INSERT INTO dataset_rows (project, dataset_version_id, row_index, interaction_id, session_id, split, input, ideal_output, expected_tool_calls, tier, score, source, cohort, reported_output, model_version, erased) VALUES ('p', 'v1', 1, 'b', 'e', 2, 'j', 'o', '[]', 1, 1.0, 4, 'de', 'said', 'm', 0);
INSERT INTO dataset_rows (project, dataset_version_id, row_index, interaction_id, session_id, split, input, ideal_output, expected_tool_calls, tier, score, source, cohort, reported_output, model_version, erased) VALUES ('p', 'v1', 2, 'c', 's', 2, 'k', 'o', '[]', 1, 1.0, 4, '', '', '', 0);
INSERT INTO dataset_rows (project, dataset_version_id, row_index, interaction_id, session_id, split, input, ideal_output, expected_tool_calls, tier, score, source, cohort, reported_output, model_version, erased) VALUES ('p', 'v1', 3, 'd', '', 2, '', 'o', '[]', 1, 1.0, 4, '', '', '', 1);
INSERT INTO dataset_versions (project, dataset_version_id, ordinal, request_hash, agent, eval_share, cohort_attribute, skip_label_review, create_time_us, feed_sequence, content_hash, train_rows, eval_rows, negative_rows, rows_by_tier, removed_by_reason, candidate_rows, complete, erased_rows) VALUES ('p', 'begun', 2, '6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f', 'agent', 0.1, '', 1, 1700000000000007, 2, '7070707070707070707070707070707070707070707070707070707070707070', 1, 0, 0, '[]', '[[2,1]]', 1, 0, 0);
INSERT INTO dataset_versions (project, dataset_version_id, ordinal, request_hash, agent, eval_share, cohort_attribute, skip_label_review, create_time_us, feed_sequence, content_hash, train_rows, eval_rows, negative_rows, rows_by_tier, removed_by_reason, candidate_rows, complete, erased_rows) VALUES ('p', 'v1', 1, '1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a', 'agent', 0.1, 'market', 0, 1700000000000003, 2, '2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b', 1, 3, 0, '[[1,4]]', '[]', 4, 1, 1);
INSERT INTO erasures (project, erasure_id, erased_rows, last_sequence, complete, reported) VALUES ('p', 'e1', 3, 9, 1, 0);
INSERT INTO feed_cursors (feed, next_cursor) VALUES ('ingest', 5);
INSERT INTO firewall_keys (project, agent, firewall_key, split, dataset_version_id) VALUES ('p', 'agent', 'session:e', 2, 'v1');
INSERT INTO firewall_keys (project, agent, firewall_key, split, dataset_version_id) VALUES ('p', 'agent', 'session:s', 1, 'v1');
INSERT INTO interactions (project, interaction_id, sequence, session_id, user_id, agent, model_version, input, output, tool_calls, attributes, noise) VALUES ('p', 'a', 1, 's', 'u', 'agent', 'm', 'i', 'o', '[["search","{}"]]', '{"market":"de"}', 0);
INSERT INTO interactions (project, interaction_id, sequence, session_id, user_id, agent, model_version, input, output, tool_calls, attributes, noise) VALUES ('p', 'b', 2, 's', 'u', 'agent', 'm', 'i', 'o', '[]', '{}', 1);
INSERT INTO interactions (project, interaction_id, sequence, session_id, user_id, agent, model_version, input, output, tool_calls, attributes, noise) VALUES ('q', 'a', 3, '', 'u', 'agent', 'm', 'i', 'o', '[]', '{}', 0);
INSERT INTO record_counts (project, tier, interactions) VALUES ('p', 0, 2);
INSERT INTO record_counts (project, tier, interactions) VALUES ('p', 1, 1);
INSERT INTO record_counts (project, tier, interactions) VALUES ('q', 0, 1);
INSERT INTO schema_migrations (version, purpose) VALUES (1, 'the record, its scores, dataset versions and training runs');
INSERT INTO schema_migrations (version, purpose) VALUES (2, 'both sides of the firewall, unfinished builds, counts, bounded sessions');
INSERT INTO schema_migrations (version, purpose) VALUES (3, 'what ingest marked as no real use');
INSERT INTO schema_migrations (version, purpose) VALUES (4, 'forgetting people, and what they allow');
INSERT INTO scores (project, interaction_id, agent, sequence, implicit_score, combined_score, tier, staff_approved, correction_actor, correction_actor_id, correction, noise) VALUES ('p', 'a', 'agent', 1, 0.9, 0.95, 1, 1, 2, 'ada', 'better', 0);
INSERT INTO signals (project, signal_id, revision, sequence, interaction_id, session_id, event_time_us, actor, actor_id, kind, value, text) VALUES ('p', 'fix', 0, 5, '', 's', 1700000000000002, 2, 'ada', 3, 0.5, 'better');
INSERT INTO signals (project, signal_id, revision, sequence, interaction_id, session_id, event_time_us, actor, actor_id, kind, value, text) VALUES ('p', 'sig', 2, 4, 'a', '', 1700000000000001, 1, 'u', 1, 1.0, '');
INSERT INTO training_refusals (project, user_id) VALUES ('p', 'u9');
INSERT INTO training_runs (project, training_run_id, ordinal, request_hash, dataset_version_id, agent, state, trigger_reason, trigger_message, trigger_new_interactions, trigger_high_quality_rate, create_time_us, trainer, lease_expire_time_us, complete_time_us, completion_hash, model_version, artifact_uri, metrics, failure) VALUES ('p', 'r1', 1, '3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c', 'v1', 'agent', 3, 1, 'enough', 10, 0.5, 1700000000000004, 't', 0, 1700000000000005, '4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d', 'm2', 's3://m2', '{"loss":0.25}', '');
INSERT INTO training_runs (project, training_run_id, ordinal, request_hash, dataset_version_id, agent, state, trigger_reason, trigger_message, trigger_new_interactions, trigger_high_quality_rate, create_time_us, trainer, lease_expire_time_us, complete_time_us, completion_hash, model_version, artifact_uri, metrics, failure) VALUES ('p', 'r2', 2, '5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e', 'v1', 'agent', 1, 1, 'forced', 0, 0.0, 1700000000000006, '', 0, 0, '', '', '', '{}', '');
COMMIT;
PRAGMA foreign_keys = ON;
