// Keys, tokens and passwords. Their issuers publish the prefixes so that they can be found.
#include "redaction/assignments.h"
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

constexpr char kPasswordWords[] =
    "password|passwort|passwd|pwd|passcode|passphrase|mot de passe|contrase|wachtwoord|kennwort|"
    "senha|pgpassword";

}  // namespace

std::vector<Recogniser> SecretRecognisers() {
  std::vector<Recogniser> rows = {
      {.name = "private_key",
       .type = DataType::kPrivateKey,
       .trigger = {.words = "-----begin "},
       // Up to its end, whatever it is written as (lines, "\n", pieces of a program); or as far as
       // it goes where it was cut off.
       .pattern = R"(-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)"
                  R"((?:(?:[^-]|-[^-])*-----END [A-Z0-9 ]{0,40}-----)"
                  R"(|(?:\s|\\n)*(?:[A-Za-z-]+: [^\n]*\n)*[A-Za-z0-9+/=\s\\]*))",
       .check = PrivateKeyCheck,
       .after = 16384},
      {.name = "putty_key",
       .type = DataType::kPrivateKey,
       .trigger = {.words = "private-lines:"},
       .pattern =
           R"((?i)private-lines: [0-9]{1,4}(?:\s|\\n)+((?:[a-z0-9+/=]{1,64}(?:\s|\\n|$)+)+))",
       .after = 8192},
      {.name = "jwt",
       .type = DataType::kJwt,
       .trigger = {.words = "eyJ"},
       .pattern = R"(ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*)",
       .check = JwtCheck,
       .after = 8192,
       .starts_token = true},
      {.name = "encoded_jwt",
       .type = DataType::kJwt,
       .trigger = {.words = "zxlk"},
       .pattern = R"(ZXlK[A-Za-z0-9+/_-]{40,}={0,2})",
       .check = EncodedJwtCheck,
       .after = 8192,
       .starts_token = true},
      {.name = "url_credentials",
       .type = DataType::kUrlCredentials,
       .trigger = {.kind = TriggerKind::kScheme},
       .pattern = R"(://([^\s:/?#@"'<>]*:[^\s/?#"'<>]+)@)",
       .check = UrlCredentialsCheck,
       .after = 512},
      {.name = "basic_authorization",
       .type = DataType::kApiKey,
       .trigger = {.words = "authorization|basic "},
       .pattern = R"((?i)(?:authorization[\\"']{0,4}\s*[:=,]\s*[\\"']{0,4})?)"
                  R"(basic\s+([a-z0-9+/_-]{6,}={0,2}))",
       .check = BasicCredentialsCheck,
       .after = 512},
      // The first value of a Kubernetes secret; rounds find the others.
      {.name = "kubernetes_secret",
       .type = DataType::kApiKey,
       .trigger = {.words = "kind: secret"},
       .finder = FindKubernetesValue},
      {.name = "assigned_key",
       .type = DataType::kApiKey,
       .trigger = {.words = kKeyNames},
       .finder = FindAssignedKey},
      {.name = "issuer_key",
       .type = DataType::kApiKey,
       .trigger = {.words = kIssuerNames},
       .finder = FindIssuerKey},
      // curl -s -u admin:s3cret URL, http -a admin:s3cret URL.
      {.name = "login_in_command",
       .type = DataType::kUrlCredentials,
       .trigger = {.words = "curl |http -|https -"},
       .pattern = R"((?i)(?:curl|https?)\b[^\n|;]{0,200}?\s(?:-u|--user|-a|--auth)[ =]{1,2}["']?)"
                  R"(([^\s:"'$<{]{1,64}:[^\s"'$<{]{3,128}))",
       .check = PasswordCheck,
       .after = 512},
      // curl -uadmin:s3cret URL: the value begins with what it is set behind.
      {.name = "login_at_option",
       .type = DataType::kUrlCredentials,
       .trigger = {.words = "curl "},
       .pattern = R"((?i)curl\b[^\n|;]{0,200}?\s(-u[^\s:"'$<{]{1,64}:[^\s"'$<{]{3,128}))",
       .check = PasswordCheck,
       .after = 512},
      {.name = "password_at_option",  // mysql -u root -ps3cret
       .type = DataType::kPassword,
       .trigger = {.words = "mysql|mariadb"},
       .pattern = R"((?i)(?:mysql|mariadb)[a-z-]*\b[^\n|;]{0,200}?\s(-p[^\s"']{5,64}))",
       .check = PasswordCheck,
       .after = 512},
      {.name = "password_in_command",  // sshpass -p s3cret, redis-cli -a s3cret
       .type = DataType::kPassword,
       .trigger = {.words = "sshpass|redis-cli"},
       .pattern =
           R"((?i)(?:sshpass\s+-p\s*|redis-cli\b[^\n|;]{0,200}?\s-a\s+)["']?([^\s"']{5,64}))",
       .check = PasswordCheck,
       .after = 512},
      {.name = "password",
       .type = DataType::kPassword,
       .trigger = {.words = kPasswordWords},
       .pattern = R"re((?i)(?:mot de passe|contrase(?:ñ|n)a|[a-z]+)["']?\s*)re"
                  R"re((?:(?:is|ist|est|es|was|:|=)\s*)+["'`]?([^\s"'`,\]\[]{5,64}))re",
       .check = PasswordCheck},
      {.name = "assigned_password",
       .type = DataType::kPassword,
       .trigger = {.words = kPasswordNames},
       .finder = FindAssignedPassword},
  };
  // What has a mark of its issuer is known best: it stands first, and names what others find too.
  std::vector<Recogniser> table = PrefixedKeyRecognisers();
  table.insert(table.end(), rows.begin(), rows.end());
  return table;
}

}  // namespace flywheel::redaction
