// Telephone numbers: with a calling code, in the forms that a country writes them in, and where
// somebody says that it is one.
#include <algorithm>
#include <iterator>
#include <string>

#include "redaction/checks.h"
#include "redaction/name_lists.h"
#include "redaction/recogniser.h"
#include "redaction/thing_words.h"

namespace flywheel::redaction {
namespace {

// Words that say "phone" wherever they stand. One that has another meaning in another language, or
// beside it ("portable", "handy", "signal", "call", "cell"), is here only with what makes it one.
constexpr char kPhoneWords[] =
    "phone|telephone|tel|ph:|ph.|ph #|☎|📞|📱|whats app|viber|imessage|mobile:|mobile number|mobile "
    "no|mobile is|my mobile|his mobile|her mobile|"
    "on mobile|cellphone|my cell|his cell|her cell|cell:|cell number|cell is|whatsapp|sms|text me|"
    "texted|my number is|my number:|reach me|reach us|call me|call us|call him|call her|call them|"
    "call at|call back|call:|callback|caller|calling me|calling from|pls call|please call|ring me|"
    "ring us|ring him|ring her|get through|got through|getting through|hotline|fax|on signal|"
    "via signal|signal number|telegram|contact number|mein handy|dein handy|ihr handy|handynummer|"
    "handy:|handynr|handy-nr|handy nr|handy ist|am handy|per handy|auf dem handy|mobilnummer|"
    "mobiltelefon|mobil:|mobil nr|mobil-nr|telefon|anrufen|rufen|rückruf|erreichbar|erreichen|"
    "appelle|appeler|appelez|appels|mon numéro est|mon numéro c|mon numéro :|mon numéro:|tél|"
    "mon portable|ton portable|son portable|votre portable|notre portable|de portable|"
    "le portable|au portable|portable est|portable c'est|portable:|portable :|me joindre|"
    "nous "
    "joindre|joignable|teléfono|telefono|móvil|movil|llamar|llamarme|llamarle|llamarnos|llamadme|"
    "llámeme|llámame|llamame|llámenos|llame |"
    "llamada|celular|cellulare|chiamami|chiamarmi|chiamarlo|chiamarla|chiamarci|telefonarmi|"
    "richiamare|richiamarmi|chiamare|chiamatemi|bellen|bereikbaar|gsm:|gsm-nummer|"
    "gsm nummer|mijn "
    "gsm|telefone|ligue|ligar para|ligar-me|me ligar|me ligue|liga-me|ligue-me|bel mij|bel "
    "me|terugbellen|ruf mich|rufen sie|anruf|"
    "rappeler|rappelez|m'appeler|new number is|new number:|callback number|number to call|"
    "number to reach|missed call|telefonu|telefonum|telefonem|telefonszám|puhelin|puh.|τηλέφωνο|"
    "телефон|Телефон|тел.|Тел.|мобильный|позвоните|звоните|טלפון|נייד|هاتف|الهاتف|جوال|موبايل|"
    "फ़ोन|फोन|मोबाइल|电话|手机|電話|携帯|전화|연락처";
// Words that say so of digits in groups, and nothing of a number that stands alone: "call 1234567".
constexpr char kGroupWords[] =
    "call|contact|dial|mobile|cell|reach|ring|office|number:|"
    "new number|number is|numero è|número es|nummer ist|numéro est|nummer is|my number|his "
    "number|her number|our number|numer|número|numéro|nummer|numero";
// How a key of JSON that holds one ends.
constexpr char kPhoneKeys[] =
    "phone|telephone|tel|mobile|cell|whatsapp|sms|callback|caller|hotline|fax|telegram|handy|"
    "handynummer|mobil|mobilnummer|telefon|rückruf|portable|téléphone|teléfono|telefono|móvil|"
    "movil|celular|cellulare|gsm|telefone|telefoon|msisdn|电话|手机|電話|携帯|전화|연락처";

// "x565", ", ext. 12", "Durchwahl 3", "#12": what an exchange is told once it has answered. It goes
// with the number.
const std::string kExtension =
    R"((?i:,? ?x\.? ?\d{1,6}|,? ?#\d{1,6}|,? ?\(?(?:ext|extn|extension|durchwahl|dw|poste|interno|)"
    R"(extensión|ramal|toestel|anknytning|anexo|int|klappe)\b[ .:]{0,2}\d{1,6}\)?|)"
    R"(,? ?(?:内线|分机|доб\.?) ?\d{1,6})\b)";

Recogniser Phone(const char* name, int min_digits, const std::string& pattern) {
  // Where a phone number ends: behind its extension, or where its digits do.
  return {.name = name,
          .type = DataType::kPhone,
          .trigger = {.kind = TriggerKind::kDial, .min_digits = min_digits, .max_digits = 24},
          .pattern = "(?:" + pattern + ")(?:" + kExtension + R"(|\b))",
          .check = NationalPhoneCheck,
          .not_after = kThingWords,
          .after = 64};
}

Recogniser NotInRow(Recogniser recogniser) {
  recogniser.not_in_row = true;
  return recogniser;
}

Recogniser Beginning(const char* bytes, Recogniser recogniser) {
  recogniser.begins = bytes;
  recogniser.trigger.max_digits = kMaxDigits;
  return recogniser;
}

// Is the line before the one at `line` a person's name: "Ann Lee", "Nicolai B. Danielsen"?
bool FollowsName(std::string_view text, size_t line) {
  if (line < 4) return false;
  size_t end = line - 1;
  if (text[end - 1] == '\r') --end;
  size_t begin = end;
  while (begin > 0 && end - begin < 48 && text[begin - 1] != '\n') --begin;
  const std::string_view before = text.substr(begin, end - begin);
  if (begin > 0 && text[begin - 1] != '\n') return false;
  size_t words = 0;
  bool small = false;
  for (size_t i = 0; i < before.size(); ++i) {
    if (i > 0 && before[i - 1] != ' ') continue;
    small = small || before[i] < 'A' || (before[i] > 'Z' && before[i] < 'a');
    ++words;
  }
  return words >= 2 && words <= 4 && !small && LookUpName(before.substr(0, before.find(' '))).given;
}

// A number that is all of its line but for one letter, or "Ph" and "Mob", before it; or stands
// behind the line of a name.
ValueSpan FindSignedPhone(std::string_view text, size_t place) {
  const auto is_any = [&](size_t i, std::string_view bytes) {
    return bytes.find(text[i]) != std::string_view::npos;
  };
  size_t label = place;
  while (label > 0 && place - label < 3 && is_any(label - 1, " .:")) --label;
  size_t line = label;
  while (line > 0 && label - line < 4 && text[line - 1] >= 'A') --line;
  if (line > 0 && text[line - 1] != '\n') return {};
  const bool labelled = label < place && line < label;
  if (!labelled && (line != place || !FollowsName(text, line))) return {};
  constexpr std::string_view kLabels[] = {"T", "M", "P",  "F",   "H",  "W",   "C",
                                          "D", "O", "Ph", "Mob", "Fx", "Fon", "Cel"};
  const std::string_view name = text.substr(line, label - line);
  if (labelled && std::find(std::begin(kLabels), std::end(kLabels), name) == std::end(kLabels)) {
    return {};
  }
  size_t end = place;
  while (end < text.size() && end - place < 40 && is_any(end, "0123456789 ()+./-")) ++end;
  if (end < text.size() && text[end] != '\n' && text[end] != '\r') return {};
  while (end > place && !is_any(end - 1, "0123456789")) --end;
  // Without a letter before it, only what is written as a number to dial.
  const bool dialled =
      is_any(place, "0+(") || std::count(text.begin() + static_cast<ptrdiff_t>(place),
                                         text.begin() + static_cast<ptrdiff_t>(end), ' ') > 0;
  return labelled || dialled ? ValueSpan{place, end} : ValueSpan{};
}

}  // namespace

std::vector<Recogniser> PhoneRecognisers() {
  const std::string number = R"(\(?\d(?:[ ./-]{0,2}[()]{0,2}[ ./-]?\d){6,17})";
  Recogniser international = Phone("phone_international", 8, R"(\(?\+)" + number);
  international.check = InternationalPhoneCheck;
  international.trigger.max_digits = kMaxDigits;
  international.not_after = "";
  international.begins = "+(";
  // "7+491512345678" is Base64.
  international.starts_token = true;
  // 00 is how most countries dial the plus, and North America 011.
  Recogniser dialled =
      Phone("phone_international_dialled", 8, R"(\(?(?:00[1-9]\d{0,2}[ ./-]|011[ -]))" + number);
  dialled.check = InternationalPhoneCheck;
  dialled.trigger.max_digits = kMaxDigits;
  dialled.begins = "(0";
  dialled.not_in_row = true;

  Recogniser in_context =
      Phone("phone_in_context", 7, R"(\+?\(?\d(?:[ ./-]{0,2}[()]{0,2}[ ./-]?\d){6,13})");
  in_context.context = kPhoneWords;
  in_context.keys = kPhoneKeys;

  // Not "10-12 14-16", which are hours.
  Recogniser grouped =
      Phone("phone_groups_in_context", 8,
            R"(\d{2,4}[ .-]\d{3}[ .-]\d{3,4}|\d{2}(?: \d{2}){3,4}|\d{3} \d{2} \d{3}|)"
            R"(\d{3} \d{2} \d{2} \d{2}|\d{3} \d{3} \d{2} \d{2}|\d{4,5} \d{5,6}|\d{4} \d{4})");
  grouped.trigger.max_digits = 14;
  grouped.trigger.min_group = 2;
  grouped.context = kGroupWords;
  grouped.keys = kPhoneKeys;
  grouped.not_in_row = true;
  // "call Ann Lee on 03635554583": the name stands between.
  Recogniser called = {
      .name = "phone_called",
      .type = DataType::kPhone,
      .trigger = {.words =
                      "call |calling |ring |phone |text |reach |dial |contact |rufen |rufe |ruf |"
                      "erreichen |appel|rappel|joindre |llam|chiam|telefon|bel |bellen |lig"},
      .pattern =
          R"((?i)\pL{3,12}(?:[ -]\pL[\pL'’.-]{0,20}){0,3}? )"
          R"((?:on|at|under|via|unter|an|auf|au|al|el|no|pelo|op|aan|para o|en el|sul)[: ]{1,2})"
          R"((\+?\(?\d(?:[ ./-]{0,2}[()]{0,2}[ ./-]?\d){7,13})\b)",
      .check = NationalPhoneCheck,
      .after = 112};
  // "Mobile 07911123456", "ring 0471 123456": the word stands directly before.
  Recogniser told = {
      .name = "phone_told",
      .type = DataType::kPhone,
      .trigger = {.words = "ring |phone |mobile |mob |dial |my number |our number |his number |"
                           "her number |i'm on |i’m on |i am on |available on |available at |"
                           "porting |handy "},
      .pattern = R"((?i)(?:ring|phone|mobile|mob|dial|(?:my|our|his|her) number|)"
                 R"((?:i['’]m|i am|available) (?:on|at)|porting|handy)[ :]{1,2})"
                 R"((\+?\(?\d(?:[ ./-]{0,2}[()]{0,2}[ ./-]?\d){7,13}|[2-9]\d{2}[ -]\d{4})\b)",
      .check = NationalPhoneCheck,
      .after = 64};
  // "oh seven nine one one, one two three four five six"
  Recogniser spoken = {
      .name = "phone_spoken",
      .type = DataType::kPhone,
      .trigger = {.words = "plus |oh |zero |one |two |three |four |five |six |seven |eight |nine |"
                           "double |triple "},
      .pattern = R"((?i)(?:plus )?(?:(?:oh?|zero|one|two|three|four|five|six|seven|eight|nine|)"
                 R"(double|triple|hundred)(?: |, |\. |-| - )){6,15})"
                 R"((?:oh?|zero|one|two|three|four|five|six|seven|eight|nine|hundred)\b)",
      .context = kPhoneWords,
      .after = 128};
  // Functions are called, and cells and texts have numbers: one to dial begins with a zero.
  Recogniser called_directly = {
      .name = "phone_called_directly",
      .type = DataType::kPhone,
      .trigger = {.words = "text |call |cell |contact "},
      .pattern = R"((?i)(?:text|call|cell|contact)[ :]{1,2})"
                 R"((\(?0[1-9](?:[ ./-]{0,2}[()]{0,2}[ ./-]?\d){7,11}|[2-9]\d{9})\b)",
      .check = NationalPhoneCheck,
      .after = 64};
  // "T +33 1 40 48 48 17", "M 0450171974": a line of a signature.
  Recogniser signed_line = Phone("phone_in_signature", 7, "");
  signed_line.pattern.clear();
  signed_line.finder = FindSignedPhone;
  return {
      called,
      told,
      spoken,
      called_directly,
      signed_line,
      international,
      dialled,
      // Three numbers with spaces between can be any ("256 512 1024"), three with points a version.
      Phone("phone_north_america", 10,
            R"((?:1[ .-]?)?\([2-9]\d{2}\)[ .-]?\d{3}[ .-]\d{4}|)"
            R"((?:1[ .-])?(?:[2-9]\d{2}-\d{3}-\d{4}|[2-9]\d{2}\.\d{3}\.\d{4})|)"
            R"(1-\d{3}-\d{3}-\d{4})"),
      // In brackets: "(0161) 496 0601", "(03).6018.1590", "(0543)-231948", "(26)/018-1590".
      Beginning("(", Phone("phone_area_in_brackets", 9,
                           R"(\(0\d{1,4}\)[ ./-]{0,3}\d{2,8}(?:[ ./-]\d{2,5}){0,3}|)"
                           R"(\(\d{3}\)[ ./-]{0,2}\d{3}[ .-]?\d{2}[ .-]?\d{2}|)"
                           R"(\(\d{2}\)[ /-]{0,2}(?:9?\d{4}-\d{4}|\d{3}-\d{4})|)"
                           R"(\(351\) ?9\d{2} ?\d{3} ?\d{3})")),
      // With a trunk zero and a separator: Europe, Japan, Korea, Australia, Israel.
      Beginning("0",
                NotInRow(Phone("phone_trunk_zero", 9,
                               R"(0[1-9]\d{0,3}[ /-]{1,3}\d{6,9}|)"
                               R"(0[1-9](?:[ .]\d{2}){4}|)"
                               R"(0[1-9]\d{0,3}[ -]\d{2,4}[ -]\d{3,5}(?:[ -]\d{2,4})?|)"
                               R"(0[1-9]\d{1,3} ?/ ?\d{3,4}(?:[ -]?\d{2,4}){1,2}|)"
                               // 027 601 81 59; 0319 487 57 49; 0471 12 34 56
                               R"(0[1-9]\d{0,2} \d{3} \d{2} \d{2}|0[1-9]\d{2} \d{2} \d{2} \d{2}|)"
                               // 08-909 960 30; 03/ 016 61 31; 051 819-09-37
                               R"(0[1-9]\d{0,2}(?:-|/ ?)\d{2,3}(?: \d{2,3}){2}|)"
                               R"(0[1-9]\d \d{3}-\d{2}-\d{2}|)"
                               // 04379 75432 319; 05393/36338
                               R"(0[1-9]\d{3} \d{4,5} \d{2,4}|0[2-9]\d{3}/\d{4,6}|)"
                               R"(0[1-9]\d{1,2}(?:\.\d{3}){2}\d?)"))),
      Phone("phone_mobile_groups", 8,
            // Brazil, China, Russia, Hungary.
            R"((?:0?\d{2} )?9\d{4}-\d{4}|\d{2} [2-5]\d{3}-\d{4}|1[3-9]\d-\d{4}-\d{4}|)"
            R"(8[ -]?\(\d{3,5}\) ?\d{1,3}-\d{2}-?\d{2}|8[ -]\d{3}[ -]\d{3}[ -]\d{2}[ -]\d{2}|)"
            R"((?:06[ -]?)?\d{1,2}/\d{3}-\d{4}|(?:06[ -]?)?(?:20|30|31|50|70)/\d{3} \d{4})"),
      grouped,
      // Digits alone, or grouped as amounts are, are a phone only where somebody says so.
      in_context,
  };
}

}  // namespace flywheel::redaction
