// How people are reached in writing, and machines.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

// A word of an address that is spelled out, and the dots between: "ann dot lee".
const std::string kSpelledDot =
    R"((?: ?[\[({](?:dot|punkt|point|punto|ponto)[\])}] ?| (?:dot|punkt|point|punto|ponto) ))";
const std::string kSpelledLocal = R"((?i)\b[\w+-]+(?:(?:\.|)" + kSpelledDot + R"()[\w+-]+){0,4})";
const std::string kSpelledHost = R"([\w-]+(?:(?:\.|)" + kSpelledDot + R"()[\w-]+){0,3}?)";
constexpr char kVersionWords[] =
    "version|v|release|firmware|build|driver|update|oid|objectidentifier|section";

}  // namespace

std::vector<Recogniser> ContactRecognisers() {
  return {
      {.name = "email",
       .type = DataType::kEmail,
       .trigger = {.kind = TriggerKind::kAt},
       .pattern = R"([\w.!#$%&*+/?^`{|}~\pL-]+@(?:[\pL\pN](?:[\pL\pN-]*[\pL\pN])?\.)+)"
                  R"((?:\pL{2,24}|xn--[a-z0-9-]{2,59}))",
       .check = EmailCheck,
       .after = 384},

      // ann (at) example dot com: brackets say it, or "dot com" does.
      {.name = "email_in_brackets",
       .type = DataType::kEmail,
       .trigger = {.words = "(at)|[at]|{at}"},
       .pattern = kSpelledLocal + R"( ?[\[({]at[\])}] ?)" + kSpelledHost + "(?:" + kSpelledDot +
                  R"(|\.)\pL{2,24})",
       .before = 66,
       .after = 96},
      {.name = "email_in_words",
       .type = DataType::kEmail,
       .trigger = {.words = "at |arobase |arroba |chiocciola |klammeraffe "},
       .pattern = kSpelledLocal + R"( (?:at|arobase|arroba|chiocciola|klammeraffe) )" +
                  kSpelledHost + kSpelledDot +
                  "(?:com|org|net|edu|gov|info|io|ai|co|app|dev|eu|de|at|ch|fr|be|es|it|nl|pt|br|"
                  "mx|uk|ie|ca|us|au|nz|in|jp|cn|kr|se|no|dk|fi|pl|cz|hu|ru|ua|tr|il|za)",
       .check = SpelledEmailCheck,
       .before = 66,
       .after = 96,
       .needed = ' ',
       .needed_within = 3},
      {.name = "ipv4",
       .type = DataType::kIpAddress,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 4},
       .pattern = R"(\d{1,3}(?:\.\d{1,3}){3})",
       .check = Ipv4Check,
       .not_after = kVersionWords,
       .after = 24,
       .needed = '.',
       .needed_within = 4},
      // One that could be a version, too.
      {.name = "ipv4_named",
       .type = DataType::kIpAddress,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 4},
       .pattern = R"(\d{1,3}(?:\.\d{1,3}){3})",
       .check = SmallIpv4Check,
       .context = "ip|ips|ip address|ipv4|host|server|client|remote|addr|dns|gateway|connection|"
                  "connected|login|logged|request|peer|from address|vpn|router|firewall",
       .keys = "ip|ips|ipv4|host|server|client|addr|address|remote|dns|gateway",
       .not_after = kVersionWords,
       .after = 24,
       .needed = '.',
       .needed_within = 4},
      {.name = "mac",
       .type = DataType::kMacAddress,
       .trigger = {.kind = TriggerKind::kColon},
       // Longer ones are a fingerprint: the check wants six.
       .pattern = R"([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5,39})",
       .check = MacCheck},
      {.name = "mac_with_dashes",
       .type = DataType::kMacAddress,
       .trigger = {.kind = TriggerKind::kHexDash},
       .pattern = R"([0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5,39})",
       .check = MacCheck},
      {.name = "ipv6",
       .type = DataType::kIpAddress,
       .trigger = {.kind = TriggerKind::kColon},
       .pattern = R"([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,39}(?::?\d{1,3}(?:\.\d{1,3}){3})?)",
       .check = Ipv6Check},
  };
}

}  // namespace flywheel::redaction
