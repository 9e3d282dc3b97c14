// Dates of birth in further languages, and in the forms that only stand where a birth is told.
#include <string>

#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

// "12-Mar-1980", "03MAR1980", "12 Mar 80", and the forms with numbers or a month in words.
const std::string kDay =
    R"((\d{1,2}[ -]?(?i:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez))"
    R"(\pL{0,6}\.?[ ,-]{0,2}(?:\d{4}|\d{2})|)"
    R"(\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|)"
    R"(\d{1,2}\. ?\d{1,2}\. ?\d{4}|\d{1,2} ?/ ?\d{1,2} ?/ ?\d{4}|)"
    R"(\d{1,2}(?:st|nd|rd|th|er|\.|º|°)?(?: of| de)? \pL{3,12}\.?,?(?: del?)? \d{4}|)"
    R"((?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
    R"(\pL{0,6}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|)"
    R"((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\b)";

constexpr char kWords[] =
    "birth|(b. |bday|b-day|dob|d.o.b|d. o. b|born|geburt|geboren|geb.|geb |naissance|né à|née à|né "
    "en|"
    "née en|né le|née le|né(e)|nacimiento|nacido|nacida|nació|fec. nac|f. nac|nascita|nato a|"
    "nata a|nato/a|nato il|nata il|nato nel|nascimento|nasc.|nasceu|nascido|nascida|geboorte|"
    "geboren|gebdat|født|fødselsd|född|födelse|syntynyt|syntymä|narozen|datum narození|urodzon|"
    "urodzenia|ur. |született|születési|doğum|nașter|naster|rođen|rojstv|datums dzim|cumpleaños|"
    "compleanno|aniversário|anniversaire";

}  // namespace

std::vector<Recogniser> BirthDayRecognisers() {
  return {
      {.name = "birth_day",
       .type = DataType::kBirthDate,
       .trigger = {.words = kWords},
       // The place of birth may stand between; so may the end of the label's line.
       .pattern =
           R"((?i:\(b\.|birth|bday|b-day|dob|d\. ?o\. ?b|born|geb|n[ée]|nac|f\. nac|fec\. nac|nat|)"
           R"(nasc|f[øö]d|syn|datum|naroz|ur|szül|doğum|naș|nas|rođ|roj|cumple|comple|ani|)"
           R"(ann)[^\d\n"{}\[\]]{0,60}?(?:[:?]? ?\n[ \t]*)?)" +
           kDay},
      // "12-03-1980 is my date of birth", "3.5.1980 (Geburtsdatum)".
      {.name = "birth_day_told_behind",
       .type = DataType::kBirthDate,
       .trigger = {.words = "birth|dob|d.o.b|born|geburt|naissance|nacimiento|nascita|nascimento|"
                            "geboorte|cumpleaños|compleanno|anniversaire"},
       .pattern = R"(\b)" + kDay +
                  R"([ ,(–-]{1,3}(?i:(?:is|was|as|ist|als|est|es|è|é|being) )?)"
                  R"((?i:(?:my|his|her|the|their|our|mein|ihr|sein|ma|sa|la|mi|su|a|mia|minha|de|)"
                  R"(mijn|date|data|fecha) (?:of |de |di )?){0,2}(?i:birth|dob|d\.o\.b|born\)|)"
                  R"(geburt|naiss|)"
                  R"(nacim|nasci|geboorte|cumple|comple|anniv))",
       .before = 56,
       .after = 24},
      {.name = "birth_day_in_context",
       .type = DataType::kBirthDate,
       .trigger = {.kind = TriggerKind::kDigits, .max_digits = 12},
       .pattern = R"(\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日|\d{4}년 ?\d{1,2}월 ?\d{1,2}일|)"
                  R"((?:昭和|平成|令和)?\d{1,2}年\d{1,2}月\d{1,2}日|)"
                  R"(\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|)"
                  R"(\d{1,2} \pL[\pL\pM]{2,11},? \d{4})",
       .context =
           "生年月日|誕生日|生まれ|出生|生日|生于|생년월일|출생|생일|рождения|Рождения|родился|"
           "родилась|рожд.|г.р.|г. р.|народження|تاريخ الميلاد|الميلاد|مواليد|ولد في|وُلد|"
           "जन्म|जन्मतिथि|γέννησης|γεννήθηκ|תאריך לידה|נולד",
       .after = 64},
  };
}

}  // namespace flywheel::redaction
