# Language level, optimisation, warnings and sanitizers, for the project's own code.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# A libtorch that is not the system's is found from where the programs are installed, too.
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)

# Assertions guard invariants whose violation would corrupt results: they stay on in every build.
# -O2 for all; the files where -O3 pays say so themselves.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")

# The same for every target, so that all can share precompiled headers.
add_compile_options(-pthread -fPIC)

option(BUILD_TESTING "Build the tests" ON)
set(MELSWEEP_SANITIZE "" CACHE STRING "Value for -fsanitize=, e.g. address,undefined or thread")

if(MELSWEEP_SANITIZE)
  # -O1 -g1, after the build type's own: what is checked is behaviour and not speed, and lines are enough in a report.
  add_compile_options(-fsanitize=${MELSWEEP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1 -g1)
  add_link_options(-fsanitize=${MELSWEEP_SANITIZE})
endif()

# Linked privately by every target of ours; third-party and generated code is not held to it.
add_library(melsweep_warnings INTERFACE)
target_compile_options(melsweep_warnings INTERFACE -Wall -Wextra -Wpedantic -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms of GCC 12 on std::string and std::optional (GCC bugs 105651 and 105562).
  target_compile_options(melsweep_warnings INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
