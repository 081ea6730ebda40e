# Debian packages, one a component: cmake --build --preset release --target packages leaves them in build/release/packages.
# Their scripts and what Debian wants besides are in deploy/debian.

set(MELSWEEP_PACKAGE_MAINTAINER "The Melsweep authors <maintainers@melsweep.example>" CACHE STRING
    "Who answers for the Debian packages: Name <address>")

set(CPACK_GENERATOR DEB)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGE_NAME melsweep)
set(CPACK_PACKAGE_CONTACT ${MELSWEEP_PACKAGE_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package has its own
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_COMPONENTS_ALL client coordinator worker)
set(CPACK_DEB_COMPONENT_INSTALL ON)
# Installed as into a root of its own, so that what depends on the prefix knows that it is /usr.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/FinishPackages.cmake)
set(CPACK_MELSWEEP_CHANGELOG ${CMAKE_SOURCE_DIR}/deploy/debian/changelog.in)
set(CPACK_MELSWEEP_CHANGELOG_DATE "Sat, 28 Nov 2026 12:00:00 +0000")  # MELSWEEP_RELEASE_DATE as a changelog has it

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_CLIENT_PACKAGE_NAME melsweep)
set(CPACK_DEBIAN_CLIENT_DESCRIPTION "hyperparameter sweeps for audio classification
Runs sweeps over learning rates, batch sizes and whatever else trains
classifiers of sound by transfer learning, on this machine or a cluster, and
says what came of them: leaderboards, reports, exports.

This is what people type. \"melsweep run\" needs melsweep-coordinator and
melsweep-worker on the same machine.")
# Programs that start each other are of one version.
set(other_versions "(<< ${PROJECT_VERSION})")
set(CPACK_DEBIAN_CLIENT_PACKAGE_RECOMMENDS "melsweep-coordinator, melsweep-worker")
set(CPACK_DEBIAN_CLIENT_PACKAGE_SUGGESTS "sqlite3")
set(CPACK_DEBIAN_CLIENT_PACKAGE_BREAKS "melsweep-coordinator ${other_versions}, melsweep-worker ${other_versions}")

set(CPACK_DEBIAN_COORDINATOR_PACKAGE_NAME melsweep-coordinator)
set(CPACK_DEBIAN_COORDINATOR_DESCRIPTION "hyperparameter sweeps for audio classification: coordinator
Schedules the trials of sweeps over the workers that call in, and keeps the
results in one SQLite file.

It comes with a systemd service that is not started by itself.")
set(CPACK_DEBIAN_COORDINATOR_PACKAGE_DEPENDS "passwd")
set(CPACK_DEBIAN_COORDINATOR_PACKAGE_SUGGESTS "melsweep")

set(CPACK_DEBIAN_WORKER_PACKAGE_NAME melsweep-worker)
set(CPACK_DEBIAN_WORKER_DESCRIPTION "hyperparameter sweeps for audio classification: worker
Takes trials from a coordinator and trains them: reads sound, makes and caches
features, trains networks with libtorch.

It comes with systemd services, one a GPU, that are not started by themselves.")
set(CPACK_DEBIAN_WORKER_PACKAGE_DEPENDS "passwd")
# The reference BLAS that libtorch is content with is 25 times as slow.
set(CPACK_DEBIAN_WORKER_PACKAGE_RECOMMENDS "libopenblas0-pthread")
set(CPACK_DEBIAN_WORKER_PACKAGE_SUGGESTS "melsweep, npm, openssl")

foreach(component coordinator worker)
  string(TOUPPER ${component} name)
  set(scripts ${CMAKE_SOURCE_DIR}/deploy/debian/${component})
  set(CPACK_DEBIAN_${name}_PACKAGE_CONTROL_EXTRA
      ${scripts}/conffiles ${scripts}/postinst ${scripts}/prerm ${scripts}/postrm)
endforeach()

# The programs alone: the tests need not be built for packages.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
include(CPack)
add_custom_target(packages
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${CPACK_PACKAGE_DIRECTORY}
  COMMAND ${CMAKE_CPACK_COMMAND} --config ${CMAKE_BINARY_DIR}/CPackConfig.cmake
  DEPENDS programs USES_TERMINAL COMMENT "Debian packages")
