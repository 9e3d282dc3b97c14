// Keys of providers, tokens and passwords.
#include <string>

#include "redaction/checks.h"
#include "tests/redaction/sample_makers.h"

namespace flywheel::redaction {
namespace {

std::string Jwt(Random& random) {
  return "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ" + Fill("************************", random) +
         "." + Fill("*******************************************", random);
}

std::string PrivateKey(Random& random) {
  std::string body;
  for (int i = 0; i < 4; ++i) {
    body += Fill("****************************************************************", random) + "\n";
  }
  return "-----BEGIN RSA PRIVATE KEY-----\n" + body + "-----END RSA PRIVATE KEY-----";
}

}  // namespace

MakerMap SecretMakers() {
  constexpr char kForty[] = "****************************************";
  const std::string forty = kForty;
  const auto filled = [](const std::string& shape) {
    return [shape](Random& random) {
      // A key's digits and letters are both there but for very rare ones.
      return Fill(shape, random);
    };
  };
  return {
      {"OPENAI", filled("sk-" + forty + "********")},
      {"OPENAI_PROJECT", filled("sk-proj-" + forty)},
      {"ANTHROPIC", filled("sk-ant-***03-" + forty + forty)},
      {"AWS_ID",
       [](Random& r) {
         std::string id = "AKIA";
         while (id.size() < 20) id += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[r.Below(32)];
         return id;
       }},
      {"AWS_SECRET", filled("wJalrXUtnFEMI/K7MDENG/" + std::string("bPxRfi************"))},
      {"GITHUB", filled("ghp_************************************")},
      {"GITHUB_PAT", filled("github_pat_11**********************_" + forty)},
      {"GITLAB", filled("glpat-********************")},
      {"SLACK", filled("xoxb-############-" + std::string("************************"))},
      {"STRIPE", filled("sk_live_************************")},
      {"GOOGLE", filled("AIzaSy*********************************")},
      {"NPM", filled("npm_************************************")},
      {"PYPI", filled("pypi-AgEIcHlwaS5vcmc" + forty)},
      {"HF", filled("hf_**********************************")},
      {"TWILIO", filled("SK%%%%4%%%%%%%%%%%%%%%%%%%%%%%%%%%")},
      {"SENDGRID", filled("SG.**********************." + forty)},
      {"GENERIC_KEY", filled("a7#f****************#3k")},
      {"JWT", Jwt},
      {"PRIVATE_KEY", PrivateKey},
      {"PASSWORD", Shapes({"hunter#~~!", "Sommer20##", "p4ss#~~~~", "~~~^^^##$"})},
      {"CREDENTIALS", Shapes({"admin:s3cr#tPass", "root:~~~~####", "deploy:x-~~~~-##"})},
  };
}

}  // namespace flywheel::redaction
