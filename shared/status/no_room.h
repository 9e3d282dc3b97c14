// Classifies an errno: whether it says that there is no room to write.
#ifndef FLYWHEEL_SHARED_STATUS_NO_ROOM_H_
#define FLYWHEEL_SHARED_STATUS_NO_ROOM_H_

#include <cerrno>

namespace flywheel {

// A full disk, a quota that is used up, or a file of the size that it may have: whoever makes room
// mends each, and errors::StorageFull says so.
constexpr bool IsNoRoom(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_STATUS_NO_ROOM_H_
