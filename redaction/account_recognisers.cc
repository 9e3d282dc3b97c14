// What people say to be let in: names of accounts, and passwords in the middle of a sentence.
#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>

#include "redaction/checks.h"
#include "redaction/name_lists.h"
#include "redaction/recogniser.h"
#include "redaction/words.h"

namespace flywheel::redaction {
namespace {

constexpr char kSaidPasswordWords[] =
    "credentials|wifi key|wi-fi "
    "key|zugangsdaten|password|passwort|passwd|pwd|passcode|passphrase|mot de "
    "passe|contrase|wachtwoord|kennwort|"
    "senha|my pw |pw is |login pw|parola|palabra "
    "clave|hasło|heslo|jelszó|lösenord|adgangskode|salasana|zugangscode|"
    "user/pass|login/pass";

bool IsLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

struct Bytes {
  size_t digits = 0;
  size_t lower = 0;
  size_t upper = 0;
  size_t marks = 0;    // That names and versions do not have.
  size_t borders = 0;  // Between letters and digits.
};

Bytes Count(std::string_view token) {
  Bytes bytes;
  for (size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    bytes.digits += IsDigit(c) ? 1 : 0;
    bytes.lower += c >= 'a' && c <= 'z' ? 1 : 0;
    bytes.upper += c >= 'A' && c <= 'Z' ? 1 : 0;
    bytes.marks += i > 0 && std::string_view("!#$%^&*+=?~@").find(c) != token.npos ? 1 : 0;
    const bool border =
        i > 0 && ((IsDigit(c) && IsLetter(token[i - 1])) || (IsLetter(c) && IsDigit(token[i - 1])));
    bytes.borders += border ? 1 : 0;
  }
  return bytes;
}

// Is it so mixed that nothing else is written like it? Less is asked of what follows the word
// directly.
bool IsMixed(std::string_view token, bool directly) {
  if (!LooksLikePassword(token, 8) || token.find("://") != std::string_view::npos) return false;
  const size_t at = token.find('@');
  if (at != std::string_view::npos && token.find('.', at) != std::string_view::npos) return false;
  // "max_age=90d" sets something else.
  const size_t sets = token.find('=');
  if (sets != std::string_view::npos && sets + 1 < token.size()) return false;
  const Bytes bytes = Count(token);
  if (bytes.digits == 0 || bytes.lower + bytes.upper < 2) return false;
  if (bytes.marks > 0 || (bytes.lower > 0 && bytes.upper > 0 && bytes.borders > 0)) return true;
  return directly && (bytes.borders >= 2 || (bytes.lower > 0 && bytes.upper > 1));
}

// "password tQs7Jvq#78", "the password for the portal is now tQs7Jvq#78".
ValueSpan FindSaidPassword(std::string_view text, size_t place) {
  const size_t limit = std::min(text.size(), place + 160);
  size_t i = place;
  while (i < limit && (IsLetter(text[i]) || static_cast<unsigned char>(text[i]) >= 0x80)) ++i;
  // "password_hash: ..." is a name in code, of which other rows know more.
  if (i < limit && text[i] != ' ' && text[i] != ':' && text[i] != '/') return {};
  if (place > 0 && std::string_view("_-.").find(text[place - 1]) != text.npos) return {};
  for (int word = 0; word < 8 && i < limit; ++word) {
    while (i < limit && std::string_view(" :=\"'`(->").find(text[i]) != text.npos) ++i;
    if (i == limit || text[i] == '\n') return {};
    const size_t begin = i;
    while (i < limit && text[i] != ' ' && text[i] != '\n' && text[i] != '"' && text[i] != '`') ++i;
    size_t end = i;
    while (end > begin && std::string_view(".,;:?')").find(text[end - 1]) != text.npos) --end;
    if (IsMixed(text.substr(begin, end - begin), word == 0)) return {begin, end};
    // What comes in the next sentence is something else.
    const bool ends = end < i && std::string_view(".;?").find(text[end]) != text.npos;
    if (ends) return {};
  }
  return {};
}

size_t StrongPasswordCheck(std::string_view match) {
  return IsMixed(match, true) ? match.size() : 0;
}

// "rosa_keller_77", "rkeller77": letters and at the end digits, as names of accounts are made.
bool IsLogin(std::string_view id) {
  const Bytes bytes = Count(id);
  return bytes.lower >= 3 && bytes.upper == 0 && bytes.digits >= 2 && bytes.digits <= 4 &&
         bytes.borders <= 1 && IsDigit(id.back()) && id.size() <= 40;
}

size_t LoginCheck(std::string_view match) { return IsLogin(match) ? match.size() : 0; }

// The same, other ids with a digit, and "rosa.keller".
size_t UserIdCheck(std::string_view match) {
  const Bytes bytes = Count(match);
  if (match.size() < 5 || match.size() > 40 || bytes.lower + bytes.upper < 3) return 0;
  const size_t gap = match.find_first_of("._-");
  // "mkeller4"
  if (bytes.digits == 1 && bytes.lower >= 4 && bytes.upper <= 1 && bytes.marks == 0 &&
      bytes.borders == 1 && IsDigit(match.back())) {
    return match.size();
  }
  if (bytes.digits >= 2) return bytes.lower > 0 && !IsPlaceholderValue(match) ? match.size() : 0;
  if (gap == std::string_view::npos || bytes.upper > 1) return 0;
  return LookUpName(match.substr(0, gap)).given ? match.size() : 0;
}

// Of a person, not of a company that is asked for help.
size_t HandleCheck(std::string_view match) {
  constexpr std::string_view kOffices[] = {"support",  "help",     "info",   "team",
                                           "official", "news",     "sales",  "all",
                                           "here",     "everyone", "channel"};
  const std::string lower = LowerAscii(match);
  const bool office = std::any_of(std::begin(kOffices), std::end(kOffices), [&](auto word) {
    return lower == word || (word.size() > 3 && lower.ends_with(word));
  });
  return office ? 0 : match.size();
}

const std::string kLink =
    R"(["']?(?:[ \t:=#"'(>@]|\b(?:is|was|are|ist|war|lautet|est|es|è|é|my|mine|the|as|under|)"
    R"(called|now|named|id|name|number|no\.?|nr\.?|account|code|mein|mon|mi|mio|meu|mijn|als)\b)+)";
const std::string kId = R"(([A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+){0,4})\b)";

}  // namespace

std::vector<Recogniser> AccountRecognisers() {
  return {
      {.name = "said_password",
       .type = DataType::kPassword,
       .trigger = {.words = kSaidPasswordWords},
       .finder = FindSaidPassword},
      {.name = "password_in_context",
       .type = DataType::kPassword,
       .trigger = {.kind = TriggerKind::kToken},
       .pattern = R"([A-Za-z][!-~]{5,63})",
       .check = StrongPasswordCheck,
       .context =
           "密码|口令|パスワード|暗証番号|비밀번호|пароль|Пароль|كلمة المرور|كلمة السر|पासवर्ड|"
           "סיסמה|κωδικός"},
      // "it does not take tQs7Jvq#78 as password"
      {.name = "password_told_behind",
       .type = DataType::kPassword,
       .trigger = {.words = "as password|as my password|as the password|als passwort|"
                            "als kennwort|as a password"},
       .pattern = R"((?:^|[\s"'`(:])([A-Za-z0-9][!-~]{7,40}?)["'`)]{0,2} (?i:as|als) )",
       .check = StrongPasswordCheck,
       .before = 48,
       .after = 4},
      {.name = "user_id",
       .type = DataType::kUserId,
       .trigger = {.words =
                       "user id|user-id|userid|user name|username|user-name|login|logged in|log in "
                       "as|signed in|sign in as|screen name|account name|my handle|handle:|handle "
                       "is|user handle|benutzername|benutzerkennung|benutzer-id|nutzername|"
                       "nutzerkennung|anmeldename|angemeldet als|eingeloggt als|kundenkennung|"
                       "identifiant|nom d'utilisateur|nom d’utilisateur|pseudo|connecté|usuario|"
                       "nome utente|nome de us|nome de ut|utilizador|gebruikersnaam|inlognaam|"
                       "ingelogd als|użytkownik|brukernavn|användarnamn|brugernavn|gamertag|"
                       "skype|nickname|nick:|signed up as|signed up with|sign in with|"
                       "registered as|locked out of|telegram|discord|instagram|snapchat"},
       .pattern =
           R"((?i)(?:user[ -]?id|user[ -]?name|login(?: name| id)?|logged in (?:as|with)|)"
           R"(log in as|sign(?:ed)? (?:in|up) (?:as|with)|registered as|screen name|)"
           R"(account name|my handle|)"
           R"(locked out of|gamertag|skype|nick(?:name)?|telegram|discord|instagram|snapchat|)"
           R"(handle|user handle|(?:be)?nutzer(?:name|kennung|-id)|anmeldename|)"
           R"((?:angemeldet|eingeloggt|ingelogd) als|kundenkennung|identifiant|pseudo|)"
           R"(nom d['’]utilisateur|connectée? (?:avec|en tant que|comme)|usuario|)"
           R"(nome utente|nome de (?:usuário|utilizador)|utilizador|gebruikersnaam|)"
           R"(inlognaam|użytkownik|brukernavn|användarnamn|brugernavn))" +
           kLink + kId,
       .check = UserIdCheck},
      // "my Telegram is @skyhawk", "DM me @skyhawk"
      {.name = "handle_at",
       .type = DataType::kUserId,
       .trigger = {.words =
                       "handle |handle: |telegram|twitter|insta|ig |ig: |tiktok|snap|discord|"
                       "dm me|dm @|follow me|tag me|find me|reach me|message me|mastodon|bluesky"},
       .pattern =
           R"((?i)(?:handle|telegram|twitter|insta(?:gram)?|ig|tiktok|snap(?:chat)?|discord|)"
           R"(mastodon|bluesky|dm(?: me)?|(?:follow|tag|find|reach|message) me)[ :]{0,2})"
           R"((?:(?:at|on|as|is|handle|ist|est|es|è) ?|(?:twitter|telegram|instagram|insta|x) ))"
           R"({0,3}[:(]?@([A-Za-z][A-Za-z0-9_.]{2,29})\b)",
       .check = HandleCheck,
       .after = 96},
      // "user", "member": only what is made like the name of an account.
      {.name = "login",
       .type = DataType::kUserId,
       .trigger = {.words =
                       "user |user: |member|customer|client|account|profile|subscriber|patient|"
                       "frequent flyer|flyer |kunde|kundin|mitglied|nutzer |benutzer |konto |"
                       "adhérent|abonné|compte|socio|cuenta|conto |conta |klant |lid |contact|"
                       "employee|staff|student|owner|guest"},
       .pattern =
           R"((?i)[\pL ]{3,24}?)" + kLink + R"((?-i)([a-z]+(?:[._][a-z]+){0,2}[._]?\d{2,4})\b)",
       .check = LoginCheck,
       .after = 80},
  };
}

}  // namespace flywheel::redaction
