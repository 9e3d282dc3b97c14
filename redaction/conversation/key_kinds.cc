// Which key says what, and which values it says it of.
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "redaction/conversation/keyed_values.h"
#include "redaction/conversation/words.h"
#include "redaction/given_names.h"
#include "redaction/surroundings.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kMaxKeyBytes = 48;

// In lower case, without '_', '-', spaces and digits at the end.
struct KindWords {
  KeyKind kind;
  const char* words;
};
constexpr KindWords kKinds[] = {
    {KeyKind::kFirstName,
     "firstname givenname forename middlename vorname prenom prénom voornaam nomepropio fname "
     "primeironome first given"},
    {KeyKind::kLastName,
     "lastname surname familyname maidenname nachname familienname nomdefamille apellido apellidos "
     "cognome sobrenome achternaam lname last family"},
    {KeyKind::kFullName,
     "fullname cardholder cardholdername accountholder holdername nameoncard legalname displayname "
     "passengername customername clientname patientname guestname contactname recipientname "
     "employeename travelername travellername membername ownername billingname shippingname "
     "subscribername insuredname tenantname drivername namefull 氏名 姓名 성명 이름 фио الاسم "
     "vollername nomcomplet nombrecompleto nomecompleto volledigenaam signatory full"},
    {KeyKind::kName, "name names naam nombre nom nome"},
    {KeyKind::kPerson,
     "customer customers passenger passengers savedpassengers patient patients guest guests "
     "traveler travelers traveller travellers client clients user users person persons people "
     "recipient member members employee employees contact contacts applicant holder owner buyer "
     "subscriber insured tenant driver borrower beneficiary payee payer consignee sender receiver "
     "student teacher nurse doctor physician spouse neighbour neighbor assignee requester "
     "kunde kundin cliente pasajero passagier author"},
    {KeyKind::kPostcode,
     "zip zipcode postcode postalcode plz postleitzahl codepostal codigopostal códigopostal cap "
     "cep postal pincode eircode pcode 郵便番号 邮编 우편번호 "
     "индекс"},
    {KeyKind::kStreet,
     "street streetaddress streetname address1 addressline1 addressline line1 strasse straße "
     "street1 streetline streetline1 addr addr1 addrline1 houseno shippingstreet улица via "
     "hausnummer housenumber straat calle rue"},
    {KeyKind::kAddress,
     "address addresses fulladdress homeaddress postaladdress mailingaddress anschrift adresse "
     "shipto deliverto billto pickup dropoff residence deliveryaddress destinationaddress 住所 "
     "地址 주소 "
     "адрес العنوان wohnort direccion dirección indirizzo endereco endereço adres domicilio"},
    {KeyKind::kUnit, "address2 address3 addressline2 line2 unit apt apartment suite flat floor"},
    {KeyKind::kTown,
     "city town state province county region stadt ort ville ciudad citta città cidade stad "
     "suburb locality"},
    {KeyKind::kBirthDate,
     "dob dateofbirth birthdate birthday birth geburtsdatum datedenaissance fechadenacimiento "
     "dateofbirthday bday born bornon birthdt geboren geb gebdatum nascita nascimento nacimiento "
     "naissance 生年月日 出生日期 생년월일 датарождения تاريخالميلاد जन्मतिथि "
     "datadinascita datadenascimento geboortedatum borndate"},
    {KeyKind::kPhone,
     "phone phonenumber phoneno mobile mobilenumber mobilephone cell cellphone tel telephone "
     "telefon telefonnummer handy telefono teléfono telefone telefoon fax msisdn contactnumber "
     "landline callback "
     "whatsapp celular cellulare móvil movil portable mobil gsm mobiel telemóvel tél 電話 電話番号 "
     "电话 手机 전화 전화번호 휴대폰 телефон هاتف الهاتف фон फ़ोन"},
    {KeyKind::kEmail, "邮箱 メール 이메일 почта email emailaddress mail emails correo courriel"},
    {KeyKind::kNationalId,
     "ssn taxid socialsecurity socialsecuritynumber nationalid nationalidnumber nin nino steuerid "
     "dni nie cpf bsn codicefiscale idcardnumber taxpayerid aadhaar curp"},
    {KeyKind::kPassport,
     "passport passportnumber passportno reisepass passeport pasaporte passaporto passaporte "
     "paspoort paspoortnummer reisepassnummer reisepassnr passnr passnummer passeportno "
     "numerodepasseport "
     "护照 护照号 旅券番号 パスポート パスポート番号 여권번호 паспорт"},
    {KeyKind::kLicense,
     "dl dln driverslicensenumber drivinglicencenumber drivinglicensenumber führerschein "
     "führerscheinnummer führerscheinnr permis permisdeconduire patente patentediguida rijbewijs "
     "rijbewijsnummer cnh cartadecondução carnetdeconducir permisodeconducir 驾驶证 驾照 "
     "免許証番号 운전면허 운전면허번호 licenseno licenceno license licence drivinglicense "
     "drivinglicence driverlicense driverslicense driverlicence "
     "driverslicence licensenumber licencenumber driverlicensenumber dlnumber"},
    {KeyKind::kUserId,
     "logonname accountname nutzername nutzerkennung benutzerkennung anmeldename identifiant "
     "nomdutilisateur nombredeusuario usuario nomeutente nomedeusuario nomedeutilizador "
     "gebruikersnaam логин 用户名 ユーザー名 아이디 userid customerid clientid username login "
     "loginname handle userhandle screenname patientid "
     "memberid employeeid benutzername benutzerid kundenid"},
    {KeyKind::kCard,
     "cardlast4 cardlastfour last4 lastfour lastfourdigits last4digits cardending cardnumber "
     "cardno "
     "card4 pan ccnumber ccnum creditcard creditcardnumber debitcard kartennummer numerocarte "
     "numerotarjeta numerocarta"},
    {KeyKind::kThing,
     "product productid price prices sku type function parameters version variants quantity model "
     "brand description file filename path url color colour size amount currency category options "
     "properties schema enum format arguments kwargs method endpoint flightnumber origin "
     "destination iata airport"},
    {KeyKind::kPersons, "membership gender sex nationality loyalty paymentmethods salutation"},
};
// What may stand before such a word, and says no more than whose it is.
constexpr std::string_view kOwners[] = {
    "customer", "client",   "user",      "passenger", "patient",  "guest",      "contact",
    "billing",  "shipping", "delivery",  "home",      "work",     "mobile",     "primary",
    "holder",   "account",  "mailing",   "owner",     "employee", "recipient",  "emergency",
    "sender",   "buyer",    "personal",  "driver",    "service",  "subscriber", "insured",
    "student",  "tenant",   "alternate", "member",    "traveler", "new",        "old",
    "current",  "postal",   "person",    "invoice"};

using Kinds = absl::flat_hash_map<std::string_view, KeyKind>;

Kinds MakeKinds() {
  Kinds kinds;
  for (const KindWords& row : kKinds) {
    for (const std::string_view word : SplitList(row.words, ' ')) kinds[word] = row.kind;
  }
  return kinds;
}

std::optional<KeyKind> Find(std::string_view word) {
  static const Kinds& kinds = *new Kinds(MakeKinds());
  const auto found = kinds.find(word);
  if (found == kinds.end()) return std::nullopt;
  return found->second;
}

// Words at a name's end that make it a company's.
bool EndsAsCompany(std::string_view value) {
  constexpr std::string_view kEnds[] = {"inc",   "ltd",  "llc", "gmbh", "corp",     "co",
                                        "group", "bank", "ag",  "plc",  "company",  "airlines",
                                        "team",  "sa",   "bv",  "srl",  "services", "support"};
  const std::string folded = Folded(value);
  const std::string_view name =
      std::string_view(folded).substr(0, folded.find_last_not_of(". ") + 1);
  const std::string_view last = name.substr(name.find_last_of(' ') + 1);
  return std::find(std::begin(kEnds), std::end(kEnds), last) != std::end(kEnds);
}

// "Ann Lee", "Zebulon Pikeworth", "Anna": a person's, where the key could be a thing's too.
bool LooksLikePerson(std::string_view value) {
  if (!LooksLikeName(value, 5) || EndsAsCompany(value)) return false;
  return BeginsWithGivenName(value) ||
         (IsCapitalised(value) && value.find(' ') != std::string_view::npos);
}

bool LooksLikeId(std::string_view value) {
  return value.size() <= 128 && value.find_first_of(" ()") == std::string_view::npos &&
         !SaysNothing(Folded(value)) && KindOfKey(Folded(value)) == KeyKind::kNone;
}

// "A string or integer representing the IP": words about an address, and no number by itself.
bool IsSentence(std::string_view value) {
  const std::string first = Folded(value.substr(0, value.find(' ')));
  if (!IsSentenceWord(first)) return false;
  for (size_t place = 0; place < value.size();) {
    const size_t end = std::min(value.find(' ', place), value.size());
    if (CountDigits(value.substr(place, end - place)) > 0 && IsAsciiDigit(value[place])) {
      return false;
    }
    place = end + 1;
  }
  return true;
}

// No address of a host, a mailbox, a page or a byte of memory.
bool LooksLikeAddress(std::string_view value) {
  const size_t letters = CountLetters(value);
  return value.size() >= 3 && value.size() <= 300 && letters >= 2 &&
         value.find('@') == std::string_view::npos && value.find("://") == std::string_view::npos &&
         value.substr(0, 2) != "0x" && !SaysNothing(Folded(value)) &&
         (value.find(' ') != std::string_view::npos || CountDigits(value) > 0 ||
          IsCapitalised(value)) &&
         value.find_first_of(":{_") == std::string_view::npos && !IsSentence(value);
}

bool LooksLikeCode(std::string_view value, size_t min_bytes, size_t max_bytes, size_t min_digits) {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return IsWordByte(c) || std::string_view(" -./*()+#").find(c) != std::string_view::npos;
  });
  return plain && value.size() >= min_bytes && value.size() <= max_bytes &&
         CountDigits(value) >= min_digits;
}

PersonalSpan Is(DataType type, Spread spread) {
  return {0, 0, type, DataTypeName(type), spread, false};
}

}  // namespace

KeyKind KindOfKey(std::string_view key) {
  if (key.empty() || key.size() > kMaxKeyBytes) return KeyKind::kNone;
  // The last part of "user.first_name" is the key.
  key = key.substr(key.find_last_of("./") + 1);
  char folded[kMaxKeyBytes];
  size_t size = 0;
  char before = 0;
  for (const char c : key) {
    if (c == '_' || c == '-' || c == ' ') continue;
    folded[size++] = FoldByte(before, c);
    before = c;
  }
  std::string_view word(folded, size);
  if (const auto kind = Find(word)) return *kind;
  while (!word.empty() && IsAsciiDigit(word.back())) word.remove_suffix(1);
  // Off with "customer" and the like, at most three of them.
  for (int i = 0; i < 3; ++i) {
    if (const auto kind = Find(word)) {
      if (i == 0) return *kind;
      // "customer_name" is somebody's; "user_type" and "customer_contact" say nothing here.
      if (*kind == KeyKind::kName) return KeyKind::kFullName;
      const bool is_value = *kind != KeyKind::kThing && *kind != KeyKind::kPerson &&
                            *kind != KeyKind::kPersons && *kind != KeyKind::kUnit;
      return is_value ? *kind : KeyKind::kNone;
    }
    const auto* owner = std::find_if(std::begin(kOwners), std::end(kOwners), [&](auto one) {
      return word.size() > one.size() && word.substr(0, one.size()) == one;
    });
    if (owner == std::end(kOwners)) break;
    word.remove_prefix(owner->size());
  }
  return KeyKind::kNone;
}

bool KeyedObject::IsAddress() const {
  return parent_ == KeyKind::kAddress || Has(KeyKind::kStreet) || Has(KeyKind::kPostcode);
}

bool KeyedObject::IsPerson() const {
  return Has(KeyKind::kBirthDate) || Has(KeyKind::kEmail) || Has(KeyKind::kPhone) ||
         Has(KeyKind::kNationalId) || Has(KeyKind::kPassport) || Has(KeyKind::kUserId) ||
         Has(KeyKind::kFirstName) || Has(KeyKind::kLastName) || Has(KeyKind::kPersons) ||
         Has(KeyKind::kStreet) || parent_ == KeyKind::kPerson;
}

std::optional<PersonalSpan> KeyedObject::Decide(KeyKind kind, std::string_view value,
                                                bool is_string) const {
  value = Trimmed(value);
  if (value.empty() || TouchesPlaceholder(value, 0, value.size())) return std::nullopt;
  const auto when = [](bool holds, DataType type, Spread spread) -> std::optional<PersonalSpan> {
    if (!holds) return std::nullopt;
    return Is(type, spread);
  };
  // "first" and "last" say something in a name only.
  switch (kind) {
    case KeyKind::kFirstName:
    case KeyKind::kLastName:
    case KeyKind::kFullName:
      return when(is_string && LooksLikeName(value, 6), DataType::kName, Spread::kParts);
    case KeyKind::kName:
      if (!is_string || IsThing()) return std::nullopt;
      return when(LooksLikePerson(value) && (IsPerson() || BeginsWithGivenName(value)),
                  DataType::kName, Spread::kParts);
    case KeyKind::kPerson:
      if (!is_string) return std::nullopt;
      if (LooksLikePerson(value)) return Is(DataType::kName, Spread::kParts);
      return when(LooksLikeId(value) && value.find('_') != std::string_view::npos &&
                      CountDigits(value) > 0 && CountLetters(value) > 1,
                  DataType::kUserId, Spread::kWhole);
    case KeyKind::kPostcode:
      return when(LooksLikeCode(value, 3, 11, 2) && value.find('.') == std::string_view::npos,
                  DataType::kAddress, Spread::kWhole);
    case KeyKind::kStreet:
    case KeyKind::kAddress:
      return when(is_string && LooksLikeAddress(value), DataType::kAddress, Spread::kWhole);
    case KeyKind::kUnit:
      return when(IsAddress() && !SaysNothing(Folded(value)) && value.size() <= 100,
                  DataType::kAddress, Spread::kWhole);
    case KeyKind::kTown:
      return when(is_string && IsAddress() && CountLetters(value) >= 2 && value.size() <= 60 &&
                      !SaysNothing(Folded(value)),
                  DataType::kAddress, Spread::kNone);
    case KeyKind::kBirthDate:
      return when(value.size() >= 6 && value.size() <= 40 && CountDigits(value) >= 2,
                  DataType::kBirthDate, Spread::kWhole);
    case KeyKind::kPhone:
      return when(LooksLikeCode(value, 6, 32, 6), DataType::kPhone, Spread::kWhole);
    case KeyKind::kEmail:
      return when(is_string && value.size() <= 254 &&
                      (value.find('@') != std::string_view::npos ||
                       Folded(value).find(" at ") != std::string::npos ||
                       Folded(value).find("(at)") != std::string::npos),
                  DataType::kEmail, Spread::kWhole);
    case KeyKind::kNationalId:
      return when(LooksLikeCode(value, 6, 24, 4), DataType::kNationalId, Spread::kWhole);
    case KeyKind::kPassport:
      return when(LooksLikeCode(value, 5, 16, 3), DataType::kPassport, Spread::kWhole);
    case KeyKind::kLicense:
      return when(LooksLikeCode(value, 5, 24, 4) && value.find('.') == std::string_view::npos,
                  DataType::kDriverLicense, Spread::kWhole);
    case KeyKind::kCard:
      // The four that are left of it say little elsewhere.
      return when(LooksLikeCode(value, 4, 24, 4) && CountLetters(value) == 0 &&
                      value.find('.') == std::string_view::npos,
                  DataType::kCard, value.size() >= 12 ? Spread::kWhole : Spread::kNone);
    case KeyKind::kUserId:
      return when(LooksLikeId(value), DataType::kUserId, Spread::kWhole);
    default:
      return std::nullopt;
  }
}

}  // namespace flywheel::redaction
