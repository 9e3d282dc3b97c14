// Test certificates, made by the openssl command.
#ifndef FLYWHEEL_TESTS_INTEGRATION_CERTIFICATES_H_
#define FLYWHEEL_TESTS_INTEGRATION_CERTIFICATES_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "cli/child_process.h"
#include "shared/testing/status_matchers.h"
#include "tests/cli/command_runner.h"

namespace flywheel::integration {

// An authority and what it signed: NAME.pem and NAME.key in a directory.
class Certificates {
 public:
  static bool Available() { return access(kOpenssl, X_OK) == 0; }

  // Makes the authority, `ca` by name.
  Certificates(std::string directory, std::string ca)
      : directory_(std::move(directory)), ca_(std::move(ca)) {
    Make(ca_, {});
  }

  // Makes a certificate for 127.0.0.1, good for servers and clients.
  void Issue(const std::string& name) const {
    Make(name, {"-CA", Pem(ca_), "-CAkey", Key(ca_), "-addext", "subjectAltName=IP:127.0.0.1",
                "-addext", "basicConstraints=critical,CA:FALSE"});
  }

  std::string Ca() const { return Pem(ca_); }
  std::string Pem(const std::string& name) const { return directory_ + "/" + name + ".pem"; }
  std::string Key(const std::string& name) const { return directory_ + "/" + name + ".key"; }

 private:
  static constexpr char kOpenssl[] = "/usr/bin/openssl";

  void Make(const std::string& name, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {
        "req",     "-x509", "-newkey",    "ec",      "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-days",   "2",     "-nodes",     "-keyout", Key(name),  "-out",
        Pem(name), "-subj", "/CN=" + name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::string log = directory_ + "/openssl.log";
    auto child = cli::ChildProcess::Start({kOpenssl, arguments, {}, log});
    ASSERT_OK(child);
    ASSERT_TRUE(child->WaitForExit(absl::Seconds(30)));
    ASSERT_EQ(child->Exited().value(), "exit code 0") << cli::ReadAll(log);
  }

  const std::string directory_;
  const std::string ca_;
};

}  // namespace flywheel::integration

#endif  // FLYWHEEL_TESTS_INTEGRATION_CERTIFICATES_H_
