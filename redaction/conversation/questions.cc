#include "redaction/conversation/questions.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "redaction/context_words.h"
#include "redaction/conversation/words.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kMaxQuestionBytes = 1'000;
// A shorter text that names what is wanted is a question by itself: "Name and postcode:".
constexpr size_t kShortBytes = 60;

struct Phrases {
  AskedFor kind;
  const char* words;
};
// In lower case. A phrase begins and ends where a word does. What stands earlier hides its bytes
// from what stands later: the "name" of "user name" is none.
constexpr Phrases kPhrases[] = {
    {AskedFor::kOrder,
     "order number|order id|order no|order reference|order|orders|reservation id|reservation "
     "number|"
     "reservation|booking|booking reference|confirmation number|confirmation code|account number|"
     "ticket number|ticket|case number|reference number|tracking number|flight number|invoice|"
     "bestellnummer|bestellung|auftragsnummer|kundennummer|buchungsnummer|buchung|vorgangsnummer|"
     "kontonummer|rechnungsnummer|sendungsnummer|numéro de commande|commande|réservation|"
     "numéro de compte|numéro de dossier|numéro de client|référence|facture|número de pedido|"
     "pedido|reserva|número de cuenta|número de cliente|referencia|factura|numero d'ordine|"
     "numero dell'ordine|ordine|prenotazione|numero di conto|numero cliente|riferimento|"
     "número do pedido|encomenda|número da conta|número da encomenda|referência|fatura|"
     "bestelnummer|bestelling|boeking|reservering|rekeningnummer|klantnummer|product name|"
     "name of the product|file name|company name|hotel name|name of the hotel|name of the company|"
     "city name|name of the file|ip address|name of the city|airport name"},
    {AskedFor::kUserId,
     "user id|user ids|user-id|userid|username|usernames|user name|login|login name|account name|"
     "customer id|member id|handle|account id|benutzername|benutzernamen|benutzer-id|"
     "benutzerkennung|nutzername|nutzernamen|kunden-id|anmeldename|anmeldenamen|identifiant|"
     "nom d'utilisateur|nom d’utilisateur|id utilisateur|pseudo|nombre de usuario|id de usuario|"
     "identificador de usuario|usuario|nome utente|id utente|nome de usuário|nome de utilizador|"
     "id de usuário|id do usuário|id de utilizador|usuário|utilizador|gebruikersnaam|"
     "nutzerkennung|kundenkennung|kennung|nutzer-id|user handle|screen name|sign-in name|"
     "gebruikers-id|inlognaam"},
    {AskedFor::kEmail,
     "email address|e-mail address|email addresses|mail address|email|e-mail|emails|"
     "e-mail-adresse|email-adresse|e-mailadresse|mailadresse|adresse e-mail|adresse email|"
     "adresse mail|adresse électronique|courriel|correo electrónico|dirección de correo|correo|"
     "indirizzo email|indirizzo e-mail|indirizzo di posta elettronica|posta elettronica|"
     "endereço de e-mail|endereço de email|endereço eletrônico|correio eletrónico|e-mailadres|"
     "mailadres|emailadres"},
    {AskedFor::kCard,
     "last four|last 4|final four|final 4|card number|card details|security code|cvv|cvc|"
     "letzten vier|letzten 4|letzte vier|letzte 4|quatre derniers "
     "chiffres|kartennummer|kreditkartennummer|prüfnummer|quatre derniers|"
     "4 derniers|derniers chiffres|numéro de carte|numéro de votre carte|numéro de la carte|"
     "4 últimos|últimos cuatro|últimos 4|cuatro últimos|número de tarjeta|número de la tarjeta|"
     "número de su tarjeta|ultime quattro|ultime 4|numero della carta|numero di carta|"
     "últimos quatro|quatro últimos|número do cartão|número de cartão|laatste vier|laatste 4|"
     "kaartnummer"},
    {AskedFor::kExpiry,
     "expiry|expiry date|expiration|expiration date|expires|valid until|ablaufdatum|gültig bis|"
     "date d'expiration|expiration|fecha de vencimiento|fecha de caducidad|caducidad|vencimiento|"
     "scadenza|data di scadenza|validade|data de validade|vervaldatum"},
    {AskedFor::kBirthDate,
     "date of birth|dates of birth|birth date|birthdate|birthday|dob|d.o.b|when were you born|"
     "were you born|year of birth|geburtsdatum|geburtstag|geboren|date de naissance|naissance|"
     "êtes-vous né|né le|née le|né(e)|fecha de nacimiento|nacimiento|nació|naciste|cumpleaños|"
     "data di nascita|nato|nata|data de nascimento|nasceu|nasceste|geboortedatum|geboren bent"},
    {AskedFor::kPassport,
     "passport number|passport|passport no|reisepassnummer|reisepass|passnummer|reisepasses|"
     "numéro de passeport|passeport|pasaporte|passaporto|passaporte|paspoort|paspoortnummer"},
    {AskedFor::kLicense,
     "driver's license|drivers license|driver license|driving license|driver’s license|"
     "driver's licence|driver’s licence|drivers licence|driving licence|driver licence|"
     "licence number|license number|führerschein|führerscheinnummer|führerscheins|"
     "permis de conduire|numéro de permis|licencia de conducir|carnet de conducir|"
     "permiso de conducir|licencia de conducción|patente|patente di guida|carta de condução|"
     "carteira de motorista|cnh|carteira de habilitação|habilitação|rijbewijs|rijbewijsnummer"},
    {AskedFor::kNationalId,
     "social security|social security number|your social|the social|ssn|national "
     "insurance|national id|tax id|"
     "tax number|identity number|identity card|id card|government id|nhs number|steuer-id|"
     "steuer-identifikationsnummer|steueridentifikationsnummer|steuernummer|"
     "sozialversicherungsnummer|personalausweis|personalausweisnummer|ausweisnummer|"
     "sécurité sociale|carte d'identité|carte d’identité|numéro d'identité|numéro fiscal|dni|nie|"
     "seguridad social|número de identidad|documento de identidad|número de identificación|"
     "codice fiscale|carta d'identità|carta d’identità|cpf|nif|cartão de cidadão|segurança social|"
     "contribuinte|bilhete de identidade|número de identidade|bsn|burgerservicenummer|"
     "sofinummer"},
    {AskedFor::kPostcode,
     "postcode|post code|postal code|zip|zip code|zipcode|postleitzahl|plz|code postal|"
     "código postal|codigo postal|codice postale|codice di avviamento postale|il cap|suo cap|"
     "tuo cap|e cap|cap e|cep|postcode en"},
    {AskedFor::kAddress,
     "address|home address|where do you live|where you live|street|where should we send|"
     "where do you want|where would you like|delivered to|deliver to|deliver it|ship it|ship "
     "to|send it to|"
     "where should we deliver|where do we deliver|where shall we|where should we bring|where to "
     "send|"
     "where should it go|where do we send|where should i send|where can we deliver|wohin liefern|"
     "wohin geht|wo sollen wir|wohin schicken|où livrer|où livrons|où envoyer|où faut-il|"
     "dónde entregamos|dónde lo entregamos|dónde enviamos|dónde debemos|dónde se lo|"
     "dove consegniamo|dove dobbiamo|dove spediamo|dove possiamo|onde devemos|onde entregamos|"
     "onde podemos|waar moeten we|waar kunnen we|waar mogen we|waarheen|"
     "where should we ship|adresse|anschrift|wohnanschrift|wo wohnen|wohnort|wohin sollen|"
     "wohin dürfen|où habitez|habitez|domicile|où devons|dirección|direccion|domicilio|dónde vive|"
     "indirizzo|dove abita|dove vive|residenza|endereço|morada|onde mora|onde vive|adres|"
     "woonadres|waar woont"},
    {AskedFor::kPhone,
     "phone number|phone|telephone|telephone number|mobile|mobile number|cell|cell number|"
     "cell phone|contact number|callback number|number to reach|number can we reach|reach you|"
     "call you back|telefonnummer|telefon|handynummer|handy|mobilnummer|rückrufnummer|rufnummer|"
     "which number can|what number can|what number should|best number|good number|number to call|"
     "number do we call|number should we|welcher nummer|welche nummer dürfen|quel numéro pouvons|"
     "quel numéro vous|número podemos|llamarle|llamarte|ligar para|ligar-lhe|numero possiamo|"
     "chiamarla al|richiamarla|welk nummer kunnen|u bellen|"
     "mobilfunknummer|erreichen|téléphone|numéro de portable|portable|vous joindre|vous rappeler|"
     "teléfono|móvil|celular|número de contacto|telefono|cellulare|recapito|telefone|telemóvel|"
     "número de contato|telefoonnummer|mobiele nummer|mobiel|telefoon"},
    {AskedFor::kName,
     "full name|your name|first name|last name|surname|family name|given name|middle name|"
     "maiden name|legal name|complete name|first and last name|names|name|cardholder|"
     "account holder|am i speaking|i am speaking|i'm speaking|am i talking|do i have the pleasure|"
     "am i chatting|call you|address you|and you are|who are you|who is this|who is calling|sie "
     "nennen|"
     "sie ansprechen|vous appeler|dois-je vous|posso chiamarla|devo chiamarla|puedo llamarle|"
     "puedo llamarla|le llamo|posso chamá|devo chamá|posso tratá|noemen|aanspreken|ihr name|ihren "
     "namen|ihr vollständiger name|namen|vornamen|vorname|nachname|"
     "nachnamen|familienname|familiennamen|wie heißen|wie heissen|wie heißt|spreche ich|"
     "nom|nom complet|prénom|noms|nom de famille|vous appelez|t'appelles|ai-je l'honneur|"
     "nombre|nombre completo|apellido|apellidos|nombres|se llama|te llamas|quién hablo|"
     "nome|nome completo|nome e cognome|cognome|si chiama|ti chiami|chi parlo|"
     "sobrenome|apelido|se chama|te chamas|quem falo|quem estou|naam|uw naam|voornaam|achternaam|"
     "heet u|heet je|wie spreek"},
};

constexpr char kRequests[] =
    "please|need|provide|is enough|are enough|will "
    "do|suffice|genügen|genügt|reichen|reicht|suffisent|"
    "suffit|bastan|basta|bastano|bastam|volstaan|could you|can you|may i|might i|can i|could "
    "i|tell me|let me know|share|"
    "confirm|verify|what's|what is|enter|require|give me|send me|kindly|whom|bitte|brauche|"
    "benötige|nennen|nenne|geben sie|gib|wie lautet|wie ist|könnten|können sie|teilen sie|was ist|"
    "sagen sie|sag mir|mitteilen|dürfte ich|darf ich|veuillez|merci de|quel|quelle|pourriez|"
    "pouvez|donnez|indiquez|besoin|puis-je|comment vous|communiquer|s'il vous|por favor|cuál|"
    "podría|puede|necesito|necesitamos|indique|indíqueme|dígame|proporcione|facilite|me da|dime|"
    "me dice|per favore|per cortesia|qual è|potrebbe|può|mi serve|mi servono|mi dica|indichi|"
    "fornisca|mi dia|bisogno|cortesemente|dammi|qual|poderia|pode|preciso|precisamos|informe|"
    "forneça|diga|me dê|alstublieft|wat is|kunt u|graag|geef|mag ik|nodig";

bool IsWordAt(std::string_view text, size_t begin, size_t end) {
  const bool starts = begin == 0 || !IsWordByte(text[begin - 1]) || !IsWordByte(text[begin]);
  return starts && (end == text.size() || !IsWordByte(text[end]) || !IsWordByte(text[end - 1]));
}

bool HasAny(std::string_view text, const std::vector<std::string_view>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    for (size_t place = text.find(word); place != std::string_view::npos;
         place = text.find(word, place + 1)) {
      if (IsWordAt(text, place, place + word.size())) return true;
    }
    return false;
  });
}

// One question's kinds, by the longest phrase first, each phrase hiding its bytes.
struct Row {
  AskedFor kind;
  std::vector<std::string_view> words;
  ContextWords any;  // The same, to see at a glance that none is there.
};

const std::vector<Row>& Rows() {
  static const auto& rows = *[] {
    auto* made = new std::vector<Row>;
    for (const Phrases& phrases : kPhrases) {
      Row row{phrases.kind, SplitList(phrases.words, '|'), ContextWords(phrases.words)};
      std::stable_sort(row.words.begin(), row.words.end(),
                       [](auto a, auto b) { return a.size() > b.size(); });
      made->push_back(std::move(row));
    }
    return made;
  }();
  return rows;
}

// Is a phrase of any row but the orders' in `folded`? Most turns have none.
bool NamesAny(std::string_view folded) {
  static const ContextWords& words = *[] {
    std::string all;
    for (const Phrases& phrases : kPhrases) {
      if (phrases.kind != AskedFor::kOrder) all.append(phrases.words).append("|");
    }
    return new ContextWords(all);
  }();
  return words.AnyIn(folded, 0, folded.size());
}

bool Requests(std::string_view sentence) {
  static const ContextWords& words = *new ContextWords(kRequests);
  return sentence.back() == '?' || words.AnyIn(sentence, 0, sentence.size());
}

// Does the sentence ask? Lines of a list belong to the request before them.
bool IsListItem(std::string_view line) {
  line = Trimmed(line);
  if (line.empty()) return false;
  return line[0] == '-' || line[0] == '*' || line.substr(0, 3) == "•" ||
         (IsAsciiDigit(line[0]) && line.size() > 1 && (line[1] == '.' || line[1] == ')'));
}

// The sentences and lines of `text` that ask, one behind the other.
std::string Asking(std::string_view text) {
  std::string asking;
  bool asked = false;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    while (end < text.size() && text[end] != '\n' && text[end] != '?' && text[end] != '!' &&
           (text[end] != '.' || end + 1 == text.size() || text[end + 1] != ' ' ||
            (end > begin && IsAsciiDigit(text[end - 1])))) {
      ++end;
    }
    end = std::min(end + 1, text.size());
    const std::string_view sentence = text.substr(begin, end - begin);
    const bool item = IsListItem(sentence);
    if ((item && asked) || Requests(sentence)) {
      asking.append(sentence).append("\n");
      asked = true;
    } else if (!Trimmed(sentence).empty()) {
      asked = false;
    }
    begin = end;
  }
  return asking;
}

// "the name" of a thing: a bare name is a person's where the question is short, or asks for more.
bool IsBareName(std::string_view word) {
  return word == "name" || word == "names" || word == "nom" || word == "nombre" || word == "nome" ||
         word == "namen" || word == "naam" || word == "noms" || word == "nombres";
}

// "the name of the hotel", but "the name of each passenger".
bool IsOfAThing(std::string_view behind) {
  constexpr std::string_view kPersons[] = {"passenger", "account", "holder",   "person", "guest",
                                           "travel",    "patient", "customer", "buyer"};
  if (behind.substr(0, 4) != " of ") return false;
  behind = behind.substr(0, 40);
  return std::none_of(std::begin(kPersons), std::end(kPersons), [&](std::string_view person) {
    return behind.find(person) != std::string_view::npos;
  });
}

}  // namespace

bool NamesOrder(std::string_view folded) {
  static const auto& more = *new std::vector<std::string_view>(
      SplitList("flight|flights|train|room|gate|seat|flug|vol|vuelo|volo|voo|vlucht|version", '|'));
  return HasAny(folded, Rows().front().words) || HasAny(folded, more);
}

std::vector<AskedFor> ReadQuestion(std::string_view text) {
  if (text.size() > kMaxQuestionBytes) text.remove_prefix(text.size() - kMaxQuestionBytes);
  const std::string folded = Folded(Trimmed(text));
  if (!NamesAny(folded)) return {};
  std::string asking = Asking(folded);
  if (asking.empty() && folded.size() <= kShortBytes) asking = folded;
  if (asking.empty()) return {};
  const bool is_short = asking.size() <= kShortBytes;
  std::vector<std::pair<size_t, AskedFor>> found;
  size_t bare_name = std::string::npos;
  for (const Row& row : Rows()) {
    if (!row.any.AnyIn(asking, 0, asking.size())) continue;
    for (const std::string_view word : row.words) {
      for (size_t place = asking.find(word); place != std::string::npos;
           place = asking.find(word, place + 1)) {
        if (!IsWordAt(asking, place, place + word.size())) continue;
        if (row.kind == AskedFor::kName && IsBareName(word)) {
          if (IsOfAThing(std::string_view(asking).substr(place + word.size()))) continue;
          bare_name = std::min(bare_name, place);
        } else {
          found.emplace_back(place, row.kind);
        }
        std::fill_n(asking.begin() + static_cast<std::ptrdiff_t>(place), word.size(), '\x01');
      }
    }
  }
  if (bare_name != std::string::npos && (is_short || !found.empty())) {
    found.emplace_back(bare_name, AskedFor::kName);
  }
  std::sort(found.begin(), found.end());
  std::vector<AskedFor> kinds;
  for (const auto& [place, kind] : found) {
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace flywheel::redaction
