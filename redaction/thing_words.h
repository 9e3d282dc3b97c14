// Words of things that have numbers of their own: one right behind it is that thing's.
#ifndef FLYWHEEL_REDACTION_THING_WORDS_H_
#define FLYWHEEL_REDACTION_THING_WORDS_H_

#include <string>

namespace flywheel::redaction {

// Of which even the groups of a card's digits are no card.
inline const std::string kGroupedWords =
    "order|orders|invoice|tracking|ticket|reference|ref|case|sku|isbn|issn|serial|booking|"
    "reservation|confirmation|claim|flight|batch|bestellung|rechnung|commande|facture|pedido|"
    "factura|ordine|fattura|bestelling|model|item|items|product|article|imei|ean|gtin|upc|asin|"
    "parcel|shipment|sendung|session|request|trace|cursor|row|rows";
// A part's number is not printed in the groups of a card.
inline const std::string kRecordWords = kGroupedWords + "|part";
inline const std::string kThingWords =
    kRecordWords +
    "|version|policy|transaction|build|account|vat|id|port|error|line|page|range|total|amount|sum|"
    "ip|charger|cover|stand|headset|holder|cable|battery|adapter|seed|step|offset|commit|patch|"
    "revision|job|task|event|node|lot|barcode|doi|cas|ndc|oid|udi|hs|icd|score|scores|result|size|"
    "zip|zip code|postcode|postal code|plz|postleitzahl|cep|code postal|código postal|codigo "
    "postal|"
    "cap|codice postale|count|bytes|rate|price|balance";

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_THING_WORDS_H_
