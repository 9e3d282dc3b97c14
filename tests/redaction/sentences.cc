#include "tests/redaction/sentences.h"

#include <utility>

#include "tests/redaction/sample_values.h"

namespace flywheel::redaction {
namespace {

using Type = DataType;

// "{EMAIL}" is a value of that slot. A slot with a '!' ("{!ORDER}") is no personal data.
struct Template {
  Type type;
  const char* text;
};

constexpr Template kPersonal[] = {
    {Type::kEmail, "hey can you send the receipt to {EMAIL} pls"},
    {Type::kEmail, "My login is {EMAIL}, I never got the reset mail."},
    {Type::kEmail, "Bitte antworten Sie an <{EMAIL}>."},
    {Type::kEmail, "cc: {EMAIL}; {EMAIL}"},
    {Type::kEmail, "mi correo ({EMAIL}) ya no funciona"},
    {Type::kEmail, "user={EMAIL}&plan=pro"},
    {Type::kPhone, "you can reach me on {PHONE_US} after 5"},
    {Type::kPhone, "Ring the office, {PHONE_UK}."},
    {Type::kPhone, "{PHONE_DE} ist meine Nummer, bin ab 18 Uhr zu Hause"},
    {Type::kPhone, "Mon portable c'est le {PHONE_FR}, merci"},
    {Type::kPhone, "apunta: {PHONE_ES}"},
    {Type::kPhone, "whatsapp {PHONE_OTHER}"},
    {Type::kPhone, "The courier could not get through on {PHONE_OTHER} twice today"},
    {Type::kPhone, "text me at {PHONE_BARE} when it is ready"},
    {Type::kPhone, "Meine Handynummer hat sich geändert, neu: {PHONE_BARE}"},
    {Type::kPhone, "il mio cellulare: {PHONE_BARE}"},
    {Type::kPhone, "{\"contact\": {\"phone\": \"{PHONE_BARE}\"}}"},
    {Type::kCard, "I was charged twice on {CARD}!!"},
    {Type::kCard, "card no {CARD} exp {CARD_EXPIRY} cvv {CVV}"},
    {Type::kCard, "Meine Kreditkarte {CARD} wurde gesperrt."},
    {Type::kCard, "order {!ORDER} was paid with {CARD}"},
    {Type::kCard, "{\"pan\":\"{CARD}\",\"amount\":12}"},
    {Type::kIban, "please refund to {IBAN} thanks"},
    {Type::kIban, "Überweisen Sie es auf {IBAN}, Kontoinhaber bin ich."},
    {Type::kIban, "my iban:{IBAN}"},
    {Type::kIpAddress, "login attempt from {IPV4} last night, wasn't me"},
    {Type::kIpAddress, "ssh root@{IPV4}:22 times out"},
    {Type::kIpAddress, "client={IPV6} GET /health"},
    {Type::kIpAddress, "Is {IPV6} yours?"},
    {Type::kMacAddress, "the router's sticker says {MAC}"},
    {Type::kMacAddress, "wlan0 HWaddr {MAC} up"},
    {Type::kUrlCredentials, "git clone https://{CREDENTIALS}@git.example.com/repo.git fails"},
    {Type::kUrlCredentials, "DATABASE_URL=postgres://{CREDENTIALS}@db:5432/app"},
    {Type::kApiKey, "why does {OPENAI} return 401"},
    {Type::kApiKey, "OPENAI_API_KEY={OPENAI_PROJECT}"},
    {Type::kApiKey, "client = Anthropic(\"{ANTHROPIC}\")"},
    {Type::kApiKey, "export AWS_ACCESS_KEY_ID={AWS_ID}"},
    {Type::kApiKey, "aws_secret_access_key = {AWS_SECRET}"},
    {Type::kApiKey, "I pushed {GITHUB} by accident"},
    {Type::kApiKey, "https://github.com uses {GITHUB_PAT} now"},
    {Type::kApiKey, "CI_TOKEN: {GITLAB}"},
    {Type::kApiKey, "slack says invalid_auth for '{SLACK}'"},
    {Type::kApiKey, "stripe.api_key = \"{STRIPE}\""},
    {Type::kApiKey, "maps?key={GOOGLE}&q=berlin"},
    {Type::kApiKey, "//registry.example.com/:_authToken={NPM}"},
    {Type::kApiKey, "twine upload -p {PYPI}"},
    {Type::kApiKey, "HF_TOKEN={HF} python train.py"},
    {Type::kApiKey, "twilio sid {TWILIO}"},
    {Type::kApiKey, "sendgrid: {SENDGRID}"},
    {Type::kApiKey, "here is my api key: {GENERIC_KEY}"},
    {Type::kApiKey, "curl -H 'Authorization: Bearer {GENERIC_KEY}' localhost"},
    {Type::kApiKey, "{\"client_secret\":\"{GENERIC_KEY}\"}"},
    {Type::kPrivateKey, "is this ok?\n{PRIVATE_KEY}\nthx"},
    {Type::kPrivateKey, "key = \"\"\"{PRIVATE_KEY}\"\"\""},
    {Type::kJwt, "Cookie: session={JWT}; path=/"},
    {Type::kJwt, "the token {JWT} expired already?"},
    {Type::kPassword, "my password is {PASSWORD} and it says wrong"},
    {Type::kPassword, "Passwort: {PASSWORD}"},
    {Type::kPassword, "{\"user\":\"x\",\"password\":\"{PASSWORD}\"}"},
    {Type::kNationalId, "they want my social, it's {US_SSN}, is that safe?"},
    {Type::kNationalId, "SSN {US_SSN_PLAIN}"},
    {Type::kNationalId, "My ITIN: {US_ITIN}."},
    {Type::kNationalId, "NI number {UK_NINO}"},
    {Type::kNationalId, "{UK_NINO} is on my payslip"},
    {Type::kNationalId, "NHS no. {UK_NHS}, waiting since May"},
    {Type::kNationalId, "Steuer-ID {DE_TAX}, Finanzamt Köln"},
    {Type::kNationalId, "meine SV-Nummer {DE_SOCIAL} steht auf dem Ausweis"},
    {Type::kNationalId, "n° de sécu {FR_NIR}"},
    {Type::kNationalId, "mi DNI es {ES_DNI}"},
    {Type::kNationalId, "NIE {ES_NIE}, caducado"},
    {Type::kNationalId, "codice fiscale {IT_CODE}"},
    {Type::kNationalId, "BSN {NL_BSN} staat op mijn paspoort"},
    {Type::kNationalId, "rijksregisternummer {BE_NUMBER}"},
    {Type::kNationalId, "mój PESEL to {PL_PESEL}"},
    {Type::kNationalId, "personnummer {SE_NUMBER} tack"},
    {Type::kNationalId, "CPF {BR_CPF}, nome completo no cadastro"},
    {Type::kNationalId, "o cpf dele: {BR_CPF_PLAIN}"},
    {Type::kNationalId, "CNPJ da empresa {BR_CNPJ}"},
    {Type::kNationalId, "Aadhaar {IN_AADHAAR} linked already"},
    {Type::kNationalId, "PAN card {IN_PAN}"},
    {Type::kNationalId, "身份证号{CN_ID}"},
    {Type::kNationalId, "マイナンバーは{JP_NUMBER}です"},
    {Type::kNationalId, "주민등록번호 {KR_RRN}"},
    {Type::kNationalId, "TFN: {AU_TFN}"},
    {Type::kNationalId, "medicare card {AU_MEDICARE}"},
    {Type::kNationalId, "SIN # {CA_SIN}"},
    {Type::kNationalId, "CURP {MX_CURP}"},
    {Type::kPassport, "passport number {PASSPORT}, expires next year"},
    {Type::kPassport, "Mein Reisepass ({PASSPORT}) ist weg"},
    {Type::kPassport, "n° de passeport : {PASSPORT}"},
    {Type::kPassport, "{\"passport_no\": \"{PASSPORT}\"}"},
    {Type::kBirthDate, "I was born on {DATE_LONG}"},
    {Type::kBirthDate, "dob {DATE_SLASH}"},
    {Type::kBirthDate, "Geburtsdatum: {DATE_DOT}"},
    {Type::kBirthDate, "ich bin am {DATE_DOT} geboren"},
    {Type::kBirthDate, "je suis née le {DATE_SLASH} à Lyon"},
    {Type::kBirthDate, "nací el {DATE_SLASH} en Sevilla"},
    {Type::kBirthDate, "her birthday is {DATE_LONG}"},
    {Type::kBirthDate, "{\"date_of_birth\":\"{DATE_ISO}\"}"},
    {Type::kBirthDate, "data di nascita {DATE_SLASH}"},
    {Type::kAddress, "i moved to {STREET_EN} last week"},
    {Type::kAddress, "Ship it to {STREET_EN}, please."},
    {Type::kAddress, "Ich wohne jetzt in der {STREET_DE}"},
    {Type::kAddress, "Lieferadresse ist {STREET_DE}, danke"},
    {Type::kAddress, "j'habite {STREET_FR}"},
    {Type::kAddress, "Vivo en {STREET_ES}, tercer piso"},
    {Type::kAddress, "abito in {STREET_IT}"},
    {Type::kAddress, "mijn adres is {STREET_NL}"},
    {Type::kAddress, "We're in {US_TOWN} these days"},
    {Type::kAddress, "my postcode is {UK_POSTCODE}"},
    {Type::kAddress, "PLZ und Ort: {DE_TOWN}, meine Adresse steht im Profil"},
    {Type::kLocation, "pick me up, my location is {COORDINATES}"},
    {Type::kLocation, "the pin's coordinates ({COORDINATES}) are wrong"},
    {Type::kLocation, "{\"gps\": \"{COORDINATES}\", \"speed\": 12.5}"},
    {Type::kName, "hello, my name is {NAME} and my card is lost"},
    {Type::kName, "my name is {NAME_LOWER}, you have it wrong"},
    {Type::kName, "Hi, I'm {NAME}, a customer since 2019"},
    {Type::kName, "this is {NAME} from accounting"},
    {Type::kName, "Dear {NAME}, thank you for waiting"},
    {Type::kName, "Mr. {LAST} called me about the loan"},
    {Type::kName, "I talked to Dr {LAST} yesterday."},
    {Type::kName, "Ich heiße {NAME}."},
    {Type::kName, "Sehr geehrte Frau {LAST}, wo ist mein Paket"},
    {Type::kName, "Bonjour, je m'appelle {NAME}"},
    {Type::kName, "Mme {LAST} m'a dit d'attendre"},
    {Type::kName, "Me llamo {NAME} y no puedo entrar"},
    {Type::kName, "la señora {LAST} me atendió"},
    {Type::kName, "Buongiorno, mi chiamo {NAME}"},
    {Type::kName, "Name: {NAME}\nPlan: premium"},
    {Type::kName, "{\"first_name\": \"{FIRST}\", \"age\": 40}"},
    {Type::kName, "please fix it.\nKind regards,\n{NAME}"},
    {Type::kName, "Mit freundlichen Grüßen\n{NAME}"},
    // In a hurry, on a telephone, as machines log it, or in the middle of something else.
    {Type::kEmail, "hii its me again,,{EMAIL} is what i signed up with i think"},
    {Type::kEmail, "From: Billing <{EMAIL}>\nTo: {EMAIL}\nSubject: Re: refund"},
    {Type::kEmail, "2024-05-14T09:12:33Z WARN login failed for user={EMAIL} attempts=3"},
    {Type::kPhone, "pls call asap {PHONE_US} or my wifes {PHONE_US}"},
    {Type::kPhone, "(home) {PHONE_UK} / (work) {PHONE_UK}"},
    {Type::kPhone, "Hab's unter {PHONE_DE} probiert, keiner ging ran"},
    {Type::kPhone, "no contestan en el {PHONE_ES}!!"},
    {Type::kCard, "its {CARD},thats the visa i used"},
    {Type::kCard, "PAYMENT_DECLINED card={CARD} code=51"},
    {Type::kIban, "geld terug op {IBAN} graag, t.n.v. mijzelf"},
    {Type::kIpAddress, "{IPV4} - - [14/May/2024:09:12:33 +0000] \"GET / HTTP/1.1\" 200 512"},
    {Type::kApiKey, "i set it to '{GITHUB}' but the action still fails??"},
    {Type::kPassword, "login is bob and pwd: {PASSWORD}"},
    {Type::kNationalId, "ssn is {US_SSN} dont share it"},
    {Type::kNationalId, "adjunto mi DNI ({ES_DNI}) escaneado"},
    {Type::kBirthDate, "for verification: born {DATE_SLASH}"},
    {Type::kBirthDate, "DOB - {DATE_LONG}"},
    {Type::kBirthDate, "Geb.-Datum {DATE_DOT}, bitte ändern"},
    {Type::kAddress, "can u redirect the parcel, new place is {STREET_EN}"},
    {Type::kAddress, "Bitte an {STREET_DE} schicken statt an die alte Adresse"},
    {Type::kAddress, "le colis devait arriver au {STREET_FR}"},
    {Type::kName, "Hola, soy {NAME}, os escribí ayer"},
    {Type::kName, "spoke with Mrs {LAST} on monday she promised a refund"},
    {Type::kName, "Guten Tag, hier ist {NAME}"},
    {Type::kName, "Passenger: {NAME}, seat 12A"},
    {Type::kName, "cordialement,\n{NAME}"},
    {Type::kName, "hey this is {NAME_LOWER} again"},
    {Type::kName, "the account is under {NAME}"},
    // With an extension, in the forms of other countries, in digits of other scripts.
    {Type::kPhone, "our switchboard: {PHONE_EXTENSION}"},
    {Type::kPhone, "(office {PHONE_EXTENSION})"},
    {Type::kPhone, "Zentrale {PHONE_TRUNK}, bitte nachfragen"},
    {Type::kPhone, "new one: {PHONE_BRACKETS}"},
    {Type::kPhone, "please dial {PHONE_GROUPS} and ask for the desk"},
    {Type::kPhone, "رقم الهاتف {PHONE_ARABIC}"},
    {Type::kPhone, "電話は{PHONE_WIDE}です"},
    {Type::kEmail, "邮箱{EMAIL_ASCII}谢谢"},
    {Type::kEmail, "reach me: {EMAIL_SPELLED}, or by post"},
    {Type::kCard, "cc {CARD_RARE}"},
    {Type::kCard, "numéro de carte {CARD_RARE}, merci"},
    {Type::kCard, "the visa ending in {FOUR_DIGITS} was declined"},
    {Type::kCard, "last four digits of my card are {FOUR_DIGITS}"},
    {Type::kCard, "my card expires {CARD_EXPIRY}"},
    {Type::kNationalId, "last 4 of my ssn: {FOUR_DIGITS}"},
    {Type::kAddress, "My zip code is {POSTCODE}"},
    {Type::kAddress, "Postleitzahl: {POSTCODE_FIVE}"},
    {Type::kAddress, "mon code postal est le {POSTCODE_FIVE}"},
    {Type::kAddress, "il mio CAP è {POSTCODE_FIVE}"},
    {Type::kAddress, "the postcode of my new address is {UK_POSTCODE}"},
    {Type::kDriverLicense, "My driver's license number is {LICENCE}."},
    {Type::kDriverLicense, "driving licence: {LICENCE}"},
    {Type::kDriverLicense, "Führerscheinnummer {LICENCE_DE}"},
    {Type::kDriverLicense, "mon permis de conduire {LICENCE_FR} est périmé"},
};

constexpr const char* kClean[] = {
    "where is my order {!ORDER}?",
    "Order number {!ORDER}, tracking {!ORDER}",
    "Bestellung {!ORDER} ist nicht angekommen",
    "invoice {!ORDER} over {!AMOUNT}",
    "ticket #{!ORDER} is still open",
    "I paid {!AMOUNT} on {!ANY_DATE} and got {!AMOUNT} back",
    "the total was {!AMOUNT}, not {!AMOUNT}",
    "Rechnung vom {!ANY_DATE} über {!AMOUNT}",
    "the meeting on {!ANY_DATE} at {!TIME} is cancelled",
    "timestamp {!TIME} in the log",
    "upgrade from {!VERSION} to {!VERSION}",
    "python {!VERSION} breaks numpy {!VERSION}",
    "commit {!HASH} broke the build",
    "request id {!UUID}",
    "trace {!ULID} span {!UUID}",
    "{\"id\": \"{!UUID}\", \"created\": {!TIME}}",
    "the number {!BAD_CARD} is not a valid card",
    "it rejects {!BAD_IBAN} as IBAN",
    "for (int i = 0; i < 10; ++i) total[i] += std::max(a::b, c::d);",
    "SELECT name, address FROM customers WHERE id = {!ORDER};",
    "def phone(number: str) -> bool: return len(number) == 10",
    "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Berlin\"}}",
    "error {!ORDER}: connection refused on port 5432",
    "listening on 127.0.0.1:8080 and 0.0.0.0:9090",
    "npm install @types/node@20.{!TIME} --save-dev",
    "use @Override and @Test on the method",
    "see you @ 8, ok?",
    "What is the exchange rate for euros?",
    "my card still has not arrived after 2 weeks",
    "Why was I charged a fee for using an ATM abroad?",
    "How do I change my PIN, my name or my address?",
    "my name is not on the card",
    "my name is misspelled in your mail",
    "I am Interested in the premium plan",
    "I'm going to Paris in May",
    "this is the third time I ask",
    "Dear Customer Service, it does not work",
    "Dear Sir or Madam, I want to cancel",
    "Thanks, that helped a lot",
    "best regards to the whole team",
    "is there a way to pay by phone or by card?",
    "call me when it is done",
    "I forgot my password again, is there another way to log in?",
    "my password is not working anymore",
    "the password must be at least 12 characters long",
    "it takes 5 minutes down the road",
    "there are 3 banks on the street and 2 on the main road",
    "I will drive 200 miles via Boston on 3 days",
    "ich warte seit 3 Wochen auf meine Karte",
    "Die Straße ist 2 km lang, der Weg 3 km",
    "Wie viel kostet es, 500 Euro auf ein anderes Konto zu überweisen?",
    "Le taux est de 3,5 % pour 24 mois",
    "No puedo entrar en mi cuenta desde ayer, he probado 3 veces",
    "la via più veloce costa 12 euro",
    "my passport is about to expire, can I still verify my account?",
    "I was born in Italy but live in France",
    "add 12 square feet, 3 place settings and 4 way switches",
    "chapter 12 section 3.4.5.6 of the manual",
    "ISBN 978-3-16-148410-0 is sold out",
    "the ratio is 1:2:3 and the time 12:34:56",
    "api keys can be rotated in the settings",
    "the token expires in 3600 seconds",
    "bearer authentication is required for this endpoint",
    "https://example.com/orders/{!ORDER}?page=2#top",
    "git checkout feature/login-page && make -j8",
    "the width is 1920, the height 1080, scale 1.25",
    "score 0.98731, loss 1.20934, step 12000",
    "row 12, column 7: expected 0xDEADBEEF, got 0x00000000",
    "flight LH{!TIME} lands at 17:45 in terminal 2",
    "account balance: {!AMOUNT}, last login {!ANY_DATE}",
    "product name: Galaxy Watch, model SM-R{!TIME}",
    "we have 1 200 000 users in 12 countries",
    "ref {!ORDER} / {!ORDER}, please check both",
    "PO {!ORDER} dated {!ANY_DATE}, net {!AMOUNT}",
    "serial no. {!ORDER}, firmware {!VERSION}",
    "my balance went from {!AMOUNT} to {!AMOUNT} overnight",
    "I'm Really Annoyed, this is Not Ok",
    "This Is The Best App",
    "Hi Support Team, I am Back with another question",
    "Mr and Mrs who booked the room have left",
    "the drive takes 3 hours, the way back 4",
    "room 12 court 3 at the club",
    "sum(1 for x in range(10) if x % 2 == 0) == 5",
    "const id = `user_${i}@${host}`; // not an address",
    "x = {'a': 1, 'b': [1.0, 2.0], 'c': (0.125, 0.25)}",
    "RGB 255, 128, 0 and 12.5, 7.25 in the chart",
    "Error: ENOENT, open '/var/log/app-20240512.log'",
    "[2024-05-12 10:30:00,123] INFO worker-7 took 0.532 s",
    "Das sind 10.000.000 Datensätze in 3 Tabellen",
    "On a 4.5 star scale I'd say 3, maybe 3.5",
    "die Hausnummer fehlt und die Straße ist falsch geschrieben",
    "mein Sitzplatz 12 war besetzt, Gleis 3 auch",
    "10 % des Betrags, also 12,50 Euro, bis zum 1. Mai",
    "le 3 mai à 14 h, salle 12, pour 4 personnes",
    "dame 2 minutos, tengo 3 preguntas",
    "the driver needs version 535.{!TIME} of the kernel",
    "the order ending in 1234 has not arrived",
    "my subscription expires 09/27, renew it",
    "zip the 2024 reports and send 12345 of them",
    "is your card security better than 3 years ago?",
    "look at example dot com for the rest",
};

Sentence Expand(Type type, const char* text, Random& random) {
  Sentence sentence;
  const std::string_view rest = text;
  size_t place = 0;
  while (place < rest.size()) {
    const size_t close = rest.find('}', place);
    // A slot is "{" and capitals; other braces are JSON's.
    const bool slot = rest[place] == '{' && close != std::string_view::npos &&
                      rest.substr(place + 1, close - place - 1)
                              .find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_!") ==
                          std::string_view::npos;
    if (!slot) {
      sentence.text += rest[place++];
      continue;
    }
    std::string_view name = rest.substr(place + 1, close - place - 1);
    const bool clean = name[0] == '!';
    if (clean) name.remove_prefix(1);
    const std::string value = SampleValue(name, random);
    if (!clean) {
      sentence.labels.push_back({type, sentence.text.size(), sentence.text.size() + value.size()});
    }
    sentence.text += value;
    place = close + 1;
  }
  return sentence;
}

}  // namespace

std::vector<Sentence> PersonalSentences(int rounds) {
  Random random(20240517);
  std::vector<Sentence> sentences;
  for (int round = 0; round < rounds; ++round) {
    for (const Template& each : kPersonal) {
      sentences.push_back(Expand(each.type, each.text, random));
    }
  }
  return sentences;
}

std::vector<Sentence> CleanSentences(int rounds) {
  Random random(7);
  std::vector<Sentence> sentences;
  for (int round = 0; round < rounds; ++round) {
    for (const char* text : kClean) sentences.push_back(Expand(Type::kCustom, text, random));
  }
  return sentences;
}

}  // namespace flywheel::redaction
