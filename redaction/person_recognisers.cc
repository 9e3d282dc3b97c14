// Names and dates of birth, where somebody says that they are.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

// A word with a capital ("O'Brien", "Anne-Marie"), and a name of one to four of them.
const std::string kWord = R"((?:[\p{Lu}](?:['’]\p{Lu})?[\pL'’]*\pL(?:-\p{Lu}\pL+)?))";
const std::string kName = kWord +
                          R"((?: (?:(?:van|von|vom|zu|de|der|den|la|le|di|da|del|della|)"
                          R"(dos|ten|bin|al|el|y) ){0,2}(?:\p{Lu}\.|)" +
                          kWord + R"()){0,3})";
const std::string kLowerName = R"(\pL[\pL'’-]+(?: \pL[\pL'’-]+)?)";
// For what follows a given name that GivenNameCheck finds at its beginning.
const std::string kGivenName = R"(\pL[\pL'’-]+(?: \pL[\pL'’-]*){0,4})";
const std::string kGreetedName = R"(\pL[\pL'’-]+(?: )" + kWord + "){0,2}";

// What may stand between a field's name and its value, in text, JSON, YAML or code.
const std::string kField = R"(["']?\s*(?::|=>|=|\bis\b|\bist\b|\best\b|\bes\b)\s*["'“]?)";

const std::string kDate =
    R"((\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|)"
    R"(\d{1,2}(?:st|nd|rd|th|er|\.|º)? (?:of |de )?\pL{3,10}\.?,?(?: del?)? \d{4}|)"
    R"((?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\pL*)"
    R"(\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}))";

constexpr char kTitles[] =
    "mr.|mr |mrs|ms.|ms |mx. |dr.|dr |prof|professor|sir |herr |herrn |frau |fräulein|mme|m. |mlle|"
    "monsieur|madame|sr. |sra|señor|don |doña|sig. |sig.ra|signor|dott|mevr|meneer|dhr";
constexpr char kBirthWords[] =
    "born |born:|dob|d.o.b|date of birth|date_of_birth|dateofbirth|birth date|birthdate|birth_date|"
    "birthday|birth:|geboren|geb.-|geburtsdatum|geburtstag|geb. |geb.:|né le|née le|né(e)|nee "
    "le|ne le|"
    "date de naissance|naissance|nacido|nacida|nací|naci |fecha de nacimiento|nacimiento|nato il|"
    "nata il|data di nascita|nascita|geboortedatum|fødselsdato|data de nascimento|nascido|nascida";

// The name that comes after `lead`, a pattern that begins with one of `words`.
Recogniser Name(const char* name, const char* words, const std::string& lead,
                const std::string& value, Check check = NameCheck, const char* not_after = "") {
  return {.name = name,
          .type = DataType::kName,
          .trigger = {.words = words},
          .pattern = "(?i:" + lead + ")(" + value + ")",
          .check = check,
          .not_after = not_after};
}

// The same where the name begins with a given name that is known.
Recogniser GivenName(const char* name, const char* words, const std::string& lead,
                     const std::string& value) {
  Recogniser recogniser = Name(name, words, lead, value, GivenNameCheck);
  recogniser.trigger.before_given_name = true;
  return recogniser;
}

}  // namespace

std::vector<Recogniser> PersonRecognisers() {
  const std::string introduction =
      R"((?:my (?:full |first |last )?name(?: is|'s|’s|:)|the name(?: is|'s|’s)|name's|call me|)"
      R"(mein name ist|ich hei(?:ß|ss)e|je m['’]appelle|mon nom est|me llamo|mi nombre es|)"
      R"(mi chiamo|il mio nome è|mijn naam is|ik heet|meu nome é|chamo-me|me chamo)\s+)";
  constexpr char kIntroductions[] =
      "my name|my full name|my first name|my last name|the name|name's|call me|mein name|ich hei|"
      "je m|mon nom|me llamo|mi nombre|mi chiamo|il mio nome|mijn naam|ik heet|meu nome|chamo-me|"
      "me chamo";
  constexpr char kSelves[] =
      "i am |i'm |i’m |this is |ich bin |je suis |soy |sono |ik ben |hier ist |"
      "hier spricht |aquí |ici ";
  const std::string self =
      R"((?:i am|i['’]m|this is|ich bin|je suis|soy|sono|ik ben|hier (?:ist|spricht)|aquí|ici) )"
      R"((?:herr |frau |mr\.? |mrs\.? |ms\.? |dr\.? )?)";
  const std::string closing =
      R"((?:(?:best|kind|warm|many)? ?(?:regards|wishes)|sincerely(?: yours)?|yours (?:truly|)"
      R"(sincerely|faithfully)|signed(?: by)?|cheers|thanks|thank you|mit freundlichen gr(?:ü|ue))"
      R"((?:ß|ss)en|(?:viele|liebe|beste) gr(?:ü|ue)(?:ß|ss)e|mfg|cordialement|bien à vous|)"
      R"(saludos(?: cordiales)?|atentamente|cordiali saluti|distinti saluti|)"
      R"(met vriendelijke groet(?:en)?|groeten))";
  constexpr char kClosings[] =
      "regards|best wishes|sincerely|yours |signed|mit freundl|viele gr|liebe gr|beste gr|mfg|"
      "cordialement|bien à|saludos|atentamente|cordiali|distinti|met vriend|groeten|cheers|thanks|"
      "thank you";
  const std::string field_names =
      R"((?:(?:full|first|last|given|family|middle|maiden|sur|customer|client|passenger|patient|)"
      R"(contact|billing|account ?holder|card ?holder|employee|recipient|sender)['s]*[ _-]?name|)"
      R"(surname|firstname|lastname|fullname|vorname|nachname|familienname|prénom|prenom|)"
      R"(nom(?: de famille)?|apellidos?|nombre|cognome|voornaam|achternaam|passenger|patient|)"
      R"(attn|recipient|signature|unterschrift|firmado(?: por)?|signé))";
  constexpr char kFieldNames[] =
      "full name|full_name|fullname|full-name|first name|first_name|firstname|last name|last_name|"
      "lastname|given name|given_name|givenname|family name|family_name|familyname|middle name|"
      "middle_name|maiden name|surname|customer name|customer_name|customername|client name|"
      "client_name|passenger|patient|contact name|contact_name|billing name|billing_name|account|"
      "cardholder|card holder|employee name|employee_name|recipient|sender "
      "name|sender_name|vorname|"
      "nachname|familienname|prénom|prenom|nom|apellido|nombre|cognome|voornaam|achternaam|attn|"
      "signature|unterschrift|firmado|signé";
  constexpr char kThings[] =
      "file|product|company|brand|host|user|domain|event|project|hotel|bank|branch|model|city|"
      "street|function|tool|variable|class|place|team|airline|app|game|song|book|movie|package|"
      "merchant|store|shop|table|column|field|field's|plan|display|device|network|school|dataset";
  const std::string titles =
      R"((?:mr|mrs|ms|mx|dr|prof|sr|sra|srta|sig|sig\.ra|dott|dott\.ssa|mme|mlle|(?-i:M)|mevr|dhr|)"
      R"(professor|sir|herrn?|frau|monsieur|madame|señora?|señorita|don|doña|signora?|mevrouw|)"
      R"(meneer|dr\. med)\.? (?:dr\.? |prof\.? )?)";
  return {
      Name("name_introduced", kIntroductions, introduction, kName),
      // In lower case only where the words before leave no doubt.
      Name("name_introduced_lower", kIntroductions, introduction, kLowerName),
      Name("name_of_oneself", kSelves, self, kName, FullNameCheck),
      // "this is anna keller again", "I'm Anna": one that is known needs no capital and no surname.
      GivenName("name_of_oneself_given", kSelves, self, kGivenName),
      GivenName(
          "name_greeted",
          "hello |hello, |hallo |hallo, |hey |hey, |hola |ciao |bonjour |thanks |thanks, |"
          "thank you |thank you, |danke |gracias |merci |grazie |bedankt ",
          R"((?:hello|hallo|hey|hola|ciao|bonjour|thanks|thank you|danke|gracias|merci|grazie|)"
          R"(bedankt),? )",
          kGreetedName),
      Name("name_after_title", kTitles, titles, kName),
      Name("name_addressed",
           "dear |hallo |liebe|cher |chère |querid|estimad|caro |cara |beste |geachte",
           R"((?:dear|hallo|lieber?|chère?|querid[oa]|estimad[oa]|car[oa]|beste|geachte) )"
           R"((?:mr\.? |mrs\.? |ms\.? |dr\.? |prof\.? |herrn? |frau |m\. |mme |sr\.? |sra\.? )?)",
           kName),
      Name("name_at_end", kClosings, closing + R"([,.!]?[ \t]*(?:\r?\n|\\n|,|[-–—:]| - )\s*)",
           kName, NameCheck),
      // "the account is under Ann Lee"; "in the name of" begins like too much else.
      Name("name_of_holder", "under |name of |registered to|namen ",
           R"((?:under|name of|registered to|namen) )", kName, FullNameCheck, "works|worked|went"),
      Name("name_field", "name", "name" + kField, kName, FullNameCheck, kThings),
      Name("name_field_of_person", kFieldNames, field_names + kField, kName),
      {.name = "birth_date",
       .type = DataType::kBirthDate,
       .trigger = {.words = kBirthWords},
       // Up to the date no other field of JSON: {"dob": null, "created": "2024-05-12"}.
       .pattern = R"([\pL._()-]+["']?[^\d\n"{}\[\]]{0,40}?["']?)" + kDate},
      // "am 3.12.1984 in Graz geboren"
      {.name = "birth_date_before",
       .type = DataType::kBirthDate,
       .trigger = {.words = "geboren|nacido|nacida"},
       .pattern = R"(\b)" + kDate + R"([^\d\n]{0,24}?(?i:geboren|nacid))",
       .before = 56,
       .after = 16},
  };
}

}  // namespace flywheel::redaction
