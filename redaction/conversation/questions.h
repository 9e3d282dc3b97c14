// Questions: what an agent asks for.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_QUESTIONS_H_
#define FLYWHEEL_REDACTION_CONVERSATION_QUESTIONS_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace flywheel::redaction {

// What can be asked for.
enum class AskedFor : uint8_t {
  kOrder,  // The number of an order, account or booking, which is nobody's name and stays.
  kUserId,
  kEmail,
  kAddress,
  kPostcode,
  kBirthDate,
  kPassport,
  kLicense,
  kNationalId,
  kCard,    // Its digits, the last four, the code on its back.
  kExpiry,  // Of a card: 12/27.
  kPhone,
  kName,
};

// What `text`, a turn of the agent, asks for, in the order in which it does; empty where it asks
// for nothing that is personal. Questions and requests count, in English, German, French, Spanish,
// Italian, Portuguese and Dutch: "What is your date of birth?", "Name and postcode, please". Looks
// at the last 1,000 bytes.
std::vector<AskedFor> ReadQuestion(std::string_view text);

// Is "order", "Buchung", "reserva" or the like in `text`, in lower case?
bool NamesOrder(std::string_view folded);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_QUESTIONS_H_
