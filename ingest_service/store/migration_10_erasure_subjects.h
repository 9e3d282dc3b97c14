// Migration 10: erasures of sessions and of interactions, beside those of people.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_10_ERASURE_SUBJECTS_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_10_ERASURE_SUBJECTS_H_

namespace flywheel::ingest {

// Erasures of before are of people (kind 1). Names stand on lines of their own now, because an id
// may have spaces. Of a span that waits since before the session is not known: where that was
// erased, it is refused when its trace becomes an interaction, at most --otlp-max-wait-seconds
// later.
inline constexpr char kErasureSubjectsSql[] = R"sql(
DROP INDEX erasures_under_way;
ALTER TABLE erasures RENAME TO old_erasures;
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
  commit_sequence INTEGER NOT NULL,
  PRIMARY KEY (project, erasure_id)
) STRICT;
INSERT INTO erasures (project, erasure_id, subject_kind, subject_mac, subject_names, last_sequence,
                      request_time_us, clean_time_us, interactions, signals, waiting_spans,
                      commit_sequence)
  SELECT project, erasure_id, 1, person_mac, REPLACE(pseudonyms, ' ', CHAR(10)), last_sequence,
         request_time_us, clean_time_us, interactions, signals, 0, commit_sequence
  FROM old_erasures;
DROP TABLE old_erasures;
CREATE INDEX erasures_under_way
  -- What is still to be done, at a start too.
  ON erasures (request_time_us) WHERE clean_time_us = 0;

DROP INDEX otlp_spans_by_user;
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
  session_id TEXT NOT NULL,         -- empty where it does not say
  payload BLOB NOT NULL,            -- opentelemetry.proto.trace.v1.ResourceSpans, redacted
  PRIMARY KEY (project, trace_id, identity)
) STRICT;
INSERT INTO otlp_spans (project, trace_id, identity, content, number, arrival_time_us,
                        user_pseudonym, session_id, payload)
  SELECT project, trace_id, identity, content, number, arrival_time_us, user_pseudonym, '', payload
  FROM old_otlp_spans;
DROP TABLE old_otlp_spans;
CREATE INDEX otlp_spans_by_user
  -- Whose spans are erased.
  ON otlp_spans (project, user_pseudonym) WHERE user_pseudonym <> '';
CREATE INDEX otlp_spans_by_session
  -- Which session's spans are erased.
  ON otlp_spans (project, session_id) WHERE session_id <> '';
)sql";

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_10_ERASURE_SUBJECTS_H_
