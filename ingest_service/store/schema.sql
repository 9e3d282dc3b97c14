-- Generated, never edit: FLYWHEEL_UPDATE_GOLDEN=1 build/release/bin/ingest_store_test --gtest_filter='Schema*'

CREATE TABLE archive_files (
  -- Files of the archive, known here before they exist and until they are gone. The payloads of one
  -- project; its rows have sequences from first_sequence to last_sequence.
  archive_id INTEGER NOT NULL PRIMARY KEY,
  project TEXT NOT NULL,
  name TEXT NOT NULL,
  state INTEGER NOT NULL,           -- store/archive_store.h: ArchiveState
  first_sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  create_time_us INTEGER NOT NULL
) STRICT;

CREATE INDEX archive_files_by_project
  -- An erasure looks for every file that may hold a record.
  ON archive_files (project, first_sequence, last_sequence);

CREATE INDEX archive_files_left_over
  -- What a crash left behind, and what is to be removed: not ArchiveState::kInUse.
  ON archive_files (archive_id) WHERE state <> 1;

CREATE TABLE archive_frames (
  -- Independent pieces of a file in use: one record costs one of them to read.
  frame_id INTEGER NOT NULL PRIMARY KEY,
  archive_id INTEGER NOT NULL REFERENCES archive_files (archive_id),
  frame_offset INTEGER NOT NULL,
  frame_bytes INTEGER NOT NULL
) STRICT;

CREATE INDEX archive_frames_by_file
  -- The frames of a file, in order.
  ON archive_frames (archive_id);

CREATE TABLE audit_events (
  -- One row a decision or refusal, append-only until it is too old. Names no person.
  sequence INTEGER NOT NULL PRIMARY KEY,  -- in the order of their commits
  event_time_us INTEGER NOT NULL,
  project TEXT NOT NULL,
  key_id TEXT NOT NULL,           -- empty where the service had no keys
  method TEXT NOT NULL,
  resource_kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  reason INTEGER NOT NULL,        -- why it was refused (shared/status/reason.h); 0: done
  request_id TEXT NOT NULL
) STRICT;

CREATE INDEX audit_events_by_project
  -- Lists of a project, the newest first.
  ON audit_events (project, sequence);

CREATE INDEX audit_events_by_time
  -- What is too old.
  ON audit_events (event_time_us);

CREATE TABLE consents (
  -- The newest statement of a person for each purpose; stays when the person is erased.
  project TEXT NOT NULL,
  user_pseudonym TEXT NOT NULL,
  purpose INTEGER NOT NULL,         -- flywheel.ingest.v1.Purpose
  allowed INTEGER NOT NULL,
  event_time_us INTEGER NOT NULL, recorded_by TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (project, user_pseudonym, purpose)
) STRICT;

CREATE TABLE erased_records (
  -- Keyed hashes of the ids of erased records: a late resend must not bring one back.
  project TEXT NOT NULL,
  record_mac BLOB NOT NULL,
  PRIMARY KEY (project, record_mac)
) STRICT;

CREATE TABLE erasure_reports (
  -- When a reader of the feed was clean.
  project TEXT NOT NULL,
  erasure_id TEXT NOT NULL,
  store TEXT NOT NULL,
  store_rows INTEGER NOT NULL,
  clean_time_us INTEGER NOT NULL,
  PRIMARY KEY (project, erasure_id, store)
) STRICT;

CREATE TABLE erasures (
  -- Receipts. They name nobody.
  project TEXT NOT NULL,
  erasure_id TEXT NOT NULL,
  subject_kind INTEGER NOT NULL,    -- domain/privacy.h: SubjectKind
  subject_mac BLOB NOT NULL,        -- keyed hash of a name: tells a replay from a conflict
  subject_names TEXT NOT NULL,      -- what to erase, a name a line; empty once that is done
  last_sequence INTEGER NOT NULL,   -- up to where; 0 before the first piece
  request_time_us INTEGER NOT NULL,
  clean_time_us INTEGER NOT NULL,   -- 0 until ingest itself is clean
  interactions INTEGER NOT NULL,
  signals INTEGER NOT NULL,
  waiting_spans INTEGER NOT NULL,
  commit_sequence INTEGER NOT NULL, requested_by TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (project, erasure_id)
) STRICT;

CREATE INDEX erasures_under_way
  -- What is still to be done, at a start too.
  ON erasures (request_time_us) WHERE clean_time_us = 0;

CREATE TABLE feed_head (
  -- One row: the newest sequence that was ever given out. What is deleted later keeps its number,
  -- so that a reader never meets another record under a number that it has passed.
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  last_sequence INTEGER NOT NULL
) STRICT;

CREATE TABLE interaction_attributes (
  -- What interactions are grouped and filtered by.
  sequence INTEGER NOT NULL REFERENCES interactions (sequence),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (sequence, name)
) STRICT;

CREATE TABLE interactions (
  -- One row an interaction. Immutable, but that payloads grow old: see payload_form.
  sequence INTEGER NOT NULL PRIMARY KEY,  -- its place in the feed, which it shares with signals
  project TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  content_hash BLOB NOT NULL,       -- HMAC of what was sent, before redaction: replay or conflict
  session_id TEXT NOT NULL,         -- empty where it has none
  user_pseudonym TEXT NOT NULL,     -- empty where nobody is known; never a clear id
  agent TEXT NOT NULL,
  model_version TEXT NOT NULL,
  start_time_us INTEGER NOT NULL,
  commit_time_us INTEGER NOT NULL,
  tool_calls INTEGER NOT NULL,      -- counted once, so that statistics need no payload
  payload BLOB NOT NULL,            -- flywheel.ingest.v1.Interaction, in the form that follows
  noise INTEGER NOT NULL,           -- bit n-1 is flywheel.ingest.v1.Noise n; 0 is real use
  -- With which probability a record like this was kept when old ones were thinned out.
  inclusion_probability REAL NOT NULL,
  -- How payload is kept (domain/payload_form.h): 0 as it is; 1 a zstd frame that needs the
  -- dictionary payload_place (0: none); 2 in the archive: in the frame payload_place, and payload
  -- is its number there and its size; 3 and 4 empty. A thinned row (3) keeps its id and hash, so
  -- that a resend is a replay, and nothing else.
  payload_form INTEGER NOT NULL,
  payload_place INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX interactions_by_id
  -- The client's id decides what is new: every write looks here.
  ON interactions (project, interaction_id);

CREATE INDEX interactions_by_project
  -- Lists and the feed of one project read in commit order, without the other projects.
  ON interactions (project, sequence);

CREATE INDEX interactions_by_session
  -- Conversations are read whole.
  ON interactions (project, session_id, sequence) WHERE session_id <> '';

CREATE INDEX interactions_by_user
  -- Whose records are erased, held or filtered.
  ON interactions (project, user_pseudonym, sequence) WHERE user_pseudonym <> '';

CREATE TABLE legal_holds (
  -- Whose records must be kept.
  project TEXT NOT NULL,
  user_pseudonym TEXT NOT NULL,
  reason TEXT NOT NULL,
  hold_time_us INTEGER NOT NULL, held_by TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (project, user_pseudonym)
) STRICT;

CREATE TABLE messages (
  -- A tree of what conversations said: a message once, however many turns repeat it. An interaction
  -- whose payload_form is 5 has in payload_place the last of its messages.
  message_id INTEGER NOT NULL PRIMARY KEY,  -- above that of the message before it
  parent_id INTEGER NOT NULL,       -- the message before it; 0 for the first
  path_hash BLOB NOT NULL,          -- of the project and all messages up to this one
  uses INTEGER NOT NULL,            -- interactions that end with it and messages that follow it
  body BLOB NOT NULL                -- flywheel.common.v1.Message, redacted
) STRICT;

CREATE UNIQUE INDEX messages_by_path
  -- What a conversation has in common with others is found from its end.
  ON messages (path_hash);

CREATE TABLE otlp_spans (
  -- Spans of OpenTelemetry, acknowledged, until their trace has become an interaction.
  project TEXT NOT NULL,
  trace_id TEXT NOT NULL,           -- 32 hexadecimal digits
  identity BLOB NOT NULL,           -- 8 bytes: the span's id, or a MAC of a log record
  content BLOB NOT NULL,            -- 8 bytes of a MAC: tells a replay from a conflict
  number INTEGER NOT NULL,          -- in the order of arrival in the trace
  arrival_time_us INTEGER NOT NULL,
  user_pseudonym TEXT NOT NULL,     -- empty where it does not say
  session_id TEXT NOT NULL,         -- empty where it does not say
  payload BLOB NOT NULL,            -- opentelemetry.proto.trace.v1.ResourceSpans, redacted
  PRIMARY KEY (project, trace_id, identity)
) STRICT;

CREATE INDEX otlp_spans_by_session
  -- Which session's spans are erased.
  ON otlp_spans (project, session_id) WHERE session_id <> '';

CREATE INDEX otlp_spans_by_user
  -- Whose spans are erased.
  ON otlp_spans (project, user_pseudonym) WHERE user_pseudonym <> '';

CREATE TABLE otlp_traces (
  -- One row a trace that waits or that became interactions.
  project TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  due_time_us INTEGER NOT NULL,     -- when it will be complete; 0 where nothing waits
  first_arrival_time_us INTEGER NOT NULL, -- of what waits
  has_root INTEGER NOT NULL,        -- a span without a parent has come
  last_number INTEGER NOT NULL,     -- of its spans; a higher one means that more has come
  waiting_spans INTEGER NOT NULL,
  waiting_bytes INTEGER NOT NULL,   -- of payloads
  parts INTEGER NOT NULL,           -- interactions that it became so far
  known_spans BLOB NOT NULL,        -- identity and content of each span of these
  PRIMARY KEY (project, trace_id)
) STRICT;

CREATE INDEX otlp_traces_by_due_time
  -- The next to be assembled.
  ON otlp_traces (due_time_us) WHERE due_time_us > 0;

CREATE TABLE otlp_waiting (
  -- One row a project, so that its bound costs one look.
  project TEXT NOT NULL PRIMARY KEY,
  spans INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE payload_dictionaries (
  -- zstd dictionaries, each made from payloads of its time; the newest of a project is used. They
  -- hold only text that stands in the records of many people.
  dictionary_id INTEGER NOT NULL PRIMARY KEY,
  project TEXT NOT NULL,
  create_time_us INTEGER NOT NULL,
  dictionary BLOB NOT NULL
) STRICT;

CREATE INDEX payload_dictionaries_by_project
  -- The newest of a project.
  ON payload_dictionaries (project, dictionary_id);

CREATE TABLE payload_totals (
  -- What is kept in the forms 1, 2 and 3, for metrics: counting would read the whole table.
  form INTEGER NOT NULL PRIMARY KEY,  -- domain/payload_form.h: PayloadForm
  records INTEGER NOT NULL,
  payload_bytes INTEGER NOT NULL,   -- as they were logged
  stored_bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE privacy_records (
  -- What the feed carries besides interactions and signals: tombstones (kind 2) and changes of
  -- consent (kind 3). The columns of the other kind are empty or 0.
  sequence INTEGER NOT NULL PRIMARY KEY,
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,            -- domain/privacy.h: RecordKind
  commit_time_us INTEGER NOT NULL,
  erasure_id TEXT NOT NULL,
  erased_sequences TEXT NOT NULL,   -- separated by spaces
  is_last INTEGER NOT NULL,
  user_pseudonym TEXT NOT NULL,
  purpose INTEGER NOT NULL,         -- flywheel.ingest.v1.Purpose
  allowed INTEGER NOT NULL,
  event_time_us INTEGER NOT NULL
) STRICT;

CREATE INDEX privacy_records_by_project
  -- The feed of one project.
  ON privacy_records (project, sequence);

CREATE TABLE project_totals (
  -- One row a project, kept by every write, so that counting needs no reading.
  project TEXT NOT NULL PRIMARY KEY,
  interactions INTEGER NOT NULL,
  signals INTEGER NOT NULL,         -- every revision
  tool_calls INTEGER NOT NULL       -- in the interactions
) STRICT;

CREATE TABLE retention_progress (
  -- How far each rule of age has come, and under which terms: under others it starts anew.
  project TEXT NOT NULL,
  rule TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  terms TEXT NOT NULL,
  PRIMARY KEY (project, rule)
) STRICT;

CREATE TABLE signals (
  -- One row a revision of a signal, immutable. The highest revision counts.
  sequence INTEGER NOT NULL PRIMARY KEY,  -- its place in the feed
  project TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  content_hash BLOB NOT NULL,       -- as that of interactions
  interaction_id TEXT NOT NULL,     -- empty where the signal is about a session
  session_id TEXT NOT NULL,         -- empty where it is about an interaction
  event_time_us INTEGER NOT NULL,
  commit_time_us INTEGER NOT NULL,
  evaluation_name TEXT NOT NULL,    -- empty where the signal is no evaluation
  evaluation_score REAL NOT NULL,
  payload BLOB NOT NULL,            -- flywheel.ingest.v1.Signal
  actor_pseudonym TEXT NOT NULL,    -- who gave it; empty where nobody is known
  -- Signal.kind's field number, which lists filter by; 0 in rows of an early version, until the
  -- service has filled it in at its start.
  kind INTEGER NOT NULL
) STRICT;

CREATE INDEX signals_by_actor
  -- Whose records are erased.
  ON signals (project, actor_pseudonym, sequence) WHERE actor_pseudonym <> '';

CREATE INDEX signals_by_evaluation
  -- Means are over evaluations, which are few among signals.
  ON signals (project, evaluation_name) WHERE evaluation_name <> '';

CREATE UNIQUE INDEX signals_by_id
  -- The client's id and revision decide what is new.
  ON signals (project, signal_id, revision);

CREATE INDEX signals_by_interaction
  -- An interaction is shown with its signals, which may have come before it.
  ON signals (project, interaction_id, sequence) WHERE interaction_id <> '';

CREATE INDEX signals_by_project
  -- The feed of one project reads in commit order, without the other projects.
  ON signals (project, sequence);

CREATE INDEX signals_by_session
  -- The feedback of a session is read whole.
  ON signals (project, session_id, sequence) WHERE session_id <> '';

CREATE INDEX signals_without_kind
  -- Rows whose columns are still to be filled in.
  ON signals (sequence) WHERE kind = 0;

CREATE TABLE store_scans (
  -- Scans of what is stored, by the recognisers of their day, so that one that was cut short goes
  -- on, and one that is complete is answered again. They name nobody, and hold no value.
  -- What a rewrite tells the feed is in privacy_records, of kind 4: erasure_id is the scan's,
  -- erased_sequences the record that was rewritten, and none in the last.
  project TEXT NOT NULL,
  scan_id TEXT NOT NULL,
  is_rewrite INTEGER NOT NULL,      -- 1: what is found is replaced
  request_time_us INTEGER NOT NULL,
  requested_by TEXT NOT NULL,       -- the id of a key; empty where the service had none
  last_sequence INTEGER NOT NULL,   -- it goes up to here in the feed
  next_cursor INTEGER NOT NULL,     -- everything up to here was looked at
  records INTEGER NOT NULL,
  changed_interactions INTEGER NOT NULL,
  changed_signals INTEGER NOT NULL,
  held_records INTEGER NOT NULL,
  found TEXT NOT NULL,              -- JSON: how many values of which type
  is_complete INTEGER NOT NULL,
  PRIMARY KEY (project, scan_id)
) STRICT;

