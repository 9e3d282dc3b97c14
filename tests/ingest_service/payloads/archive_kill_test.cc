// A kill at any step of archiving, of taking records out of the archive or of replacing them there
// loses no payload, brings none back, and leaves no file that the store does not know.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/payloads/archive.h"
#include "ingest_service/payloads/archive_file.h"
#include "ingest_service/payloads/archive_line.h"
#include "ingest_service/payloads/canonical_bytes.h"
#include "ingest_service/payloads/folder.h"
#include "ingest_service/payloads/payload_reader.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/interaction_store.h"
#include "ingest_service/store/migrations.h"
#include "ingest_service/store/payload_store.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kRecords = 1'200;

// Ends the process, as kill -9 does, at the step of this number.
class KilledStore : public ObjectStore {
 public:
  KilledStore(std::unique_ptr<ObjectStore> inner, int steps)
      : inner_(std::move(inner)), steps_(steps) {}

  absl::Status Put(const std::string& name, std::string_view bytes) override {
    CountDown();
    if (steps_ == 0) static_cast<void>(inner_->Put(name, bytes.substr(0, bytes.size() / 2)));
    CountDown();
    absl::Status status = inner_->Put(name, bytes);
    CountDown();
    return status;
  }

  absl::StatusOr<std::string> Get(const std::string& name, int64_t offset,
                                  int64_t size_bytes) override {
    CountDown();
    return inner_->Get(name, offset, size_bytes);
  }

  absl::Status Remove(const std::string& name) override {
    CountDown();
    absl::Status status = inner_->Remove(name);
    CountDown();
    return status;
  }

 private:
  void CountDown() {
    if (steps_-- == 0) kill(getpid(), SIGKILL);
  }

  const std::unique_ptr<ObjectStore> inner_;
  int steps_;
};

std::string PayloadOf(int64_t sequence) {
  v1::Interaction interaction;
  interaction.set_interaction_id("i" + std::to_string(sequence));
  interaction.set_input("number " + std::to_string(sequence * sequence));
  interaction.set_output(std::string(static_cast<size_t>(sequence % 3'000), 'x'));
  return CanonicalBytes(interaction);
}

// Every 7th record has another payload afterwards, but those that are kept, every 70th.
bool IsReplaced(int64_t sequence) { return sequence % 7 == 0 && sequence % 70 != 0; }
std::string AnotherOf(int64_t sequence) { return PayloadOf(sequence + kRecords); }

class ArchiveKillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto database = OpenDatabase();
    ASSERT_OK(database->Write([](sql::Connection& connection) -> absl::Status {
      for (int64_t sequence = 1; sequence <= kRecords; ++sequence) {
        InteractionRecord record;
        record.interaction_id = "i" + std::to_string(sequence);
        record.payload = PayloadOf(sequence);
        record.content_hash = "hash";
        RETURN_IF_ERROR(InteractionStore(connection)
                            .Insert("shop", record, sequence, absl::FromUnixSeconds(1'800'000'000))
                            .status());
      }
      RETURN_IF_ERROR(FeedStore(connection).SetLastSequence(kRecords));
      return FeedStore(connection).AddToTotals("shop", {kRecords, 0, 0});
    }));
  }

  std::unique_ptr<sql::Database> OpenDatabase() const {
    return *sql::Database::Open({"sqlite:" + dir_.path() + "/ingest.db", 1 << 20}, Migrations());
  }
  std::string Place() const { return dir_.path() + "/archive"; }

  using Work = std::function<absl::Status(Archive&)>;

  absl::Status Do(const Work& work, int steps) const {
    const auto database = OpenDatabase();
    const FakeClock clock(absl::FromUnixSeconds(1'800'000'000));
    PacedWriter writer(database.get(), 1 << 20);
    ASSIGN_OR_RETURN(std::unique_ptr<ObjectStore> folder, Folder::Open(Place()));
    Archive archive(database.get(), &writer,
                    std::make_unique<KilledStore>(std::move(folder), steps), &clock);
    return work(archive);
  }

  // In a process of its own, which is killed at the step or, where that is negative, after so many
  // milliseconds. Whether it lived to its end.
  bool DoAndKill(const Work& work, int step_or_milliseconds) const {
    const pid_t child = fork();
    if (child == 0) {
      if (step_or_milliseconds < 0) {
        const itimerval timer = {{0, 0}, {0, -suseconds_t{step_or_milliseconds} * 1'000}};
        setitimer(ITIMER_REAL, &timer, nullptr);
      }
      _exit(Do(work, step_or_milliseconds).ok() ? 0 : 1);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status)) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
    }
    return !WIFSIGNALED(status);
  }

  // Every payload is there to the byte, replaced ones as before or afterwards, but those of `gone`,
  // and every file is known and in use.
  void Audit(const std::set<int64_t>& gone) const {
    ASSERT_OK(Do([](Archive& archive) { return archive.RemoveLeftovers(); }, kNever));
    const auto database = OpenDatabase();
    const FakeClock clock(absl::FromUnixSeconds(1'800'000'000));
    PacedWriter writer(database.get(), 1 << 20);
    Archive archive(database.get(), &writer, *Folder::Open(Place()), &clock);
    PayloadReader payloads(database.get(), &archive);
    for (int64_t sequence = 1; sequence <= kRecords; ++sequence) {
      StoredPayload row;
      ASSERT_OK(database->Read([&](sql::Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(row, PayloadStore(connection).Find(sequence));
        return absl::OkStatus();
      }));
      if (gone.contains(sequence) && !IsShown(row.place.form)) continue;
      ASSERT_OK(payloads.Decode(sequence, row.place, row.bytes)) << sequence;
      if (IsReplaced(sequence) && row.bytes == AnotherOf(sequence)) continue;
      ASSERT_EQ(row.bytes, PayloadOf(sequence));
    }
    std::set<std::string> known;
    ASSERT_OK(database->Read([&](sql::Connection& connection) -> absl::Status {
      std::vector<int64_t> all;
      for (int64_t sequence = 1; sequence <= kRecords; ++sequence) all.push_back(sequence);
      ASSIGN_OR_RETURN(const std::vector<ArchiveFile> files,
                       ArchiveStore(connection).FilesAround("shop", all));
      for (const ArchiveFile& file : files) known.insert(Place() + "/" + file.name);
      return absl::OkStatus();
    }));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(Place())) {
      if (!entry.is_regular_file()) continue;
      EXPECT_TRUE(known.contains(entry.path())) << entry.path();
    }
  }

  // What is in the files in use, by whatever name.
  std::multiset<int64_t> ArchivedSequences() const {
    std::multiset<int64_t> sequences;
    for (const ArchivedRecord& record : ArchivedRecords()) sequences.insert(record.sequence);
    return sequences;
  }
  std::vector<ArchivedRecord> ArchivedRecords() const {
    std::vector<ArchivedRecord> records;
    const auto database = OpenDatabase();
    EXPECT_OK(database->Read([&](sql::Connection& connection) -> absl::Status {
      sql::Statement select = connection.Prepare(
          "SELECT archive_files.name, frame_offset, frame_bytes FROM archive_frames "
          "JOIN archive_files ON archive_files.archive_id = archive_frames.archive_id "
          "ORDER BY frame_id");
      ASSIGN_OR_RETURN(const std::unique_ptr<ObjectStore> folder, Folder::Open(Place()));
      while (select.Next()) {
        ASSIGN_OR_RETURN(const std::string frame,
                         folder->Get(select.Text(0), select.Int64(1), select.Int64(2)));
        ASSIGN_OR_RETURN(const std::vector<std::string> lines, UnpackFrame(frame));
        for (const std::string& line : lines) {
          ASSIGN_OR_RETURN(records.emplace_back(), FromLine(line));
        }
      }
      return select.status();
    }));
    return records;
  }

  static constexpr int kNever = 1'000'000;

  // Moves what is still plain.
  static absl::Status MoveAll(Archive& archive) {
    std::vector<ArchiveCandidate> candidates;
    for (int64_t sequence = 1; sequence <= kRecords; ++sequence) {
      candidates.push_back(
          {{sequence, absl::FromUnixSeconds(1'800'000'000), PayloadOf(sequence)}, RowBefore{}});
    }
    return archive.Move("shop", candidates);
  }

  testing::TempDir dir_;
};

// Every 7th record.
std::vector<int64_t> Leaving() {
  std::vector<int64_t> sequences;
  for (int64_t sequence = 7; sequence <= kRecords; sequence += 7) sequences.push_back(sequence);
  return sequences;
}

absl::Status Erase(Archive& archive) { return archive.EraseFromArchives("shop", Leaving()); }

absl::Status Replace(Archive& archive) {
  const auto changes_of =
      [](absl::Span<const ArchivedRecord> records) -> absl::StatusOr<std::vector<Archive::Change>> {
    std::vector<Archive::Change> changes;
    for (const ArchivedRecord& record : records) {
      std::string another = AnotherOf(record.sequence);
      if (record.sequence % 7 != 0 || record.payload == another) continue;
      changes.push_back({record.sequence, std::move(another)});
    }
    return changes;
  };
  const auto is_kept = [](sql::Connection&, int64_t sequence) -> absl::StatusOr<bool> {
    return !IsReplaced(sequence);
  };
  const auto also = [](sql::Connection&, absl::Span<const int64_t> sequences) {
    EXPECT_TRUE(std::all_of(sequences.begin(), sequences.end(), IsReplaced));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(archive.RewritePayloads("shop", Leaving(), {changes_of, is_kept, also}));
  // As a scan does at its end, also where it was killed before it had removed what it replaced.
  return archive.RemoveAllLeftovers();
}

TEST_F(ArchiveKillTest, ReplacingThatIsKilledAnywhereIsGoneOnWithAndKeepsWhatIsHeld) {
  ASSERT_OK(Do(MoveAll, kNever));
  int kills = 0;
  for (int step = 0; !DoAndKill(Replace, step); ++step) {
    ++kills;
    Audit({});
  }
  // Two files are written: the first finds what is kept.
  EXPECT_GE(kills, 6);
  Audit({});
  const std::vector<ArchivedRecord> records = ArchivedRecords();
  EXPECT_EQ(records.size(), static_cast<size_t>(kRecords));
  for (const ArchivedRecord& record : records) {
    EXPECT_EQ(record.payload, IsReplaced(record.sequence) ? AnotherOf(record.sequence)
                                                          : PayloadOf(record.sequence));
  }
}

TEST_F(ArchiveKillTest, ArchivingLosesNothingWhereverItIsKilled) {
  int kills = 0;
  for (int step = 0; !DoAndKill(MoveAll, step); ++step) {
    ++kills;
    Audit({});
  }
  // Before the file, in the middle of it, behind it, and before it is read back, at least.
  EXPECT_GE(kills, 4);
  Audit({});
  EXPECT_EQ(ArchivedSequences().size(), static_cast<size_t>(kRecords));
}

TEST_F(ArchiveKillTest, ArchivingLosesNothingWheneverItIsKilled) {
  for (int milliseconds = 3; milliseconds < 120; milliseconds += 9) {
    DoAndKill(MoveAll, -milliseconds);
    Audit({});
  }
  ASSERT_OK(Do(MoveAll, kNever));
  Audit({});
}

TEST_F(ArchiveKillTest, AnErasureThatIsKilledAnywhereIsGoneOnWithAndReachesEveryCopy) {
  ASSERT_OK(Do(MoveAll, kNever));
  const std::vector<int64_t> leaving = Leaving();
  const std::set<int64_t> gone(leaving.begin(), leaving.end());
  int kills = 0;
  for (int step = 0; !DoAndKill(Erase, step); ++step) {
    ++kills;
    Audit(gone);
  }
  EXPECT_GE(kills, 6);
  Audit(gone);
  for (const int64_t sequence : ArchivedSequences()) EXPECT_FALSE(gone.contains(sequence));
  // Once more does no harm.
  ASSERT_OK(Do(Erase, kNever));
  Audit(gone);
}

TEST_F(ArchiveKillTest, CopiesThatAKillLeftBehindAreErasedToo) {
  // Killed while rows are pointed at the file: some are, the others are archived once more.
  for (int milliseconds = 5; milliseconds < 200; milliseconds += 15) {
    if (DoAndKill(MoveAll, -milliseconds)) break;
  }
  ASSERT_OK(Do(MoveAll, kNever));
  ASSERT_OK(Do(Erase, kNever));
  const std::vector<int64_t> leaving = Leaving();
  const std::set<int64_t> gone(leaving.begin(), leaving.end());
  Audit(gone);
  for (const int64_t sequence : ArchivedSequences()) EXPECT_FALSE(gone.contains(sequence));
}

}  // namespace
}  // namespace flywheel::ingest
