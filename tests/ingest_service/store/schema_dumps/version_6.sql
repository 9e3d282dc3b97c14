PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE archive_files (
          archive_id INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          name TEXT NOT NULL,
          state INTEGER NOT NULL,         -- 0 being written, 1 in use, 2 to be removed
          first_sequence INTEGER NOT NULL,
          last_sequence INTEGER NOT NULL,
          create_time INTEGER NOT NULL
        );
CREATE INDEX archive_files_by_project
          ON archive_files (project, first_sequence, last_sequence);
CREATE TABLE archive_frames (
          frame_id INTEGER NOT NULL PRIMARY KEY,
          archive_id INTEGER NOT NULL REFERENCES archive_files (archive_id),
          frame_offset INTEGER NOT NULL,
          frame_bytes INTEGER NOT NULL
        );
CREATE INDEX archive_frames_by_file ON archive_frames (archive_id);
CREATE TABLE consents (
          project TEXT NOT NULL,
          user_pseudonym TEXT NOT NULL,
          purpose INTEGER NOT NULL,       -- flywheel.ingest.v1.Purpose
          allowed INTEGER NOT NULL,
          event_time INTEGER NOT NULL,
          PRIMARY KEY (project, user_pseudonym, purpose)
        );
CREATE TABLE erased_records (
          project TEXT NOT NULL,
          record_mac BLOB NOT NULL,
          PRIMARY KEY (project, record_mac)
        );
CREATE TABLE erasure_reports (
          project TEXT NOT NULL,
          erasure_id TEXT NOT NULL,
          store TEXT NOT NULL,
          store_rows INTEGER NOT NULL,
          clean_time INTEGER NOT NULL,
          PRIMARY KEY (project, erasure_id, store)
        );
CREATE TABLE erasures (
          project TEXT NOT NULL,
          erasure_id TEXT NOT NULL,
          person_mac BLOB NOT NULL,
          pseudonyms TEXT NOT NULL,
          last_sequence INTEGER NOT NULL,
          request_time INTEGER NOT NULL,
          clean_time INTEGER NOT NULL,
          interactions INTEGER NOT NULL,
          signals INTEGER NOT NULL,
          commit_sequence INTEGER NOT NULL,
          PRIMARY KEY (project, erasure_id)
        );
CREATE INDEX erasures_under_way ON erasures (request_time) WHERE clean_time = 0;
CREATE TABLE feed_head (
          id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
          last_sequence INTEGER NOT NULL
        );
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
        , noise INTEGER NOT NULL DEFAULT 0, inclusion_probability REAL NOT NULL DEFAULT 1, payload_form INTEGER NOT NULL DEFAULT 0, payload_place INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX interactions_by_id ON interactions (project, interaction_id);
CREATE INDEX interactions_by_project ON interactions (project, sequence);
CREATE INDEX interactions_by_session ON interactions (project, session_id, sequence)
          WHERE session_id <> '';
CREATE INDEX interactions_by_user ON interactions (project, user_pseudonym, sequence)
          WHERE user_pseudonym <> '';
CREATE TABLE legal_holds (
          project TEXT NOT NULL,
          user_pseudonym TEXT NOT NULL,
          reason TEXT NOT NULL,
          hold_time INTEGER NOT NULL,
          PRIMARY KEY (project, user_pseudonym)
        );
CREATE TABLE otlp_spans (
          project TEXT NOT NULL,
          trace_id TEXT NOT NULL,         -- 32 hexadecimal digits
          identity BLOB NOT NULL,         -- 8 bytes: the span's id, or a MAC of a log record
          content BLOB NOT NULL,          -- 8 bytes of a MAC: tells a replay from a conflict
          number INTEGER NOT NULL,        -- in the order of arrival in the trace
          arrival_time INTEGER NOT NULL,
          user_pseudonym TEXT NOT NULL,   -- empty where it does not say
          payload BLOB NOT NULL,          -- opentelemetry.proto.trace.v1.ResourceSpans, redacted
          PRIMARY KEY (project, trace_id, identity)
        );
CREATE INDEX otlp_spans_by_user ON otlp_spans (project, user_pseudonym)
          WHERE user_pseudonym <> '';
CREATE TABLE otlp_traces (
          project TEXT NOT NULL,
          trace_id TEXT NOT NULL,
          due_time INTEGER NOT NULL,      -- when it will be complete; 0 where nothing waits
          first_arrival INTEGER NOT NULL, -- of what waits
          has_root INTEGER NOT NULL,      -- a span without a parent has come
          last_number INTEGER NOT NULL,   -- of its spans; a higher one means that more has come
          waiting_spans INTEGER NOT NULL,
          waiting_bytes INTEGER NOT NULL, -- of payloads
          parts INTEGER NOT NULL,         -- interactions that it became so far
          known_spans BLOB NOT NULL,      -- identity and content of each span of these
          PRIMARY KEY (project, trace_id)
        );
CREATE INDEX otlp_traces_by_due_time ON otlp_traces (due_time) WHERE due_time > 0;
CREATE TABLE otlp_waiting (
          project TEXT NOT NULL PRIMARY KEY,
          spans INTEGER NOT NULL,
          bytes INTEGER NOT NULL
        );
CREATE TABLE payload_dictionaries (
          dictionary_id INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          create_time INTEGER NOT NULL,
          dictionary BLOB NOT NULL
        );
CREATE INDEX payload_dictionaries_by_project
          ON payload_dictionaries (project, dictionary_id);
CREATE TABLE payload_totals (
          form INTEGER NOT NULL PRIMARY KEY,
          records INTEGER NOT NULL,
          payload_bytes INTEGER NOT NULL, -- as they were logged
          stored_bytes INTEGER NOT NULL
        );
CREATE TABLE privacy_records (
          sequence INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          kind INTEGER NOT NULL,
          commit_time INTEGER NOT NULL,
          erasure_id TEXT NOT NULL,
          erased_sequences TEXT NOT NULL,
          is_last INTEGER NOT NULL,
          user_pseudonym TEXT NOT NULL,
          purpose INTEGER NOT NULL,
          allowed INTEGER NOT NULL,
          event_time INTEGER NOT NULL
        );
CREATE INDEX privacy_records_by_project ON privacy_records (project, sequence);
CREATE TABLE project_totals (
          project TEXT NOT NULL PRIMARY KEY,
          interactions INTEGER NOT NULL,
          signals INTEGER NOT NULL,       -- every revision
          tool_calls INTEGER NOT NULL     -- in the interactions
        );
CREATE TABLE retention_progress (
          project TEXT NOT NULL,
          rule TEXT NOT NULL,
          sequence INTEGER NOT NULL,
          terms TEXT NOT NULL,
          PRIMARY KEY (project, rule)
        );
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
        , actor_pseudonym TEXT NOT NULL DEFAULT '', kind INTEGER NOT NULL DEFAULT 0);
CREATE INDEX signals_by_actor ON signals (project, actor_pseudonym, sequence)
          WHERE actor_pseudonym <> '';
CREATE INDEX signals_by_evaluation ON signals (project, evaluation_name)
          WHERE evaluation_name <> '';
CREATE UNIQUE INDEX signals_by_id ON signals (project, signal_id, revision);
CREATE INDEX signals_by_interaction ON signals (project, interaction_id, sequence)
          WHERE interaction_id <> '';
CREATE INDEX signals_by_project ON signals (project, sequence);
CREATE INDEX signals_by_session ON signals (project, session_id, sequence)
          WHERE session_id <> '';
CREATE INDEX signals_without_kind ON signals (sequence) WHERE kind = 0;
INSERT INTO archive_files (archive_id, project, name, state, first_sequence, last_sequence, create_time) VALUES (1, 'shop', 'shop/1.zst', 1, 1, 1, 1700000000000018);
INSERT INTO archive_frames (frame_id, archive_id, frame_offset, frame_bytes) VALUES (1, 1, 0, 100);
INSERT INTO consents (project, user_pseudonym, purpose, allowed, event_time) VALUES ('shop', 'u_1', 1, 0, 1700000000000015);
INSERT INTO erased_records (project, record_mac) VALUES ('shop', X'7070707070707070707070707070707070707070707070707070707070707070');
INSERT INTO erasure_reports (project, erasure_id, store, store_rows, clean_time) VALUES ('shop', 'e1', 'curation', 3, 1700000000000012);
INSERT INTO erasures (project, erasure_id, person_mac, pseudonyms, last_sequence, request_time, clean_time, interactions, signals, commit_sequence) VALUES ('shop', 'e1', X'5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E5E', '', 4, 1700000000000009, 1700000000000010, 1, 1, 5);
INSERT INTO erasures (project, erasure_id, person_mac, pseudonyms, last_sequence, request_time, clean_time, interactions, signals, commit_sequence) VALUES ('shop', 'e2', X'6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F6F', 'u_3 u_4', 0, 1700000000000011, 0, 0, 0, 0);
INSERT INTO feed_head (id, last_sequence) VALUES (1, 8);
INSERT INTO interaction_attributes (sequence, name, value) VALUES (1, 'market', 'de');
INSERT INTO interactions (sequence, project, interaction_id, content_hash, session_id, user_pseudonym, agent, model_version, start_time, commit_time, tool_calls, payload, noise, inclusion_probability, payload_form, payload_place) VALUES (1, 'shop', 'a', X'1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A', 's', 'u_1', 'helper', 'm', 1700000000000001, 1700000000000002, 2, X'0A01', 0, 1.0, 0, 0);
INSERT INTO interactions (sequence, project, interaction_id, content_hash, session_id, user_pseudonym, agent, model_version, start_time, commit_time, tool_calls, payload, noise, inclusion_probability, payload_form, payload_place) VALUES (3, 'bank', 'a', X'2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B', '', '', 'helper', 'm', 1700000000000003, 1700000000000004, 0, X'0A02', 4, 0.5, 1, 1);
INSERT INTO legal_holds (project, user_pseudonym, reason, hold_time) VALUES ('shop', 'u_1', 'case 1', 1700000000000016);
INSERT INTO otlp_spans (project, trace_id, identity, content, number, arrival_time, user_pseudonym, payload) VALUES ('shop', '0123456789abcdef0123456789abcdef', X'0102030405060708', X'1112131415161718', 1, 1700000000000019, 'u_2', X'0A05');
INSERT INTO otlp_traces (project, trace_id, due_time, first_arrival, has_root, last_number, waiting_spans, waiting_bytes, parts, known_spans) VALUES ('shop', '0123456789abcdef0123456789abcdef', 1700000000000020, 1700000000000019, 0, 1, 1, 2, 0, X'');
INSERT INTO otlp_waiting (project, spans, bytes) VALUES ('shop', 1, 2);
INSERT INTO payload_dictionaries (dictionary_id, project, create_time, dictionary) VALUES (1, 'bank', 1700000000000017, X'37A430EC');
INSERT INTO payload_totals (form, records, payload_bytes, stored_bytes) VALUES (1, 1, 20, 10);
INSERT INTO privacy_records (sequence, project, kind, commit_time, erasure_id, erased_sequences, is_last, user_pseudonym, purpose, allowed, event_time) VALUES (5, 'shop', 2, 1700000000000013, 'e1', '7 8', 1, '', 0, 0, 0);
INSERT INTO privacy_records (sequence, project, kind, commit_time, erasure_id, erased_sequences, is_last, user_pseudonym, purpose, allowed, event_time) VALUES (6, 'shop', 3, 1700000000000014, '', '', 0, 'u_1', 1, 0, 1700000000000015);
INSERT INTO project_totals (project, interactions, signals, tool_calls) VALUES ('bank', 1, 0, 0);
INSERT INTO project_totals (project, interactions, signals, tool_calls) VALUES ('shop', 1, 2, 2);
INSERT INTO retention_progress (project, rule, sequence, terms) VALUES ('shop', 'compress', 1, '30d');
INSERT INTO schema_migrations (version, purpose) VALUES (1, 'interactions, their attributes and signals');
INSERT INTO schema_migrations (version, purpose) VALUES (2, 'reading one project in order, and totals');
INSERT INTO schema_migrations (version, purpose) VALUES (3, 'the head of the feed, and whose and what a signal is');
INSERT INTO schema_migrations (version, purpose) VALUES (4, 'forgetting people, and what they allow');
INSERT INTO schema_migrations (version, purpose) VALUES (5, 'marks, and payloads that grow old');
INSERT INTO schema_migrations (version, purpose) VALUES (6, 'spans that wait for their trace');
INSERT INTO signals (sequence, project, signal_id, revision, content_hash, interaction_id, session_id, event_time, commit_time, evaluation_name, evaluation_score, payload, actor_pseudonym, kind) VALUES (2, 'shop', 'sig', 0, X'3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C', 'a', '', 1700000000000005, 1700000000000006, 'helpful', 0.75, X'0A03', 'u_1', 3);
INSERT INTO signals (sequence, project, signal_id, revision, content_hash, interaction_id, session_id, event_time, commit_time, evaluation_name, evaluation_score, payload, actor_pseudonym, kind) VALUES (4, 'shop', 'sig', 1, X'4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D', '', 's', 1700000000000007, 1700000000000008, '', 0.0, X'0A04', '', 0);
COMMIT;
PRAGMA foreign_keys = ON;
