// Shapes of answers: where in a turn something stands that could be a date, a number, an address.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_ANSWER_SHAPES_H_
#define FLYWHEEL_REDACTION_CONVERSATION_ANSWER_SHAPES_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "redaction/conversation/questions.h"

namespace flywheel::redaction {

// Bytes [begin, end) of an answer.
struct Piece {
  size_t begin = 0;
  size_t end = 0;
};

// The dates: "3 April 1987", "April 3rd, 1987", "03/04/1987", "3. April 1987", "3 de abril de
// 1987".
std::vector<Piece> DatesIn(std::string_view text);

// The mailboxes, written out ("ann dot lee (at) example dot com") or not.
std::vector<Piece> MailboxesIn(std::string_view text);

// The codes: words with a digit, with what belongs to them: "SW1A 1AA", "(415) 555-0132",
// "D123-4567-8901", "mia_li_3668".
std::vector<Piece> CodesIn(std::string_view text);

// The ids: "mia_li_3668", "ann.lee7", words with a digit or '_' and what joins them.
std::vector<Piece> IdsIn(std::string_view text);

// Where, from `from` on, the address stands that begins with a number or holds one, up to the end
// of the sentence; an empty piece for none.
Piece AddressIn(std::string_view text, size_t from);

// Could a code be what was asked for?
bool HasShape(AskedFor kind, std::string_view code);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_ANSWER_SHAPES_H_
