# Run when a component is installed: what depends on the prefix. Below /usr Debian's places are taken, /etc among them.
# Given: component, sources (deploy/systemd), made (what the build made for installing), and CMAKE_INSTALL_PREFIX.

if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(etc /etc)
  set(units /lib/systemd/system)
  set(zsh_functions ${CMAKE_INSTALL_PREFIX}/share/zsh/vendor-completions)
else()
  set(etc ${CMAKE_INSTALL_PREFIX}/etc)
  set(units ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
  set(zsh_functions ${CMAKE_INSTALL_PREFIX}/share/zsh/site-functions)
endif()
set(bin ${CMAKE_INSTALL_PREFIX}/bin)

# A service: its unit, the user that it runs as, and its environment.
function(install_service name unit)
  configure_file(${sources}/${unit}.in ${made}/systemd/${unit} @ONLY)
  file(INSTALL ${made}/systemd/${unit} DESTINATION ${units})
  file(INSTALL ${sources}/${name}.env DESTINATION ${etc}/melsweep)
  file(INSTALL ${sources}/sysusers.conf DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/sysusers.d RENAME melsweep-${name}.conf)
endfunction()

if(component STREQUAL "coordinator")
  install_service(coordinator melsweep-coordinator.service)
elseif(component STREQUAL "worker")
  install_service(worker melsweep-worker@.service)
else()
  file(INSTALL ${made}/completions/zsh DESTINATION ${zsh_functions} RENAME _melsweep)
endif()
