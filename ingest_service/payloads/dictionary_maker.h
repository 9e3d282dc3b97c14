// Trains compression dictionaries that hold nothing of one person's or session's own.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_DICTIONARY_MAKER_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_DICTIONARY_MAKER_H_

#include <cstdint>
#include <string>
#include <vector>

namespace flywheel::ingest {

// A payload to learn from, whose it is, and in which session: two of one owner, or of one session,
// show nothing in common.
struct DictionarySample {
  std::string owner;
  std::string session;
  std::string payload;
};

// Fewer owners, or fewer sessions, than this must not share what a dictionary holds.
inline constexpr int64_t kMinDictionaryOwners = 8;

// A zstd dictionary for payloads like these, at most about 112 KiB; empty where they have too
// little in common to make one.
//
// zstd's own trainer copies stretches of single samples, so its dictionaries keep what people said
// for as long as any payload needs them, past every erasure. This one takes only stretches that
// stand, byte for byte, in payloads of at least kMinDictionaryOwners owners and of as many
// sessions: prompts, tool names, standard answers. What it costs in size is in
// docs/operate/retention.md.
std::string MakeDictionary(std::vector<DictionarySample> samples);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_DICTIONARY_MAKER_H_
