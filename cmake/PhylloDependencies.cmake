# Third-party libraries, all from Debian 12 (cmake/packages-debian.txt). Each layer names those it
# uses in its own CMakeLists.txt; the ones that phyllo::sdk or phyllo::overlay need after
# installation are also in cmake/phylloConfig.cmake.in.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
pkg_check_modules(libzmq REQUIRED IMPORTED_TARGET libzmq)
pkg_check_modules(libsodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(libxxhash REQUIRED)  # compiled in: base/checksum.cc
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
find_package(yaml-cpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)

if(PHYLLO_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
  find_package(benchmark REQUIRED)
endif()
