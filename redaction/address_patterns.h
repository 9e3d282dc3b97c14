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

// "AA 12345"
inline const std::string kState =
    R"((?:A[AEKLPRZ]|C[AOT]|D[CE]|FL|FM|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEHINOPST]|N[CDEHJMVY]|)"
    R"(O[HKR]|P[ARW]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]|)"
    R"(AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT|NSW|VIC|QLD|TAS|ACT))";
inline const std::string kStateName =
    R"((?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|)"
    R"(Georgia|)"
    R"(Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|)"
    R"(Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|)"
    R"(New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|)"
    R"(Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|)"
    R"(West Virginia|Wisconsin|Wyoming|Puerto Rico|District of Columbia|)"
    R"(Ontario|Quebec|Québec|British Columbia|Alberta|Manitoba|Saskatchewan|Nova Scotia|)"
    R"(New Brunswick|Newfoundland(?: and Labrador)?|Prince Edward Island|)"
    R"(New South Wales|Victoria|Queensland|Tasmania|South Australia|Western Australia|)"
    R"(Australian Capital Territory|Northern Territory|)"
    R"(Andhra Pradesh|Assam|Bihar|Gujarat|Haryana|Karnataka|Kerala|Madhya Pradesh|Maharashtra|)"
    R"(Odisha|Punjab|Rajasthan|Tamil Nadu|Telangana|Uttar Pradesh|Uttarakhand|West Bengal|)"
    R"(England|Scotland|Wales|Northern Ireland|Bayern|Hessen|Sachsen|Niedersachsen|)"
    R"((?:Greater )?Manchester|Kent|Essex|Surrey|Sussex|Devon|Cornwall|Yorkshire|)"
    R"(\p{Lu}\pL+shire))";
inline const std::string kRegion = "(?:" + kState + "|" + kStateName + ")";

inline const std::string kUkPostcode = R"((?:[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}))";
inline const std::string kCaPostcode = R"((?:[ABCEGHJ-NPR-TVXY]\d[A-Z] ?-?\d[A-Z]\d))";
// What can be a postcode behind a part of an address.
inline const std::string kAnyPostcode =
    R"((?:\d{5}(?:-\d{3,4})?|\d{6}|\d{4}(?: ?[A-Z]{2})?|\d{2}-\d{3}|\d{2}\.?\d{3}-\d{3}|)"
    R"(\d{3} \d{2,3}|\d{3}-\d{4}|(?:[A-Z]{1,2}-)?\d{4,5}|)" +
    kUkPostcode + "|" + kCaPostcode + ")";

// "Springfield", "Lake Joyceview", "Sankt Pölten", "Frankfurt am Main"
inline const std::string kTown =
    R"((?:(?:(?:Saint|St|Ste|Fort|Ft|Mt)\.? ?-?)?\p{Lu}[\pL'’.-]+)"
    R"((?:[ -](?:(?:am|an|der|im|in|ob|bei|sur|sous|de|la|le|les|los|las|del|della|di|do|da|dos|)"
    R"(upon|on|the|of|)"
    R"(a\.d\.|v\.d\.|nad|pod|aan|den)[ -]){0,2}(?:d['’]|l['’])?\p{Lu}[\pL'’.-]+){0,3}))";

// "TX 75534", "Ontario K1A 0B1"
inline const std::string kRegionAndPostcode =
    "(?:" + kRegion + R"((?:,? |-|, ?))" + kAnyPostcode + ")";
// "Lake Joyceview, TX 75534", "Port Anna, ON K1A 0B1", "Mumbai-400001", "East Anna, NSW, 2345"
inline const std::string kTownAndPostcode = "(?:" + kTown + R"((?:,? |-|, ?| - |, \n?|\n))" +
                                            "(?:" + kRegionAndPostcode + "|" + kAnyPostcode +
                                            R"()(?: \([A-Z]{2}\))?))";
// "10115 Berlin", "1234 AB\nUtrecht", "00100, Roma (RM)", "12345-678 Cidade / SP"
inline const std::string kPostcodeAndTown =
    R"((?:(?:[A-Z]{1,2}-)?)" + kAnyPostcode + R"((?:,? |,?\n))" + kTown +
    R"((?:(?: [/-] |-|/| \(|, ?)[A-Z]{2}\)?)?(?: (?:CEDEX|Cedex)(?: \d{1,2})?)?(?: \d{1,2})?))";

inline const std::string kCountry =
    R"((?:(?:the )?(?:United States(?: of America)?|USA|U\.S\.A\.?|US|United Kingdom|UK|England|)"
    R"(Scotland|Wales|Ireland|Canada|Australia|New Zealand|Germany|Deutschland|Austria|Österreich|)"
    R"(Switzerland|Schweiz|Suisse|France|Spain|España|Italy|Italia|Netherlands|The Netherlands|)"
    R"(Nederland|Belgium|Belgique|België|Portugal|Poland|Polska|Brazil|Brasil|India|Japan|China|)"
    R"(South Korea|Korea|Mexico|México|Argentina|Chile|Colombia|Peru|Sweden|Sverige|Norway|Norge|)"
    R"(Denmark|Danmark|Finland|Suomi|Iceland|Czech Republic|Czechia|Slovakia|Slovenia|Croatia|)"
    R"(Hungary|Romania|Bulgaria|Greece|Turkey|Türkiye|Russia|Ukraine|Israel|Egypt|South Africa|)"
    R"(Nigeria|Kenya|Ghana|Morocco|Tunisia|Algeria|Saudi Arabia|United Arab Emirates|UAE|Qatar|)"
    R"(Kuwait|Pakistan|Bangladesh|Sri Lanka|Nepal|Thailand|Vietnam|Malaysia|Singapore|Indonesia|)"
    R"(Philippines|Taiwan|Hong Kong|Luxembourg|Malta|Cyprus|Estonia|Latvia|Lithuania|Uruguay)))";

// "c/o Ann Lee"
inline const std::string kCareOf = R"((?:(?i:c/o|attn:?|care of) \p{Lu}[\pL'’. -]{1,40}))";
// A house number before a street: "5521", "12B", "221-3", "12/4"
inline const std::string kHouse =
    R"((?:(?:No\.? ?|H\.? ?No\.? ?|#)?\d{1,6}(?:[-/]\d{1,4})?[A-Za-z]?,?))";
// A line with a number and names, of which no word says that it is a street: "763 Broadway". Only
// with a town and a postcode behind it.
inline const std::string kWeakStreet =
    R"((?:(?:No\.? ?|H\.? ?No\.? ?)?\d{1,6}(?:[-/]\d{1,4})?[A-Za-z]?,? (?:(?:[NSEW]\.?|de|la|)"
    R"(del|the|of) )?)"
    R"((?:\p{Lu}[\pL'’.]*|\d{1,3}(?:st|nd|rd|th))(?:[ -](?:(?:de|la|del|du|the|of|den|der|)"
    R"(van) )?(?:\p{Lu}[\pL'’.]*|[a-z]{4,12})){0,4}))";

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_ADDRESS_PATTERNS_H_
