#include "redaction/conversation/labelled_turns.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "redaction/conversation/answers.h"
#include "redaction/conversation/questions.h"
#include "redaction/conversation/words.h"

namespace flywheel::redaction {
namespace {

enum class Label { kNone, kAgent, kUser };

constexpr size_t kMaxLabelBytes = 24;

// The label of the line that begins at `place`, and where its turn begins.
Label LabelAt(std::string_view text, size_t& place) {
  constexpr std::string_view kAgents[] = {
      "agent",    "assistant", "support",   "bot",       "representative", "advisor",
      "operator", "q",         "rep",       "ai",        "mitarbeiter",    "conseiller",
      "agente",   "operatore", "atendente", "medewerker"};
  constexpr std::string_view kUsers[] = {
      "user",  "customer", "client",  "caller",  "human",  "a",       "guest", "patient",
      "kunde", "kundin",   "cliente", "usuario", "utente", "usuário", "klant", "nutzer"};
  while (place < text.size() && (text[place] == ' ' || text[place] == '*' || text[place] == '[')) {
    ++place;
  }
  const std::string_view line = text.substr(place, kMaxLabelBytes);
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Label::kNone;
  const std::string_view name = line.substr(0, line.find_first_of(":*]"));
  const std::string folded = Folded(Trimmed(name));
  place += colon + 1;
  if (std::find(std::begin(kAgents), std::end(kAgents), folded) != std::end(kAgents)) {
    return Label::kAgent;
  }
  const bool user = std::find(std::begin(kUsers), std::end(kUsers), folded) != std::end(kUsers);
  return user ? Label::kUser : Label::kNone;
}

}  // namespace

void FindAnswersInDialogue(std::string_view text, std::vector<PersonalSpan>& spans) {
  if (text.find('\n') == std::string_view::npos) return;
  std::vector<AskedFor> asked;
  Label speaker = Label::kNone;
  size_t turn = 0;
  const auto end_turn = [&](size_t end) {
    const std::string_view said = text.substr(turn, end - turn);
    if (speaker == Label::kAgent) asked = ReadQuestion(said);
    if (speaker != Label::kUser || asked.empty()) return;
    const size_t first = spans.size();
    FindAnswers(said, asked, spans);
    for (size_t i = first; i < spans.size(); ++i) {
      spans[i].begin += turn;
      spans[i].end += turn;
    }
  };
  for (size_t line = 0; line < text.size();) {
    size_t begin = line;
    const Label label = LabelAt(text, begin);
    if (label != Label::kNone) {
      end_turn(line);
      speaker = label;
      turn = begin;
    }
    const size_t end = text.find('\n', line);
    if (end == std::string_view::npos) break;
    line = end + 1;
  }
  end_turn(text.size());
}

}  // namespace flywheel::redaction
