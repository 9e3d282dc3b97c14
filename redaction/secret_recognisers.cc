// Keys, tokens and passwords. Their issuers publish the prefixes so that they can be found.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

constexpr char kGenericKeyWords[] =
    "api key|api-key|api_key|apikey|api token|api_token|access token|access_token|accesstoken|"
    "access key|access_key|auth token|auth_token|authtoken|secret key|secret_key|secretkey|"
    "client secret|client_secret|clientsecret|secret access|aws secret|aws_secret|refresh_token|"
    "refresh token|bot token|bot_token|accountkey|account key|openai_key|openai-key|azure_key|"
    "subscription-key|subscription_key|bearer |private_key|private key|signing key|webhook "
    "secret|token:|token=|token\"";
constexpr char kPasswordWords[] =
    "password|passwort|passwd|pwd|passcode|passphrase|mot de passe|contrase|wachtwoord|kennwort|"
    "senha|pgpassword";
// Of providers whose keys have a prefix and a form of their own.
constexpr char kProviderWords[] =
    "gsk_|xai-|pplx-|r8_|tvly-|nvapi-|lsv2_|dop_v1_|gocspx-|ya29.|shpat_|shpca_|shppa_|shpss_";

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
      Key("provider_key", kProviderWords,
          R"((?:(?:gsk_|xai-|pplx-|r8_|tvly-|nvapi-)[A-Za-z0-9_-]{20,})"
          R"(|lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}|dop_v1_[0-9a-f]{64})"
          R"(|GOCSPX-[A-Za-z0-9_-]{24,}|ya29\.[A-Za-z0-9_-]{20,})"
          R"(|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}))"),
      Key("slack_webhook", "hooks.slack.com",
          R"(hooks\.slack\.com/services/(T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16,}))"),
      Key("basic_authorization", "authorization",
          R"((?i)authorization["']?\s*[:=]\s*["']?basic\s+([a-z0-9+/]{8,}={0,2}))"),
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
  };
}

}  // namespace flywheel::redaction
