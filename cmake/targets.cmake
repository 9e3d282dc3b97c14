# Three words for all targets, so that a folder's CMakeLists.txt reads as a list of its rooms.
#
# UNITY: its sources, which read gRPC's headers, are compiled a batch at a time where FLYWHEEL_UNITY is on.
# Names in their unnamed namespaces then have to differ within the target.

function(flywheel_unity name wanted)
  if(FLYWHEEL_UNITY AND wanted)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
  endif()
endfunction()

# What every program has where ThreadSanitizer watches it (shared/CMakeLists.txt).
if(FLYWHEEL_SANITIZER STREQUAL "thread")
  set(FLYWHEEL_SANITIZER_OBJECTS $<TARGET_OBJECTS:thread_sanitizer>)
endif()

# flywheel_library(NAME [UNITY] SOURCES a.cc b.cc [DEPENDS x y])
function(flywheel_library name)
  cmake_parse_arguments(ARG "UNITY" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  flywheel_unity(${name} ${ARG_UNITY})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS})
endfunction()

# flywheel_binary(NAME [UNITY] SOURCES main.cc [DEPENDS x y])
function(flywheel_binary name)
  cmake_parse_arguments(ARG "UNITY" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  flywheel_unity(${name} ${ARG_UNITY})
  target_link_libraries(${name} PRIVATE ${FLYWHEEL_SANITIZER_OBJECTS} ${ARG_DEPENDS})
endfunction()

# flywheel_test(NAME [UNITY] SOURCES a_test.cc [DEPENDS x y]): one binary of GoogleTest cases, one ctest entry.
function(flywheel_test name)
  cmake_parse_arguments(ARG "UNITY" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  flywheel_unity(${name} ${ARG_UNITY})
  target_link_libraries(${name} PRIVATE ${FLYWHEEL_SANITIZER_OBJECTS} ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  # Tests wait for what they test, which is optimised: to compile them took more than to run them.
  target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-Og>)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600
    ENVIRONMENT "FLYWHEEL_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
endfunction()
