# What is installed, in three components: client (melsweep), coordinator, worker (melsweep-worker and melsweep-trainer).
#   cmake --build --preset release --target programs     the four programs, their manual pages and completions; no tests
#   cmake --install build/release --prefix DIR [--component client|coordinator|worker]
# The tree can be moved: programs find each other, the ready sweeps and the Slurm script by where they are themselves.

include(GNUInstallDirs)
set(MELSWEEP_PROGRAMS melsweep melsweep-coordinator melsweep-worker melsweep-trainer)
set(MELSWEEP_MADE ${CMAKE_BINARY_DIR}/made_for_install)

# Manual pages, by the programs themselves. Without the builder's environment, of which --help shows defaults.
function(melsweep_manual_pages program)
  set(stamp ${MELSWEEP_MADE}/${program}.pages)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${MELSWEEP_MADE}/man/${program}
    COMMAND env -i HOME=~ $<TARGET_FILE:${program}> --man-pages=${MELSWEEP_MADE}/man/${program} > ${stamp}
    DEPENDS ${program} VERBATIM COMMENT "Manual pages of ${program}")
  set_property(GLOBAL APPEND PROPERTY MELSWEEP_INSTALLED_FILES ${stamp})
endfunction()
foreach(program ${MELSWEEP_PROGRAMS})
  melsweep_manual_pages(${program})
endforeach()

foreach(shell bash zsh fish)
  set(script ${MELSWEEP_MADE}/completions/${shell})
  add_custom_command(OUTPUT ${script}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${MELSWEEP_MADE}/completions
    COMMAND melsweep completion ${shell} > ${script}
    DEPENDS melsweep VERBATIM COMMENT "Completion for ${shell}")
  set_property(GLOBAL APPEND PROPERTY MELSWEEP_INSTALLED_FILES ${script})
endforeach()

get_property(MELSWEEP_INSTALLED_FILES GLOBAL PROPERTY MELSWEEP_INSTALLED_FILES)
add_custom_target(programs ALL DEPENDS ${MELSWEEP_PROGRAMS} ${MELSWEEP_INSTALLED_FILES})

# A program and its manual pages, which are of these sections.
function(melsweep_install_program program component)
  install(TARGETS ${program} DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${component})
  foreach(section ${ARGN})
    install(DIRECTORY ${MELSWEEP_MADE}/man/${program}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
            COMPONENT ${component} FILES_MATCHING PATTERN *.${section})
  endforeach()
endfunction()
melsweep_install_program(melsweep client 1 5)
melsweep_install_program(melsweep-coordinator coordinator 1)
melsweep_install_program(melsweep-worker worker 1)
melsweep_install_program(melsweep-trainer worker 1)

set(MELSWEEP_SHARE ${CMAKE_INSTALL_DATAROOTDIR}/melsweep)
install(FILES ${MELSWEEP_MADE}/completions/bash RENAME melsweep
        DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions COMPONENT client)
install(FILES ${MELSWEEP_MADE}/completions/fish RENAME melsweep.fish
        DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/fish/vendor_completions.d COMPONENT client)
install(DIRECTORY sweeps/ DESTINATION ${MELSWEEP_SHARE}/sweeps COMPONENT client FILES_MATCHING PATTERN *.yaml)
# Where the first line of each sweep says that it is.
install(FILES shared/spec/sweep.schema.json DESTINATION ${MELSWEEP_SHARE}/shared/spec COMPONENT client)
install(PROGRAMS deploy/slurm/worker.sbatch DESTINATION ${MELSWEEP_SHARE}/slurm COMPONENT client)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/melsweep COMPONENT client)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/melsweep COMPONENT client)
install(DIRECTORY deploy/observability DESTINATION ${MELSWEEP_SHARE} COMPONENT coordinator
        PATTERN alerts_test.yml EXCLUDE)
install(PROGRAMS deploy/fetch-weights DESTINATION ${MELSWEEP_SHARE} COMPONENT worker)
install(FILES deploy/systemd/coordinator-credentials.conf DESTINATION ${MELSWEEP_SHARE}/systemd COMPONENT coordinator)
install(FILES deploy/systemd/worker-credentials.conf DESTINATION ${MELSWEEP_SHARE}/systemd COMPONENT worker)
foreach(part client:melsweep coordinator:melsweep-coordinator worker:melsweep-worker)
  string(REPLACE : ";" part ${part})
  list(GET part 0 component)
  list(GET part 1 name)
  install(FILES deploy/debian/copyright DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${name} COMPONENT ${component})
endforeach()

# What depends on the prefix, which is known only when it is installed.
foreach(component client coordinator worker)
  install(CODE "
    set(component ${component})
    set(sources \"${CMAKE_SOURCE_DIR}/deploy/systemd\")
    set(made \"${MELSWEEP_MADE}\")
    include(\"${CMAKE_SOURCE_DIR}/cmake/InstallByPrefix.cmake\")" COMPONENT ${component})
endforeach()
