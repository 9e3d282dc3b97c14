#include "curation_service/store/migrations.h"

#include "curation_service/store/migration_06_strict_record_tables.h"
#include "curation_service/store/migration_07_strict_dataset_tables.h"
#include "curation_service/store/migration_08_evidence_columns.h"
#include "curation_service/store/migration_09_cancelled_runs.h"
#include "curation_service/store/migration_10_turns.h"
#include "curation_service/store/migration_11_model_versions.h"
#include "curation_service/store/migration_12_who_did_it.h"
#include "curation_service/store/migration_14_dataset_builds.h"
#include "curation_service/store/migration_15_labels.h"
#include "curation_service/store/migration_16_row_origins.h"
#include "curation_service/store/migration_17_shared_messages.h"
#include "curation_service/store/migration_18_cancelled_builds.h"
#include "curation_service/store/migration_19_dataset_options.h"
#include "curation_service/store/migration_20_removed_rows.h"
#include "curation_service/store/migration_21_selections.h"
#include "shared/audit/audit_events_sql.h"

namespace flywheel::curation {
namespace {

constexpr sql::Migration kMigrations[] = {
    {"the record, its scores, dataset versions and training runs", R"sql(
        -- How far each feed was read. Written in the transaction of what was read, so that a record
        -- takes effect exactly once.
        CREATE TABLE feed_cursors (
          feed TEXT NOT NULL PRIMARY KEY,
          next_cursor BIGINT NOT NULL
        );

        -- What agents did, as ingest keeps it, without what curation has no use for. Immutable.
        -- session_id, user_id and model_version are empty where unknown; tool_calls and attributes
        -- are JSON.
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
          attributes TEXT NOT NULL,
          PRIMARY KEY (project, interaction_id)
        );

        -- A signal about a session concerns all of its interactions.
        CREATE INDEX interactions_by_session ON interactions (project, session_id);

        -- What people did about it: the newest revision of each signal. Of interaction_id and
        -- session_id one is empty. The interaction may come later, so there is no foreign key.
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

        -- Scoring reads the signals of an interaction and those of its session.
        CREATE INDEX signals_by_interaction ON signals (project, interaction_id);
        CREATE INDEX signals_by_session ON signals (project, session_id);

        -- What the signals say: one row for each interaction that has a score, made anew whenever a
        -- signal comes. agent and sequence repeat the interaction's. correction_actor is 0 where
        -- nobody corrected it.
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
          correction TEXT NOT NULL,
          PRIMARY KEY (project, interaction_id)
        );

        -- Building reads an agent's scores in feed order; the trigger counts them after a sequence.
        CREATE INDEX scores_by_agent ON scores (project, agent, sequence, combined_score);

        -- Progress counts by tier.
        CREATE INDEX scores_by_tier ON scores (project, tier);

        -- Dataset versions, immutable. ordinal counts a project's versions from 1. The two lists of
        -- counts are JSON.
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
          candidate_rows BIGINT NOT NULL,
          PRIMARY KEY (project, dataset_version_id)
        );

        -- Lists go from the newest to the oldest.
        CREATE UNIQUE INDEX dataset_versions_by_ordinal ON dataset_versions (project, ordinal);

        -- Their rows, whole, so that a version stays what it was. row_index counts from 0, in feed
        -- order.
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
          model_version TEXT NOT NULL,
          PRIMARY KEY (project, dataset_version_id, row_index),
          FOREIGN KEY (project, dataset_version_id)
            REFERENCES dataset_versions (project, dataset_version_id)
        );

        -- The sessions and inputs of an agent that ever stood on the train side, and with which
        -- version they first did: they never become eval data.
        CREATE TABLE firewall_train_keys (
          project TEXT NOT NULL,
          agent TEXT NOT NULL,
          train_key TEXT NOT NULL,
          dataset_version_id TEXT NOT NULL,
          PRIMARY KEY (project, agent, train_key)
        );

        -- Training runs. agent repeats the dataset's. trainer is empty before the first lease, and
        -- times are 0 where there is none; completion_hash is empty until the run is complete.
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

        -- Lists go from the newest to the oldest.
        CREATE UNIQUE INDEX training_runs_by_ordinal ON training_runs (project, ordinal);

        -- A trainer looks for the oldest run that waits.
        CREATE INDEX training_runs_by_state ON training_runs (project, state, ordinal);

        -- A model version comes of one run alone, and leads back to it.
        CREATE UNIQUE INDEX training_runs_by_model_version ON training_runs (project, model_version)
          WHERE model_version <> '';

        -- The trigger looks for an agent's last successful run.
        CREATE INDEX training_runs_by_completion
          ON training_runs (project, agent, state, complete_time_us);
    )sql"},
    {"both sides of the firewall, unfinished builds, counts, bounded sessions", R"sql(
        -- The sessions and inputs of an agent that ever stood on a side (split), and with which
        -- version they first did: they stay there for ever. Takes the place of firewall_train_keys.
        CREATE TABLE firewall_keys (
          project TEXT NOT NULL,
          agent TEXT NOT NULL,
          firewall_key TEXT NOT NULL,
          split INTEGER NOT NULL,
          dataset_version_id TEXT NOT NULL,
          PRIMARY KEY (project, agent, firewall_key)
        );
        INSERT INTO firewall_keys (project, agent, firewall_key, split, dataset_version_id)
          SELECT project, agent, train_key, 1, dataset_version_id FROM firewall_train_keys;
        DROP TABLE firewall_train_keys;
        -- Of the eval sides that versions have had, the rows know the sessions; where one was
        -- trained on too, it stays on the train side.
        INSERT INTO firewall_keys (project, agent, firewall_key, split, dataset_version_id)
          SELECT v.project, v.agent, 'session:' || r.session_id, 2, v.dataset_version_id
          FROM dataset_rows AS r
          JOIN dataset_versions AS v
            ON v.project = r.project AND v.dataset_version_id = r.dataset_version_id
          WHERE r.split = 2 AND r.session_id <> ''
          ORDER BY v.project, v.ordinal, r.row_index
          ON CONFLICT DO NOTHING;

        -- A build that did not finish is taken back by its version.
        CREATE INDEX firewall_keys_by_version ON firewall_keys (project, dataset_version_id);

        -- A version is written in pieces, and is there for others once it is complete.
        ALTER TABLE dataset_versions ADD COLUMN complete INTEGER NOT NULL DEFAULT 1;

        -- A start looks for the versions that are not.
        CREATE INDEX dataset_versions_unfinished ON dataset_versions (project, dataset_version_id)
          WHERE complete = 0;

        -- How many interactions of a project were read (tier 0), and how many of them have a score
        -- of which tier. Kept in the transaction of what they count, so that telling the progress
        -- costs the same for ten interactions and ten million.
        CREATE TABLE record_counts (
          project TEXT NOT NULL,
          tier INTEGER NOT NULL,
          interactions BIGINT NOT NULL,
          PRIMARY KEY (project, tier)
        );
        INSERT INTO record_counts (project, tier, interactions)
          SELECT project, 0, COUNT(*) FROM interactions GROUP BY project;
        INSERT INTO record_counts (project, tier, interactions)
          SELECT project, tier, COUNT(*) FROM scores GROUP BY project, tier;
        DROP INDEX scores_by_tier;

        -- Scoring looks at the first interactions of a session and at the newest signals of a
        -- session or interaction: in feed order, so that it stops after those.
        DROP INDEX interactions_by_session;
        CREATE INDEX interactions_by_session ON interactions (project, session_id, sequence);
        DROP INDEX signals_by_interaction;
        CREATE INDEX signals_by_interaction ON signals (project, interaction_id, sequence);
        DROP INDEX signals_by_session;
        CREATE INDEX signals_by_session ON signals (project, session_id, sequence);
    )sql"},
    {"what ingest marked as no real use", R"sql(
        -- 1 where the interaction is empty, test traffic, a burst or absurdly long: it stays out of
        -- dataset versions.
        ALTER TABLE interactions ADD COLUMN noise INTEGER NOT NULL DEFAULT 0;
        -- The same beside the score: the trigger counts real use alone, in the index.
        ALTER TABLE scores ADD COLUMN noise INTEGER NOT NULL DEFAULT 0;
        DROP INDEX scores_by_agent;
        CREATE INDEX scores_by_agent ON scores (project, agent, sequence, combined_score, noise);
    )sql"},
    {"forgetting people, and what they allow", R"sql(
        -- What left ingest is named by its place in the feed.
        CREATE INDEX interactions_by_sequence ON interactions (sequence);
        CREATE INDEX signals_by_sequence ON signals (sequence);

        -- A row that was erased stays as an empty place, so that the others keep theirs; a version
        -- counts its own.
        ALTER TABLE dataset_rows ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE dataset_versions ADD COLUMN erased_rows BIGINT NOT NULL DEFAULT 0;
        -- The rows that an interaction is in.
        CREATE INDEX dataset_rows_by_interaction ON dataset_rows (project, interaction_id)
          WHERE interaction_id <> '';

        -- Erasures whose tombstones were read: how many rows they took here, the place of the
        -- newest in the feed, whether that was the last one, and whether ingest knows that this
        -- store is clean.
        CREATE TABLE erasures (
          project TEXT NOT NULL,
          erasure_id TEXT NOT NULL,
          erased_rows BIGINT NOT NULL,
          last_sequence BIGINT NOT NULL,
          complete INTEGER NOT NULL,
          reported INTEGER NOT NULL,
          PRIMARY KEY (project, erasure_id)
        );
        -- A build asks whether somebody was erased since it began.
        CREATE INDEX erasures_by_sequence ON erasures (project, last_sequence);
        -- What ingest is still to be told.
        CREATE INDEX erasures_to_report ON erasures (project, erasure_id)
          WHERE complete = 1 AND reported = 0;

        -- People whose records may not be trained on, or evaluated with.
        CREATE TABLE training_refusals (
          project TEXT NOT NULL,
          user_id TEXT NOT NULL,
          PRIMARY KEY (project, user_id)
        );

        -- Keys of the firewall that still name a session in clear: a start replaces them by hashes.
        CREATE INDEX firewall_keys_in_clear ON firewall_keys (firewall_key)
          WHERE firewall_key >= 'session:' AND firewall_key < 'session;';
    )sql"},
    {"who keeps copies asks what was erased", R"sql(
        -- Erasures of all projects that are worked through, in the order in which they were.
        CREATE INDEX erasures_finished ON erasures (last_sequence) WHERE complete = 1;
    )sql"},
    {"STRICT tables of the record", kStrictRecordTablesSql},
    {"STRICT tables of datasets and runs, hashes as bytes", kStrictDatasetTablesSql},
    {"who approved an output, and when its evidence came", kEvidenceColumnsSql},
    {"training runs that were cancelled, and by agent", kCancelledRunsSql},
    {"turns of messages", kTurnsSql},
    {"model versions", kModelVersionsSql},
    {"who did it", kWhoDidItSql},
    {"the audit log", audit::kAuditEventsSql},
    {"dataset versions that are being built", kDatasetBuildsSql},
    {"labels of dataset versions and training runs", kLabelsSql},
    {"where rows come from", kRowOriginsSql},
    {"messages that turns and rows repeat, once", kSharedMessagesSql},
    {"builds that were cancelled, and signals that moved", kCancelledBuildsSql},
    {"options of dataset versions in one column", kDatasetOptionsSql},
    {"rows that builds took out", kRemovedRowsSql},
    {"what versions take of the rows that pass", kSelectionsSql},
};

}  // namespace

absl::Span<const sql::Migration> Migrations() { return kMigrations; }

}  // namespace flywheel::curation
