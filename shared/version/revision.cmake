# Writes OUTPUT, a header with the git revision of SOURCE_DIR: " (0123456789ab)", with "-dirty" where
# files differ from it, and "" where there is no git or no repository, as in a container's build.
find_package(Git QUIET)
set(revision "")
if(Git_FOUND)
  execute_process(
    COMMAND ${GIT_EXECUTABLE} -C ${SOURCE_DIR} describe --always --dirty --abbrev=12 --exclude=*
    OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE result)
  if(result EQUAL 0)
    set(revision " (${revision})")
  else()
    set(revision "")
  endif()
endif()
set(text "#define FLYWHEEL_REVISION \"${revision}\"\n")
set(known "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} known)
endif()
if(NOT known STREQUAL text)
  file(WRITE ${OUTPUT} "${text}")
endif()
