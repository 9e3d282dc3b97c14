// Migration 8: makes the tables of erasures and consents STRICT.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_08_STRICT_PRIVACY_TABLES_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_08_STRICT_PRIVACY_TABLES_H_

namespace flywheel::ingest {

// Comments stand inside the statements, so that the store keeps them: `.schema` shows them, and
// schema.sql is made of them. Old tables step aside under another name, children with their parent;
// they are dropped before it, so that no row of the parent is looked for.
inline constexpr char kStrictPrivacyTablesSql[] = R"sql(
DROP INDEX erasures_under_way;
DROP INDEX privacy_records_by_project;

ALTER TABLE erasures RENAME TO old_erasures;
CREATE TABLE erasures (
  -- Receipts. They name no person.
  project TEXT NOT NULL,
  erasure_id TEXT NOT NULL,
  person_mac BLOB NOT NULL,         -- keyed hash of the pseudonym: tells a replay from a conflict
  pseudonyms TEXT NOT NULL,         -- whom to erase, separated by spaces; empty once that is done
  last_sequence INTEGER NOT NULL,   -- up to where; 0 before the first piece
  request_time_us INTEGER NOT NULL,
  clean_time_us INTEGER NOT NULL,   -- 0 until ingest itself is clean
  interactions INTEGER NOT NULL,
  signals INTEGER NOT NULL,
  commit_sequence INTEGER NOT NULL,
  PRIMARY KEY (project, erasure_id)
) STRICT;
INSERT INTO erasures (project, erasure_id, person_mac, pseudonyms, last_sequence, request_time_us,
                      clean_time_us, interactions, signals, commit_sequence)
  SELECT project, erasure_id, person_mac, pseudonyms, last_sequence, request_time, clean_time,
         interactions, signals, commit_sequence
  FROM old_erasures;
DROP TABLE old_erasures;
CREATE INDEX erasures_under_way
  -- What is still to be done, at a start too.
  ON erasures (request_time_us) WHERE clean_time_us = 0;

ALTER TABLE erasure_reports RENAME TO old_erasure_reports;
CREATE TABLE erasure_reports (
  -- When a reader of the feed was clean.
  project TEXT NOT NULL,
  erasure_id TEXT NOT NULL,
  store TEXT NOT NULL,
  store_rows INTEGER NOT NULL,
  clean_time_us INTEGER NOT NULL,
  PRIMARY KEY (project, erasure_id, store)
) STRICT;
INSERT INTO erasure_reports (project, erasure_id, store, store_rows, clean_time_us)
  SELECT project, erasure_id, store, store_rows, clean_time
  FROM old_erasure_reports;
DROP TABLE old_erasure_reports;

ALTER TABLE erased_records RENAME TO old_erased_records;
CREATE TABLE erased_records (
  -- Keyed hashes of the ids of erased records: a late resend must not bring one back.
  project TEXT NOT NULL,
  record_mac BLOB NOT NULL,
  PRIMARY KEY (project, record_mac)
) STRICT;
INSERT INTO erased_records (project, record_mac)
  SELECT project, record_mac
  FROM old_erased_records;
DROP TABLE old_erased_records;

ALTER TABLE privacy_records RENAME TO old_privacy_records;
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
INSERT INTO privacy_records (sequence, project, kind, commit_time_us, erasure_id, erased_sequences,
                             is_last, user_pseudonym, purpose, allowed, event_time_us)
  SELECT sequence, project, kind, commit_time, erasure_id, erased_sequences, is_last,
         user_pseudonym, purpose, allowed, event_time
  FROM old_privacy_records;
DROP TABLE old_privacy_records;
CREATE INDEX privacy_records_by_project
  -- The feed of one project.
  ON privacy_records (project, sequence);

ALTER TABLE consents RENAME TO old_consents;
CREATE TABLE consents (
  -- The newest statement of a person for each purpose; stays when the person is erased.
  project TEXT NOT NULL,
  user_pseudonym TEXT NOT NULL,
  purpose INTEGER NOT NULL,         -- flywheel.ingest.v1.Purpose
  allowed INTEGER NOT NULL,
  event_time_us INTEGER NOT NULL,
  PRIMARY KEY (project, user_pseudonym, purpose)
) STRICT;
INSERT INTO consents (project, user_pseudonym, purpose, allowed, event_time_us)
  SELECT project, user_pseudonym, purpose, allowed, event_time
  FROM old_consents;
DROP TABLE old_consents;

ALTER TABLE legal_holds RENAME TO old_legal_holds;
CREATE TABLE legal_holds (
  -- Whose records must be kept.
  project TEXT NOT NULL,
  user_pseudonym TEXT NOT NULL,
  reason TEXT NOT NULL,
  hold_time_us INTEGER NOT NULL,
  PRIMARY KEY (project, user_pseudonym)
) STRICT;
INSERT INTO legal_holds (project, user_pseudonym, reason, hold_time_us)
  SELECT project, user_pseudonym, reason, hold_time
  FROM old_legal_holds;
DROP TABLE old_legal_holds;
)sql";

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_08_STRICT_PRIVACY_TABLES_H_
