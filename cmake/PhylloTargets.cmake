# The shapes a target can have in this repository. A folder's CMakeLists.txt says only what the
# layer is called and what it needs; its sources are collected here, so that adding a file changes
# no CMake file.

# phyllo_library(overlay DEPENDS phyllo::base PRIVATE phyllo::proto
#                [PCH <header>...] [PUBLIC_HEADERS <folder>])
#
# Makes target phyllo_overlay, alias phyllo::overlay, of every *.cc and *.h in and under the
# current folder, except main.cc and what lies under a subfolder with its own CMakeLists.txt.
# DEPENDS is for layers and libraries that this layer's headers mention, PRIVATE for the rest.
# With PUBLIC_HEADERS only the headers under that folder are public, included relative to it.
# A layer without sources yet is an INTERFACE library, so that the tree builds at every stage.
function(phyllo_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PUBLIC_HEADERS" "DEPENDS;PRIVATE;PCH")
  set(target phyllo_${name})
  phyllo_collect(sources "*.cc")
  phyllo_collect(headers "*.h")
  set(header_root "${PROJECT_SOURCE_DIR}")
  if(arg_PUBLIC_HEADERS)
    set(header_root "${CMAKE_CURRENT_SOURCE_DIR}/${arg_PUBLIC_HEADERS}")
    list(FILTER headers INCLUDE REGEX "^${header_root}/")
  endif()
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${target} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_PRIVATE})
    phyllo_warnings(${target})
    phyllo_precompile(${target} ${arg_PCH})
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${arg_DEPENDS} ${arg_PRIVATE})
    set(scope INTERFACE)
  endif()
  add_library(phyllo::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_sources(${target} ${scope} FILE_SET HEADERS
                 BASE_DIRS "${header_root}" FILES ${headers})
endfunction()

# phyllo_executable(phyllod MAIN main.cc DEPENDS phyllo::broker)
# Skipped while its main file does not exist.
function(phyllo_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MAIN" "DEPENDS")
  if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${arg_MAIN}")
    return()
  endif()
  add_executable(${name} ${arg_MAIN})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS})
  phyllo_warnings(${name})
endfunction()

# phyllo_programs(PREFIX example_ DEPENDS phyllo::sdk)
# Every *.cc of the current folder is a program of its own.
function(phyllo_programs)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "PREFIX" "DEPENDS")
  file(GLOB mains CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  foreach(main IN LISTS mains)
    cmake_path(GET main STEM name)
    cmake_path(GET main FILENAME file)
    phyllo_executable(${arg_PREFIX}${name} MAIN ${file} DEPENDS ${arg_DEPENDS})
  endforeach()
endfunction()

# Sets `out` to the current folder's files that match, as phyllo_library describes.
function(phyllo_collect out pattern)
  set(here "${CMAKE_CURRENT_SOURCE_DIR}")
  file(GLOB_RECURSE found CONFIGURE_DEPENDS "${here}/${pattern}")
  file(GLOB_RECURSE nested "${here}/*/CMakeLists.txt")
  foreach(file IN LISTS nested)
    cmake_path(GET file PARENT_PATH folder)
    list(FILTER found EXCLUDE REGEX "^${folder}/")
  endforeach()
  list(REMOVE_ITEM found "${here}/main.cc")
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# PRIVATE: a user's build must never see our warnings, still less -Werror. Only the dev preset turns
# -Werror on: sanitizers make g++ warn of what is not there. g++ 12 warns of overlapping copies
# inside std::string's operator+ (GCC bug 105651), hence -Wno-restrict.
function(phyllo_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<BOOL:${PHYLLO_WERROR}>:-Werror>)
endfunction()

# clang builds only the fuzzers, whose few files do not repay a precompiled header.
function(phyllo_precompile target)
  if(ARGN AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()
