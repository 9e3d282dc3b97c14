#include "redaction/full_name_words.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>

#include "redaction/word_set.h"
#include "redaction/words.h"

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
      "football|basketball|party|national|platz|blue|navy|purple|yellow|pink|optimizer|age|account|"
      "id|ville|shire|label|trace|knolls|glens|"
      "arcade|mission|squares|passage|"
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

bool IsInstitution(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "École|Université|Universität|Stiftung|aeropuerto|aeroporto|aéroport|avenue|boulevard|calle|"
      "centre|centro|colegio|college|collège|"
      "corso|estadio|fondation|fondazione|fort|fundación|gare|gymnasium|hospital|hotel|hôpital|"
      "hôtel|institut|instituto|klinikum|lac|lake|lycée|lycee|mount|museo|musée|piazza|place|plaza|"
      "pont|ponte|quai|rua|rue|schule|schloss|square|stade|stadio|stiftung|teatro|théâtre|"
      "universidad|universität|allee|brücke|gasse|gesellschaft|halle|haus|klinik|platz|preis|ring|"
      "straße|strasse|ufer|weg|université|università|via|viale|école|église|uss|hms|hurricane|"
      "storm|typhoon|"
      "tropical|operation|villa");
  return words.Has(word);
}

bool IsProduct(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "preis|platz|universität|stiftung|burger|hat|algorithm|algorithms|amplifier|architecture|"
      "paint|ketchup|soup|vinyl|museum|api|apis|apps|"
      "apple|bags|beer|boots|bourbon|brand|brands|"
      "bridge|cake|catalog|charts|cheese|chocolate|class|classes|cli|clock|cluster|clusters|"
      "coefficient|command|commands|compiler|constant|container|cosmetics|cream|criterion|"
      "currency|curve|dataset|datasets|disease|distribution|dress|driver|drivers|edition|editor|"
      "effect|engine|engines|equation|equations|estimator|extension|fallacy|filter|fonts|font|"
      "format|formats|formula|framework|function|functions|generator|generators|graph|guitar|"
      "guitars|gin|integration|integral|interface|jeans|kernel|kernels|keyboard|lager|languages|"
      "law|laws|lens|lenses|libraries|library|locomotive|lymphoma|machines|mattress|matrix|"
      "medal|method|methods|mode|models|module|modules|monitor|nodes|operator|optimizer|paradox|"
      "perfume|piano|pizza|plugin|plugins|polo|polynomial|polynomials|principle|principles|printer|"
      "printers|prize|processor|processors|protocol|protocols|puppies|puppy|razor|resolvents|"
      "rum|salad|sauce|scale|schema|screwdriver|script|scripts|sensor|sequence|sequences|series|"
      "server|servers|shampoo|shell|shoes|sneakers|software|space|stack|syndrome|telescope|"
      "template|templates|test|theorem|toolchain|toolkit|transform|tree|trousers|utility|vacuum|"
      "variable|variables|vans|vodka|volume|volumes|watches|whisky|whiskey|wine|wrench|yen");
  return words.Has(word);
}

bool IsFirmBehind(std::string_view rest) {
  // Longer ones first do not matter: a word ends behind each.
  constexpr std::string_view kFirms[] = {
      " & Sons",       " & Son",        " & Co",        " & Company",
      " & Partners",   " & Associates", " & Bros",      " & Brothers",
      " & Daughters",  " and Sons",     " and Co",      " and Associates",
      " and Partners", " et Fils",      " et Cie",      " e Filhos",
      " y Asociados",  " y asociados",  " e Figli",     " en Zonen",
      " und Söhne",    " & Söhne",      " und Partner", " AG",
      " GmbH",         " KGaA",         " KG",          " OHG",
      " e.V.",         " Inc",          " Ltd",         " LLC",
      " PLC",          " plc",          " Corp",        " Group",
      " Groep",        " Groupe",       " Gruppe",      " Holding",
      " S.A.",         " S.L.",         " S.p.A.",      " S.r.l.",
      " SARL",         " SAS",          " SA",          " B.V.",
      " BV",           " N.V.",         " NV",          " AB",
      " ApS",          " A/S",          " Oy",          " Sp. z",
      " Ltda",         " S.Coop",       " S.C",         " - ME",
      " - EI"};
  return std::any_of(std::begin(kFirms), std::end(kFirms), [&](std::string_view firm) {
    if (!rest.starts_with(firm)) return false;
    const unsigned char next = rest.size() > firm.size() ? rest[firm.size()] : ' ';
    return firm.back() == '.' || (std::isalnum(next) == 0 && next < 0x80);
  });
}

bool CalledLikePerson(std::string_view name) {
  // Without "'s", and of more words the first two.
  std::string lower = LowerAscii(name);
  for (const std::string_view ending : {"'s", "\xE2\x80\x99s"}) {
    if (std::string_view(lower).ends_with(ending)) lower.resize(lower.size() - ending.size());
  }
  if (IsBrand(lower)) return true;
  const size_t second = lower.find(' ');
  const size_t end = second == std::string::npos ? second : lower.find(' ', second + 1);
  return end != std::string::npos && IsBrand(std::string_view(lower).substr(0, end));
}

bool IsBrand(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "albert heijn|alexander mcqueen|alfa romeo|amy kitchen|ann taylor|anna karenina|"
      "annie homegrown|aston martin|aston villa|aunt jemima|austin healey|austin powers|"
      "barbie doll|bart simpson|ben jerry|ben sherman|betsey johnson|betty crocker|bloody mary|"
      "bob evans|bobbi brown|burger king|calvin klein|captain morgan|carl zeiss|carl's jr|"
      "carnegie mellon|charles de|charles river|charles schwab|charlie brown|charlotte russe|"
      "charlotte tilbury|chelsea fc|cherry garcia|christian dior|chrysler building|crystal palace|"
      "daniel wellington|dave buster|dom perignon|dom pérignon|don julio|don quixote|donald duck|"
      "doris kearns|duncan hines|earl grey|eddie bauer|edgar allan|edward jones|eiffel tower|"
      "elijah craig|elizabeth arden|emporio armani|ermenegildo zegna|ernst young|estee lauder|"
      "evan williams|fannie mae|ford transit|forest green|forrest gump|franck muller|"
      "franklin templeton|fred perry|freddie mac|frederic malle|georg jensen|george dickel|"
      "george foreman|george jensen|georges pompidou|georgia tech|german shepherd|gianni versace|"
      "gibson les|ginnie mae|giorgio armani|granny smith|hardy weinberg|harley davidson|"
      "harry potter|helena rubinstein|hewlett packard|homer simpson|hudson bay|hugo boss|"
      "indiana jones|jack daniel|jack daniels|jack jones|jack russell|jack wolfskin|jackson hole|"
      "jacob jensen|jade green|james bond|jane eyre|jean patou|jean paul|jenny craig|jersey mike|"
      "jesus christ|jim beam|jimmy choo|jimmy dean|john deere|john hancock|john lewis|"
      "johnnie walker|johnny walker|johns hopkins|jolly rancher|jose cuervo|jp morgan|juan valdez|"
      "kaiser permanente|kate spade|kelley blue|kenneth cole|lane bryant|lara croft|laura ashley|"
      "laura mercier|lee cooper|les paul|lockheed martin|louis vuitton|madison square|marc jacobs|"
      "marie callender|martin luther|martin marietta|mary kay|mary poppins|mary washington|"
      "max mara|max payne|max planck|merrill lynch|mia khalifa|michael kors|mickey mouse|"
      "molly malone|morgan stanley|mrs butterworth|norman rockwell|oliver twist|oscar de|"
      "oscar mayer|paco rabanne|paddy power|papa john|patek philippe|paul masson|paul mitchell|"
      "perry ellis|peter millar|peter pan|peter rabbit|philip morris|philipp plein|ralph lauren|"
      "ray ban|raymond james|robert bosch|robert koch|robert mondavi|roberto cavalli|"
      "robinson crusoe|ronald mcdonald|rose gold|rosetta stone|russell hobbs|russell stover|"
      "ruth chris|saint bernard|saint george|saint james|saint john|saint laurent|saint louis|"
      "saint martin|saint paul|sallie mae|salvatore ferragamo|sam edelman|samuel adams|"
      "santa claus|sara lee|sherlock holmes|shirley temple|stan smith|stella artois|"
      "stella mccartney|steve madden|ted baker|thomas cook|tikka masala|tim hortons|tom collins|"
      "tommy bahama|tommy hilfiger|tory burch|trader joe|ulysse nardin|uncle ben|vera wang|"
      "victor hugo|victoria secret|villeroy boch|virgin mary|virginia tech|visual studio|"
      "wells fargo|west ham|william hill|willis tower|winnie pooh");
  return words.Has(word);
}

}  // namespace flywheel::redaction
