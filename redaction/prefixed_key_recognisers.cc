// Keys that their issuers mark, so that they can be found wherever they stand. A row for each form
// of what follows the mark; the marks and forms are those of the issuers' own documentation.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

Recogniser Key(const char* name, const char* words, const char* pattern,
               Check check = PrefixedKeyCheck) {
  return {.name = name,
          .type = DataType::kApiKey,
          .trigger = {.words = words},
          .pattern = pattern,
          .check = check,
          .after = 400,
          .starts_token = true};
}

// Providers of models, of code, and of clouds.
void AppendDevelopment(std::vector<Recogniser>& rows) {
  rows.push_back(Key("model_key", "sk-|gsk_|xai-|pplx-|r8_|tvly-|nvapi-|lsv2_|hf_|api_org_|absk",
                     R"((?:(?:sk-|gsk_|xai-|pplx-|r8_|tvly-|nvapi-)[A-Za-z0-9_-]{20,})"
                     R"(|lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}|(?:hf_|api_org_)[A-Za-z0-9]{30,})"
                     R"(|ABSK[A-Za-z0-9+/]{100,}={0,2}))"));
  rows.push_back(
      Key("bedrock_key", "bedrock-api-key-", R"(bedrock-api-key-[A-Za-z0-9+/_=-]{20,})"));
  rows.push_back(
      Key("stripe_key", "sk_|rk_|pk_|whsec_",
          R"((?:[srp]k_(?:live|test|prod)_[A-Za-z0-9_]{10,}|whsec_[A-Za-z0-9+/]{16,}))"));
  rows.push_back(Key("aws_access_key", "akia|asia|abia|acca|aroa|aida",
                     R"(A(?:KIA|SIA|BIA|CCA|ROA|IDA)[A-Z2-7]{16})"));
  rows.push_back(Key("github_token", "ghp_|gho_|ghu_|ghs_|ghr_|github_pat_",
                     R"((?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}))"));
  rows.push_back(Key("gitlab_token",
                     "glpat-|glrt-|gldt-|glcbt-|glptt-|glft-|glimt-|glagent-|gloas-|glsoat-|"
                     "glffct-|glwt-|gr1348941",
                     R"((?:gl(?:pat|rt|dt|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-)"
                     R"([A-Za-z0-9_.=-]{16,}|GR1348941[A-Za-z0-9_-]{20,}))"));
  rows.push_back(Key("gitlab_session", "_gitlab_session=", R"(_gitlab_session=([A-Za-z0-9]{32}))"));
  rows.push_back(
      Key("package_token", "npm_|pypi-|rubygems_|oy2|cio|clojars_|dckr_pat_|akcp|cmvmdgtu",
          R"((?:npm_[A-Za-z0-9]{36,}|pypi-[A-Za-z0-9_-]{16,}|rubygems_[0-9a-f]{48})"
          R"(|oy2[a-z0-9]{43}|cio[A-Za-z0-9]{32}|CLOJARS_[A-Za-z0-9]{60})"
          R"(|dckr_pat_[A-Za-z0-9_-]{20,}|AKCp[A-Za-z0-9]{50,}|cmVmdGtu[A-Za-z0-9]{40,}))"));
  rows.push_back(Key("cloud_token",
                     "dop_v1_|doo_v1_|dor_v1_|hrku-|fo1_|fm1|fm2_|dapi|pul-|pscale_|ltai|"
                     "sha256~|tk-us-|aqvn|t1.|lin_api_|dnkey-|pnu_|ptu_|nfp_|rpa_|sbp_|"
                     "sb_secret_",
                     R"((?:do[por]_v1_[0-9a-f]{64}|HRKU-[A-Za-z0-9_-]{36,}|fo1_[\w-]{43})"
                     R"(|fm1[ar]_[A-Za-z0-9+/]{90,}={0,3}|fm2_[A-Za-z0-9+/]{90,}={0,3})"
                     R"(|dapi[0-9a-f]{32}(?:-[0-9])?|pul-[0-9a-f]{40})"
                     R"(|pscale_(?:tkn|pw|oauth)_[\w=.-]{32,}|LTAI[A-Za-z0-9]{16,24})"
                     R"(|sha256~[\w-]{43}|tk-us-[\w-]{40,})"
                     R"(|AQVN[A-Za-z0-9_-]{35,})"
                     R"(|t1\.[A-Z0-9a-z_-]{4,}={0,2}\.[A-Z0-9a-z_-]{60,}={0,2})"
                     R"(|lin_api_[A-Za-z0-9]{40}|dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52})"
                     R"(|p[nt]u_[A-Za-z0-9]{36}|(?:nfp_|rpa_|sbp_|sb_secret_)[A-Za-z0-9_]{24,}))"));
  rows.push_back(Key("vault_token", "hvs.|hvb.|hvr.", R"(hv[sbr]\.[\w-]{24,})"));
  rows.push_back(Key("terraform_token", "atlasv1.", R"(atlasv1\.[A-Za-z0-9_=-]{60,})"));
}

// Messages, shops, money, and the rest.
void AppendServices(std::vector<Recogniser>& rows) {
  rows.push_back(
      Key("slack_token", "xox|xapp-|xoxe",
          R"((?:xox[abceoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{20,}))"));
  rows.push_back(Key("slack_webhook", "hooks.slack.com",
                     R"(hooks\.slack\.com/((?:services|workflows|triggers)/[A-Za-z0-9+/]{20,}))"));
  rows.push_back(Key("teams_webhook", "webhook.office.com",
                     R"(webhook\.office\.com/(webhookb?2?/[0-9A-Za-z@/-]{60,}))"));
  rows.push_back(
      Key("discord_webhook", "discord.com/api|discordapp.com/api",
          R"(discord(?:app)?\.com/api/(?:v\d+/)?webhooks/(\d{15,}/[A-Za-z0-9_-]{30,}))"));
  rows.push_back(Key("telegram_bot", "/bot", R"(/(bot[0-9]{5,16}:[A-Za-z0-9_-]{30,}))"));
  rows.push_back({.name = "telegram_token",
                  .type = DataType::kApiKey,
                  .trigger = {.kind = TriggerKind::kDigits, .min_digits = 5, .max_digits = 16},
                  .pattern = R"([0-9]{5,16}:AA?[A-Za-z0-9_-]{32,35})",
                  .check = PrefixedKeyCheck,
                  .needed = ':',
                  .needed_within = 17});
  rows.push_back(
      Key("google_key", "aiza|gocspx-|ya29.",
          R"((?:AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{24,}|ya29\.[A-Za-z0-9_-]{20,}))"));
  rows.push_back(Key("facebook_token", "eaam|eaac|eaaa|eaab|eaag", R"(EAA[A-Za-z0-9_-]{50,})"));
  rows.push_back(
      Key("square_token", "sq0atp-|sq0csp-|sq0idp-", R"(sq0[a-z]{3}-[A-Za-z0-9_-]{22,})"));
  rows.push_back(
      Key("shopify_token", "shpat_|shpca_|shppa_|shpss_", R"(shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})"));
  rows.push_back(
      Key("mail_key", "sg.|xkeysib-|xsmtpsib-|key-|pubkey-",
          R"((?:SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})"
          R"(|x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}|(?:pub)?key-[0-9a-f]{32}))"));
  rows.push_back(
      Key("notion_token", "ntn_|secret_", R"((?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43}))"));
  rows.push_back(
      Key("atlassian_token", "atatt3|atctt3|atstt3", R"(AT[ACS]TT3[A-Za-z0-9_=-]{60,})"));
  rows.push_back(
      Key("observability_key",
          "glsa_|glc_|eyjrijoi|dt0c01.|dt0s|nrak-|nrjs-|nrii-|nraa-|sntrys_|sntryu_|"
          "lsv2|phc_|phx_|sgp_|squ_|sqp_|sqa_|rdme_|pmak-|figd_|tfp_",
          R"((?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/]{32,}={0,2})"
          R"(|eyJrIjoi[A-Za-z0-9+/]{50,}={0,2}|dt0[a-z][0-9]{2}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64})"
          R"(|NRAK-[A-Za-z0-9]{27}|NR(?:JS|II|AA)-[A-Za-z0-9-]{19,32})"
          R"(|sntrys_eyJ[A-Za-z0-9+/=_]{60,}|sntryu_[0-9a-f]{64}|ph[cx]_[A-Za-z0-9]{40,})"
          R"(|sgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}|sq[upa]_[A-Za-z0-9=_-]{40})"
          R"(|rdme_[a-z0-9]{70}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|figd_[\w-]{40,})"
          R"(|tfp_[A-Za-z0-9_.=-]{59}))"));
  rows.push_back(Key(
      "service_key",
      "dp.pt.|dp.st.|dp.sa.|dp.ct.|dp.scim.|dp.audit.|ezak|eztk|fio-u-|ico-|api-|"
      "duffel_|flwseck|flwpubk|shippo_|ops_|a3-|sm_pat_|sm_aat_|sm_sat_|pat|live_|"
      "test_|ccipat_|rnd_|pk.|sk.|re_|age-secret-key-1|4b1d",
      R"((?:dp\.(?:pt|st|sa|ct|scim|audit)\.[A-Za-z0-9.]{40,}|EZ[AT]K[A-Za-z0-9]{54})"
      R"(|fio-u-[A-Za-z0-9_=-]{64}|ico-[A-Za-z0-9]{32}|API-[A-Z0-9]{26})"
      R"(|duffel_(?:test|live)_[A-Za-z0-9_=-]{43}|FLW(?:SECK|PUBK)_?(?:TEST)?-[0-9a-zA-Z-]{12,})"
      R"(|shippo_(?:live|test)_[0-9a-fA-F]{40}|ops_eyJ[A-Za-z0-9+/=]{100,})"
      R"(|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3})"
      R"(|sm_(?:pat|aat|sat)_[A-Za-z0-9]{16}|pat\.[\w-]{22}\.[0-9a-f]{24}\.[\w-]{20})"
      R"(|(?:live|test)_(?:pub_)?[0-9a-f]{31,40}|live_[A-Za-z0-9_=-]{40})"
      R"(|pat[A-Za-z0-9]{14}\.[0-9a-f]{64}|ccipat_[A-Za-z0-9]{22}_[0-9a-f]{40})"
      R"(|rnd_[A-Za-z0-9]{28,}|[ps]k\.eyJ[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,})"
      R"(|re_[A-Za-z0-9]{8,}_[A-Za-z0-9]{20,}|AGE-SECRET-KEY-1[A-Z0-9]{58}|4b1d[A-Za-z0-9]{38}))"));
  rows.push_back(
      {.name = "short_mark",
       .type = DataType::kApiKey,
       .trigger = {.kind = TriggerKind::kToken},
       // Of Twilio, Yandex, Azure AD and Mailchimp, whose marks are short or not at the front.
       .pattern = R"((?:(?:SK|AC)[0-9a-f]{32}|YC[A-Za-z0-9_-]{38})"
                  R"(|[A-Za-z_]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})"
                  R"(|[0-9a-f]{32}-us[0-9]{1,2}))",
       .check = PrefixedKeyCheck});
  rows.push_back(Key("maxmind_key", "_mmk", R"([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)"));
  rows.back().before = 37;
  rows.back().starts_token = false;
}

}  // namespace

std::vector<Recogniser> PrefixedKeyRecognisers() {
  std::vector<Recogniser> rows;
  AppendDevelopment(rows);
  AppendServices(rows);
  return rows;
}

}  // namespace flywheel::redaction
