# What makes a build fast, strict and hard to attack.

find_program(FLYWHEEL_CCACHE ccache)
if(FLYWHEEL_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${FLYWHEEL_CCACHE})
endif()

find_program(FLYWHEEL_MOLD mold)
if(FLYWHEEL_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 warns of overlapping copies inside std::string that are not there.
  add_compile_options(-Wno-restrict)
else()
  # The locks stand in the types (ABSL_GUARDED_BY), and clang alone reads them.
  add_compile_options(-Wthread-safety)
endif()
option(FLYWHEEL_WERROR "Treat warnings as errors" ON)
if(FLYWHEEL_WERROR)
  add_compile_options(-Werror)
endif()

# gRPC's and protobuf's headers are read once for several sources, which takes two thirds of the time
# away. A source that is touched brings its batch with it.
option(FLYWHEEL_UNITY "Compile several sources of a target as one, where the target says UNITY" OFF)

set(FLYWHEEL_SANITIZER "" CACHE STRING "Passed to -fsanitize=, such as address,undefined")
if(FLYWHEEL_SANITIZER)
  add_compile_options(-fsanitize=${FLYWHEEL_SANITIZER} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FLYWHEEL_SANITIZER})
  # With the checks of AddressSanitizer between them, g++ 12 loses sight of who fills a member, and
  # takes those of std::regex and std::optional for uninitialised.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  if(FLYWHEEL_SANITIZER STREQUAL "thread")
    # Boost.Asio's scheduler has fences beside its locks. ThreadSanitizer follows the locks alone, and
    # g++ warns that it does.
    add_compile_options(-Wno-tsan)
  endif()
endif()

# For users' binaries: overflows of buffers end the process, and what the linker writes is read-only.
option(FLYWHEEL_HARDENED "Checks of the C and C++ library, stack protector, read-only relocations" OFF)
if(FLYWHEEL_HARDENED)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fcf-protection)
  add_link_options(LINKER:-z,relro,-z,now)
endif()

option(FLYWHEEL_FUZZ "Build the fuzzers instead of their corpus tests; needs clang" OFF)
if(FLYWHEEL_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
