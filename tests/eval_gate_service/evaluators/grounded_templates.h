// Templates of answers that stand on a context, stand on it in part, or do not.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_GROUNDED_TEMPLATES_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_GROUNDED_TEMPLATES_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace flywheel::evalgate::evaluators {

// {n1} to {n5} are different numbers from 2 to 94, {year} and {year2} different years.
struct GroundedTemplate {
  const char* context;
  // The last one is in other words.
  std::vector<const char*> supported;
  // One claim stands in the context and one does not, or the context's words say what it denies, or
  // of something else: the last two.
  std::vector<const char*> partly;
  std::vector<const char*> unsupported;
};

inline constexpr size_t kTuningTemplates = 6;

inline const std::vector<GroundedTemplate>& GroundedTemplates() {
  static const auto& templates = *new std::vector<GroundedTemplate>{
      {"The {product} weighs {n1} grams and has a warranty of {n2} years. It comes in {color} and "
       "is made in {city}. Returns are accepted within {n3} days of delivery.",
       {"The {product} has a warranty of {n2} years.",
        "You can return the {product} within {n3} days of delivery.",
        "It weighs {n1} grams, and it is made in {city}.",
        "The product is made in {city} and comes in {color}, with a {n2} year warranty.",
        "You may send the {product} back within {n3} days after it was delivered."},
       {"The {product} has a warranty of {n2} years. It can also be charged wirelessly.",
        "It is made in {city}. It won a design award in {year}.",
        "You can return it within {n3} days, and a courier picks it up at your home.",
        "The {product} comes in {color} and weighs {n4} grams.",
        "Returns are accepted within {n2} days of delivery.", "Returns are not accepted."},
       {"The {product} is waterproof and floats in salt water.",
        "Its battery lasts {n4} hours on a single charge.",
        "The warranty covers {n4} years and includes theft.",
        "{name} designed it together with a team of surgeons."}},
      {"{name} was born in {city} in {year}. She studied chemistry and later founded the company "
       "{company}. Today the company employs {n1} people.",
       {"{name} founded {company}.", "She was born in {city} and studied chemistry.",
        "{company} employs {n1} people today.", "The founder of {company} was born in {year}.",
        "The person who founded {company}, {name}, had studied chemistry."},
       {"{name} founded {company} after she had left the army.",
        "She studied chemistry. She has three children and lives on a farm.",
        "{company} employs {n1} people and is listed on the stock exchange in Tokyo.",
        "{name} was born in {city} in {year2}.", "{name} was born in {n1} and studied in {year}.",
        "{name} never studied chemistry."},
       {"{name} studied law and became a judge.", "She won an Olympic medal in swimming.",
        "The firm went bankrupt because of a flood.", "Her brother owns {n4} restaurants."}},
      {"To reset your password, open the settings, choose Security and press Reset. A code is sent "
       "to your phone and is valid for {n1} minutes. After {n2} wrong attempts the account is "
       "locked for {n3} hours.",
       {"Open the settings, choose Security and press Reset.",
        "The code sent to your phone is valid for {n1} minutes.",
        "Your account is locked for {n3} hours after {n2} wrong attempts.",
        "To reset the password, go to Security in the settings; you then get a code on your phone.",
        "If you get it wrong {n2} times, you are locked out for {n3} hours."},
       {"Open the settings, choose Security and press Reset. Then tell our hotline your birthday.",
        "The code is valid for {n1} minutes. A new one costs a small fee.",
        "After {n2} wrong attempts the account is deleted and cannot be restored by anybody.",
        "The code sent to your phone is valid for {n4} minutes.",
        "The code is valid for {n3} minutes.",
        "The account is not locked after {n2} wrong attempts."},
       {"Passwords must contain a special character and a capital letter.",
        "Write an email to support and attach a copy of your passport.",
        "You can sign in with your fingerprint instead.",
        "Restart your computer and clear the cache of the browser."}},
      {"The museum opens at {n1} in the morning and closes at {n2} in the evening. Tickets cost "
       "{n3} euros; children under {n4} enter for free. It is closed on Mondays.",
       {"Tickets cost {n3} euros.", "Children under {n4} enter the museum for free.",
        "The museum is closed on Mondays.",
        "It opens at {n1} in the morning and closes at {n2} in the evening.",
        "Entry is free for everybody under {n4}, adults pay {n3} euros."},
       {"Tickets cost {n3} euros, and an audio guide in twelve languages is included.",
        "The museum is closed on Mondays. Parking is available behind the opera.",
        "Children under {n4} enter for free if they bring a drawing of a dinosaur.",
        "It opens at {n1} in the morning, and dogs are welcome.", "Tickets cost {n4} euros.",
        "Children under {n4} do not enter for free."},
       {"The museum shows paintings by {name}.", "You can reach us by tram from {city}.",
        "Photography with a flash is forbidden in all rooms.",
        "The cafe serves vegetarian dishes and cake."}},
      {"Our {plan} plan includes {n1} gigabytes of storage and costs {n2} dollars a month. Support "
       "answers within {n3} hours. You may cancel at any time.",
       {"The {plan} plan costs {n2} dollars a month.", "It includes {n1} gigabytes of storage.",
        "Support answers within {n3} hours, and you may cancel at any time.",
        "With the {plan} plan you get {n1} gigabytes for {n2} dollars a month.",
        "For {n2} dollars each month, {plan} gives you {n1} gigabytes."},
       {"The {plan} plan costs {n2} dollars a month and includes a personal trainer.",
        "You may cancel at any time, but your photos are then sold to advertisers.",
        "It includes {n1} gigabytes of storage. Backups are kept in {city}.",
        "Support answers within {n4} hours.", "The {plan} plan costs {n1} dollars a month.",
        "You may not cancel at any time."},
       {"Students get a discount on every contract.",
        "The first three months are free for new customers.",
        "Your data is encrypted with a quantum computer.",
        "We accept payment by cheque and in gold."}},
      {"The river {river} rises near {city} and flows {n1} kilometres to the sea. Its water is "
       "used to irrigate rice. In {year} a flood destroyed {n2} bridges.",
       {"The {river} rises near {city}.", "It flows {n1} kilometres to the sea.",
        "A flood destroyed {n2} bridges in {year}.", "Rice is irrigated with water of the {river}.",
        "Farmers use water of the {river} to irrigate their rice."},
       {"The {river} rises near {city} and is home to pink dolphins.",
        "A flood destroyed {n2} bridges in {year2}.",
        "It flows {n1} kilometres to the sea. Ships may not enter it in winter.",
        "Its water is used to irrigate rice and to cool a nuclear power station.",
        "The {river} flows {n2} kilometres to the sea.", "In {year} no bridges were destroyed."},
       {"Salmon fishing is popular among tourists.", "The water freezes for several months a year.",
        "A famous poem by {name} is about its source.", "Gold was found on the southern bank."}},
      {"Flight {flight} leaves {city} at {n1} and arrives in {city2} at {n2}. Each passenger may "
       "take one bag of up to {n3} kilograms. Boarding ends {n4} minutes before departure.",
       {"Flight {flight} leaves {city} at {n1}.", "You may take one bag of up to {n3} kilograms.",
        "Boarding ends {n4} minutes before departure.",
        "The flight from {city} to {city2} arrives at {n2}.",
        "You must be on board {n4} minutes before the plane to {city2} departs."},
       {"Flight {flight} leaves {city} at {n1}, and a hot meal is served on board.",
        "You may take one bag of up to {n5} kilograms.",
        "Boarding ends {n4} minutes before departure. Unaccompanied cats fly in the cockpit.",
        "The flight arrives in {city2} at {n2}, where a bus waits for you.",
        "Boarding ends {n3} minutes before departure.", "Passengers may not take a bag."},
       {"The lounge is open to members of the frequent flyer programme.",
        "Wireless internet costs extra on long routes.", "The airline was founded by {name}.",
        "Refunds are paid as vouchers only."}},
      {"Patients should take {n1} milligrams of {drug} twice a day with food. Common side effects "
       "are headache and nausea. Do not drive during the first {n2} days.",
       {"Take {n1} milligrams of {drug} twice a day with food.",
        "Headache and nausea are common side effects.",
        "Patients should not drive during the first {n2} days.",
        "{drug} is taken twice a day with food.", "Until day {n2} you are not allowed to drive."},
       {"Take {n1} milligrams of {drug} twice a day with food, and it is safe in pregnancy.",
        "Common side effects are headache, nausea and loss of hair.",
        "Take {n3} milligrams of {drug} twice a day with food.",
        "Do not drive during the first {n2} days. Alcohol makes the effect stronger.",
        "Take {n2} milligrams of {drug} twice a day.",
        "Patients should not take {drug} with food."},
       {"The medicine cures malaria within hours.", "Keep it in a freezer, away from children.",
        "It can be bought without a prescription in {city}.",
        "Vaccinated people need a lower dose."}},
      {"The contract between {company} and {company2} runs for {n1} years from {year}. Either side "
       "may end it with {n2} months notice. Disputes go to the courts of {city}.",
       {"The contract runs for {n1} years from {year}.",
        "Either side may end the contract with {n2} months notice.",
        "Disputes go to the courts of {city}.",
        "{company} and {company2} have a contract of {n1} years.",
        "With {n2} months notice, both {company} and {company2} can leave."},
       {"The contract runs for {n1} years and is renewed automatically unless the queen objects.",
        "Either side may end it with {n3} months notice.",
        "Disputes go to the courts of {city}. The loser pays for all lawyers.",
        "{company} and {company2} share the patents that arise.",
        "The contract runs for {n2} years.", "Neither side may end it with notice."},
       {"Payment is due within thirty days of the invoice.", "All employees must wear a uniform.",
        "Confidential papers have to be shredded.", "{name} signed as a witness."}},
      {"{name} won the {event} in {year} with a time of {n1} minutes. The race led through {city} "
       "and was {n2} kilometres long. Rain made the streets slippery.",
       {"{name} won the {event} in {year}.",
        "The race was {n2} kilometres long and led through {city}.",
        "The winner needed {n1} minutes.",
        "Rain made the streets of {city} slippery during the race.",
        "Runners had {n2} kilometres to go, on wet and slippery streets."},
       {"{name} won the {event} in {year} and gave the prize money to a zoo.",
        "The race was {n3} kilometres long and led through {city}.",
        "Rain made the streets slippery, and four runners broke a leg.",
        "{name} won with a time of {n1} minutes. It was a world record for veterans.",
        "{name} won with a time of {n2} minutes.", "The race did not lead through {city}."},
       {"The favourite had to give up because of a cramp.",
        "Spectators threw flowers at the horses.", "Tickets were sold out within an hour.",
        "The mayor opened a new stadium."}},
      {"Mix {n1} grams of flour with {n2} eggs and a pinch of salt. Let the dough rest for {n3} "
       "minutes. Bake it at {n4} degrees until it is golden.",
       {"Mix {n1} grams of flour with {n2} eggs and salt.",
        "The dough should rest for {n3} minutes.", "Bake the dough at {n4} degrees until golden.",
        "You need {n1} grams of flour, {n2} eggs and a pinch of salt.",
        "After {n3} minutes of rest, the dough goes into the oven at {n4} degrees."},
       {"Mix {n1} grams of flour with {n2} eggs and a spoon of honey from chestnut trees.",
        "The dough should rest for {n5} minutes.",
        "Bake it at {n4} degrees until it is golden. Serve it with whipped cream and cherries.",
        "Let the dough rest for {n3} minutes in a bowl of ice.", "Bake it at {n3} degrees.",
        "Do not let the dough rest."},
       {"Fry the onions in butter until soft.", "Peel the potatoes and boil them whole.",
        "The recipe comes from a monastery near {city}.", "Add chocolate and a glass of rum."}},
      {"The {lib} library supports Linux and Windows. Version {v1} adds streaming and removes the "
       "old parser. It needs {n1} megabytes of memory.",
       {"The {lib} library supports Linux and Windows.", "Version {v1} removes the old parser.",
        "Version {v1} of {lib} adds streaming.",
        "It needs {n1} megabytes of memory and runs on Linux.",
        "You can use {lib} on Windows as well as on Linux, with {n1} megabytes free."},
       {"The {lib} library supports Linux, Windows and the mainframes of the seventies.",
        "Version {v1} adds streaming and a graphical debugger.",
        "It needs {n2} megabytes of memory.",
        "Version {v1} removes the old parser. The change halves the price of a licence.",
        "Version {n1} adds streaming.", "{lib} does not support Windows."},
       {"Install it with the package manager of your phone.",
        "The maintainers meet every summer in {city}.",
        "Bindings for Haskell are written by {name}.",
        "Benchmarks show that it is slower than its rivals."}},
  };
  return templates;
}

// Names for the places in braces.
inline const std::map<std::string, std::vector<std::string>>& GroundedNames() {
  static const auto& names = *new std::map<std::string, std::vector<std::string>>{
      {"product", {"Aurora lamp", "Nimbus kettle", "Vega tent", "Orion drill", "Lumen radio"}},
      {"color", {"red", "black", "olive", "silver"}},
      {"city", {"Lisbon", "Oslo", "Graz", "Porto", "Kyoto", "Lyon", "Turin"}},
      {"city2", {"Madrid", "Dublin", "Prague", "Seville"}},
      {"name", {"Mara Lindt", "Ida Kruse", "Nora Falk", "Tess Okoro", "Ann Weaver"}},
      {"company", {"Helio Works", "Bluefin Labs", "Kestrel Group", "Amber Foods"}},
      {"company2", {"Northgate", "Silverline", "Oakfield"}},
      {"plan", {"Basic", "Family", "Studio", "Team"}},
      {"river", {"Alva", "Morna", "Teska", "Drun"}},
      {"flight", {"KX204", "LM881", "QF17", "ZB930"}},
      {"drug", {"Veraxol", "Nestapin", "Corvilam"}},
      {"event", {"Harbour Run", "City Marathon", "Alpine Race"}},
      {"lib", {"Quill", "Tessera", "Mosaic", "Pivot"}},
      {"v1", {"2.4", "3.1", "5.0", "7.2"}},
  };
  return names;
}

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_GROUNDED_TEMPLATES_H_
