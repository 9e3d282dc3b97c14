// How people and machines are reached and paid.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

// Words that say "phone" wherever they stand. One that has another meaning in another language, or
// beside it ("portable", "handy", "signal", "call", "cell"), is here only with what makes it one.
constexpr char kPhoneWords[] =
    "phone|telephone|tel|mobile:|mobile number|mobile no|mobile is|my mobile|his mobile|her mobile|"
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
    "nous joindre|joignable|teléfono|telefono|móvil|movil|llamar|llámame|llamame|llámenos|llame |"
    "llamada|celular|cellulare|chiamami|chiamare|chiamatemi|bellen|bereikbaar|gsm:|gsm-nummer|"
    "gsm nummer|mijn gsm|telefone|ligue|电话|手机|電話|携帯|전화|연락처";
// How a key of JSON that holds one ends.
constexpr char kPhoneKeys[] =
    "phone|telephone|tel|mobile|cell|whatsapp|sms|callback|caller|hotline|fax|telegram|handy|"
    "handynummer|mobil|mobilnummer|telefon|rückruf|portable|téléphone|teléfono|telefono|móvil|"
    "movil|celular|cellulare|gsm|telefone|telefoon|msisdn|电话|手机|電話|携帯|전화|연락처";
constexpr char kCardWords[] =
    "card|credit|debit|visa|mastercard|maestro|amex|american express|diners|jcb|unionpay|pan|cc|"
    "cvv|cvc|charged|paid with|paid by|pay with|paid using|kreditkarte|karte|bezahlt mit|carte|"
    "payé avec|payé par|tarjeta|pagado con|carta di|carta n|pagato con|cartão|kaart|betaald met|"
    "银行卡|信用卡|卡号|カード|카드";
constexpr char kCardKeys[] =
    "card|credit|debit|visa|mastercard|amex|pan|cc|ccn|ccnum|kreditkarte|karte|kartennummer|carte|"
    "tarjeta|carta|cartão|kaart|kaartnummer|cardnumber|信用卡|卡号|カード|카드";
// A number right behind one of these is that thing's.
const std::string kGroupedWords =
    "order|orders|invoice|tracking|ticket|reference|ref|case|sku|isbn|issn|serial|booking|"
    "reservation|confirmation|claim|flight|batch|bestellung|rechnung|commande|facture|pedido|"
    "factura|ordine|fattura|bestelling|model|item|items|product|article|imei|ean|gtin|upc|asin|"
    "parcel|shipment|sendung|session|request|trace|cursor|row|rows";
// A part's number is not printed in the groups of a card.
const std::string kRecordWords = kGroupedWords + "|part";
const std::string kThingWords =
    kRecordWords +
    "|version|policy|transaction|build|account|vat|id|port|error|line|page|range|total|amount|sum|"
    "ip|charger|cover|stand|headset|holder|cable|battery|adapter";
constexpr char kVersionWords[] = "version|v|release|firmware|build|driver|update|oid|section";

// "x565", ", ext. 12": what an exchange is told once it has answered. It goes with the number.
const std::string kExtension =
    R"((?i: ?x\d{1,6}|,? ?(?:ext|extn|extension|durchwahl)\b[ .:]{0,2}\d{1,6})\b)";

}  // namespace

std::vector<Recogniser> ContactRecognisers() {
  // Where a phone number ends: behind its extension, or where its digits do.
  const std::string ended = "(?:" + kExtension + R"(|\b))";
  return {
      {.name = "email",
       .type = DataType::kEmail,
       .trigger = {.kind = TriggerKind::kAt},
       .pattern = R"([\w.!#$%&*+/?^`{|}~\pL-]+@(?:[\pL\pN](?:[\pL\pN-]*[\pL\pN])?\.)+)"
                  R"((?:\pL{2,24}|xn--[a-z0-9-]{2,59}))",
       .check = EmailCheck,
       .after = 384},
      // In the groups that cards are printed in, the form is enough.
      {.name = "card_in_groups",
       .type = DataType::kCard,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 13},
       .pattern = R"((?:\d{4}(?:[ -]{1,2}\d{4}){3}(?:[ -]{1,2}\d{1,3})?|)"
                  R"(\d{4}[ -]{1,2}\d{6}[ -]{1,2}\d{4,5})\b)",
       .check = CardCheck,
       .may_end_earlier = true,
       .not_after = kGroupedWords,
       .not_in_row = true},
      // One id of digits in twenty-five has an issuer and passes Luhn.
      {.name = "card",
       .type = DataType::kCard,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 13},
       .pattern = R"(\d(?:[ -]{0,2}\d){12,18}\b)",
       .check = CardCheck,
       .may_end_earlier = true,
       .context = kCardWords,
       .keys = kCardKeys,
       .not_after = kRecordWords},
      {.name = "iban",
       .type = DataType::kIban,
       .trigger = {.kind = TriggerKind::kToken},
       .pattern = R"((?i)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?)",
       .check = IbanCheck,
       .starts_token = true},
      {.name = "phone_international",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 8, .max_digits = 48},
       .pattern = R"(\(?(?:\+|00[1-9]\d?[ .-])\(?\d(?:[ ./-]{0,2}[()]?[ .-]?\d){6,17})" + ended,
       .check = InternationalPhoneCheck,
       .after = 64,
       // "7+491512345678" is Base64.
       .starts_token = true},
      {.name = "phone_north_america",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 10, .max_digits = 24},
       // Three numbers with spaces between can be any: "256 512 1024".
       .pattern = R"((?:1[ .-])?(?:\([2-9]\d{2}\) ?[2-9]\d{2}[ .-]|[2-9]\d{2}[.-][2-9]\d{2}[.-]))"
                  R"(\d{4})" +
                  ended,
       .check = NationalPhoneCheck,
       .not_after = kThingWords},
      // With a trunk zero and a separator: Europe, Japan, Korea, Australia.
      {.name = "phone_trunk_zero",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 9, .max_digits = 24},
       .pattern = R"((?:\(0\d{1,4}\) ?\d{3,4}[ -]?\d{3,5}|0[1-9]\d{0,3}[ /-]{1,3}\d{6,9}|)"
                  R"(0[1-9](?:[ .]\d{2}){4}|0[1-9]\d{0,3}[ -]\d{2,4}[ -]\d{3,5}(?:[ -]\d{2,4})?|)"
                  R"(0[1-9]\d{1,3} ?/ ?\d{3,4}(?:[ -]?\d{2,4}){1,2}))" +
                  ended,
       .check = NationalPhoneCheck,
       .not_after = kThingWords,
       .not_in_row = true},
      {.name = "phone_brazil_china",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 10, .max_digits = 24},
       .pattern = R"((?:\(\d{2}\) ?9?\d{4}-\d{4}|1[3-9]\d-\d{4}-\d{4}))",
       .check = NationalPhoneCheck,
       .not_after = kThingWords},
      // Digits alone, or grouped as amounts are, are a phone only where somebody says so.
      {.name = "phone_in_context",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 7, .max_digits = 24},
       .pattern = R"(\+?\(?\d(?:[ ./-]{0,2}[()]?[ .-]?\d){6,12})" + ended,
       .check = NationalPhoneCheck,
       .context = kPhoneWords,
       .keys = kPhoneKeys,
       .not_after = kThingWords,
       .after = 64},
      {.name = "ipv4",
       .type = DataType::kIpAddress,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 4},
       .pattern = R"(\d{1,3}(?:\.\d{1,3}){3})",
       .check = Ipv4Check,
       .not_after = kVersionWords,
       .after = 24},
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
