// How people and machines are reached and paid.
#include "shared/privacy/redaction/checks.h"
#include "shared/privacy/redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

constexpr char kPhoneWords[] =
    "phone|telephone|tel|call|calling|mobile|cell|whatsapp|sms|text me|texted|my number|reach me|"
    "reach us|ring|dial|hotline|fax|signal|telegram|contact number|handy|mobil|telefon|anrufen|"
    "rufen|rückruf|erreichbar|erreichen|appel|numéro est|tél|portable|joindre|teléfono|telefono|"
    "móvil|movil|llam|celular|cellulare|chiama|bellen|bereikbaar|gsm|telefone|ligue|电话|手机|電話|"
    "携帯|전화|연락처";
// A number right behind one of these is that thing's.
constexpr char kThingWords[] =
    "order|orders|invoice|tracking|ticket|reference|ref|case|sku|isbn|issn|version|part|serial|"
    "booking|reservation|confirmation|claim|policy|flight|transaction|batch|build|account|"
    "bestellung|"
    "rechnung|commande|facture|pedido|factura|ordine|fattura|bestelling|model|item|product|imei|"
    "ean|"
    "upc|asin|vat|id|port|error|line|page|row|range|total|amount|sum|parcel|shipment|sendung|ip";
constexpr char kVersionWords[] = "version|v|release|firmware|build|driver|update|oid|section";

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
      {.name = "card",
       .type = DataType::kCard,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 13},
       .pattern = R"(\d(?:[ -]{0,2}\d){12,18}\b)",
       .check = CardCheck,
       .may_end_earlier = true},
      {.name = "iban",
       .type = DataType::kIban,
       .trigger = {.kind = TriggerKind::kToken},
       .pattern = R"((?i)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?)",
       .check = IbanCheck},
      {.name = "phone_international",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 8, .max_digits = 48},
       .pattern = R"(\(?(?:\+|00[1-9]\d?[ .-])\(?\d(?:[ ./-]{0,2}[()]?[ .-]?\d){6,17}\b)",
       .check = InternationalPhoneCheck,
       .after = 48},
      {.name = "phone_north_america",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 10, .max_digits = 24},
       .pattern = R"((?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4})",
       .check = NationalPhoneCheck,
       .not_after = kThingWords},
      // With a trunk zero and a separator: Europe, Japan, Korea, Australia.
      {.name = "phone_trunk_zero",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 9, .max_digits = 24},
       .pattern = R"((?:\(0\d{1,4}\) ?\d{3,4}[ -]?\d{3,5}|0[1-9]\d{0,3}[ /-]{1,3}\d{6,9}|)"
                  R"(0[1-9](?:[ .]\d{2}){4}|0\d{1,4}[ -]\d{2,4}[ -]\d{3,5}(?:[ -]\d{2,4})?|)"
                  R"(0[1-9]\d{1,3} ?/ ?\d{3,4}(?:[ -]?\d{2,4}){1,2}))",
       .check = NationalPhoneCheck,
       .not_after = kThingWords},
      {.name = "phone_brazil_india",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 10, .max_digits = 24},
       .pattern = R"((?:\(\d{2}\) ?9?\d{4}-\d{4}|[6-9]\d{4} \d{5}|1[3-9]\d[ -]\d{4}[ -]\d{4}))",
       .check = NationalPhoneCheck,
       .not_after = kThingWords},
      // Digits alone, or grouped as amounts are, are a phone only where somebody says so.
      {.name = "phone_in_context",
       .type = DataType::kPhone,
       .trigger = {.kind = TriggerKind::kDial, .min_digits = 7, .max_digits = 24},
       .pattern = R"(\(?\d(?:[ ./-]{0,2}[()]?[ .-]?\d){6,12}\b)",
       .check = NationalPhoneCheck,
       .context = kPhoneWords,
       .not_after = kThingWords,
       .after = 48},
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
       .pattern = R"([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5})",
       .check = MacCheck},
      {.name = "mac_with_dashes",
       .type = DataType::kMacAddress,
       .trigger = {.kind = TriggerKind::kHexDash},
       .pattern = R"([0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5})",
       .check = MacCheck},
      {.name = "ipv6",
       .type = DataType::kIpAddress,
       .trigger = {.kind = TriggerKind::kColon},
       .pattern = R"([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?::?\d{1,3}(?:\.\d{1,3}){3})?)",
       .check = Ipv6Check},
  };
}

}  // namespace flywheel::redaction
