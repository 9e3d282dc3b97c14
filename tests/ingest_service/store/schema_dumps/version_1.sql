PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE interaction_attributes (
          sequence INTEGER NOT NULL REFERENCES interactions (sequence),
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (sequence, name)
        );
CREATE TABLE interactions (
          sequence INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          interaction_id TEXT NOT NULL,
          content_hash BLOB NOT NULL,     -- SHA-256 of payload: tells a replay from a conflict
          session_id TEXT NOT NULL,       -- empty where it has none
          user_pseudonym TEXT NOT NULL,   -- empty where nobody is known; never a clear id
          agent TEXT NOT NULL,
          model_version TEXT NOT NULL,
          start_time INTEGER NOT NULL,    -- microseconds since 1970, UTC
          commit_time INTEGER NOT NULL,
          tool_calls INTEGER NOT NULL,    -- counted once, so that statistics need no payload
          payload BLOB NOT NULL           -- flywheel.ingest.v1.Interaction
        );
CREATE UNIQUE INDEX interactions_by_id ON interactions (project, interaction_id);
CREATE INDEX interactions_by_session ON interactions (project, session_id, sequence)
          WHERE session_id <> '';
CREATE TABLE schema_migrations (
        version INTEGER NOT NULL PRIMARY KEY,
        purpose TEXT NOT NULL
      );
CREATE TABLE signals (
          sequence INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          signal_id TEXT NOT NULL,
          revision INTEGER NOT NULL,
          content_hash BLOB NOT NULL,
          interaction_id TEXT NOT NULL,   -- empty where the signal is about a session
          session_id TEXT NOT NULL,       -- empty where it is about an interaction
          event_time INTEGER NOT NULL,
          commit_time INTEGER NOT NULL,
          evaluation_name TEXT NOT NULL,  -- empty where the signal is no evaluation
          evaluation_score REAL NOT NULL,
          payload BLOB NOT NULL           -- flywheel.ingest.v1.Signal
        );
CREATE UNIQUE INDEX signals_by_id ON signals (project, signal_id, revision);
CREATE INDEX signals_by_interaction ON signals (project, interaction_id, sequence)
          WHERE interaction_id <> '';
INSERT INTO interaction_attributes (sequence, name, value) VALUES (1, 'market', 'de');
INSERT INTO interactions (sequence, project, interaction_id, content_hash, session_id, user_pseudonym, agent, model_version, start_time, commit_time, tool_calls, payload) VALUES (1, 'shop', 'a', X'1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A', 's', 'u_1', 'helper', 'm', 1700000000000001, 1700000000000002, 2, X'0A01');
INSERT INTO interactions (sequence, project, interaction_id, content_hash, session_id, user_pseudonym, agent, model_version, start_time, commit_time, tool_calls, payload) VALUES (3, 'bank', 'a', X'2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B', '', '', 'helper', 'm', 1700000000000003, 1700000000000004, 0, X'0A02');
INSERT INTO schema_migrations (version, purpose) VALUES (1, 'interactions, their attributes and signals');
INSERT INTO signals (sequence, project, signal_id, revision, content_hash, interaction_id, session_id, event_time, commit_time, evaluation_name, evaluation_score, payload) VALUES (2, 'shop', 'sig', 0, X'3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C', 'a', '', 1700000000000005, 1700000000000006, 'helpful', 0.75, X'0A03');
INSERT INTO signals (sequence, project, signal_id, revision, content_hash, interaction_id, session_id, event_time, commit_time, evaluation_name, evaluation_score, payload) VALUES (4, 'shop', 'sig', 1, X'4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D', '', 's', 1700000000000007, 1700000000000008, '', 0.0, X'0A04');
COMMIT;
PRAGMA foreign_keys = ON;
