# Everything that is looked up on the system, in one place. Debian's package names are in deploy/packages.txt.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

find_package(absl REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED)

find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)

find_package(SQLiteCpp REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(valijson REQUIRED)
find_package(PNG REQUIRED)

pkg_check_modules(AVCODEC REQUIRED IMPORTED_TARGET libavcodec libavutil)
pkg_check_modules(OGG REQUIRED IMPORTED_TARGET ogg)
pkg_check_modules(SNDFILE REQUIRED IMPORTED_TARGET sndfile)
pkg_check_modules(FFTW3 REQUIRED IMPORTED_TARGET fftw3)
pkg_check_modules(SOXR REQUIRED IMPORTED_TARGET soxr)
pkg_check_modules(CHROMAPRINT REQUIRED IMPORTED_TARGET libchromaprint)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(PROMETHEUS_CORE REQUIRED IMPORTED_TARGET prometheus-cpp-core)

find_package(Torch REQUIRED)
# Torch's own targets drag in flags meant for its build; this one carries what a user of it needs.
add_library(melsweep_torch INTERFACE)
target_include_directories(melsweep_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(melsweep_torch INTERFACE ${TORCH_LIBRARIES})

# oneDNN. Debian's CMake package of it asks for OpenCL, which nothing here uses.
find_path(DNNL_INCLUDE_DIR dnnl.hpp REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
add_library(melsweep_dnnl INTERFACE)
target_include_directories(melsweep_dnnl SYSTEM INTERFACE ${DNNL_INCLUDE_DIR})
target_link_libraries(melsweep_dnnl INTERFACE ${DNNL_LIBRARY})

# The engine that draws a report's charts.
find_path(DUKTAPE_INCLUDE_DIR duktape.h REQUIRED)
find_library(DUKTAPE_LIBRARY duktape REQUIRED)
add_library(melsweep_duktape INTERFACE)
target_include_directories(melsweep_duktape SYSTEM INTERFACE ${DUKTAPE_INCLUDE_DIR})
target_link_libraries(melsweep_duktape INTERFACE ${DUKTAPE_LIBRARY})

# The HTTP server of the daemons' metrics. prometheus-cpp's own use of it answers nothing but metrics.
find_path(CIVETWEB_INCLUDE_DIR civetweb.h REQUIRED)
find_library(CIVETWEB_LIBRARY civetweb REQUIRED)
add_library(melsweep_civetweb INTERFACE)
target_include_directories(melsweep_civetweb SYSTEM INTERFACE ${CIVETWEB_INCLUDE_DIR})
target_link_libraries(melsweep_civetweb INTERFACE ${CIVETWEB_LIBRARY})

if(BUILD_TESTING)
  enable_testing()
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
