// Keys, tokens and passwords. Their issuers publish the prefixes so that they can be found.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

constexpr char kGenericKeyWords[] =
    "api key|api-key|api_key|apikey|api token|api_token|access token|access_token|accesstoken|"
    "access key|access_key|auth token|auth_token|authtoken|secret key|secret_key|secretkey|"
    "client secret|client_secret|clientsecret|secret access|aws secret|aws_secret|refresh_token|"
    "refresh token|bearer |private_key|private key|signing key|webhook "
    "secret|token:|token=|token\"";
constexpr char kPasswordWords[] =
    "password|passwort|passwd|pwd|passcode|passphrase|mot de passe|contrase|wachtwoord|kennwort|"
    "senha";

Recogniser Key(const char* name, const char* words, const char* pattern) {
  return {.name = name,
          .type = DataType::kApiKey,
          .trigger = {.words = words},
          .pattern = pattern,
          .after = 320};
}

}  // namespace

std::vector<Recogniser> SecretRecognisers() {
  return {
      {.name = "private_key",
       .type = DataType::kPrivateKey,
       .trigger = {.words = "-----begin "},
       // A block that was cut off counts too. "\n" may be written as two characters.
       .pattern = R"(-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)"
                  R"((?:\s|\\n)*(?:[A-Za-z-]+: [^\n]*\n)*[A-Za-z0-9+/=\s\\]*)"
                  R"((?:-----END [A-Z0-9 ]{0,40}-----)?)",
       .after = 16384},
      {.name = "jwt",
       .type = DataType::kJwt,
       .trigger = {.words = "eyJ"},
       .pattern = R"(ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*)",
       .check = JwtCheck,
       .after = 8192,
       .starts_token = true},
      {.name = "url_credentials",
       .type = DataType::kUrlCredentials,
       .trigger = {.kind = TriggerKind::kScheme},
       .pattern = R"(://([^\s:/?#@"'<>]*:[^\s/?#"'<>]+)@)",
       .after = 512},
      Key("openai_anthropic_key", "sk-", R"(sk-[A-Za-z0-9_-]{20,})"),
      Key("stripe_key", "sk_|rk_|whsec_", R"((?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,})"),
      Key("aws_access_key", "akia|asia|aroa|aida", R"(A(?:KIA|SIA|ROA|IDA)[A-Z2-7]{16})"),
      Key("github_token", "ghp_|gho_|ghu_|ghs_|ghr_|github_pat_",
          R"((?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}))"),
      Key("gitlab_token", "glpat-", R"(glpat-[A-Za-z0-9_-]{20,})"),
      Key("slack_token", "xox", R"(xox[abeoprs]-[A-Za-z0-9-]{10,})"),
      Key("google_key", "aiza", R"(AIza[A-Za-z0-9_-]{35})"),
      Key("npm_token", "npm_", R"(npm_[A-Za-z0-9]{36})"),
      Key("pypi_token", "pypi-", R"(pypi-[A-Za-z0-9_-]{16,})"),
      Key("hugging_face_token", "hf_", R"(hf_[A-Za-z0-9]{30,})"),
      Key("sendgrid_key", "sg.", R"(SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})"),
      {.name = "twilio_key",
       .type = DataType::kApiKey,
       .trigger = {.kind = TriggerKind::kToken},
       .pattern = R"((?:SK|AC)[0-9a-f]{32})"},
      {.name = "key_in_context",
       .type = DataType::kApiKey,
       .trigger = {.words = kGenericKeyWords},
       .pattern = R"((?i)(?:[a-z]+[ _-]?){1,4}["']?\s*(?:is|ist|est|es|:|=>|=|)\s*["'`]?\b)"
                  R"(([A-Za-z0-9_./+=-]{16,}))",
       .check = HighEntropyCheck,
       // Where a list goes on is no secret.
       .not_after = "page_token|page token|pagetoken|next_token|nexttoken|continuation_token|"
                    "continuationtoken|sync_token|synctoken|next token|continuation token",
       .after = 512},
      {.name = "password",
       .type = DataType::kPassword,
       .trigger = {.words = kPasswordWords},
       .pattern = R"re((?i)(?:mot de passe|contrase(?:ñ|n)a|[a-z]+)["']?\s*)re"
                  R"re((?:(?:is|ist|est|es|was|:|=)\s*)+["'`]?([^\s"'`,\]\[]{5,64}))re",
       .check = PasswordCheck},
  };
}

}  // namespace flywheel::redaction
