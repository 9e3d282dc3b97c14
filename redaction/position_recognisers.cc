// Positions on Earth. Two decimals side by side are scores, prices or the corner of a box far more
// often than a place: a word or a key has to say what they are, or a form that nothing else has.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

const std::string kDegrees = R"([-+]?\d{1,3}\.\d{1,15})";
// A pair, and the numbers that follow it: a longer list is none, and the check sees it.
const std::string kNumbers =
    "(" + kDegrees + R"((?:[\s,;/°\[\]()NSEWO]{1,80})" + R"([-+]?\d{1,3}(?:\.\d{1,15})?)+))";

// Words that mean a position wherever they stand, with the beginnings of their triggers.
const std::string kExact =
    R"((?i:gps|geo[ _-]?(?:location|localisation|locali[sz]a\pL+|point|position)|wgs[ -]?84|)"
    R"(lat(?:itude)?[ ,/_&-]{0,3}(?:and |und |et |y |e |en )?(?:longitude|long|lon|lng)|)"
    R"(coord(?:inates?|inaten|inata|s|enadas?|onn[ée]es)?|koord(?:inaten?|s)?|coördinaten?))"
    R"((?i:[ _-]?(?:position|location|coord\pL*|koord\pL*|point|data|fix|pos|posici[óo]n))?)";
constexpr char kExactTriggers[] =
    "gps|geo |geo_|geo-|geol|geop|lat,|lat |lat/|lat_|lat-|latl|latitude|coord|koord|coörd|wgs";
// Words that may mean another position: four decimals, and no third number.
const std::string kLike =
    R"((?i:location|position|standort|aufenthaltsort|locali[sz]ation|emplacement|whereabouts|)"
    R"(ubicaci[óo]n|posici[óo]n|locali[sz]aci[óo]n|posizione|localizzazione|locatie|positie|)"
    R"(locali[sz]a[çc][ãa]o|posi[çc][ãa]o))";
constexpr char kLikeTriggers[] =
    "location|posi|standort|aufenthalt|locali|emplacement|whereabouts|ubicaci|locatie";

// What stands between a word, or a key, and its numbers: quotes, brackets, a colon, "is".
const std::string kLink =
    R"(["')\]]{0,2}\s{0,3}(?:\([^()\d\n]{1,24}\)\s?)?(?:[:=]>?\s{0,3}|)"
    R"((?i:is|are|was|were|says?|said|shows?|reads?|ist|sind|lautet|lauten|zeigt|est|sont|es|)"
    R"(son|sono|è|é|são|zijn|at|in|bei|en|à) {1,3}){0,2}(?:["'(\[{<]\s{0,64}){0,4}(?:[NS] ?)?)";
const std::string kField = R"(["']?\s*(?:[:=]|is|ist|est|es|è)?\s*["']?([-+]?\d{1,3}\.\d{3,15}))";

// Degrees with minutes and seconds, or with decimals, and the sign of a degree.
const std::string kSigned = R"((?:\.\d{1,10})? ?[°º] ?(?:\d{1,2}(?:\.\d{1,10})? ?['′’] ?)"
                            R"((?:\d{1,2}(?:\.\d{1,10})? ?["″”] ?)?)?)";

}  // namespace

std::vector<Recogniser> PositionRecognisers() {
  return {
      // geo:52.5200,13.4050;u=35 (RFC 5870)
      {.name = "geo_uri",
       .type = DataType::kLocation,
       .trigger = {.words = "geo:"},
       .pattern = R"((?i:geo):(?:0,0\?q=)?(-?\d{1,3}(?:\.\d{1,15})?,-?\d{1,3}(?:\.\d{1,15})?))",
       .check = PositionCheck},
      // +48.8577+002.2950+035/ (ISO 6709, annex H); a slash of arithmetic has a number behind it.
      {.name = "iso6709",
       .type = DataType::kLocation,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 4},
       .pattern = R"((?:^|[^0-9A-Za-z)\]])([-+]\d{2}(?:\d{2}){0,2}(?:\.\d{1,12})?)"
                  R"([-+]\d{3}(?:\d{2}){0,2}(?:\.\d{1,12})?(?:[-+]\d{1,6}(?:\.\d{1,6})?)?))"
                  R"((?:CRS\w{1,20})?/(?:[^0-9A-Za-z(]|$))",
       .before = 2,
       .needed = '/',
       .needed_within = 64},
      // 48°51′24″N 2°21′03″E; 40.7128° N, 74.0060° W (annex D)
      {.name = "position_in_degrees",
       .type = DataType::kLocation,
       .trigger = {.kind = TriggerKind::kDigits},
       .pattern = R"(\d{1,2})" + kSigned + R"([NS],? ?/? ?\d{1,3})" + kSigned + "[EWO]",
       // The first byte of both signs, in UTF-8: or it would be tried at every number.
       .needed = '\xC2',
       .needed_within = 16},
      {.name = "position_with_letters",
       .type = DataType::kLocation,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 4},
       .pattern = R"(\d{1,2}\.\d{3,10} ?[NS],? ?/? ?\d{1,3}\.\d{3,10} ?[EWO])",
       .check = PositionCheck,
       .needed = '.',
       .needed_within = 4},
      // https://www.google.com/maps/@52.5200,13.4050,15z
      {.name = "position_in_map_link",
       .type = DataType::kLocation,
       .trigger = {.words = "maps"},
       .pattern = R"((?i:maps)[^\s"'<>]{0,120}?[@=/])"
                  R"((-?\d{1,3}\.\d{3,15},(?:%20|\+)?-?\d{1,3}\.\d{3,15}))",
       .check = PositionCheck,
       .after = 192},
      // "coordinates": [[13.4050, 52.5200], [13.4061, 52.5213]], to the end of a track.
      {.name = "position_named",
       .type = DataType::kLocation,
       .trigger = {.words = kExactTriggers},
       .pattern = kExact + kLink + kNumbers,
       .check = PositionsCheck,
       .after = 1 << 20},
      // "the coordinates of my house are 52.5200, 13.4050"
      {.name = "position_near_name",
       .type = DataType::kLocation,
       .trigger = {.words = kExactTriggers},
       .pattern = kExact + R"(["')]?[^\d\n"'{}\[\]<>,;:=]{1,40}?[:=]?\s?["'(\[]{0,2})" + kNumbers,
       .check = ExactPositionCheck,
       .after = 192},
      {.name = "position_like",
       .type = DataType::kLocation,
       .trigger = {.words = kLikeTriggers},
       .pattern = kLike + kLink + kNumbers,
       .check = ExactPositionCheck,
       .after = 192},
      // "52.5200, 13.4050 are my coordinates"
      {.name = "position_before_name",
       .type = DataType::kLocation,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 4},
       .pattern = "(" + kDegrees + R"([\s,;/°NSEWO]{1,6})" + kDegrees +
                  R"()["')\]]{0,2}[^\d\n"',:;{}\[\]]{1,24}?\b(?:)" + kExact +
                  R"(|(?i:my|our|your|his|her|their|current) (?:location|position)))",
       .check = ExactPositionCheck,
       .before = 1,
       .needed = '.',
       .needed_within = 4},
      // In scripts in which no word begins with a letter of ASCII.
      {.name = "position_in_context",
       .type = DataType::kLocation,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 4},
       .pattern = kNumbers,
       .check = ExactPositionCheck,
       .context = "坐标|座標|좌표|位置|定位|经纬度|緯度|纬度|위치|위도",
       .before = 1,
       .needed = '.',
       .needed_within = 4},
      {.name = "latitude_or_longitude",
       .type = DataType::kLocation,
       .trigger = {.words = "latitud|longitude|longitudine|breitengrad|längengrad|breedtegraad|"
                            "lengtegraad"},
       .pattern = R"((?i:latitude|latitudine|latitud|longitude|longitudine|breitengrad|)"
                  R"(längengrad|breedtegraad|lengtegraad))" +
                  kField},
      // Short, "lat" is a latency and "long" a length: each needs the other.
      {.name = "lat",
       .type = DataType::kLocation,
       .trigger = {.words = "lat"},
       .pattern = "(?i:lat)" + kField,
       .context = "lon|lng|long|longitude|longitud"},
      {.name = "lon",
       .type = DataType::kLocation,
       .trigger = {.words = "lon|lng"},
       .pattern = "(?i:longitud|long|lon|lng)" + kField,
       .context = "lat|latitude|latitud"},
  };
}

}  // namespace flywheel::redaction
