// Patterns of the parts of an address, for RE2.
#ifndef FLYWHEEL_REDACTION_ADDRESS_PATTERNS_H_
#define FLYWHEEL_REDACTION_ADDRESS_PATTERNS_H_

#include <string>

namespace flywheel::redaction {

// "Apt. 4B", "Suite 787", "#12", "Flat 2", "Unit 4", "3rd Floor", "Appartamento 12"
inline const std::string kUnit =
    R"((?:(?i:apt|apartment|apto?|unit|suite|ste|flat|studio|room|rm|floor|fl|level|lot|bldg|)"
    R"(building|)"
    R"(villa|shop|block|blk|appartement|appt|appartamento|interno|int|scala|piano|piso|puerta|pta|)"
    R"(bloque|esc|bâtiment|bât|étage|etage|wohnung|whg|top|stiege|stock|etg|lgh|bloco|casa|andar|)"
    R"(m\.|lok\.|lokal|mieszkanie|depto|departamento|ph)\.?[ ]?(?:#|no\.?|n[º°])?[ ]?)"
    R"((?:\d{1,5}[A-Za-z]?|[A-Z]\d{0,4}|[A-Z]-\d{1,4}|\d{1,4}[-/]\d{1,4})|)"
    R"(#[ ]?\d{1,5}[A-Za-z]?|\d{1,2}(?:st|nd|rd|th) (?i:floor)|\d{1,2}º(?: ?[A-Z])?)"
    R"(|(?i:upper|lower|ground) floor))";

// "PO Box 123", "PSC 1234, Box 5678", "Postfach 12 34 56", "BP 123"
inline const std::string kBox =
    R"((?:(?i:p\.? ?o\.? ?box|post office box|postfach|boîte postale|b\.?p\.|)"
    R"(apartado(?: de correos)?|)"
    R"(caixa postal|casella postale|postbus|gpo box|locked bag|private bag|skr\. poczt\.|)"
    R"((?:psc|unit|cmr) \d{1,5},? box|po box)[ ]?(?:no\.? ?)?\d[\d ]{0,8}\d?))";

// A line with a number and names, of which no word says that it is a street: "763 Broadway". Only
// with a town and a postcode behind it.
inline const std::string kWeakStreet =
    R"((?:(?:No\.? ?|H\.? ?No\.? ?)?\d{1,6}(?:[-/]\d{1,4})?[A-Za-z]?,? (?:(?:[NSEW]\.?|de|la|)"
    R"(del|the|of) )?)"
    R"((?:\p{Lu}[\pL'’.]*|\d{1,3}(?:st|nd|rd|th))(?:[ -](?:(?:de|la|del|du|the|of|den|der|)"
    R"(van) )?(?:\p{Lu}[\pL'’.]*|[a-z]{4,12})){0,4}))";

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_ADDRESS_PATTERNS_H_
