#include <fmt/format.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/alternative_server.h"
#include "bench/benchmarks.h"
#include "bench/ingest_load.h"
#include "bench/load.h"
#include "bench/unary_load.h"
#include "tests/integration/http_client.h"

namespace flywheel::bench {
namespace {

constexpr int kCallers = 64;
constexpr int kConnections = 4;
constexpr char kFolder[] = FLYWHEEL_SOURCE_DIR "/bench/alternatives";

Row Compare(const Setup& setup, const std::string& name, const std::function<double()>& other) {
  const IngestStubs stubs(setup.ingest, kConnections);
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return UnaryPerSecond(stubs, kCallers, setup.duration); }, other);
  return {"ingest, durable, one by one, 64 callers",
          result.measured,
          "interactions/s",
          name,
          result.reference,
          result.ratio};
}

// The interaction of the native load as the application of FastAPI takes it.
std::string FeedbackBody(const ingest::v1::Interaction& interaction) {
  const nlohmann::json body = {{"request_id", interaction.interaction_id()},
                               {"signal_type", "thumbs_up"},
                               {"user_query", interaction.input()},
                               {"ai_response", interaction.output()},
                               {"metadata",
                                {{"session_id", interaction.session_id()},
                                 {"user_id", interaction.user_id()},
                                 {"agent", interaction.agent()},
                                 {"model_version", interaction.model_version()}}}};
  return body.dump();
}

double PostsPerSecond(int port, absl::Duration duration) {
  std::vector<std::unique_ptr<integration::HttpClient>> clients;
  for (int i = 0; i < kCallers; ++i) {
    clients.push_back(std::make_unique<integration::HttpClient>(port));
  }
  return CallsPerSecond(kCallers, duration, [&](int caller, int64_t) {
    integration::HttpClient& client = *clients[static_cast<size_t>(caller)];
    const std::string body = FeedbackBody(NewBatch(1).interactions(0));
    client.Send(integration::HttpPost("/v1/feedback", "application/json", body));
    const integration::HttpReply reply = client.Read();
    if (reply.status != 200) Die(fmt::format("FastAPI says {}: {}", reply.status, reply.body));
  });
}

// A cluster of PostgreSQL with its own settings: fsync and synchronous_commit are on.
class PostgresCluster {
 public:
  explicit PostgresCluster(const Setup& setup) : directory_(setup.work_dir + "/postgres") {
    MakePostgresDirectory(directory_);
    RunServerTool({"initdb", "-D", directory_ + "/data", "-U", "bench", "--auth=trust", "-E",
                   "UTF8", "--locale=C"});
    std::vector<std::string> command = AsPostgresUser();
    command.insert(command.end(),
                   {Binary("postgres"), "-D", directory_ + "/data", "-p", std::to_string(port_),
                    "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="});
    server_ = std::make_unique<AlternativeServer>(command, port_, setup.work_dir + "/postgres.log");
    const std::string schema = std::string(kFolder) + "/schema.sql";
    RunClient({"psql", "-v", "ON_ERROR_STOP=1", "-q", "-f", schema});
  }

  double InsertsPerSecond(absl::Duration duration) const {
    static const auto& interaction = *new ingest::v1::Interaction(NewBatch(1).interactions(0));
    const std::string output =
        RunClient({"pgbench", "-n", "-M", "prepared", "-c", std::to_string(kCallers), "-j", "2",
                   "-T", fmt::format("{:.0f}", absl::ToDoubleSeconds(duration)), "-D",
                   "input=" + interaction.input(), "-D", "output=" + interaction.output(), "-f",
                   std::string(kFolder) + "/insert.sql"});
    const size_t place = output.find("tps = ");
    if (place == std::string::npos) Die("pgbench says no rate:\n" + output);
    return std::stod(output.substr(place + 6));
  }

 private:
  // Debian keeps the server's programs out of PATH.
  std::string Binary(const std::string& name) const {
    const std::string folder = RunCommand({"pg_config", "--bindir"}, directory_ + ".config.log");
    return folder.substr(0, folder.find('\n')) + "/" + name;
  }

  void RunServerTool(std::vector<std::string> arguments) const {
    arguments.front() = Binary(arguments.front());
    std::vector<std::string> command = AsPostgresUser();
    command.insert(command.end(), arguments.begin(), arguments.end());
    RunCommand(command, directory_ + ".run.log");
  }

  std::string RunClient(std::vector<std::string> command) const {
    command.insert(command.begin() + 1,
                   {"-h", "127.0.0.1", "-p", std::to_string(port_), "-U", "bench"});
    command.push_back("postgres");
    return RunCommand(command, directory_ + ".client.log");
  }

  const std::string directory_;
  const int port_ = FreePort();
  std::unique_ptr<AlternativeServer> server_;
};

}  // namespace

Row AgainstFastApi(const Setup& setup) {
  const int port = FreePort();
  const AlternativeServer server(
      {"FEEDBACK_DATABASE=" + setup.work_dir + "/feedback.db", "/usr/bin/python3", "-m", "uvicorn",
       "--app-dir", kFolder, "--host", "127.0.0.1", "--port", std::to_string(port), "--log-level",
       "warning", "feedback_app:app"},
      port, setup.work_dir + "/fastapi.log");
  return Compare(setup, "FastAPI, SQLAlchemy, SQLite",
                 [&] { return PostsPerSecond(port, setup.duration); });
}

Row AgainstPostgres(const Setup& setup) {
  const PostgresCluster cluster(setup);
  return Compare(setup, "PostgreSQL, an INSERT each",
                 [&] { return cluster.InsertsPerSecond(setup.duration); });
}

}  // namespace flywheel::bench
