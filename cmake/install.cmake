# Where 'cmake --install' puts things, and the Debian packages that 'cpack -G DEB' makes of it: one a
# service and one of the command. docs/operate/install.md is what their users read.

# Units name the place of the programs, and those of packages are in /usr/bin.
if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
  set(CMAKE_INSTALL_PREFIX /usr CACHE PATH "Where 'cmake --install' puts things" FORCE)
endif()

set(packaging_dir ${PROJECT_SOURCE_DIR}/packaging)
set(packaging_output_dir ${PROJECT_BINARY_DIR}/packaging)

# flywheel_install(COMPONENT PACKAGE SUMMARY): a program, its licence and the changelog, as a package
# of Debian. A macro, because the settings of CPack have to reach this file's own scope.
macro(flywheel_install component package summary)
  install(TARGETS ${package} RUNTIME DESTINATION bin COMPONENT ${component})
  install(FILES ${packaging_dir}/copyright ${PROJECT_SOURCE_DIR}/CHANGELOG.md
          DESTINATION share/doc/${package} COMPONENT ${component})
  list(APPEND CPACK_COMPONENTS_ALL ${component})
  string(TOUPPER CPACK_DEBIAN_${component} deb)
  set(${deb}_PACKAGE_NAME ${package})
  set(${deb}_DESCRIPTION "AI data flywheel, ${summary}
Flywheel records what an AI agent does and how people react, turns that into
clean training data, and lets a better version go live only on evidence.")
endmacro()

# flywheel_install_service(NAME SUMMARY UPSTREAM MEMORY_MAX): a service with its unit, its user, and
# its environment file, which is made of its --help. UPSTREAM is the unit that it starts after.
macro(flywheel_install_service name summary upstream memory_max)
  set(SERVICE ${name})
  set(SUMMARY "${summary}")
  set(UPSTREAM ${upstream})
  set(MEMORY_MAX ${memory_max})
  set(package flywheel-${name})
  set(made_dir ${packaging_output_dir}/${name})
  flywheel_install(${name} ${package} "${summary}")
  configure_file(${packaging_dir}/service.in ${made_dir}/${package}.service @ONLY)
  install(FILES ${made_dir}/${package}.service DESTINATION lib/systemd/system COMPONENT ${name})
  configure_file(${packaging_dir}/sysusers.in ${made_dir}/${package}.conf @ONLY)
  install(FILES ${made_dir}/${package}.conf DESTINATION lib/sysusers.d COMPONENT ${name})
  install(CODE "execute_process(
      COMMAND $<TARGET_FILE:${package}> --help
      COMMAND awk -v service=${name} -f ${packaging_dir}/environment.awk
      OUTPUT_FILE ${made_dir}/${name}.env COMMAND_ERROR_IS_FATAL ANY)" COMPONENT ${name})
  install(FILES ${made_dir}/${name}.env DESTINATION /etc/flywheel COMPONENT ${name})

  file(CONFIGURE OUTPUT ${made_dir}/conffiles CONTENT "/etc/flywheel/${name}.env\n")
  set(${deb}_PACKAGE_CONTROL_EXTRA ${made_dir}/conffiles)
  foreach(template postinst.in prerm.in postrm.in)
    get_filename_component(script ${template} NAME_WE)
    configure_file(${packaging_dir}/${template} ${made_dir}/${script} @ONLY)
    list(APPEND ${deb}_PACKAGE_CONTROL_EXTRA ${made_dir}/${script})
  endforeach()
  # systemd provides the second; a container has no systemd, and needs the user all the same.
  set(${deb}_PACKAGE_DEPENDS "systemd-standalone-sysusers | systemd-sysusers")
  # Health checks, backups and whatever else an operator does; and CAs, for an archive in S3.
  set(${deb}_PACKAGE_RECOMMENDS "flywheel (>= ${PROJECT_VERSION}), ca-certificates")
endmacro()

flywheel_install_service(ingest "ingest: records what agents do and how people react"
  "" 1G)
flywheel_install_service(curation "curation: turns what was recorded into datasets"
  flywheel-ingest.service 4G)
flywheel_install_service(eval-gate "evaluation gate: says whether a model version may ship"
  flywheel-curation.service 1G)
flywheel_install_service(experiment "experiment: compares model versions on live traffic"
  flywheel-eval-gate.service 1G)
flywheel_install(command flywheel "command: status, import, verdicts, erasures, backups")
set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS
  "flywheel-ingest, flywheel-curation, flywheel-eval-gate, flywheel-experiment")

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_VENDOR Flywheel)
# Debian asks for an address. There is none to write to: SECURITY.md and the repository say how.
set(CPACK_PACKAGE_CONTACT "Flywheel contributors <flywheel@contributors.invalid>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
