# Arguments: BUILD (an up-to-date build tree), CONSUMER, SCRATCH, CXX.

set(prefix "${SCRATCH}/prefix")
file(REMOVE_RECURSE "${prefix}" "${SCRATCH}/build")

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install "${BUILD}" --prefix "${prefix}" --component sdk)

message(STATUS "find_package")
run(${CMAKE_COMMAND} -G Ninja -S "${CONSUMER}" -B "${SCRATCH}/build"
    "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${CXX}")
run(${CMAKE_COMMAND} --build "${SCRATCH}/build")
run("${SCRATCH}/build/consumer")

message(STATUS "pkg-config")
file(GLOB_RECURSE pc "${prefix}/*/phyllo.pc")
cmake_path(GET pc PARENT_PATH pc_dir)
set(ENV{PKG_CONFIG_PATH} "${pc_dir}")
execute_process(COMMAND pkg-config --cflags --libs phyllo
                OUTPUT_VARIABLE flags COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${flags}")
run(${CXX} -std=c++20 "${CONSUMER}/main.cc" -o "${SCRATCH}/consumer" ${flags})
run("${SCRATCH}/consumer")
