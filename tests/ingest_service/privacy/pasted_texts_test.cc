// What people paste into a help desk, through the real service: ids of systems stay to the byte,
// secrets do not reach the store.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PastedTexts : public IngestTest {
 protected:
  // What readers get of these texts, in their order.
  std::vector<std::string> Stored(const std::vector<std::string>& texts) {
    std::vector<v1::Interaction> interactions;
    for (size_t i = 0; i < texts.size(); ++i) {
      interactions.push_back(Interaction(fmt::format("text-{}", i)));
      interactions.back().set_input(texts[i]);
    }
    const v1::LogInteractionsResponse logged = Log(interactions);
    for (const auto& result : logged.results()) {
      EXPECT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.id();
    }
    v1::ListInteractionsRequest request;
    request.set_page_size(1'000);
    v1::ListInteractionsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
    EXPECT_EQ(static_cast<size_t>(response.interactions_size()), texts.size());
    std::map<std::string, std::string> inputs;
    for (const auto& interaction : response.interactions()) {
      inputs[interaction.interaction_id()] = interaction.input();
    }
    std::vector<std::string> stored;
    for (const v1::Interaction& sent : interactions) {
      stored.push_back(inputs[sent.interaction_id()]);
    }
    return stored;
  }
};

TEST_F(PastedTexts, IdsSurvive) {
  const std::vector<std::string> texts = {
      "Deploy 110bcd25-a55d-453a-8046-1297901ea002 failed, why?",
      "at commit 9f8e7d6c5b4a39281706f5e4d3c2b1a098765432",
      std::string("Build 2026.11.28.4 pulled image ") +
          "sha256:4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865",
      "order 10023456 is fine; version 1.2.3.4 too",
      "trace 4bf92f3577b34da6a3ce929d0e0e4736, span 00f067aa0ba902b7",
      "traceparent 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      std::string("integrity sha512-GDHVin2EJ9PGJ33VMGlqtPcvUlY+pkTbaWs4jWv8oBaEK8UUBzS5ZpEc") +
          "4xi7Xp5vIXnVsCSLKNC6bgvR9X/AoQ==",
      "go.sum v1.2.3/go.mod h1:aB3dEf+GhIjKlMnOpQrStUvWxYz0123456789abcde=",
      "Ticket JIRA-20261128, invoice 4929-2026-1128-0002",
      "ISBN 978-3-16-148410-0, flight LH1234567",
      "md5 d41d8cd98f00b204e9800998ecf8427e",
      "ULID 01ARZ3NDEKTSV4RRFFQ69G5FAV, KSUID 0ujtsYcgvSTl8PAuAdqWYSMnLOv",
      "ObjectId 507f1f77bcf86cd799439011, snowflake 1541815603606036480",
      "pod payment-7d4b9c6f5d-x2x7k, call_9pw1qnYScqvGrCH58HWCvFH6",
      "arn:aws:iam::123456789012:role/deploy",
      "part no. 415-555-0132",
      "token count: 128000, the password reset link was sent",
      "curl -u prints its usage; curl -u USER:PASS logs in; curl --user $USER:$TOKEN too",
      "mysql -p asks for it, redis-cli -a needs one",
  };
  const std::vector<std::string> stored = Stored(texts);
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(stored[i], texts[i]);
}

TEST_F(PastedTexts, SecretsDoNot) {
  // The text, and of its secret what must not be there. All made up.
  const std::vector<std::pair<std::string, std::string>> secrets = {
      {"sasl_password=LIkaITK744sG54VgABW/+p4NXFr does not work", "LIkaITK744"},
      {"Try DATABASE_URL=postgres://svc:hunter2zzQ@db.internal:5432/app", "hunter2zzQ"},
      {"redis://:S3cretPw1@localhost:6379", "S3cretPw1"},
      {"jdbc:mysql://h/db?user=root&password=S3cretPw1", "S3cretPw1"},
      {"my key is AIzaSyD3kQe7Rk2mW9vT4bN8pL1cF5hJ0aZuTwX", "AIzaSyD3"},
      {"export ANTHROPIC_API_KEY=sk-ant-api03-" + std::string(60, 'Z') + "3k-AA", "ZZZZ"},
      {"part 5500-0000-0000-0004", "5500-0000"},
      {"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n"
       "-----END OPENSSH PRIVATE KEY-----",
       "b3Blbn"},
      {"curl -u admin:Tr0ub4dor& https://x.example/ -H \"X-Api-Key: "
       "0f3c2b1a9d8e7f60123456789abcdef0\"",
       "Tr0ub4dor"},
      {"curl -H \"X-Api-Key: 0f3c2b1a9d8e7f60123456789abcdef0\" https://x.example/", "0f3c2b1a"},
      {"curl -s -k -X POST -u 'admin:Tr0ub4dor&3' https://x.example/", "Tr0ub4dor"},
      {"curl -uadmin:Tr0ub4dor1 https://x.example/", "Tr0ub4dor"},
      {"curl --user=bob:Tr0ub4dor1 https://x.example/", "Tr0ub4dor"},
      {"http -a bob:Tr0ub4dor1 GET example.org", "Tr0ub4dor"},
      {"mysql -u root -pS3cretPw1 shop", "S3cretPw1"},
      {"sshpass -p 'S3cretPw1' ssh host", "S3cretPw1"},
      {"redis-cli -h host -a S3cretPw1 ping", "S3cretPw1"},
      {"PGPASSWORD=S3cretPw1 psql", "S3cretPw1"},
      {"wget --user=bob --password=S3cretPw1 https://x.example/", "S3cretPw1"},
      {"Authorization: Basic YWRtaW46VHIwdWI0ZG9yJg==", "YWRtaW46"},
      {"AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq==", "Eby8vdM02"},
      {"AZURE_OPENAI_KEY=0f3c2b1a9d8e7f60123456789abcdef0", "0f3c2b1a"},
      {"gsk_" + std::string(48, 'b') + "7", "bbbb"},
      {"xai-" + std::string(48, 'b') + "7", "bbbb"},
      {"lsv2_pt_0f3c2b1a9d8e7f60123456789abcdef0_0123456789", "0f3c2b1a"},
      {"GOCSPX-abcdEFGH1234abcdEFGH1234abcd", "abcdEFGH"},
      {"ya29.a0AfH6SMBabcdefghijklmnopqrstuvwxyz0123456789", "a0AfH6"},
      {"shpat_0f3c2b1a9d8e7f60123456789abcdef0", "0f3c2b1a"},
      {"https://hooks.slack.com/services/T00000000/B00000000/XXXXabcdEFGH1234abcdEFGH", "XXXXabcd"},
  };
  std::vector<std::string> texts;
  for (const auto& [text, secret] : secrets) texts.push_back(text);
  const std::vector<std::string> stored = Stored(texts);
  for (size_t i = 0; i < secrets.size(); ++i) {
    EXPECT_THAT(stored[i], Not(HasSubstr(secrets[i].second)));
    // Something stands in its place.
    EXPECT_THAT(stored[i], HasSubstr("_1]"));
  }
}

}  // namespace
}  // namespace flywheel::ingest
