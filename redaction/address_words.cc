#include "redaction/address_words.h"

#include "redaction/word_set.h"

namespace flywheel::redaction {
bool IsUnitWord(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "apt|apartment|apto|unit|suite|ste|flat|studio|room|rm|floor|fl|level|lot|bldg|building|"
      "villa|shop|block|blk|appartement|appt|appartamento|interno|int|interior|scala|piano|piso|"
      "puerta|pta|bloque|esc|bâtiment|bât|étage|etage|wohnung|whg|top|stiege|stock|etg|lgh|bloco|"
      "casa|andar|m|lok|lokal|mieszkanie|depto|departamento|ph|office|tower|wing|despacho|local|"
      "hus|leilighet|bostad|daire|kat|dom|box|slip|space|spc|trlr|trailer|penthouse");
  return words.Has(word);
}

bool IsStateCode(std::string_view code) {
  static const WordSet& codes = *new WordSet(
      "AA|AE|AK|AL|AP|AR|AZ|CA|CO|CT|DC|DE|FL|FM|GA|GU|HI|IA|ID|IL|IN|KS|KY|LA|MA|MD|ME|MH|MI|MN|"
      "MO|MP|MS|MT|NC|ND|NE|NH|NJ|NM|NV|NY|OH|OK|OR|PA|PR|PW|RI|SC|SD|TN|TX|UT|VA|VI|VT|WA|WI|WV|"
      "WY|AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT|NSW|VIC|QLD|TAS|ACT|SA");
  return codes.Has(code);
}

bool IsRegionName(std::string_view name) {
  static const WordSet& names = *new WordSet(
      "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|"
      "hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|"
      "michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|"
      "new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|"
      "rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|"
      "west virginia|wisconsin|wyoming|puerto rico|district of columbia|ontario|quebec|québec|"
      "british columbia|alberta|manitoba|saskatchewan|nova scotia|new brunswick|newfoundland|"
      "newfoundland and labrador|prince edward island|new south wales|victoria|queensland|"
      "tasmania|south australia|western australia|australian capital territory|"
      "northern territory|andhra pradesh|assam|bihar|gujarat|haryana|karnataka|kerala|"
      "madhya pradesh|maharashtra|odisha|punjab|rajasthan|tamil nadu|telangana|uttar pradesh|"
      "uttarakhand|west bengal|england|scotland|wales|northern ireland|bayern|hessen|sachsen|"
      "niedersachsen|greater manchester|kent|essex|surrey|sussex|east sussex|west sussex|devon|"
      "cornwall|yorkshire|west yorkshire|north yorkshire|west midlands|norfolk|suffolk|dorset|"
      "somerset|cumbria|merseyside|tyrol|steiermark|wallonie|vlaanderen|catalunya|cataluña|"
      "andalucía|lombardia|toscana|lazio|sicilia");
  constexpr std::string_view kShire = "shire";
  return names.Has(name) ||
         (name.size() > 8 && name.substr(name.size() - kShire.size()) == kShire &&
          name.find(' ') == name.npos);
}

bool IsCountryName(std::string_view name) {
  static const WordSet& names = *new WordSet(
      "united states|united states of america|the united states|usa|u.s.a|u.s|us|united kingdom|uk|"
      "great britain|england|scotland|wales|ireland|canada|australia|new zealand|germany|"
      "deutschland|austria|österreich|switzerland|schweiz|suisse|svizzera|france|spain|españa|"
      "italy|italia|netherlands|the netherlands|nederland|belgium|belgique|belgië|portugal|poland|"
      "polska|brazil|brasil|india|japan|china|south korea|korea|mexico|méxico|argentina|chile|"
      "colombia|peru|perú|sweden|sverige|norway|norge|denmark|danmark|finland|suomi|iceland|"
      "czech republic|czechia|česko|slovakia|slovensko|slovenia|croatia|hrvatska|hungary|"
      "magyarország|romania|românia|bulgaria|greece|turkey|türkiye|russia|ukraine|israel|egypt|"
      "south africa|nigeria|kenya|ghana|morocco|tunisia|algeria|saudi arabia|"
      "united arab emirates|uae|qatar|kuwait|pakistan|bangladesh|sri lanka|nepal|thailand|vietnam|"
      "malaysia|singapore|indonesia|philippines|taiwan|hong kong|luxembourg|malta|cyprus|estonia|"
      "latvia|lithuania|uruguay|ecuador|bolivia|paraguay|venezuela|cuba|panama|costa rica|"
      "guatemala|serbia|albania|armenia|jordan|lebanon|iran|iraq|ethiopia|senegal|cameroon");
  return names.Has(name);
}

bool IsTownParticle(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "am|an|der|im|in|ob|bei|sur|sous|de|la|le|les|los|las|del|della|delle|di|do|da|dos|das|du|"
      "des|upon|on|the|of|nad|pod|aan|den|van|von|y|e|en|lez|lès|el|zu|i|w|v|na|dei|degli|d'|op");
  return words.Has(word);
}

bool IsNoTownWord(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "a|account|address|also|amount|an|and|any|are|as|at|attn|best|bill|billing|born|bought|but|"
      "by|call|can|card|case|cc|cheers|code|contact|could|customer|danke|date|dear|delivered|"
      "delivery|did|do|does|dob|email|e-mail|fax|for|from|gracias|gender|get|gift|gross|he|hello|"
      "her|hi|his|home|how|i|i'm|iban|id|if|in|invoice|is|it|item|items|its|kind|love|m|mail|"
      "merci|mobile|model|mr|mrs|ms|my|name|net|new|next|no|not|note|now|number|of|ok|on|or|order|"
      "our|paid|passport|phone|phones|plan|please|policy|postal|postcode|price|property|qty|ref|"
      "reference|regards|report|room|s|sales|section|sent|she|ship|shipping|signed|since|sku|so|"
      "ssn|step|subject|sum|t|tax|tel|telefon|telephone|tenant|thank|thanks|that|the|their|then|"
      "there|they|this|ticket|to|today|total|tracking|unit|until|up|url|vat|version|was|we|web|"
      "website|what|when|where|which|who|why|will|with|yes|you|your|yours|zip|zipcode|january|"
      "february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|"
      "apr|jun|jul|aug|sep|oct|nov|dec|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
      "chapter|figure|table|page|flight|gate|platform|seat|size|level|windows|iphone|galaxy|bmw|"
      "audi|euro|stück|dollar|pfund|pieces|units|users|people|pages|words|ford|boeing|airbus|"
      "attached|enclosed|lieferung|rechnung|vielen|mit|bitte|bonjour|"
      "cordialement|tél|dr|prof|herr|frau|plz|edition|isbn|issn|vol|line|error|port|http|https");
  return words.Has(word);
}

bool IsNumberedWord(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "account|article|batch|boeing|booking|box|bus|case|chapter|code|figure|flight|floor|gate|"
      "invoice|item|items|level|line|model|nr|order|page|paragraph|part|platform|point|policy|"
      "problem|question|ref|reference|row|rule|season|seat|section|size|step|table|terminal|"
      "ticket|track|train|type|version|volume|windows|week|year|iphone|episode|for|since|until|"
      "january|february|march|april|may|june|july|august|september|october|november|december|jan|"
      "feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|usd|eur|gbp|chf|rs|inr|monday|tuesday|"
      "wednesday|thursday|friday|saturday|sunday|januar|februar|märz|mai|juni|juli|oktober|"
      "dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|"
      "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
      "st|days|hours|minutes|percent|phone|tel|room|px|kg|km|cm|mm|ml|gb|mb|am|pm|cet|utc|gmt");
  return words.Has(word);
}

bool IsStreetWord(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "ul|ulica|al|aleja|aleje|pl|plac|os|osiedle|via|viale|vicolo|piazza|corso|largo|strada|"
      "contrada|borgo|rue|avenue|av|boulevard|bd|chemin|allée|impasse|place|quai|calle|c|avenida|"
      "avda|plaza|paseo|camino|carrer|ronda|rambla|glorieta|pasaje|cuesta|acceso|vial|alameda|"
      "urbanización|rua|travessa|praça|rodovia|estrada|viela|vereda|sítio|largo|beco|str|strasse|"
      "straße|náměstí|nám|třída|ulice|utca|út|sok|sokak|cad|caddesi|mah|mahallesi|jalan|jl|calea|"
      "bulevardul|intrarea|aleea|incrocio|canale|stretto|rotonda|circonvallazione|condomínio|"
      "condominio|esplanada|passarela|viaduto|lagoa|quadra|residencial|ladeira|conjunto|parque|"
      "aeroporto|favela|jardim|morro|núcleo|setor|vale|trecho|colônia|campo|calzada|callejón|"
      "cañada|"
      "circuito|privada|prolongación|continuación|retorno|cerrada|andador|peatonal|circunvalación|"
      "diagonal|corredor|periférico|eje|camí|travesía|bulevar|carretera|pasadizo|costanilla|alley");
  return words.Has(word);
}

bool IsStreetSuffix(std::string_view word) {
  static const WordSet& words = *new WordSet(
      "alley|aly|annex|arcade|avenue|ave|bayou|bend|bluff|bluffs|boulevard|blvd|branch|bridge|"
      "brook|brooks|burg|burgs|bypass|camp|canyon|causeway|center|centers|circle|circles|cir|cliff|"
      "close|common|commons|corner|corners|course|court|courts|ct|cove|coves|creek|crescent|cres|"
      "crest|crossing|crossroad|crossroads|curve|dale|dam|divide|drive|drives|dr|elbow|estate|"
      "estates|expressway|extension|fall|falls|ferry|field|fields|flat|flats|ford|fords|forest|"
      "forge|forges|fork|forks|fort|freeway|garden|gardens|gateway|glen|glens|green|greens|grove|"
      "groves|harbor|harbors|haven|heights|highway|hwy|hill|hills|hollow|inlet|island|islands|isle|"
      "junction|junctions|knoll|knolls|lake|lakes|landing|lane|ln|light|lights|loaf|lock|locks|"
      "lodge|loop|mall|manor|manors|meadow|meadows|mews|mill|mills|mission|motorway|mount|mountain|"
      "mountains|neck|orchard|oval|overpass|park|parks|parkway|parkways|pkwy|pass|passage|path|"
      "pike|pine|pines|place|pl|plain|plains|plaza|plazas|port|ports|prairie|radial|ranch|rapid|"
      "rapids|rest|ridge|ridges|rise|river|road|roads|rd|route|row|run|shoal|shoals|shore|shores|"
      "skyway|spring|springs|spur|spurs|square|squares|sq|station|stravenue|stream|street|streets|"
      "st|strand|summit|terrace|throughway|trace|track|trafficway|trail|tunnel|turnpike|underpass|"
      "union|unions|valley|valleys|via|viaduct|view|views|village|villages|ville|villas|vista|walk|"
      "walks|wall|way|ways|well|wells|grange|paddock|wynd|nagar|marg|chowk|ganj|deviation|copse|"
      "croft|quay|wharf|parade|riverside|embankment|esplanade|promenade");
  return words.Has(word);
}

bool HasStreetEnding(std::string_view word) {
  constexpr std::string_view kEndings[] = {
      "straße", "strasse", "straat",   "laan",      "gracht", "singel", "steeg", "plein",
      "kade",   "dijk",    "baan",     "stræde",    "gade",   "vej",    "gata",  "gatan",
      "vägen",  "gränd",   "veien",    "gaten",     "allee",  "gasse",  "platz", "damm",
      "ufer",   "steig",   "chaussee", "boulevard", "weg",    "pad",    "hof",   "ring",
      "alléen", "toften",  "parken",   "stigen",    "tie",    "katu",   "kuja"};
  for (const std::string_view ending : kEndings) {
    if (word.size() > ending.size() + 2 && word.substr(word.size() - ending.size()) == ending) {
      return true;
    }
  }
  return false;
}

}  // namespace flywheel::redaction
