#include "redaction/secret_names.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "redaction/assignments.h"

namespace flywheel::redaction {

// Words that begin inside a name where a capital, a mark or the name itself does. Those that are
// written together stand here too.
const char kKeyNames[] =
    "key|token|secret|credential|creds|auth|authorization|apikey|apikeys|apitoken|apisecret|"
    "authtoken|authkey|accesstoken|accesskey|secretkey|clientsecret|clientkey|bottoken|privatekey|"
    "sharedkey|sharedaccesskey|accountkey|masterkey|encryptionkey|signingkey|refreshtoken|"
    "sessiontoken|usertoken|webhooksecret|sastoken|licensekey|appkey|appsecret|consumerkey|"
    "consumersecret|subscriptionkey|servicekey|bearer|oauth|jwt|pat|signature|sig|idtoken";
const char kPasswordNames[] =
    "password|passwort|passwd|passphrase|passcode|pass|pwd|psw|dbpassword|dbpass|userpassword|"
    "userpass|rootpassword|adminpassword|pgpassword";
const char kIssuerNames[] =
    "adafruit|adobe|airtable|algolia|alibaba|amplitude|anthropic|artifactory|asana|atlassian|"
    "auth0|authress|azure|beamer|binance|bitbucket|bitfinex|bitly|bittrex|braintree|buildkite|"
    "bugsnag|cisco|circleci|clearbit|clickhouse|clojars|cloudflare|cloudinary|codacy|codecov|"
    "codeclimate|cohere|coinbase|coveralls|confluent|contentful|crowdin|databricks|datadog|deepl|"
    "deepgram|deepseek|digitalocean|discord|disqus|docusign|droneci|drone_ci|drone-ci|dropbox|"
    "duffel|dynatrace|elevenlabs|etsy|facebook|fastly|figma|finicity|finnhub|firebase|fivetran|"
    "flickr|flutterwave|foursquare|freemius|freshbooks|freshdesk|gitter|gitee|gocardless|"
    "hashicorp|heroku|hubspot|infura|intercom|ipstack|jfrog|jira|kraken|kucoin|kickstarter|"
    "launchdarkly|linear|linkedin|litellm|lob|looker|loggly|mailchimp|mailgun|mailjet|mapbox|"
    "mattermost|maxmind|meraki|messagebird|microsoft|mistral|mixpanel|netlify|newrelic|new_relic|"
    "new-relic|new relic|nexmo|notion|nytimes|newyorktimes|new-york-times|new_york_times|okta|"
    "onelogin|onfido|openshift|openweather|opsgenie|optimizely|pagerduty|paypal|pendo|phrase|"
    "pinecone|pipedrive|plaid|planetscale|plivo|postmark|privateai|pusher|quay|rabbitmq|rapidapi|"
    "razorpay|reddit|replicate|rollbar|salesforce|scaleway|segment|sendbird|sendinblue|sentry|"
    "servicenow|shippo|shodan|sidekiq|slack|snowflake|snyk|sonar|sonarqube|spotify|square|"
    "squarespace|splunk|statuspage|stytch|sumologic|sumo_logic|sumo-logic|supabase|telegram|"
    "tencent|terraform|todoist|travis|travisci|trello|twilio|twitch|twitter|typeform|unsplash|"
    "vercel|vonage|wakatime|weatherapi|webex|weights|wandb|workos|yandex|yelp|youtube|zendesk|"
    "zapier|zoho|zoom|zuplo";

namespace {

constexpr size_t kMostBytes = 64;

// A name with one of these holds no secret, whatever else it says.
constexpr std::string_view kNoSecrets[] = {
    "alg",         "algorithm",   "algo",         "arn",         "author",      "board",
    "bundle",      "cache",       "character",    "checksum",    "class",       "column",
    "commit",      "composite",   "continuation", "count",       "counts",      "cursor",
    "date",        "description", "digest",       "dir",         "directory",   "endpoint",
    "error",       "etag",        "event",        "exp",         "expiration",  "expires",
    "expiry",      "field",       "file",         "filename",    "fingerprint", "foreign",
    "format",      "group",       "hash",         "hint",        "hot",         "i18n",
    "idempotency", "image",       "index",        "integrity",   "kid",         "label",
    "language",    "len",         "length",       "limit",       "locale",      "lookup",
    "manager",     "map",         "max",          "md5",         "message",     "method",
    "min",         "mode",        "model",        "msg",         "name",        "next",
    "num",         "object",      "offset",       "page",        "pagination",  "partition",
    "path",        "pattern",     "placeholder",  "policy",      "position",    "press",
    "prev",        "primary",     "provider",     "pub",         "public",      "publickey",
    "question",    "region",      "regex",        "ref",         "release",     "resume",
    "rev",         "revision",    "rotation",     "routing",     "row",         "rule",
    "rules",       "schema",      "sha",          "sha1",        "sha256",      "shard",
    "shortcut",    "size",        "slot",         "sort",        "state",       "status",
    "stop",        "storage",     "sync",         "table",       "thumbprint",  "time",
    "title",       "total",       "trace",        "translation", "ttl",         "type",
    "types",       "unique",      "uri",          "url",         "usage",       "validation",
    "version",     "vocab",       "x509",         "request",     "span",        "dedup",
    "nonce",       "csrf",        "xsrf",         "design",      "css",         "color"};

constexpr std::string_view kPasswordParts[] = {
    "password",  "passwort",     "passwd",        "passphrase", "passcode", "pass",
    "pwd",       "psw",          "dbpass",        "dbpassword", "userpass", "userpassword",
    "passwords", "rootpassword", "adminpassword", "pgpassword"};

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameByte(char c) { return IsLower(c) || IsUpper(c) || IsDigit(c) || c == '_'; }

// Is text[i] inside a name? A '.' or '-' is where name bytes stand on both sides of it.
bool IsInName(std::string_view text, size_t i) {
  if (IsNameByte(text[i])) return true;
  return (text[i] == '.' || text[i] == '-') && i > 0 && IsNameByte(text[i - 1]) &&
         i + 1 < text.size() && IsNameByte(text[i + 1]);
}

// Calls visit(part) for "api", "key" and "prod" of "apiKey_PROD", in lower case.
template <typename Visit>
void ForEachPart(std::string_view name, Visit visit) {
  std::string part;
  const auto flush = [&] {
    if (!part.empty()) visit(std::string_view(part));
    part.clear();
  };
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '_' || c == '.' || c == '-' || c == ' ') {
      flush();
      continue;
    }
    // "apiKey" and "APIKey": a capital begins a part where a small letter stands beside it.
    const bool after_lower = i > 0 && (IsLower(name[i - 1]) || IsDigit(name[i - 1]));
    const bool before_lower =
        i > 0 && IsUpper(name[i - 1]) && i + 1 < name.size() && IsLower(name[i + 1]);
    if (IsUpper(c) && (after_lower || before_lower)) flush();
    part += IsUpper(c) ? static_cast<char>(c + 32) : c;
  }
  flush();
}

// Is `word`, or `word` with an 's' or a number behind it, in the list?
bool IsListed(std::string_view list, std::string_view word) {
  while (word.size() > 3 && IsDigit(word.back())) word.remove_suffix(1);
  for (int plural = 0; plural < 2; ++plural) {
    for (size_t at = list.find(word); at != std::string_view::npos; at = list.find(word, at + 1)) {
      const size_t end = at + word.size();
      if ((at == 0 || list[at - 1] == '|') && (end == list.size() || list[end] == '|')) return true;
    }
    if (word.size() < 4 || word.back() != 's') return false;
    word.remove_suffix(1);
  }
  return false;
}

template <size_t N>
bool Holds(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// "discord" of "discordClient", "drone_ci" of "DRONE_CI_TOKEN", "mailgun" of "mailguntoken".
bool HasIssuer(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = IsUpper(c) ? static_cast<char>(c + 32) : c;
  const std::string_view list = kIssuerNames;
  for (size_t begin = 0; begin < list.size();) {
    const size_t end = std::min(list.find('|', begin), list.size());
    const size_t at = lower.find(list.substr(begin, end - begin));
    if (at != std::string::npos && (at == 0 || end - begin > 5 || !IsLower(lower[at - 1]))) {
      return true;
    }
    begin = end + 1;
  }
  return false;
}

// The name's beginning, with the one or two words before it that a space sets off: "my api key".
size_t BeginWithWords(std::string_view text, size_t begin, size_t least) {
  for (int words = 0; words < 2; ++words) {
    if (begin < least + 3 || text[begin - 1] != ' ' ||
        !IsLower(static_cast<char>(text[begin - 2] | 0x20))) {
      return begin;
    }
    size_t first = begin - 1;
    while (first > least && IsInName(text, first - 1)) --first;
    begin = first;
  }
  return begin;
}

// Words that say which key it is: "api key".
constexpr std::string_view kQualifiers[] = {
    "access",       "account",    "admin",   "api",     "app",    "auth",
    "client",       "deploy",     "license", "master",  "secret", "service",
    "subscription", "encryption", "private", "signing", "shared", "webhook"};

// What the parts of a name say together.
struct Parts {
  int all = 0;
  bool no_secret = false, id = false, key = false, other_key = false, password = false,
       signature = false, qualifier = false;
};

Parts PartsOf(std::string_view name) {
  Parts parts;
  ForEachPart(name, [&](std::string_view part) {
    ++parts.all;
    if (Holds(kNoSecrets, part)) parts.no_secret = true;
    if (Holds(kQualifiers, part)) parts.qualifier = true;
    if (part == "id" || part == "ids" || part == "uuid") parts.id = true;
    if (Holds(kPasswordParts, part)) {
      parts.password = true;
    } else if (part == "key" || part == "keys") {
      parts.key = true;
    } else if (part == "sig" || part == "signature") {
      parts.signature = true;
    } else if (IsListed(kKeyNames, part)) {
      parts.other_key = true;
    }
  });
  return parts;
}

}  // namespace

SecretName NameAround(std::string_view text, size_t place) {
  const size_t least = place - std::min(place, kMostBytes);
  const size_t most = std::min(text.size(), place + kMostBytes);
  SecretName name{place, place};
  while (name.begin > least && IsInName(text, name.begin - 1)) --name.begin;
  while (name.end < most && IsInName(text, name.end)) ++name.end;
  const char before = name.begin > 0 ? text[name.begin - 1] : ' ';
  const char behind = name.end < text.size() ? text[name.end] : ' ';
  const bool ends_element = before == '/' && name.begin > 1 && text[name.begin - 2] == '<';
  if (ends_element || (before == '[' && behind == ']')) name.end = name.begin;
  return name;
}

void Classify(std::string_view text, SecretName& name) {
  const size_t least = name.begin - std::min(name.begin, kMostBytes);
  const size_t first = BeginWithWords(text, name.begin, least);
  const Parts parts = PartsOf(text.substr(name.begin, name.end - name.begin));
  const Parts words = PartsOf(text.substr(first, name.begin - first));
  if (parts.no_secret || words.no_secret) return;
  name.of_issuer = HasIssuer(text.substr(first, name.end - first));
  if (parts.id && !name.of_issuer) return;
  const char before = name.begin > 0 ? text[name.begin - 1] : ' ';
  // The signature of a link lets in whoever has it.
  const bool signs_link = parts.signature && (before == '?' || before == '&' || parts.all > 1);
  if (parts.password) {
    name.kind = NameKind::kPassword;
  } else if (parts.other_key ||
             (parts.key && (parts.all > 1 || name.of_issuer || words.qualifier)) || signs_link) {
    name.kind = NameKind::kKey;
  } else if (parts.key) {
    name.kind = NameKind::kBareKey;
  } else if (name.of_issuer && !parts.signature) {
    name.kind = NameKind::kIssuer;
  }
}

}  // namespace flywheel::redaction
