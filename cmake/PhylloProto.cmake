# phyllo_proto_library(proto)
#
# Makes target phyllo_proto, alias phyllo::proto, from every *.proto under the current folder.
# Generated headers are included as "phyllo/v1/<name>.pb.h".
function(phyllo_proto_library name)
  set(target phyllo_${name})
  set(out "${PROJECT_BINARY_DIR}/generated/proto")
  file(GLOB_RECURSE schemas CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.proto")
  if(schemas)
    add_library(${target} STATIC ${schemas})
    protobuf_generate(TARGET ${target} LANGUAGE cpp
      IMPORT_DIRS "${CMAKE_CURRENT_SOURCE_DIR}" PROTOC_OUT_DIR "${out}")
    set(scope PUBLIC)
    phyllo_precompile(${target} <google/protobuf/message.h> <google/protobuf/generated_message_util.h>
                      <string>)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(phyllo::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  # SYSTEM: generated code is not held to our warnings.
  target_include_directories(${target} SYSTEM ${scope} "$<BUILD_INTERFACE:${out}>")
  target_link_libraries(${target} ${scope} protobuf::libprotobuf)
endfunction()
