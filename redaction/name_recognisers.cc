// Names that words announce: introductions, titles, greetings, fields of forms.
#include <string>
#include <utility>

#include "redaction/checks.h"
#include "redaction/name_words.h"
#include "redaction/recogniser.h"
#include "redaction/scans.h"

namespace flywheel::redaction {
namespace {

// Up to six words in any case, of which the check takes what can be a name; a title behind a comma.
const std::string kAnyName = R"(\pL[\pL'’.-]*(?:[ \t]{1,3}\pL[\pL'’.-]*){0,5})"
                             R"((?:, ?(?:Jr|Sr|II|III|IV|M\.?D|Ph\.?D|Esq|DDS|DVM|RN|MBA)\b\.?)?)";
// The same from a capital on.
const std::string kCapitalName =
    R"(\p{Lu}[\pL'’.-]*(?:[ \t]{1,3}\pL[\pL'’.-]*){0,5})"
    R"((?:, ?(?:Jr|Sr|II|III|IV|M\.?D|Ph\.?D|Esq|DDS|DVM|RN|MBA)\b\.?)?)";
const std::string kGivenName = R"(\pL[\pL'’-]+(?: \pL[\pL'’-]*){0,4})";
// What follows a value that is no code: "first_name: req.body", "name=load(".
constexpr char kNoCode[] = R"((?:[^\pL\pN_(\[/\\=.-]|\.[^\pL\pN]|[.]?$|-[^\pL\pN]))";

// What may stand between a field's name and its value, in text, JSON, YAML, forms or tables.
const std::string kField = R"(["']?(?:[ \t]*(?::|=>|=|：)|\t|[ ]+\|)[ \t]*["'“]?)";
const std::string kTitle =
    R"((?:(?:mr|mrs|ms|mx|miss|dr|prof|sr|sra|herrn?|frau|m|mme|mlle)\.?[ \t]{1,2})?)";

Recogniser Name(const char* name, std::string words, const std::string& lead,
                const std::string& value, Check check = NameCheck, const char* not_after = "",
                const std::string& behind = "") {
  Recogniser row;
  row.name = name;
  row.type = DataType::kName;
  row.trigger.words = std::move(words);
  // Without groups a pattern is matched several times as fast.
  if (behind.empty() && value == kAnyName) row.finder = FindWords;
  if (behind.empty() && (value == kCapitalName || value == kGivenName)) {
    row.finder = value == kGivenName ? FindWords : FindCapitalWords;
  }
  row.pattern = "(?i:" + lead + ")" + (row.finder != nullptr ? "" : "(" + value + ")" + behind);
  row.check = check;
  row.not_after = not_after;
  row.after = 160;
  return row;
}

// The same where the name begins with a given name that is known.
Recogniser GivenName(const char* name, const char* words, const std::string& lead) {
  Recogniser row = Name(name, words, lead, kGivenName, GivenNameCheck);
  row.trigger.before_given_name = true;
  return row;
}

void AddIntroductions(std::vector<Recogniser>& rows) {
  const std::string introduction =
      R"((?:my (?:full |first |last |middle |maiden |legal |real |given |family |)"
      R"(sur)?name(?: is|'s|’s| was|:)|)"
      R"(mein name(?: ist|:)|ich hei(?:ß|ss)e|je m['’]appelle|mon (?:nom|prénom) est|me llamo|)"
      R"(mi nombre es|)"
      R"(mi chiamo|il mio nome è|mijn naam is|ik heet|(?:o )?meu nome é|chamo-me|me chamo|)"
      R"(nazywam się|mam na imię|benim ad[ıi]m|ad[ıi]m|jag heter|mitt namn är|jeg hedder|)"
      R"(mit navn er|)"
      R"(jeg heter|mitt navn er|nimeni on|jmenuji se|jmenuju se|volám sa|mă numesc|a nevem|)"
      R"(tên tôi là|tôi tên là|nama saya(?: adalah)?|jina langu ni|ang pangalan ko ay|zovem se|)"
      R"(ako si|im[eé]nuji se|mera naam|naam mera|mera nam|wo jiao|watashi no namae wa|)"
      R"(boku no namae wa))"
      R"([ \t]*[:,]?[ \t\n]+["“']?)" +
      kTitle;
  const char* words =
      "my name|my full|my first|my last|my middle|my maiden|my legal|my real|my given|my family|"
      "my surname|mein name|ich hei|"
      "je m|mon nom|mon pr|me llamo|mi nombre|mi chiamo|il mio nome|mijn naam|ik heet|meu nome|"
      "chamo-me|me chamo|nazywam|mam na|benim ad|adım|adim|jag heter|mitt na|jeg he|mit navn|"
      "nimeni|jmenuj|volám|mă numesc|a nevem|tên tôi|tôi tên|nama saya|jina langu|ang pangalan|"
      "zovem se|mera na|naam mera|wo jiao|watashi no|boku no";
  rows.push_back(
      Name("name_introduced", words, introduction, kAnyName, NameCheck, "file|domain|host"));
  // What these announce may be no person: only a name that is known, or two words.
  rows.push_back(
      Name("name_introduced_loosely", "the name|name's|name is|call me|i go by|known as",
           R"((?:the name(?: is|'s|’s)|name's|name is|call me|i go by|known as))"
           R"([ \t]*[:,]?[ \t\n]+["“']?)" +
               kTitle,
           kAnyName, TellingNameCheck,
           "file|domain|host|package|library|group|unit|template|driver|application|"
           "app|kernel|service|class|product|company|brand|project|spdx|method|function"));
  const std::string self =
      R"((?:i am|i['’]?m|this is|it['’]?s|here is|speaking with|ich bin|je suis|soy|sono|ik ben|)"
      R"(hier (?:ist|spricht)|aquí|ici|jestem|eu sou|jag är|jeg er|ben|saya)[ \t]{1,3})" +
      kTitle;
  const char* selves =
      "i am |i'm |i’m |im |this is |it's |it’s |here is |speaking with |ich bin |je suis |soy |"
      "sono |ik ben |hier ist |hier spricht |aquí |ici |jestem |eu sou |jag är |jeg er |saya ";
  rows.push_back(Name("name_of_oneself", selves, self, kCapitalName, FullNameCheck));
  rows.push_back(GivenName("name_of_oneself_given", selves, self));
  rows.push_back(Name("name_on_the_line", "this is |i am |i'm |i’m ", R"((?:this is|i am|i['’]m) )",
                      R"(\p{Lu}[\pL'’-]{2,})", NameCheck, "",
                      R"((?:,? (?:calling|speaking|writing|from|again)\b))"));
}

void AddTitles(std::vector<Recogniser>& rows) {
  const std::string titles =
      R"((?:dr\. med|sig\.ra|dott\.ssa|mr|mrs|(?-i:MS\.|[Mm]s)|mx|miss|dr|prof|sr|sra|srta|)"
      R"(sig|dott|mme|mlle|)"
      R"((?-i:M)|mevr|)"
      R"(dhr|dra|pan|pani|professor|sir|dame|lady|lord|captain|capt|officer|sergeant|sgt|judge|)"
      R"(senator|nurse|rev|reverend|hon|herrn?|frau|monsieur|madame|mademoiselle|señora?|señorita|)"
      R"(senhora?|don|doña|dona|signora?|mevrouw|meneer|sayın|bay|bayan)\b\.?[ \t]{0,3})"
      R"((?:(?:dr|prof)\.?[ \t]{1,2})?)";
  const char* words =
      "mr.|mr |mr\t|mrs|ms.|ms |ms\t|mx. |miss |dr.|dr |dr\t|prof|professor|sir |dame |lady |lord |"
      "captain |capt|officer |sergeant |sgt|judge |senator |nurse |rev.|rev |reverend |hon.|"
      "herr |herrn |frau |fräulein|mme|m. |mlle|monsieur|madame|mademoiselle|señor|sr. |sr |sra|"
      "srta|don |doña |dona |senhor|sig. |sig.ra|signor|dott|mevr|meneer|dhr|dra. |dra |pan |pani ";
  rows.push_back(Name("name_after_title", words, titles, kCapitalName, TitledNameCheck));
  // "mr. martin"; "10 ms after" and "the dr said" need a point, and more.
  rows.push_back(Name("name_after_title_small", "mr.|mr |mrs.|mrs |ms. |dr. |prof. |miss ",
                      R"((?:(?:mrs?|ms|dr|prof)\.|mrs?)[ \t]{0,3})",
                      R"(\p{Ll}[\pL'’-]{2,}(?: \p{Ll}[\pL'’-]{2,})?)", TitledNameCheck));
}

void AddLetters(std::vector<Recogniser>& rows) {
  rows.push_back(GivenName(
      "name_greeted",
      "hello |hello, |hallo |hallo, |hey |hey, |hi |hi, |hola |ciao |bonjour |thanks |thanks, |"
      "thank you |thank you, |danke |gracias |merci |grazie |bedankt |olá |cześć |hej |salut ",
      R"((?:hello|hallo|hey|hi|hola|ciao|bonjour|thanks|thank you|danke|gracias|merci|grazie|)"
      R"(bedankt|olá|cześć|hej|salut),? )"));
  rows.push_back(
      Name("name_greeted_full",
           "hello |hello, |hallo |hey |hi |hi, |hola |bonjour |welcome |welcome, |thanks, |"
           "thank you, |good morning|good afternoon|good evening|congratulations",
           R"((?:hello|hallo|hey|hi|hola|bonjour|welcome|thanks|thank you|)"
           R"(good (?:morning|afternoon|evening)|congratulations),?[ \t]{1,2})",
           kCapitalName, KnownNameCheck));
  // "Hi Zebulon," at the beginning of a letter.
  rows.push_back(Name("name_greeted_alone", "hello |hey |hi |hallo |hola |bonjour ",
                      R"((?-i:Hello|Hi|Hey|Hallo|Hola|Bonjour) )", R"(\p{Lu}\p{Ll}[\pL'’-]*)",
                      NameCheck, "", R"((?:,|:|!)?\s*(?:\n|$)|,)"));
  rows.push_back(Name(
      "name_addressed",
      "dear |hallo |liebe|cher |chère |querid|estimad|caro |cara |beste |geachte|szanown|drog|kära|"
      "kjære|kære|sayın ",
      R"((?:dear|hallo|lieber?|chère?|querid[oa]|estimad[oa]|prezad[oa]|car[oa]|beste|geachte|)"
      R"(sehr geehrter?|szanown[ya]|drog[ia]|kära|käre|kjære|kære|sayın)[ \t]{1,2})" +
          kTitle,
      kCapitalName, TitledNameCheck));
  const std::string closing =
      R"((?:(?:best|kind|warm|many|with)? ?(?:kind )?(?:regards|wishes)|best|)"
      R"(sincerely(?: yours)?|yours (?:truly|)"
      R"(sincerely|faithfully)|yours|love|signed(?: by)?|cheers|thanks(?: again| so much)?|)"
      R"(thank you|many thanks|)"
      R"(respectfully|cordially|take care|mit freundlichen gr(?:ü|ue))"
      R"((?:ß|ss)en|(?:viele|liebe|beste|herzliche) gr(?:ü|ue)(?:ß|ss)e|mfg|lg|vg|cordialement|)"
      R"(bien à vous|)"
      R"(saludos(?: cordiales)?|atentamente|un saludo|cordiali saluti|distinti saluti|)"
      R"(atenciosamente|cumprimentos|pozdrawiam|met vriendelijke groet(?:en)?|groeten|mvh))";
  const char* closings =
      "regards|best wishes|best,|best\n|sincerely|yours|love,|signed|respectfully|cordially|"
      "take care|mit freundl|viele gr|liebe gr|beste gr|herzliche gr|mfg|cordialement|bien à|"
      "saludos|atentamente|un saludo|cordiali|distinti|atenciosamente|cumprimentos|pozdrawiam|"
      "met vriend|groeten|cheers|thanks|thank you|many thanks|mvh";
  rows.push_back(Name("name_at_end", closings,
                      closing + R"([,.!]?[ \t]*(?:\r?\n|\\n)\s*(?:[-–—] ?)?)", kAnyName,
                      FieldNameCheck));
  rows.push_back(Name("name_at_end_of_line", closings,
                      closing + R"((?:[,.!]?[ \t]*(?:[-–—:]| - )|,)[ \t]*)", kCapitalName,
                      NameCheck));
  rows.push_back(Name("name_of_sender", "from:|from :|to:|cc:|bcc:|reply-to:|sender:",
                      R"((?:from|to|b?cc|reply-to|sender) ?:[ \t]*"?)", kCapitalName, FullNameCheck,
                      "", R"("?[ \t]*<[^<>\s]{3,64}>?)"));
}

void AddFields(std::vector<Recogniser>& rows) {
  // Whose value is a name whatever it looks like.
  const std::string persons =
      R"((?:customer|client|passenger|patient|contact|billing|shipping|account|card|guest|)"
      R"(employee|)"
      R"(recipient|sender|user|member|student|owner|applicant|tenant|beneficiary|holder|caller|)"
      R"(cardholder|driver|traveler|traveller|legal|preferred|emergency contact|buyer|seller|)"
      R"(subscriber|insured|mother|father|spouse|child|parent|doctor|author|manager|)"
      R"(agent)?['’]?s?)";
  const std::string strong =
      R"((?:(?:full|first|last|given|family|middle|maiden|sur|nick|legal|preferred|)"
      R"(birth)[ _-]?name|)" +
      persons +
      R"([ _-]?(?:full|first|last)?[ _-]?name(?: on (?:the )?card)?|name on (?:the )?card|)"
      R"(surname|forename|vorname|nachname|familienname|karteninhaber|kontoinhaber|)"
      R"(ansprechpartner|)"
      R"(prénom|prenom|nom(?: de famille| complet)?|titulaire|apellidos?|nombre(?: completo)?|)"
      R"(titular|)"
      R"(cognome|intestatario|voornaam|achternaam|nome(?: completo)?|sobrenome|imię i nazwisko|)"
      R"(imię|)"
      R"(nazwisko|ad soyad|ad[ıi] soyad[ıi]|soyad[ıi]|namn|förnamn|efternamn|navn|fornavn|)"
      R"(etternavn|)"
      R"(efternavn|họ(?: và)? tên|nama(?: lengkap)?|jméno|příjmení|nume|prenume|név|nimi|)"
      R"(attn|attention|c/o|recipient|addressee|signature|unterschrift|firmado(?: por)?|signé|)"
      R"(signed(?: by)?|card ?holder|account ?holder|policy ?holder|contact person|next of kin|)"
      R"(emergency contact|payee|beneficiary|insured|passenger(?: \d)?|patient|guest|traveller|)"
      R"(traveler|)"
      R"(employee|bill(?:ed)? to|ship(?:ped)? to|sold to|deliver(?:ed)? to|issued to|reported by|)"
      R"(prepared by|approved by|requested by|submitted by|witness|tenant|applicant|doctor|)"
      R"(physician|)"
      R"(nurse|teacher|student|spouse|caller))";
  const char* strong_words =
      "full name|full_name|fullname|full-name|first name|first_name|firstname|first-name|last name|"
      "last_name|lastname|last-name|given name|given_name|givenname|family name|family_name|"
      "familyname|middle name|middle_name|middlename|maiden name|maiden_name|surname|forename|"
      "nickname|legal name|preferred name|birth name|birth_name|customer|client|passenger|patient|"
      "contact|billing name|billing_name|shipping name|account holder|account "
      "name|accountholder|account_holder|"
      "card name|cardholder|card holder|card_holder|policyholder|policy holder|guest|employee|"
      "recipient|addressee|sender|user name|user's name|member|student|owner|applicant|tenant|"
      "beneficiary|holder|caller|driver|traveler|traveller|buyer|seller|subscriber|insured|mother|"
      "father|spouse|child|parent|doctor|physician|nurse|teacher|author name|manager name|agent "
      "name|"
      "name on|vorname|nachname|familienname|karteninhaber|kontoinhaber|ansprechpartner|prénom|"
      "prenom|nom|titulaire|apellido|nombre|titular|cognome|intestatario|voornaam|achternaam|nome|"
      "sobrenome|imię|nazwisko|ad soyad|adı soyad|soyad|namn|förnamn|efternamn|navn|fornavn|"
      "etternavn|efternavn|nama|jméno|příjmení|nume|prenume|név|nimi|attn|attention|c/o|signature|"
      "unterschrift|firmado|signé|signed|contact person|next of kin|emergency contact|payee|bill "
      "to|"
      "billed to|ship to|shipped to|sold to|deliver to|delivered to|issued to|reported by|"
      "prepared by|approved by|requested by|submitted by|witness";
  rows.push_back(Name("name_field_of_person", strong_words, strong + kField + kTitle, kAnyName,
                      FieldNameCheck,
                      "file|host|domain|product|class|table|column|field|project|brand", kNoCode));
  rows.push_back(Name("name_field_reversed", std::string(strong_words) + "|name:|name :",
                      "(?:" + strong + "|name)" + kField, R"(\pL[\pL'’-]+, \p{Lu}[\pL'’-]+)",
                      ReversedNameCheck));
  // "First name is Ann"
  rows.push_back(
      Name("name_field_is",
           "first name|last name|middle name|maiden name|surname|full name|"
           "given name|family name|card is|nachname|vorname|apellido|cognome",
           R"((?:(?:first|last|middle|maiden|full|given|family) name|surname|nachname|vorname|)"
           R"(apellido|cognome|on (?:the |my )?card) (?:is|was|ist|es|è)[ ]{1,2}["“']?)",
           kAnyName, FieldNameCheck, "", kNoCode));
  constexpr char kThings[] =
      "file|product|company|brand|host|user|domain|event|project|hotel|bank|branch|model|city|"
      "street|function|tool|variable|class|place|team|airline|app|game|song|book|movie|package|"
      "merchant|store|shop|table|column|field|field's|plan|display|device|network|school|dataset";
  rows.push_back(Name("name_field", "name", "name(?:" + kField + R"(|[ ]+is[ ]+))", kCapitalName,
                      FullNameCheck, kThings, kNoCode));
  // Whose value may be something else: a team, a bot, a status.
  rows.push_back(
      Name("name_field_perhaps",
           "customer|client|user|agent|manager|author|from|to:|owner|assignee|assigned to|"
           "contact|holder|member|created by|updated by|name|sender|reporter|reviewer|driver|"
           "kunde|kundin|cliente|klient|host:|rep:|person|player|speaker|attendee|lead|buyer",
           R"((?:customer|client|user|agent|manager|author|from|to|owner|assignee|assigned to|)"
           R"(contact|holder|member|created by|updated by|name|sender|reporter|reviewer|driver|)"
           R"(kundin|kunde|cliente|klient|host|rep|person|player|speaker|attendee|lead|buyer))" +
               kField,
           kCapitalName, KnownNameCheck, "", kNoCode));
}

void AddPhrases(std::vector<Recogniser>& rows) {
  const std::string behalf =
      R"((?:on behalf of|signed by|spoke (?:with|to)|speak (?:with|to)|speaking (?:with|to)|c/o|)"
      R"(attn|)"
      R"(care of|billed to|ship(?:ped)? to|bill to|issued to|registered to|belong(?:s|ing) to|)"
      R"(in the name of|under the name(?: of)?|name of|under|namen|addressed to|payable to|)"
      R"(ask for|)"
      R"(assisted by|served by|helped by|treated by|referred by|seen by|contact person(?: is)?|)"
      R"(au nom de|a nombre de|a nome di|em nome de|im namen von|namens)[ \t]{1,2})" +
      kTitle;
  rows.push_back(
      Name("name_of_holder",
           "on behalf|signed by|spoke |speak |speaking |c/o |attn |care of|billed to|ship to|"
           "shipped to|bill to|issued to|registered to|belong|in the name|under the name|"
           "name of|under |namen |addressed to|payable to|ask for|assisted by|served by|"
           "helped by|treated by|referred by|seen by|contact person|au nom de|a nombre de|"
           "a nome di|em nome de|im namen",
           behalf, kCapitalName, KnownNameCheck, "works|worked|went"));
  const std::string roles =
      R"((?:customer|client|patient|passenger|guest|employee|user|member|student|colleague|)"
      R"(nurse|agent|)"
      R"(manager|boss|friend|wife|husband|daughter|mother|father|mom|mum|dad|brother|sister|)"
      R"(partner|)"
      R"(neighbou?r|landlord|tenant|lawyer|attorney|doctor|therapist|teacher|driver|)"
      R"(representative|rep|)"
      R"(technician|applicant|candidate|holder|director|ceo|author|singer|actor|actress|president|)"
      R"(minister|senator|named|called|by|with|contact|ask|tell|meet|met|email|call|kunde|kundin|)"
      R"(patientin|cliente|paciente|klient)[,:]?[ \t]{1,2})" +
      kTitle;
  rows.push_back(
      Name("name_of_role",
           "customer|client|patient|passenger |guest |employee |user |member |student |"
           "colleague|nurse |agent |manager|boss |friend|wife|husband|daughter|"
           "mother|father|mom |mum |dad |brother|sister|partner|neighbo|landlord|tenant |"
           "lawyer|attorney|therapist|teacher|driver |representative|rep |technician|"
           "applicant|candidate |director|ceo |author |singer |actor |actress |president |"
           "minister |named |called |contact |meet |met |kunde |kundin |cliente |paciente ",
           roles, kCapitalName, KnownNameCheck));
}

}  // namespace

std::vector<Recogniser> NameRecognisers() {
  std::vector<Recogniser> rows;
  AddIntroductions(rows);
  AddTitles(rows);
  AddLetters(rows);
  AddFields(rows);
  AddPhrases(rows);
  rows.push_back({.name = "full_name", .type = DataType::kName, .scan = ScanFullNames});
  rows.push_back(
      {.name = "name_in_other_script", .type = DataType::kName, .scan = ScanNamesInOtherScripts});
  return rows;
}

}  // namespace flywheel::redaction
