// Classifies span attributes by name: what becomes of each before it is stored.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_ATTRIBUTE_NAMES_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_ATTRIBUTE_NAMES_H_

#include <string_view>

namespace flywheel::ingest {

// What becomes of an attribute's value at the door.
enum class AttributeUse {
  // Never kept: technical, large, or personal and of no use here.
  kDropped,
  // Names a person, as every name that ends in "user.id", "user_id" or "userId" does: becomes a
  // pseudonym.
  kUser,
  // Names a conversation: kept where it has the form of an id, else it becomes a keyed hash.
  kSession,
  // A name or id that is no text: kept as it is.
  kName,
  // Counts tokens or money: kept where it is a number.
  kFigure,
  // Cleaned and redacted.
  kText,
};

AttributeUse UseOf(std::string_view name);

// Whether an attribute of use kSession names a conversation rather than a visit: the conventions
// know both, and a visit may be a browser's.
bool NamesConversation(std::string_view name);

// Whether an attribute or event of this name says that its span has to do with an agent or a model.
bool IsAboutAgents(std::string_view name);

// Whether somebody chose the attribute to tell their traffic apart, and no convention that is read
// here has it.
bool IsOwnAttribute(std::string_view name);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_ATTRIBUTE_NAMES_H_
