#include "tests/redaction/secret_samples.h"

#include <cctype>
#include <string_view>

#include "tests/redaction/sample_values.h"

namespace flywheel::redaction {
namespace {

// {n} is the name in camelCase, {N} in capitals with '_', {s} in snake_case, {k} with '-'; {v} the
// value. Every second line is held out.
constexpr const char* kSyntaxes[] = {
    R"({n}="{v}")",
    R"({n} = "{v}")",
    R"({s} := "{v}")",
    R"({N} ?= {v})",
    R"({n} => "{v}")",
    R"(String {n} = "{v}";)",
    "var {n} = `{v}`",
    R"(  {n}: {v})",
    R"({"{n}": "{v}"})",
    R"({s}="{v}"  # for tests only)",
    R"(service.{n}={v})",
    R"(<{n}>{v}</{n}>)",
    R"(<add key="{n}" value="{v}" />)",
    R"(System.setProperty("{N}", "{v}");)",
    R"(setx {N} {v})",
    R"(export {N}={v})",
    R"(ENV {N} {v})",
    R"(run --{k} {v} --verbose)",
    R"(run --{k}={v})",
    R"(X-{k}: {v})",
    R"(GET /v1/items?{s}={v}&page=2)",
    R"(connect("{s}", "{v}"))",
    R"({n} || "{v}")",
    R"({s} <- "{v}")",
    R"("{\"{n}\": \"{v}\"}")",
    R"(define('{N}', '{v}');)",
    R"(:{s} => '{v}',)",
    R"(["{n}"] = "{v}",)",
    R"(const {n}: string = '{v}';)",
    R"(let {s}: &str = "{v}";)",
    "- name: {N}\n  value: {v}",
    R"(os.environ["{N}"] = "{v}")",
    R"({n} = new SecretString("{v}"))",
    R"(process.env.{N} || '{v}')",
    R"(#define {N} "{v}")",
    "{n} = \"\"\"{v}\"\"\"",
    R"({N}: ${{N}:-{v}})",
    R"(docker run -e {N}={v} image)",
    R"(curl -H "{k}: {v}" https://api.example.com/)",
    R"(builder.{n}("{v}"))",
    R"(my {w} is {v})",
    R"({s} = ["{v}"])",
    R"(<property name="{n}">{v}</property>)",
    R"({"env": "{N}={v}\nMODE=dev"})",
    R"({n} /* old */ = '{v}')",
    R"(if ({n} == "{v}") {)",
};

// Hexadecimal, small letters, capitals, all letters, base64url; with digits.
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kCapital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::string_view kAll = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::string_view kUrl =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
constexpr std::string_view kUuid = "";

struct Issuer {
  const char* name;
  const char* noun;  // "api_token"; empty where the issuer's name alone is set to the value.
  const char* prefix;
  std::string_view alphabet;
  int size;
};

constexpr Issuer kIssuers[] = {
    {"adafruit", "api_key", "", kUrl, 32},
    {"airtable", "api_key", "", kSmall, 17},
    {"algolia", "api_key", "", kSmall, 32},
    {"asana", "client_secret", "", kSmall, 32},
    {"atlassian", "api_token", "", kSmall, 24},
    {"beamer", "token", "b_", kSmall, 44},
    {"bitbucket", "client_id", "", kSmall, 32},
    {"bittrex", "access_key", "", kSmall, 32},
    {"codecov", "access_token", "", kSmall, 32},
    {"coinbase", "access_token", "", kUrl, 64},
    {"confluent", "secret_key", "", kSmall, 64},
    {"datadog", "access_token", "", kSmall, 40},
    {"discord", "client_secret", "", kUrl, 32},
    {"droneci", "access_token", "", kSmall, 32},
    {"dropbox", "api_secret", "", kSmall, 15},
    {"etsy", "access_token", "", kSmall, 24},
    {"facebook", "", "", kHex, 32},
    {"fastly", "api_token", "", kUrl, 32},
    {"finicity", "client_secret", "", kSmall, 20},
    {"finnhub", "access_token", "", kSmall, 20},
    {"flickr", "access_token", "", kSmall, 32},
    {"gitter", "access_token", "", kUrl, 40},
    {"heroku", "api_key", "", kUuid, 36},
    {"hubspot", "api_key", "", kUuid, 36},
    {"intercom", "api_key", "", kUrl, 60},
    {"kraken", "access_token", "", kUrl, 80},
    {"kucoin", "access_token", "", kHex, 24},
    {"launchdarkly", "access_token", "", kUrl, 40},
    {"linkedin", "client_id", "", kSmall, 14},
    {"lob", "api_key", "live_", kHex, 35},
    {"looker", "client_id", "", kSmall, 20},
    {"mailchimp", "api_key", "", kHex, 32},
    {"mailgun", "signing_key", "", kHex, 32},
    {"mattermost", "access_token", "", kSmall, 26},
    {"messagebird", "api_token", "", kSmall, 25},
    {"netlify", "access_token", "", kUrl, 40},
    {"new_relic", "user_api_id", "", kSmall, 64},
    {"nytimes", "access_token", "", kUrl, 32},
    {"okta", "access_token", "00", kUrl, 40},
    {"plaid", "secret_key", "", kSmall, 30},
    {"rapidapi", "access_token", "", kUrl, 50},
    {"sendbird", "access_token", "", kHex, 40},
    {"sentry", "access_token", "", kHex, 64},
    {"snyk", "", "", kUuid, 36},
    {"squarespace", "access_token", "", kUuid, 36},
    {"sumologic", "access_id", "su", kAll, 12},
    {"travis", "access_token", "", kSmall, 22},
    {"trello", "", "", kUrl, 32},
    {"twitch", "api_token", "", kSmall, 30},
    {"twitter", "api_key", "", kSmall, 25},
    {"yandex", "access", "", kAll, 40},
    {"zendesk", "secret_key", "", kSmall, 40},
    {"acme", "api_key", "", kAll, 24},
    {"billing", "auth_token", "", kHex, 40},
    {"internal", "secret", "", kCapital, 20},
    {"do", "token", "dop_v1_", kHex, 64},
    {"ci", "token", "glpat-", kUrl, 20},
    {"gitlab", "runner", "glrt-", kUrl, 20},
    {"stripe", "key", "sk_live_", kAll, 24},
    {"notion", "integration", "ntn_", kAll, 46},
    {"hf", "token", "hf_", kAll, 34},
    {"vault", "token", "hvs.", kUrl, 95},
    {"linear", "", "lin_api_", kAll, 40},
    {"databricks", "pat", "dapi", kHex, 32},
};

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// "api_token" with `mark` for '_', or in camelCase where it is 0.
std::string Spelled(const std::string& snake, char mark) {
  std::string spelled;
  bool capital = false;
  for (const char c : snake) {
    if (c != '_') {
      spelled += capital ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      capital = false;
    } else if (mark != '\0') {
      spelled += mark;
    } else {
      capital = true;
    }
  }
  return spelled;
}

std::string ValueFor(const Issuer& issuer, Random& random) {
  if (issuer.alphabet.empty()) return Fill("%%%%%%%%-%%%%-4%%%-8%%%-%%%%%%%%%%%%", random);
  std::string value = issuer.prefix;
  for (int i = 0; i < issuer.size; ++i) {
    value +=
        issuer
            .alphabet[static_cast<size_t>(random.Below(static_cast<int>(issuer.alphabet.size())))];
  }
  // A value ends as it was cut: no mark there that a reader would take for punctuation.
  if (value.back() == '-' || value.back() == '_') value.back() = '7';
  return value;
}

std::string Expanded(std::string_view syntax, const std::string& name, const std::string& value) {
  std::string text;
  for (size_t i = 0; i < syntax.size(); ++i) {
    const bool slot = syntax[i] == '{' && i + 2 < syntax.size() && syntax[i + 2] == '}';
    if (!slot) {
      text += syntax[i];
      continue;
    }
    switch (syntax[i + 1]) {
      case 'n':
        text += Spelled(name, '\0');
        break;
      case 'N':
        text += Upper(name);
        break;
      case 's':
        text += name;
        break;
      case 'k':
        text += Spelled(name, '-');
        break;
      case 'w':
        text += Spelled(name, ' ');
        break;
      default:
        text += value;
    }
    i += 2;
  }
  return text;
}

}  // namespace

std::vector<SecretSample> SecretSamples(int rounds) {
  Random random(42);
  std::vector<SecretSample> samples;
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < std::size(kIssuers); ++i) {
      const Issuer& issuer = kIssuers[i];
      const std::string noun = issuer.noun;
      const std::string name = issuer.name + (noun.empty() ? "" : "_" + noun);
      for (size_t s = 0; s < std::size(kSyntaxes); ++s) {
        const std::string value = ValueFor(issuer, random);
        samples.push_back({Expanded(kSyntaxes[s], name, value), value, issuer.name, kSyntaxes[s],
                           i % 2 == 1, s % 2 == 1});
      }
    }
  }
  return samples;
}

}  // namespace flywheel::redaction
