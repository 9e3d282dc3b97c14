# What makes a build fast and strict.

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
endif()
option(FLYWHEEL_WERROR "Treat warnings as errors" ON)
if(FLYWHEEL_WERROR)
  add_compile_options(-Werror)
endif()

set(FLYWHEEL_SANITIZER "" CACHE STRING "Passed to -fsanitize=, such as address,undefined")
if(FLYWHEEL_SANITIZER)
  add_compile_options(-fsanitize=${FLYWHEEL_SANITIZER} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FLYWHEEL_SANITIZER})
endif()

option(FLYWHEEL_FUZZ "Build the fuzzers instead of their corpus tests; needs clang" OFF)
if(FLYWHEEL_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
