#include "redaction/full_name_words.h"

#include "redaction/word_set.h"

namespace flywheel::redaction {

bool MakesNoName(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "academy|act|air|airlines|airport|algorithm|and|api|arena|at|avenue|award|awards|bank|"
      "bar|bay|beach|books|boulevard|bridge|brothers|building|cafe|campus|castle|cathedral|"
      "center|centre|chapel|church|city|cloud|club|code|college|collection|company|conference|"
      "corp|corporation|country|county|court|creek|cup|day|desert|disease|district|drive|"
      "edition|effect|equation|estate|express|falls|farm|festival|films|forest|formula|"
      "foundation|framework|gallery|gardens|gmbh|group|hall|harbor|harbour|heights|high|hills|"
      "home|hospital|hotel|house|in|inc|inn|institute|international|is|island|islands|jeans|"
      "junction|kingdom|lab|labs|lake|language|law|library|lite|llc|ltd|mall|market|max|media|"
      "memorial|method|mini|model|monday|motors|mount|mountain|mountains|museum|news|of|office|"
      "on|park|parkway|partners|peninsula|place|plan|plaza|plus|point|port|press|prize|pro|"
      "product|products|project|province|python|railway|ranch|records|region|republic|resort|"
      "restaurant|ridge|river|road|sauce|school|sdk|sea|series|server|service|services|shop|"
      "shore|show|software|springs|square|stadium|state|station|store|stores|street|studio|"
      "studios|style|syndrome|systems|tea|technologies|temple|terminal|test|theater|theatre|"
      "theorem|times|tower|town|trail|university|valley|version|view|village|vineyard|was|way|"
      "week|wine|zoo|the|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|"
      "april|june|july|august|september|october|november|december|texas|ohio|florida|germany|"
      "france|italy|spain|england|airways|insurance|bible|gospel|chapter|season|episode|size|"
      "from|to|for|with|has|had|will|can|please|you|your|he|she|they|we|it|i|my|his|her|but|or|"
      "if|when|what|how|why|where|who|that|this|mr|mrs|ms|dr|ai|app|phone|email|address|dob|"
      "age|account|id|ville|shire|label|trace|knolls|glens|arcade|mission|squares|passage|"
      "shoal|well|light|stravenue|fields|loaf|branch|lane|crossing|odyssey|kart|edif|number|"
      "customer|support|team");
  return words.Has(word);
}

bool IsNoNameBefore(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "san|santa|saint|sankt|são|sao|sainte|st|ste|port|fort|mount|lake|north|south|east|west|"
      "new|old|uss|hms|super|great|upper|lower|the|el|johnnie|los|las|rue|via|calle|rua|avenue|"
      "boulevard|chemin|place|plaza|piazza|cape|villa|camp|hotel|point|praça|avenida|paseo|"
      "esplanada|lago|rs|mt");
  return words.Has(word);
}

bool IsPersonBehind(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "and|asked|asks|booked|bought|called|calls|can|cannot|did|didn't|does|doesn't|got|had|"
      "has|hasn't|helped|is|isn't|just|knows|left|lives|needs|never|paid|said|says|sent|should|"
      "told|thinks|took|wants|was|went|will|works|would|wrote|forgot|signed|ordered|who|hat|"
      "ist|und|wird|kann|est|et|à|es|y|ha|tiene|moved|lost|gave|picked|tried|who's|promised|"
      "mentioned|explained|confirmed|came|saw|emailed|texted");
  return words.Has(word);
}

bool IsPersonBefore(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "and|ask|asked|asking|brother|by|call|called|colleague|contact|cousin|daughter|dear|dr|"
      "email|emailed|for|friend|from|give|helped|hi|hello|hey|husband|let|meet|met|mit|named|"
      "neighbour|neighbor|not|paid|partner|remind|saw|seen|show|sister|tell|thank|thanks|"
      "that|to|told|with|wife|y|und|et|mum|mom|did|does|has|is|was|when|if|because|like|boss|"
      "avec|con|an|für|von|pour|para|à|invite|invited|visit|know|or|than|date|married");
  return words.Has(word);
}

bool IsBrand(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "alfa romeo|aston martin|calvin klein|charles schwab|christian dior|estee lauder|"
      "ernst young|george foreman|hugo boss|jack daniel|jack daniels|jim beam|jimmy choo|"
      "johnnie walker|johnny walker|louis vuitton|mary kay|merrill lynch|michael kors|"
      "morgan stanley|paul mitchell|ralph lauren|ray ban|stella artois|tim hortons|"
      "tommy hilfiger|trader joe|wells fargo|kate spade|tory burch|marc jacobs|mia khalifa|"
      "edgar allan|anna karenina|charles de|ben jerry|victoria secret|captain morgan|don julio|"
      "jose cuervo|saint laurent|martin luther|doris kearns|visual studio|victor hugo");
  return words.Has(word);
}

}  // namespace flywheel::redaction
