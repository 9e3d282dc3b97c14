// What of a message may reach the disk, whichever door it came by.
#include "ingest_service/privacy/inbound_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "ingest_service/domain/noise.h"
#include "ingest_service/payloads/canonical_bytes.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] = "a key of at least thirty-two characters";
constexpr char kOlderKey[] = "an older key of more than thirty-two characters";

absl::Time Now() { return absl::FromUnixSeconds(1'800'000'000); }

v1::Interaction AnInteraction() {
  v1::Interaction interaction;
  interaction.set_interaction_id("i1");
  interaction.set_user_id("ada@example.com");
  interaction.set_agent("support");
  interaction.mutable_start_time()->set_seconds(absl::ToUnixSeconds(Now()));
  interaction.set_input("Write to ada@example.com about the\x01 bill");
  interaction.set_output("I wrote to ada@example.com.");
  return interaction;
}

v1::Signal ASignal() {
  v1::Signal signal;
  signal.set_signal_id("s1");
  signal.set_interaction_id("i1");
  signal.set_actor(v1::ACTOR_USER);
  signal.set_actor_id("ada@example.com");
  signal.mutable_event_time()->set_seconds(absl::ToUnixSeconds(Now()));
  signal.mutable_correction()->set_ideal_output("Call +49 30 901820 first");
  return signal;
}

class InboundFilterTest : public ::testing::Test {
 protected:
  absl::StatusOr<InteractionRecord> MakeRecord(v1::Interaction interaction) {
    return filter_.MakeRecord(interaction, "default", Now(), "interactions[0].");
  }

  testing::TempDir dir_;
  rpc::Metrics metrics_;
  const Pseudonymiser pseudonymiser_{kKey};
  InboundFilter filter_{&pseudonymiser_, *redaction::PiiDetector::Make({}), &metrics_};
};

TEST_F(InboundFilterTest, NothingPersonalIsLeftInWhatIsStored) {
  v1::Interaction interaction = AnInteraction();
  const auto record = filter_.MakeRecord(interaction, "default", Now(), "");
  ASSERT_OK(record);
  EXPECT_THAT(record->payload, Not(HasSubstr("ada")));
  EXPECT_EQ(record->user_pseudonym, pseudonymiser_.Pseudonym("default", "ada@example.com"));
  EXPECT_EQ(interaction.user_id(), record->user_pseudonym);
  EXPECT_EQ(interaction.input(), "Write to [EMAIL_1] about the bill");
  EXPECT_EQ(interaction.output(), "I wrote to [EMAIL_1].");
  EXPECT_EQ(record->payload, CanonicalBytes(interaction)) << "the message is as it is stored";
}

TEST_F(InboundFilterTest, AnAssignmentTokenIsKeptAsItIs) {
  // Of the length of a real one, with what looks like a card and a key.
  constexpr char kToken[] = "sk-4111111111111111AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcdef";
  v1::Interaction interaction = AnInteraction();
  interaction.set_assignment_token(kToken);
  const auto record = filter_.MakeRecord(interaction, "default", Now(), "");
  ASSERT_OK(record);
  EXPECT_EQ(interaction.assignment_token(), kToken);
  EXPECT_THAT(record->payload, HasSubstr(kToken));
}

TEST_F(InboundFilterTest, ASignalsActorAndTextsAreTreatedAlike) {
  v1::Signal signal = ASignal();
  const auto record = filter_.MakeRecord(signal, "default", Now(), "");
  ASSERT_OK(record);
  EXPECT_EQ(record->actor_pseudonym, pseudonymiser_.Pseudonym("default", "ada@example.com"));
  EXPECT_THAT(record->payload, Not(HasSubstr("ada")));
  EXPECT_THAT(record->payload, Not(HasSubstr("901820")));
  EXPECT_EQ(record->kind, SignalKind::kCorrection);
}

TEST_F(InboundFilterTest, TheContentHashIsOfWhatWasSentWhateverIsRedacted) {
  InboundFilter without(&pseudonymiser_, std::nullopt, &metrics_);
  v1::Interaction interaction = AnInteraction();
  const auto kept = without.MakeRecord(interaction, "default", Now(), "");
  const auto redacted = MakeRecord(AnInteraction());
  ASSERT_OK(kept);
  ASSERT_OK(redacted);
  EXPECT_THAT(kept->payload, HasSubstr("Write to ada@example.com about the bill"))
      << "without a detector texts are cleaned all the same";
  EXPECT_EQ(kept->content_hash, redacted->content_hash);
  v1::Interaction other = AnInteraction();
  other.set_output("I wrote to bob@example.com.");
  EXPECT_NE(MakeRecord(other)->content_hash, redacted->content_hash)
      << "two values behind one placeholder are two contents";
}

TEST_F(InboundFilterTest, ARecordKnowsWhoItWasUnderTheKeysOfBefore) {
  std::ofstream(dir_.path() + "/keys") << kKey << "\n" << kOlderKey << "\n";
  const Pseudonymiser keys = *Pseudonymiser::FromFile(dir_.path() + "/keys");
  const Pseudonymiser older(kOlderKey);
  InboundFilter now(&keys, *redaction::PiiDetector::Make({}), &metrics_);
  InboundFilter before(&older, *redaction::PiiDetector::Make({}), &metrics_);
  v1::Interaction first = AnInteraction();
  v1::Interaction again = AnInteraction();
  const auto old_record = before.MakeRecord(first, "default", Now(), "");
  const auto record = now.MakeRecord(again, "default", Now(), "");
  ASSERT_OK(old_record);
  ASSERT_OK(record);
  ASSERT_EQ(record->earlier.size(), 1u);
  EXPECT_EQ(record->earlier[0].pseudonym, old_record->user_pseudonym);
  EXPECT_EQ(record->earlier[0].content_hash, old_record->content_hash);
  EXPECT_NE(record->user_pseudonym, old_record->user_pseudonym);
}

TEST_F(InboundFilterTest, RefusesWhatBreaksTheContractAndNamesThePlace) {
  v1::Interaction interaction = AnInteraction();
  interaction.clear_agent();
  const auto refused = MakeRecord(interaction);
  EXPECT_THAT(refused, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(errors::MessageOf(refused.status()), HasSubstr("interactions[0].agent"));
}

TEST_F(InboundFilterTest, MarksWhoSaysTheSameAgainAndAgain) {
  int64_t noise = 0;
  for (int i = 0; i <= RecentInputs::kUsual; ++i) {
    v1::Interaction interaction = AnInteraction();
    interaction.set_interaction_id("i" + std::to_string(i));
    const auto record = MakeRecord(interaction);
    ASSERT_OK(record);
    EXPECT_EQ(noise, 0);
    noise = record->noise;
  }
  EXPECT_EQ(noise, NoiseBit(Noise::kBurst));
}

}  // namespace
}  // namespace flywheel::ingest
