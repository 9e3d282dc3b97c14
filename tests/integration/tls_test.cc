// Who gets in: TLS, mutual TLS, and keys that keep projects apart.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "cli/child_process.h"
#include "cli/free_port.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/testing/feed_sequence.h"
#include "shared/text/host_port.h"
#include "shared/time/poll.h"
#include "tests/integration/certificates.h"
#include "tests/integration/http_client.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using curation::v1::CurationService;
using ingest::v1::IngestService;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;

constexpr char kRedWriter[] = "red-writer-0123456789";
constexpr char kRedReader[] = "red-reader-0123456789";
constexpr char kBlueWriter[] = "blue-writer-0123456789";
constexpr char kService[] = "all-service-0123456789";

class Tls : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Certificates::Available()) GTEST_SKIP() << "openssl is not installed";
    certificates_ = std::make_unique<Certificates>(dir_.path(), "ca");
    certificates_->Issue("server");
    certificates_->Issue("client");
    std::ofstream(dir_.path() + "/keys") << "red-agent " << kRedWriter << " red writer\n"
                                         << "red-board " << kRedReader << " red reader\n"
                                         << "blue-agent " << kBlueWriter << " blue writer\n"
                                         << "wheel " << kService << " * service\n";
    std::ofstream(dir_.path() + "/service.key") << kService << "\n";
    const auto ports = cli::FindFreePorts(3);
    ASSERT_OK(ports);
    otlp_http_ = "127.0.0.1:" + std::to_string(ports->at(2));
    ingest_ = "127.0.0.1:" + std::to_string(ports->at(0));
    curation_ = "127.0.0.1:" + std::to_string(ports->at(1));
  }

  // Starts a service with TLS. The first call to it waits until it serves.
  void Start(const std::string& name, const std::string& address,
             const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        "--data-dir",     dir_.path() + "/" + name,    "--listen",
        address,          "--tls-certificate-file",    certificates_->Pem("server"),
        "--tls-key-file", certificates_->Key("server")};
    if (name == "ingest") {
      arguments.insert(arguments.end(), {"--otlp-http-listen", otlp_http_});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto child = cli::ChildProcess::Start(
        {cli::BinDir() + "/flywheel-" + name, arguments, {}, dir_.path() + "/" + name + ".log"});
    ASSERT_OK(child);
    processes_.push_back(*std::move(child));
  }

  // The status of the answer to a request over TLS; 0 where the connection could not be made.
  static int Https(const std::string& address, const std::string& request, const std::string& ca,
                   const std::string& certificate = "", const std::string& key = "") {
    const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                               SSL_CTX_free);
    EXPECT_EQ(SSL_CTX_load_verify_file(context.get(), ca.c_str()), 1);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (!certificate.empty()) {
      EXPECT_EQ(SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()), 1);
      EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM), 1);
    }
    const std::unique_ptr<BIO, void (*)(BIO*)> bio(BIO_new_ssl_connect(context.get()),
                                                   BIO_free_all);
    BIO_set_conn_hostname(bio.get(), address.c_str());
    if (BIO_do_connect(bio.get()) != 1 ||
        BIO_write(bio.get(), request.data(), static_cast<int>(request.size())) <= 0) {
      return 0;
    }
    std::string answer;
    char buffer[4096];
    for (int size = 0; (size = BIO_read(bio.get(), buffer, sizeof(buffer))) > 0;) {
      answer.append(buffer, static_cast<size_t>(size));
      if (const auto reply = TakeReply(answer)) return reply->status;
    }
    return 0;
  }

  // Looks until it is true, at most half a minute.
  static bool WaitUntil(absl::FunctionRef<bool()> done) {
    return PollUntil(done, absl::Seconds(30));
  }

  std::string KeysFile() const { return dir_.path() + "/keys"; }

  static std::shared_ptr<grpc::Channel> Secure(const std::string& address, const std::string& ca,
                                               const std::string& certificate = "",
                                               const std::string& key = "") {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = cli::ReadAll(ca);
    if (!certificate.empty()) {
      options.pem_cert_chain = cli::ReadAll(certificate);
      options.pem_private_key = cli::ReadAll(key);
    }
    return grpc::CreateChannel(address, grpc::SslCredentials(options));
  }
  static std::shared_ptr<grpc::Channel> Plain(const std::string& address) {
    return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  }

  // How to make a call.
  struct Caller {
    std::string key = {};
    std::string project = {};
    // Until the service is up; not for calls that nobody will ever take.
    bool wait = true;
  };

  template <typename Service, typename Request, typename Response>
  static grpc::Status Call(const std::shared_ptr<grpc::Channel>& channel,
                           grpc::Status (Service::Stub::*method)(grpc::ClientContext*,
                                                                 const Request&, Response*),
                           const Request& request, Response* response, const Caller& caller) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    context.set_wait_for_ready(caller.wait);
    if (!caller.key.empty()) context.AddMetadata("authorization", "Bearer " + caller.key);
    if (!caller.project.empty()) context.AddMetadata("x-flywheel-project", caller.project);
    const auto stub = Service::NewStub(channel);
    return (stub.get()->*method)(&context, request, response);
  }

  static grpc::Status Log(const std::shared_ptr<grpc::Channel>& channel, const std::string& id,
                          const Caller& caller) {
    ingest::v1::LogInteractionsRequest request;
    *request.add_interactions() = MakeInteraction(id);
    ingest::v1::LogInteractionsResponse response;
    return Call<IngestService>(channel, &IngestService::Stub::LogInteractions, request, &response,
                               caller);
  }

  static grpc::Status Get(const std::shared_ptr<grpc::Channel>& channel, const std::string& id,
                          const Caller& caller) {
    ingest::v1::GetInteractionRequest request;
    request.set_interaction_id(id);
    ingest::v1::GetInteractionResponse response;
    return Call<IngestService>(channel, &IngestService::Stub::GetInteraction, request, &response,
                               caller);
  }

  testing::TempDir dir_;
  std::unique_ptr<Certificates> certificates_;
  std::string ingest_;
  std::string curation_;
  std::string otlp_http_;
  std::vector<cli::ChildProcess> processes_;
};

TEST_F(Tls, TakesCallsOfClientsThatTrustTheServerAndOfNoOthers) {
  ASSERT_NO_FATAL_FAILURE(Start("ingest", ingest_, {}));
  EXPECT_OK(Log(Secure(ingest_, certificates_->Ca()), "a", {}));
  const Caller at_once{.wait = false};
  EXPECT_THAT(Log(Plain(ingest_), "b", at_once), Not(IsOk())) << "plain text";
  const Certificates stranger(dir_.path(), "stranger");
  EXPECT_THAT(Log(Secure(ingest_, stranger.Ca()), "b", at_once), Not(IsOk()))
      << "a server that the client does not trust";
  EXPECT_THAT(Get(Secure(ingest_, certificates_->Ca()), "b", {}), HasReason(Reason::kNotFound));
}

TEST_F(Tls, OfBothSidesTakesOnlyClientsWithACertificate) {
  ASSERT_NO_FATAL_FAILURE(Start("ingest", ingest_, {"--tls-client-ca-file", certificates_->Ca()}));
  const std::string ca = certificates_->Ca();
  EXPECT_OK(Log(Secure(ingest_, ca, certificates_->Pem("client"), certificates_->Key("client")),
                "a", {}));
  const Caller at_once{.wait = false};
  EXPECT_THAT(Log(Secure(ingest_, ca), "b", at_once), Not(IsOk())) << "no certificate";
  const Certificates stranger(dir_.path(), "stranger");
  stranger.Issue("impostor");
  EXPECT_THAT(
      Log(Secure(ingest_, ca, stranger.Pem("impostor"), stranger.Key("impostor")), "b", at_once),
      Not(IsOk()))
      << "a certificate of somebody else";
  EXPECT_THAT(
      Get(Secure(ingest_, ca, certificates_->Pem("client"), certificates_->Key("client")), "b", {}),
      HasReason(Reason::kNotFound));
}

TEST_F(Tls, OtlpOverHttpHasTheSameCertificatesAndKeys) {
  const std::string ca = certificates_->Ca();
  ASSERT_NO_FATAL_FAILURE(
      Start("ingest", ingest_, {"--tls-client-ca-file", ca, "--api-keys-file", KeysFile()}));
  const auto post = [](const std::string& key) {
    return HttpPost("/v1/traces", "application/json", "{}",
                    "Authorization: Bearer " + key + "\r\n");
  };
  const std::string pem = certificates_->Pem("client");
  const std::string own_key = certificates_->Key("client");
  EXPECT_TRUE(WaitUntil([&] {
    return Https(otlp_http_, post(kRedWriter), ca, pem, own_key) == 200;
  })) << cli::ReadAll(dir_.path() + "/ingest.log");
  EXPECT_EQ(Https(otlp_http_, post(kRedReader), ca, pem, own_key), 403);
  EXPECT_EQ(Https(otlp_http_, post("wrong-writer-0123456789"), ca, pem, own_key), 401);
  EXPECT_EQ(Https(otlp_http_, post(kRedWriter), ca), 0) << "no certificate";
  const Certificates stranger(dir_.path(), "stranger");
  stranger.Issue("impostor");
  EXPECT_EQ(
      Https(otlp_http_, post(kRedWriter), ca, stranger.Pem("impostor"), stranger.Key("impostor")),
      0)
      << "a certificate of somebody else";
  EXPECT_EQ(Https(otlp_http_, post(kRedWriter), stranger.Ca(), pem, own_key), 0)
      << "a server that the client does not trust";
  const int port = ParseHostPort(otlp_http_)->port;
  HttpClient plain(port);
  plain.Send(post(kRedWriter));
  EXPECT_NE(plain.Read().status, 200) << "plain text";
}

TEST_F(Tls, KeysKeepProjectsApart) {
  ASSERT_NO_FATAL_FAILURE(Start("ingest", ingest_, {"--api-keys-file", KeysFile()}));
  const auto channel = Secure(ingest_, certificates_->Ca());
  EXPECT_THAT(Log(channel, "a", {}), HasReason(Reason::kUnauthenticated));
  EXPECT_THAT(Log(channel, "a", {.key = "wrong-writer-0123456789"}),
              HasReason(Reason::kUnauthenticated));
  EXPECT_OK(Log(channel, "a", {.key = kRedWriter}));
  EXPECT_OK(Get(channel, "a", {.key = kRedReader}));
  EXPECT_THAT(Log(channel, "b", {.key = kRedReader}), HasReason(Reason::kPermissionDenied));

  EXPECT_THAT(Get(channel, "a", {.key = kBlueWriter}), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get(channel, "a", {.key = kBlueWriter, .project = "red"}), Not(IsOk()))
      << "a key of one project does not open another";
  EXPECT_OK(Log(channel, "a", {.key = kBlueWriter})) << "the same id is free in another project";
  EXPECT_OK(Get(channel, "a", {.key = kService, .project = "red"}));
  EXPECT_THAT(Get(channel, "a", {.key = kService, .project = "green"}),
              HasReason(Reason::kNotFound));
}

TEST_F(Tls, TheCommandShowsItsCertificateAndSpeaksForItsProject) {
  const std::string gate =
      "127.0.0.1:" + std::to_string(cli::FindFreePorts(1).value_or(std::vector<int>{0}).front());
  const std::vector<std::string> guarded = {"--api-keys-file",      KeysFile(),
                                            "--tls-client-ca-file", certificates_->Ca(),
                                            "--log-level",          "debug"};
  ASSERT_NO_FATAL_FAILURE(Start("ingest", ingest_, guarded));
  ASSERT_NO_FATAL_FAILURE(Start("curation", curation_, guarded));
  ASSERT_NO_FATAL_FAILURE(Start("eval-gate", gate, guarded));
  const auto run = [&](std::vector<std::string> arguments, bool certificate = true) {
    arguments.insert(arguments.end(), {"--ca-file", certificates_->Ca()});
    if (certificate) {
      arguments.insert(arguments.end(), {"--certificate-file", certificates_->Pem("client"),
                                         "--certificate-key-file", certificates_->Key("client")});
    }
    return cli::RunFlywheel(arguments);
  };
  const std::string key = dir_.path() + "/service.key";
  for (const std::string& address : {ingest_, curation_, gate}) {
    EXPECT_TRUE(WaitUntil([&] { return run({"health", address}).ending == "exit code 0"; }));
  }
  EXPECT_EQ(run({"health", ingest_}, /*certificate=*/false).ending, "exit code 3");

  const std::string chats = dir_.path() + "/chats.jsonl";
  std::ofstream(chats) << R"({"id": "a", "messages": [{"role": "user", "content": "hi"}]})"
                       << "\n";
  const std::vector<std::string> import = {"import",    chats,   "--format",   "openai-chat",
                                           "--address", ingest_, "--key-file", key,
                                           "--project", "red"};
  EXPECT_EQ(run(import).ending, "exit code 0");
  for (const char* project : {"red", "blue"}) {
    const auto status =
        run({"status", "--ingest-address", ingest_, "--key-file", key, "--project", project});
    EXPECT_THAT(status.output, HasSubstr(fmt::format("ingest: {} interactions",
                                                     std::string(project) == "red" ? 1 : 0)));
  }
  EXPECT_EQ(run({"verdict", "v1", "--agent", "support", "--address", gate, "--key-file", key,
                 "--project", "red"})
                .ending,
            "exit code 6");
  EXPECT_EQ(
      run({"export", "d", "--address", curation_, "--key-file", key, "--project", "red"}).ending,
      "exit code 1");
  EXPECT_THAT(cli::ReadAll(dir_.path() + "/eval-gate.log"),
              HasSubstr("method=GetShipDecision project=red"));
  EXPECT_THAT(cli::ReadAll(dir_.path() + "/curation.log"),
              HasSubstr("method=ExportDataset project=red"));
}

TEST_F(Tls, CurationFollowsIngestWithKeyAndCertificateAndKeepsProjectsApart) {
  ASSERT_NO_FATAL_FAILURE(
      Start("ingest", ingest_,
            {"--api-keys-file", KeysFile(), "--tls-client-ca-file", certificates_->Ca()}));
  ASSERT_NO_FATAL_FAILURE(
      Start("curation", curation_,
            {"--api-keys-file", KeysFile(), "--ingest-address", ingest_, "--upstream-ca-file",
             certificates_->Ca(), "--upstream-key-file", dir_.path() + "/service.key"}));
  const auto ingest = Secure(ingest_, certificates_->Ca(), certificates_->Pem("client"),
                             certificates_->Key("client"));
  for (const char* id : {"a", "b"}) EXPECT_OK(Log(ingest, id, {.key = kRedWriter}));
  EXPECT_OK(Log(ingest, "a", {.key = kBlueWriter}));
  const auto curation = Secure(curation_, certificates_->Ca());
  const auto progress = [&](const char* key) {
    curation::v1::GetProgressResponse response;
    EXPECT_OK(Call<CurationService>(curation, &CurationService::Stub::GetProgress, {}, &response,
                                    {.key = key}));
    return response;
  };
  EXPECT_TRUE(
      WaitUntil([&] { return testing::FeedSequence(progress(kRedReader).feed_token()) >= 3; }));
  EXPECT_EQ(progress(kRedReader).interactions(), 2);
  EXPECT_EQ(progress(kBlueWriter).interactions(), 1);
  EXPECT_TRUE(progress(kRedReader).ingest_reachable());
}

}  // namespace
}  // namespace flywheel::integration
