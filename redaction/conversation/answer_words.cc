#include "redaction/conversation/answer_words.h"

#include <algorithm>
#include <string>
#include <vector>

#include "redaction/conversation/words.h"

namespace flywheel::redaction {
namespace {

// What is said instead of an answer.
constexpr char kRefusals[] =
    "don't have|don’t have|do not have|dont have|rather not|prefer not|why do|why would|"
    "why are|what for|don't know|don’t know|dont know|don't want|do not want|not sure|"
    "can't|cannot|can’t|won't|no idea|warum|wieso|wozu|habe keine|weiß nicht|weiß ich|"
    "möchte ich nicht|lieber nicht|pourquoi|n'ai pas|n’ai pas|préfère pas|ne veux pas|"
    "sais pas|por qué|no tengo|no quiero|prefiero no|no lo sé|no sé|perché|non ho|"
    "non voglio|preferisco non|non lo so|por que|não tenho|não quero|prefiro não|"
    "não sei|waarom|heb geen|heb ik niet|liever niet|weet ik niet";

// After it a refusal goes on with an answer.
constexpr char kTurns[] = " but | aber | mais | pero | ma | mas | maar ";

constexpr char kLeads[] =
    "my full name is|my first name is|my last name is|my name is|my name's|"
    "the full name is|the name is|full name is|name is|first name is|last name is|"
    "first name|last name|full name|surname|name|it's under|it is under|it would be|"
    "it should be|that would be|that's|that is|it's|it’s|it is|this is|i am|i'm|i’m|"
    "yes|yeah|yep|sure thing|sure|of course|certainly|absolutely|ok|okay|alright|"
    "no problem|hi|hello|hey|thanks|thank you|here it is|here you go|sorry|mr.|mrs.|ms.|"
    "dr.|mr|mrs|ms|dr|mein name ist|ich heiße|ich heisse|ich bin|das ist|das wäre|"
    "der name ist|mein vollständiger name ist|es ist|ja|klar|natürlich|gerne|gern|herr|"
    "frau|name ist|hier ist|sicher|je m'appelle|je m’appelle|mon nom est|"
    "mon nom complet est|je suis|c'est|c’est|oui|bien sûr|d'accord|voici|bonjour|"
    "volontiers|moi c'est|me llamo|mi nombre es|mi nombre completo es|soy|es|sí|si|"
    "claro que sí|claro|por supuesto|hola|vale|mi chiamo|il mio nome è|sono|è|sì|certo|"
    "certamente|ecco|va bene|meu nome é|o meu nome é|chamo-me|me chamo|eu sou|sou|é|sim|"
    "claro que sim|com certeza|meu nome completo é|mijn naam is|ik ben|ik heet|natuurlijk|"
    "zeker|dat is|het is|jazeker|signora|señor|señora|madame|monsieur|please|nachname|"
    "vorname|and|und|et|y|e|en";

const std::vector<std::string_view>& List(const char* words) {
  return *new std::vector<std::string_view>(SplitList(words, '|'));
}

}  // namespace

size_t LeadAt(std::string_view folded, size_t place) {
  static const std::vector<std::string_view>& leads = List(kLeads);
  size_t longest = 0;
  for (const std::string_view lead : leads) {
    if (lead.size() <= longest || folded.compare(place, lead.size(), lead) != 0) continue;
    const size_t end = place + lead.size();
    if (end < folded.size() && IsWordByte(folded[end])) continue;
    longest = lead.size();
  }
  return longest;
}

size_t AnswerBegin(std::string_view folded) {
  static const std::vector<std::string_view>& refusals = List(kRefusals);
  static const std::vector<std::string_view>& turns = List(kTurns);
  const bool refuses = std::any_of(refusals.begin(), refusals.end(), [&](std::string_view one) {
    return folded.find(one) != std::string_view::npos;
  });
  if (!refuses) return 0;
  size_t from = std::string_view::npos;
  for (const std::string_view turn : turns) {
    const size_t place = folded.rfind(turn);
    if (place == std::string_view::npos) continue;
    from = std::max(from == std::string_view::npos ? 0 : from, place + turn.size());
  }
  return from;
}

}  // namespace flywheel::redaction
