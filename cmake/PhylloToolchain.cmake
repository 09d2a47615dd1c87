# How the compiler and the linker are called. Everything here concerns developers of Phyllo only:
# nothing of it reaches the installed package.

option(PHYLLO_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(PHYLLO_WERROR "Treat warnings as errors (for developers and CI)" OFF)
option(PHYLLO_FUZZ "Build the fuzz targets with libFuzzer (needs clang)" OFF)
set(PHYLLO_SANITIZE "" CACHE STRING "Value for -fsanitize=, for example address,undefined")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")

# -g1 keeps file and line for stack traces; full debug info doubles link time and build size.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_SANITIZE "-O1 -g1 -fno-omit-frame-pointer")
set_property(CACHE CMAKE_BUILD_TYPE PROPERTY STRINGS Debug Release RelWithDebInfo Sanitize)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

if(PHYLLO_SANITIZE)
  add_compile_options(-fsanitize=${PHYLLO_SANITIZE})
  add_link_options(-fsanitize=${PHYLLO_SANITIZE})
  if(PHYLLO_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()

# Linking dominates an incremental build: take the fastest linker there is.
find_program(PHYLLO_MOLD mold)
find_program(PHYLLO_LLD ld.lld)
mark_as_advanced(PHYLLO_MOLD PHYLLO_LLD)
if(PHYLLO_MOLD)
  add_link_options(-fuse-ld=mold)
elseif(PHYLLO_LLD)
  add_link_options(-fuse-ld=lld)
endif()

# One ccache serves every checkout on a machine: paths below the source directory are made
# relative before hashing, in the command line (base_dir) and in the debug info (prefix map).
# The sloppiness entries are what ccache's manual asks for with precompiled headers.
find_program(PHYLLO_CCACHE ccache)
mark_as_advanced(PHYLLO_CCACHE)
if(PHYLLO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${PHYLLO_CCACHE})
endif()
