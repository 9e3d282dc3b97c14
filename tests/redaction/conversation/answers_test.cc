// What the agent asks decides what the user's next words are.
#include <gtest/gtest.h>

#include <string>

#include "tests/redaction/conversation/dialogue.h"

namespace flywheel::redaction {
namespace {

// A question, an answer, and what of it is replaced by a placeholder of this label.
struct Exchange {
  const char* question;
  const char* answer;
  const char* value;
  const char* label;
};

constexpr Exchange kExchanges[] = {
    // Date of birth.
    {"What is your date of birth?", "3 April 1987", "3 April 1987", "BIRTH_DATE"},
    {"Could you confirm your date of birth, please?", "sure, 04/03/1987", "04/03/1987",
     "BIRTH_DATE"},
    {"Wie ist Ihr Geburtsdatum?", "3. April 1987", "3. April 1987", "BIRTH_DATE"},
    {"Quelle est votre date de naissance ?", "le 3 avril 1987", "3 avril 1987", "BIRTH_DATE"},
    {"¿Cuál es su fecha de nacimiento?", "3 de abril de 1987", "3 de abril de 1987", "BIRTH_DATE"},
    {"Qual è la sua data di nascita?", "3 aprile 1987", "3 aprile 1987", "BIRTH_DATE"},
    {"Qual é a sua data de nascimento?", "3 de abril de 1987", "3 de abril de 1987", "BIRTH_DATE"},
    {"Wat is uw geboortedatum?", "3 april 1987", "3 april 1987", "BIRTH_DATE"},
    // Name.
    {"Could I have your full name, please?", "zebulon pike", "zebulon pike", "NAME"},
    {"Could I have your full name, please?", "It's Zebulon Pike", "Zebulon Pike", "NAME"},
    {"May I have your name?", "sure, Zebulon Pike.", "Zebulon Pike", "NAME"},
    {"Who am I speaking with?", "Zebulon here", "Zebulon", "NAME"},
    {"And your last name?", "Pikeworth", "Pikeworth", "NAME"},
    {"Nennen Sie mir bitte Ihren Namen.", "Zebulon Pikewurz", "Zebulon Pikewurz", "NAME"},
    {"Wie heißen Sie?", "ja, Korbinian Hutzler", "Korbinian Hutzler", "NAME"},
    {"Quel est votre nom complet ?", "Zébulon Piquet", "Zébulon Piquet", "NAME"},
    {"Puis-je avoir votre prénom ?", "oui, Zébulon", "Zébulon", "NAME"},
    {"¿Me da su nombre completo, por favor?", "claro, Zebulón Picazo", "Zebulón Picazo", "NAME"},
    {"¿Cómo se llama?", "zebulón picazo", "zebulón picazo", "NAME"},
    {"Mi dica nome e cognome, per favore.", "Zebulone Picchio", "Zebulone Picchio", "NAME"},
    {"Come si chiama?", "certo, Zebulone Picchio", "Zebulone Picchio", "NAME"},
    {"Qual é o seu nome completo?", "Zebulão Picanço", "Zebulão Picanço", "NAME"},
    {"Pode me dizer o seu sobrenome?", "sim, Picanço", "Picanço", "NAME"},
    {"Wat is uw volledige naam?", "Zebulon van Pikeren", "Zebulon van Pikeren", "NAME"},
    // Postcode.
    {"What is your zip code?", "92125", "92125", "ADDRESS"},
    {"And the postcode?", "it's sw1a 1aa", "sw1a 1aa", "ADDRESS"},
    {"Wie lautet Ihre Postleitzahl?", "80331", "80331", "ADDRESS"},
    {"Quel est votre code postal ?", "c'est 75011", "75011", "ADDRESS"},
    {"¿Cuál es su código postal?", "28013", "28013", "ADDRESS"},
    {"Qual è il suo codice postale?", "20121", "20121", "ADDRESS"},
    {"Qual é o seu código postal?", "1100-148", "1100-148", "ADDRESS"},
    {"Wat is uw postcode?", "1012 AB", "1012 AB", "ADDRESS"},
    // Passport.
    {"Please enter your passport number.", "X4471920", "X4471920", "PASSPORT"},
    {"Wie lautet Ihre Reisepassnummer?", "C01X00T47", "C01X00T47", "PASSPORT"},
    {"Quel est votre numéro de passeport ?", "14AB45678", "14AB45678", "PASSPORT"},
    {"¿Cuál es su número de pasaporte?", "PAB123456", "PAB123456", "PASSPORT"},
    {"Qual è il numero del suo passaporto?", "YA1234567", "YA1234567", "PASSPORT"},
    {"Qual é o número do seu passaporte?", "FZ123456", "FZ123456", "PASSPORT"},
    // Driving licence.
    {"What's your driver's license number?", "D123-4567-8901", "D123-4567-8901", "DRIVER_LICENSE"},
    {"Ihre Führerscheinnummer bitte?", "B072RRE2I55", "B072RRE2I55", "DRIVER_LICENSE"},
    {"Votre numéro de permis de conduire ?", "881234567890", "881234567890", "DRIVER_LICENSE"},
    {"¿Me da el número de su carnet de conducir?", "44719203", "44719203", "DRIVER_LICENSE"},
    {"Mi dica il numero della patente, per favore.", "U1A234567B", "U1A234567B", "DRIVER_LICENSE"},
    {"Qual é o número da sua carta de condução?", "L-4471920", "L-4471920", "DRIVER_LICENSE"},
    // National id.
    {"Could you give me your social security number?", "536221847", "536221847", "NATIONAL_ID"},
    {"Nennen Sie bitte Ihre Steuer-ID.", "44719203811", "44719203811", "NATIONAL_ID"},
    {"Quel est votre numéro de sécurité sociale ?", "187047511612345", "187047511612345",
     "NATIONAL_ID"},
    {"¿Cuál es su DNI?", "44719203X", "44719203X", "NATIONAL_ID"},
    {"Qual è il suo codice fiscale?", "PKZZBL87D03H501X", "PKZZBL87D03H501X", "NATIONAL_ID"},
    {"Qual é o seu CPF?", "447.192.038-11", "447.192.038-11", "NATIONAL_ID"},
    // Card.
    {"What are the last four digits of your card?", "4242", "4242", "CARD"},
    {"Was sind die letzten vier Ziffern Ihrer Karte?", "es ist 4242", "4242", "CARD"},
    {"Quels sont les quatre derniers chiffres de votre carte ?", "4242", "4242", "CARD"},
    {"¿Cuáles son los últimos cuatro dígitos de su tarjeta?", "4242", "4242", "CARD"},
    {"Quali sono le ultime quattro cifre della carta?", "4242", "4242", "CARD"},
    {"Quais são os últimos quatro dígitos do cartão?", "4242", "4242", "CARD"},
    // Phone.
    {"What's the best phone number to reach you?", "2025550147", "2025550147", "PHONE"},
    {"Unter welcher Telefonnummer kann ich Sie erreichen?", "01715550147", "01715550147", "PHONE"},
    {"Quel est votre numéro de téléphone ?", "0655501478", "0655501478", "PHONE"},
    {"¿Cuál es su teléfono?", "612555014", "612555014", "PHONE"},
    {"Qual è il suo numero di telefono?", "3475550147", "3475550147", "PHONE"},
    {"Qual é o seu telefone?", "912555014", "912555014", "PHONE"},
    // E-mail, written out.
    {"What is your email address?", "zeb (at) example dot com", "zeb (at) example dot com",
     "EMAIL"},
    {"Wie lautet Ihre E-Mail-Adresse?", "zeb at example punkt de", "zeb at example punkt de",
     "EMAIL"},
    {"Quelle est votre adresse e-mail ?", "zeb arobase exemple point fr",
     "zeb arobase exemple point fr", "EMAIL"},
    {"¿Cuál es su correo electrónico?", "zeb arroba ejemplo punto es",
     "zeb arroba ejemplo punto es", "EMAIL"},
    {"Qual è il suo indirizzo email?", "zeb chiocciola esempio punto it",
     "zeb chiocciola esempio punto it", "EMAIL"},
    {"Qual é o seu e-mail?", "zeb arroba exemplo ponto pt", "zeb arroba exemplo ponto pt", "EMAIL"},
    // Address.
    {"What's your address?", "12 Elm Grove Parade", "12 Elm Grove Parade", "ADDRESS"},
    {"Where should we send it?", "763 Broadway", "763 Broadway", "ADDRESS"},
    {"Wie ist Ihre Anschrift?", "Schönhauser Allee 45", "Schönhauser Allee 45", "ADDRESS"},
    {"Quelle est votre adresse ?", "12 rue des Lilas", "12 rue des Lilas", "ADDRESS"},
    {"¿Cuál es su dirección?", "Calle Mayor 15", "Calle Mayor 15", "ADDRESS"},
    {"Qual è il suo indirizzo?", "Via Roma 10", "Via Roma 10", "ADDRESS"},
    {"Qual é a sua morada?", "Rua Augusta 1500", "Rua Augusta 1500", "ADDRESS"},
    // User id.
    {"Could you please provide your user ID?", "Sure, it's zeb_pike_3668.", "zeb_pike_3668",
     "USER_ID"},
    {"What is your username?", "zebpike", "zebpike", "USER_ID"},
    {"Wie lautet Ihr Benutzername?", "zebpike87", "zebpike87", "USER_ID"},
    {"Quel est votre identifiant ?", "zebpike87", "zebpike87", "USER_ID"},
    {"¿Cuál es su nombre de usuario?", "zebpike87", "zebpike87", "USER_ID"},
    {"Qual è il suo nome utente?", "zebpike87", "zebpike87", "USER_ID"},
    {"Qual é o seu nome de usuário?", "zebpike87", "zebpike87", "USER_ID"},
};

TEST(Answers, WhatWasAskedForIsReplacedInEveryLanguage) {
  int right = 0;
  for (const Exchange& exchange : kExchanges) {
    std::string wanted = exchange.answer;
    wanted.replace(wanted.find(exchange.value), std::string(exchange.value).size(),
                   "[" + std::string(exchange.label) + "_1]");
    const std::string got = Answered(exchange.question, exchange.answer);
    EXPECT_EQ(got, wanted) << exchange.question;
    right += got == wanted ? 1 : 0;
  }
  RecordProperty("exchanges", right);
}

TEST(Answers, SeveralThingsAskedAtOnceAreToldApart) {
  EXPECT_EQ(Answered("name and postcode?", "Ann Lee, 92125"), "[NAME_1], [ADDRESS_1]");
  EXPECT_EQ(Answered("Please give me your full name, date of birth and phone number.",
                     "Zebulon Pike, 3 April 1987, 2025550147"),
            "[NAME_1], [BIRTH_DATE_1], [PHONE_1]");
  EXPECT_EQ(Answered("I need:\n1. Your full name\n2. Your zip code", "zebulon pike and 92125"),
            "[NAME_1] and [ADDRESS_1]");
  EXPECT_EQ(Answered("The last four digits of your card and the expiry date?", "4242, 12/27"),
            "[CARD_1], [CARD_2]");
}

TEST(Answers, AnOrdersNumberStays) {
  EXPECT_EQ(Answered("What is your order number?", "W2378156"), "W2378156");
  EXPECT_EQ(Answered("Can I have your account number, please?", "44719203"), "44719203");
  EXPECT_EQ(Answered("Your name and order number, please.", "Ann Lee, #W2378156"),
            "[NAME_1], #W2378156");
  EXPECT_EQ(Answered("Order number and postcode?", "4471182, 92125"), "4471182, [ADDRESS_1]");
  EXPECT_EQ(Answered("Could you provide your user ID and the reservation ID?",
                     "zeb_pike_3668 and HXDUB7"),
            "[USER_ID_1] and HXDUB7");
  EXPECT_EQ(Answered("Could you please provide your user ID?", "My reservation ID is 1N99U6."),
            "My reservation ID is 1N99U6.");
  EXPECT_EQ(Answered("Could you please provide your user ID?", "HXDUB7"), "HXDUB7");
}

TEST(Answers, WhatIsNoAnswerIsLeft) {
  const char* questions[] = {"What is your date of birth?",
                             "Could I have your full name, please?",
                             "What is your zip code?",
                             "Your address, please?",
                             "What is your user ID?",
                             "What is your phone number?",
                             "Wie heißen Sie?",
                             "¿Cómo se llama?"};
  const char* answers[] = {"why do you need that?",
                           "I don't have one",
                           "no",
                           "the second option",
                           "I'd rather not",
                           "not sure",
                           "Can I speak to a human?",
                           "Yes please",
                           "what?",
                           "cancel it",
                           "Never mind, I found it.",
                           "I'll go with flight HAT069",
                           "warum wollen Sie das wissen?",
                           "Das möchte ich nicht sagen",
                           "je préfère ne pas le dire",
                           "pourquoi ?",
                           "prefiero no decirlo",
                           "no lo sé",
                           "non lo so",
                           "não sei"};
  for (const char* question : questions) {
    for (const char* answer : answers) {
      EXPECT_EQ(Answered(question, answer), answer) << question;
    }
  }
}

TEST(Answers, WithoutAQuestionNothingIsTaken) {
  EXPECT_EQ(Answered("How can I help you today?", "zebulon pike"), "zebulon pike");
  EXPECT_EQ(Answered("Your name has been updated. Anything else?", "blue lagoon"), "blue lagoon");
  EXPECT_EQ(Answered("What is the name of the hotel?", "Grand Plaza"), "Grand Plaza");
  EXPECT_EQ(Answered("Which flight do you want?", "HAT069 on 2024-05-20"), "HAT069 on 2024-05-20");
}

TEST(Answers, ADialogueInOneTextIsReadByItsLabels) {
  EXPECT_EQ(Dialogue()
                .Tool("Agent: What is your date of birth?\nUser: 3 April 1987\n"
                      "Agent: And your full name?\nUser: zebulon pike\n")
                .Redact()[0],
            "Agent: What is your date of birth?\nUser: [BIRTH_DATE_1]\n"
            "Agent: And your full name?\nUser: [NAME_1]\n");
}

TEST(Answers, ABirthIsTheEarliestDateOfSeveral) {
  EXPECT_EQ(Answered("The passenger's date of birth?", "it's 1987-04-03, flying on 2024-05-20"),
            "it's [BIRTH_DATE_1], flying on 2024-05-20");
}

}  // namespace
}  // namespace flywheel::redaction
