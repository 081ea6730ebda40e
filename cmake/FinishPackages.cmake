# Run by CPack over each package's files before they are packed: a changelog, and what Debian wants compressed.

file(GLOB roots LIST_DIRECTORIES true ${CPACK_TEMPORARY_DIRECTORY}/*)
foreach(root ${roots})
  file(GLOB doc_folders LIST_DIRECTORIES true ${root}/usr/share/doc/*)
  foreach(folder ${doc_folders})
    configure_file(${CPACK_MELSWEEP_CHANGELOG} ${folder}/changelog @ONLY)
  endforeach()
  file(GLOB_RECURSE texts ${root}/usr/share/man/* ${root}/usr/share/doc/*/changelog)
  foreach(text ${texts})
    # Without name and time: the same files give the same package.
    execute_process(COMMAND gzip --best --no-name ${text} COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
endforeach()
