// Migration 9: makes the tables of old payloads and of waiting traces STRICT.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_09_STRICT_PAYLOAD_TABLES_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_09_STRICT_PAYLOAD_TABLES_H_

namespace flywheel::ingest {

// Comments stand inside the statements, so that the store keeps them: `.schema` shows them, and
// schema.sql is made of them. Old tables step aside under another name, children with their parent;
// they are dropped before it, so that no row of the parent is looked for.
inline constexpr char kStrictPayloadTablesSql[] = R"sql(
DROP INDEX payload_dictionaries_by_project;
DROP INDEX archive_files_by_project;
DROP INDEX archive_frames_by_file;
DROP INDEX otlp_spans_by_user;
DROP INDEX otlp_traces_by_due_time;

ALTER TABLE payload_dictionaries RENAME TO old_payload_dictionaries;
CREATE TABLE payload_dictionaries (
  -- zstd dictionaries, each made from payloads of its time; the newest of a project is used. They
  -- hold only text that stands in the records of many people.
  dictionary_id INTEGER NOT NULL PRIMARY KEY,
  project TEXT NOT NULL,
  create_time_us INTEGER NOT NULL,
  dictionary BLOB NOT NULL
) STRICT;
INSERT INTO payload_dictionaries (dictionary_id, project, create_time_us, dictionary)
  SELECT dictionary_id, project, create_time, dictionary
  FROM old_payload_dictionaries;
DROP TABLE old_payload_dictionaries;
CREATE INDEX payload_dictionaries_by_project
  -- The newest of a project.
  ON payload_dictionaries (project, dictionary_id);

ALTER TABLE archive_files RENAME TO old_archive_files;
ALTER TABLE archive_frames RENAME TO old_archive_frames;
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
INSERT INTO archive_files (archive_id, project, name, state, first_sequence, last_sequence,
                           create_time_us)
  SELECT archive_id, project, name, state, first_sequence, last_sequence, create_time
  FROM old_archive_files;
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
INSERT INTO archive_frames (frame_id, archive_id, frame_offset, frame_bytes)
  SELECT frame_id, archive_id, frame_offset, frame_bytes
  FROM old_archive_frames;
DROP TABLE old_archive_frames;
DROP TABLE old_archive_files;
CREATE INDEX archive_frames_by_file
  -- The frames of a file, in order.
  ON archive_frames (archive_id);

ALTER TABLE payload_totals RENAME TO old_payload_totals;
CREATE TABLE payload_totals (
  -- What is kept in the forms 1, 2 and 3, for metrics: counting would read the whole table.
  form INTEGER NOT NULL PRIMARY KEY,  -- domain/payload_form.h: PayloadForm
  records INTEGER NOT NULL,
  payload_bytes INTEGER NOT NULL,   -- as they were logged
  stored_bytes INTEGER NOT NULL
) STRICT;
INSERT INTO payload_totals (form, records, payload_bytes, stored_bytes)
  SELECT form, records, payload_bytes, stored_bytes
  FROM old_payload_totals;
DROP TABLE old_payload_totals;

ALTER TABLE retention_progress RENAME TO old_retention_progress;
CREATE TABLE retention_progress (
  -- How far each rule of age has come, and under which terms: under others it starts anew.
  project TEXT NOT NULL,
  rule TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  terms TEXT NOT NULL,
  PRIMARY KEY (project, rule)
) STRICT;
INSERT INTO retention_progress (project, rule, sequence, terms)
  SELECT project, rule, sequence, terms
  FROM old_retention_progress;
DROP TABLE old_retention_progress;

ALTER TABLE otlp_spans RENAME TO old_otlp_spans;
CREATE TABLE otlp_spans (
  -- Spans of OpenTelemetry, acknowledged, until their trace has become an interaction.
  project TEXT NOT NULL,
  trace_id TEXT NOT NULL,           -- 32 hexadecimal digits
  identity BLOB NOT NULL,           -- 8 bytes: the span's id, or a MAC of a log record
  content BLOB NOT NULL,            -- 8 bytes of a MAC: tells a replay from a conflict
  number INTEGER NOT NULL,          -- in the order of arrival in the trace
  arrival_time_us INTEGER NOT NULL,
  user_pseudonym TEXT NOT NULL,     -- empty where it does not say
  payload BLOB NOT NULL,            -- opentelemetry.proto.trace.v1.ResourceSpans, redacted
  PRIMARY KEY (project, trace_id, identity)
) STRICT;
INSERT INTO otlp_spans (project, trace_id, identity, content, number, arrival_time_us,
                        user_pseudonym, payload)
  SELECT project, trace_id, identity, content, number, arrival_time, user_pseudonym, payload
  FROM old_otlp_spans;
DROP TABLE old_otlp_spans;
CREATE INDEX otlp_spans_by_user
  -- Whose spans are erased.
  ON otlp_spans (project, user_pseudonym) WHERE user_pseudonym <> '';

ALTER TABLE otlp_traces RENAME TO old_otlp_traces;
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
INSERT INTO otlp_traces (project, trace_id, due_time_us, first_arrival_time_us, has_root,
                         last_number, waiting_spans, waiting_bytes, parts, known_spans)
  SELECT project, trace_id, due_time, first_arrival, has_root, last_number, waiting_spans,
         waiting_bytes, parts, known_spans
  FROM old_otlp_traces;
DROP TABLE old_otlp_traces;
CREATE INDEX otlp_traces_by_due_time
  -- The next to be assembled.
  ON otlp_traces (due_time_us) WHERE due_time_us > 0;

ALTER TABLE otlp_waiting RENAME TO old_otlp_waiting;
CREATE TABLE otlp_waiting (
  -- One row a project, so that its bound costs one look.
  project TEXT NOT NULL PRIMARY KEY,
  spans INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO otlp_waiting (project, spans, bytes)
  SELECT project, spans, bytes
  FROM old_otlp_waiting;
DROP TABLE old_otlp_waiting;
)sql";

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_09_STRICT_PAYLOAD_TABLES_H_
