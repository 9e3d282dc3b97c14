// How people pay: cards, what is printed on them, and accounts.
#include "redaction/checks.h"
#include "redaction/recogniser.h"
#include "redaction/thing_words.h"

namespace flywheel::redaction {
namespace {

constexpr char kCardWords[] =
    "card|credit|debit|visa|mastercard|maestro|amex|american express|diners|jcb|unionpay|rupay|"
    "pan|cc|ccn|bancontact|dankort|girocard|"
    "cvv|cvc|charged|paid with|paid by|pay with|paid using|kreditkarte|karte|bezahlt mit|carte|"
    "payé avec|payé par|tarjeta|pagado con|carta di|carta n|pagato con|cartão|kaart|betaald met|"
    "银行卡|信用卡|卡号|カード|카드";
constexpr char kCardKeys[] =
    "card|credit|debit|visa|mastercard|maestro|amex|pan|cc|ccn|ccnum|kreditkarte|karte|"
    "kartennummer|carte|"
    "tarjeta|carta|cartão|kaart|kaartnummer|cardnumber|信用卡|卡号|カード|카드";
// What may stand between a word and its number.
const std::string kLink =
    R"((?:[ \t:=#"'(>*.-]|is|are|was|were|number|code|no|nr|ist|lautet|lauten|est|es|è|é|sont|son|)"
    R"(sono|são|the|digits|on the back)*)";
// "my credit card", "your Visa": whose last four digits they are.
constexpr char kLastFourWords[] =
    "ending |ends in|ends with|last four|last 4|letzte vier|letzten vier|letzten 4|endet auf|"
    "endend auf|quatre derniers|4 derniers|terminant par|se termine par|últimos cuatro|"
    "últimos 4|ultimos 4|ultimos cuatro|terminada en|termina en|ultime quattro|ultime 4|"
    "che finisce con|laatste vier|laatste 4|eindigend op|eindigt op|últimos quatro|"
    "terminado em|termina em|terminada em";
constexpr char kLastFour[] =
    R"((?i)(?:ending(?: in| with)?|ends in|ends with|last (?:four|4)|letzten? (?:vier|4)|)"
    R"(endet auf|endend auf|(?:quatre|4) derniers|terminant par|se termine par|[uú]ltimos )"
    R"((?:cuatro|quatro|4)|terminad[ao] e[nm]|termina e[nm]|ultime (?:quattro|4)|)"
    R"(che finisce con|laatste (?:vier|4)|eindigend op|eindigt op)[^\d\n]{0,48}?\b(\d{4})\b)";

Recogniser Words(const char* name, DataType type, const char* words, const std::string& pattern) {
  return {.name = name, .type = type, .trigger = {.words = words}, .pattern = pattern, .after = 96};
}

}  // namespace

std::vector<Recogniser> PaymentRecognisers() {
  Recogniser social = Words("ssn_last_four", DataType::kNationalId, kLastFourWords, kLastFour);
  social.context = "ssn|social security|my social|her social|his social|your social|social";
  Recogniser last_four = Words("card_last_four", DataType::kCard, kLastFourWords, kLastFour);
  last_four.context = kCardWords;
  last_four.not_after = kThingWords;
  Recogniser digits = Words("last_four_digits", DataType::kCard, "last four|last 4",
                            R"((?i)last (?:four|4)(?: digits)?(?: of (?:my|the|your) card)?)"
                            R"((?: is| are)?[ :=#(*-]{0,4}(\d{4})\b)");
  Recogniser expiry = Words(
      "card_expiry", DataType::kCard,
      "exp |exp:|exp.|exp date|expiry|expires|expiring|expiration|valid thru|valid until|"
      "valid through|good thru|gültig bis|ablauf|expire|date d'expiration|valable jusqu|vence|"
      "vencimiento|caducidad|caduca|validade|vencimento|scadenza|scade|geldig tot|vervaldatum",
      R"((?i)[a-zü' .]{3,24}?(?:(?: on| in| am| le| il| el| em)?[ \t:=#"'(>-]|date|is|ist|est|)"
      R"(es|è|é|month|datum)*((?:0?[1-9]|1[0-2]) ?[/-] ?(?:20)?[2-4]\d)\b)");
  expiry.context = kCardWords;
  Recogniser cvv = Words("card_cvv", DataType::kCard, "cvv|cvc|cvn|csc ",
                         R"((?i)(?:cv[vcn]2?|csc))" + kLink + R"(\b(\d{3,4})\b)");
  cvv.after = 64;
  Recogniser security_code =
      Words("card_security_code", DataType::kCard,
            "security code|sicherheitscode|prüfnummer|prüfziffer|kartenprüf|cryptogramme|"
            "code de sécurité|código de seguridad|codigo de seguridad|codice di sicurezza|"
            "beveiligingscode|código de segurança",
            R"((?i)[\pL ]{6,24}?)" + kLink + R"(\b(\d{3,4})\b)");
  security_code.context = kCardWords;
  return {
      social,
      // In the groups that cards are printed in, the form is enough.
      {.name = "card_in_groups",
       .type = DataType::kCard,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 13, .min_group = 4},
       .pattern = R"((?:\d{4}(?:[ -]{1,2}\d{4}){3}(?:[ -]{1,2}\d{1,3})?|)"
                  R"(\d{4}[ -]{1,2}\d{6}[ -]{1,2}\d{4,5})\b)",
       .check = CardCheck,
       .may_end_earlier = true,
       .not_after = kGroupedWords,
       .not_in_row = true},
      // One id of digits in twenty-five has an issuer and passes Luhn.
      {.name = "card",
       .type = DataType::kCard,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 12, .min_group = 3},
       .pattern = R"(\d(?:[ -]{0,2}\d){11,18}\b)",
       .check = CardCheck,
       .may_end_earlier = true,
       .context = kCardWords,
       .keys = kCardKeys,
       .not_after = kRecordWords},
      last_four,
      digits,
      expiry,
      cvv,
      security_code,
      {.name = "iban",
       .type = DataType::kIban,
       .trigger = {.kind = TriggerKind::kToken, .min_letters = 2, .max_letters = 2},
       .pattern = R"((?i)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?)",
       .check = IbanCheck,
       .starts_token = true},
  };
}

}  // namespace flywheel::redaction
