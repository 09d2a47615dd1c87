# Tests mirror the tree: tests/overlay/*.cc become one executable, overlay_test.

include(GoogleTest)

# Built by `./dev sanitize`: every test executable that runs in one process.
if(PHYLLO_TESTS)
  add_custom_target(sanitized_tests)
endif()

# phyllo_test(overlay DEPENDS phyllo::overlay [PATHS] [ONE_THREAD] [UNSANITIZED] [SERIAL])
#
# Each gtest case becomes a ctest entry `overlay.Suite.Case` with label `overlay`.
# PATHS        defines PHYLLO_SOURCE_DIR and PHYLLO_BIN_DIR (strings, absolute) for tests that
#              read the repository or start programs. Only there: absolute paths defeat ccache.
# ONE_THREAD   leaves the tests out of the ThreadSanitizer build: neither they nor what they test
#              has a second thread. Whole clusters of the same code do run there.
# UNSANITIZED  leaves the tests out of the sanitizer builds (real processes, the repository's text).
# SERIAL       runs them alone, for tests that depend on wall-clock time.
function(phyllo_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PATHS;ONE_THREAD;UNSANITIZED;SERIAL" "" "DEPENDS")
  phyllo_collect(sources "*.cc")
  if(NOT sources OR (PHYLLO_SANITIZE AND arg_UNSANITIZED)
     OR (PHYLLO_SANITIZE MATCHES "thread" AND arg_ONE_THREAD))
    return()
  endif()
  set(target ${name}_test)
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE ${arg_DEPENDS} GTest::gmock_main rapidcheck)
  phyllo_warnings(${target})
  phyllo_spare_test(${target})
  phyllo_precompile_test(${target})
  if(arg_PATHS)
    target_compile_definitions(${target} PRIVATE
      PHYLLO_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
      PHYLLO_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  endif()
  if(NOT arg_UNSANITIZED)
    add_dependencies(sanitized_tests ${target})
  endif()
  gtest_discover_tests(${target}
    TEST_PREFIX "${name}." NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${name} TIMEOUT 600 RUN_SERIAL ${arg_SERIAL})
endfunction()

# UndefinedBehaviorSanitizer watches the product, not the tests' own code, which it would make twice
# as long to compile.
function(phyllo_spare_test target)
  if(PHYLLO_SANITIZE MATCHES "undefined")
    target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
  endif()
endfunction()

# All tests share one precompiled header: gtest, rapidcheck and the usual std headers cost 2 s a
# file when read anew.
function(phyllo_precompile_test target)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  if(NOT TARGET phyllo_test_pch)
    set(main "${PROJECT_BINARY_DIR}/test_pch.cc")
    file(CONFIGURE OUTPUT "${main}" CONTENT "")
    add_library(phyllo_test_pch STATIC EXCLUDE_FROM_ALL "${main}")
    target_link_libraries(phyllo_test_pch PRIVATE GTest::gmock_main rapidcheck)
    phyllo_warnings(phyllo_test_pch)
    phyllo_spare_test(phyllo_test_pch)
    set_target_properties(phyllo_test_pch PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_precompile_headers(phyllo_test_pch PRIVATE
      <gmock/gmock.h> <gtest/gtest.h> <rapidcheck.h> <rapidcheck/gtest.h>
      <algorithm> <chrono> <deque> <functional> <map> <memory> <optional> <random> <set> <span>
      <string> <string_view> <unordered_map> <utility> <variant> <vector>)
  endif()
  target_precompile_headers(${target} REUSE_FROM phyllo_test_pch)
endfunction()
