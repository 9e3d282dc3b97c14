// What stands around an '@': can it be an address of mail, and where does it begin?
#ifndef FLYWHEEL_REDACTION_MAIL_BOUNDS_H_
#define FLYWHEEL_REDACTION_MAIL_BOUNDS_H_

#include <cstddef>
#include <string_view>

namespace flywheel::redaction {

// Where the local part before the '@' at `at` begins, at most 64 bytes before; `at` for none.
size_t LocalPartBegin(std::string_view text, size_t at);

// Can what begins at `place` be the host of an address: labels, and a last one of two letters?
bool BeginsHost(std::string_view text, size_t place);

// Is what stands before an '@', from `begin` on, the password of a URL ("//user:password@host")?
bool IsUserInfo(std::string_view text, size_t begin);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_MAIL_BOUNDS_H_
