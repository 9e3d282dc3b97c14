// Labelled lines: forms ("Name: Ann Lee") and tables ("name,dob"), whose labels are keys.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_LABELLED_LINES_H_
#define FLYWHEEL_REDACTION_CONVERSATION_LABELLED_LINES_H_

#include <string_view>

#include "redaction/conversation/keyed_values.h"

namespace flywheel::redaction {

// Appends what the labels of `text` say of the values behind or below them: lines of a label, a
// colon and a value, of which those that follow each other are one object; and the rows below a
// line of column names with commas, semicolons, tabs or '|' between. Linear, and without an
// allocation where no line begins with such a label.
void FindLabelledLines(std::string_view text, KeyedValues& found);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_LABELLED_LINES_H_
