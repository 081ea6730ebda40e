# The shapes of target that the tree is made of.

# melsweep_library(NAME [PCH name] SOURCES a.cc b.cc DEPENDS libs... [PRIVATE_DEPENDS libs...])
# One library for one folder. Headers are included by their path from the repository's root.
function(melsweep_library name)
  cmake_parse_arguments(ARG "" "PCH" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS} melsweep_warnings)
    melsweep_use_pch(${name} melsweep_base_pch ${ARG_PCH})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_DEPENDS})
  endif()
endfunction()

# Programs are compiled as libraries are (CMake would say -fPIE), so that they can reuse precompiled headers.
function(melsweep_compile_as_library name)
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIC)
endfunction()

# melsweep_program(NAME [PCH name] SOURCES main.cc DEPENDS libs...): an executable in build/<preset>/bin.
function(melsweep_program name)
  cmake_parse_arguments(ARG "" "PCH" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  melsweep_compile_as_library(${name})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE MELSWEEP_VERSION="${PROJECT_VERSION}"
                             MELSWEEP_RELEASE_DATE="${MELSWEEP_RELEASE_DATE}")
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} melsweep_warnings)
  melsweep_use_pch(${name} melsweep_base_pch ${ARG_PCH})
endfunction()

# add_unit_test(NAME [PCH name] SOURCES a_test.cc DEPENDS libs...): one GoogleTest program for one folder's tests.
# It runs from the repository's root, so that tests name fixtures as "tests/golden/...".
function(add_unit_test name)
  cmake_parse_arguments(ARG "" "PCH" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  melsweep_compile_as_library(${name})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} GTest::gmock_main melsweep_warnings)
  melsweep_use_pch(${name} melsweep_test_pch ${ARG_PCH})
  if(NOT ARG_PCH)
    target_compile_options(${name} PRIVATE ${MELSWEEP_TEST_OPTIONS})
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

# melsweep_pch(NAME HEADERS <h>... DEPENDS libs...): precompiled headers, compiled once; targets name them as PCH.
function(melsweep_pch name)
  cmake_parse_arguments(ARG "" "" "HEADERS;DEPENDS" ${ARGN})
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc CONTENT "\n")
  add_library(${name} STATIC ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} melsweep_warnings)
endfunction()

# Reuses the precompiled headers that the target names, or these where it names none.
function(melsweep_use_pch target otherwise)
  if(ARGC GREATER 2)
    set(otherwise ${ARGV2})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${otherwise})
endfunction()

# What almost every file includes. Together with the tests' own this halves the time of a clean build.
set(MELSWEEP_BASE_HEADERS <absl/status/statusor.h> <absl/strings/str_cat.h> <algorithm> <chrono> <filesystem> <functional>
    <map> <memory> <optional> <set> <span> <string> <string_view> <utility> <variant> <vector>)
melsweep_pch(melsweep_base_pch HEADERS ${MELSWEEP_BASE_HEADERS} DEPENDS absl::statusor absl::strings)

if(BUILD_TESTING)
  # The tests' own code is not optimised: it compiles in half the time and what it tests is optimised all the same.
  set(MELSWEEP_TEST_OPTIONS -O0)
  melsweep_pch(melsweep_test_pch HEADERS ${MELSWEEP_BASE_HEADERS} <gmock/gmock.h> <gtest/gtest.h>
               DEPENDS absl::statusor absl::strings GTest::gmock)
  target_compile_options(melsweep_test_pch PRIVATE ${MELSWEEP_TEST_OPTIONS})
endif()
