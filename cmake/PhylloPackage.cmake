# What `cmake --install` leaves behind: package `phyllo`, for find_package and for pkg-config.
#
#   phyllo::sdk      the client library; headers in <prefix>/include/phyllo
#   phyllo::overlay  a Pastry node to embed; headers in <prefix>/include/phyllo-embed

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/phyllo")
set(embed_dir "${CMAKE_INSTALL_INCLUDEDIR}/phyllo-embed")

# proto and base are needed by the static libraries at link time; base is also in overlay's headers.
install(TARGETS phyllo_sdk EXPORT phyllo COMPONENT sdk FILE_SET HEADERS COMPONENT sdk)
install(TARGETS phyllo_base phyllo_overlay EXPORT phyllo COMPONENT sdk
        FILE_SET HEADERS DESTINATION "${embed_dir}" COMPONENT sdk)
install(TARGETS phyllo_proto EXPORT phyllo COMPONENT sdk)
install(EXPORT phyllo NAMESPACE phyllo:: FILE phylloTargets.cmake
        DESTINATION "${config_dir}" COMPONENT sdk)

# The schemas are public: a client in another language is written from them.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/proto/phyllo" COMPONENT sdk
        DESTINATION "${CMAKE_INSTALL_DATADIR}/phyllo/proto" FILES_MATCHING PATTERN "*.proto")

foreach(program phyllo phyllod)
  if(TARGET ${program})
    install(TARGETS ${program} COMPONENT programs)
  endif()
endforeach()

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/phylloConfig.cmake.in" "${PROJECT_BINARY_DIR}/phylloConfig.cmake"
  INSTALL_DESTINATION "${config_dir}")
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/phylloConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/phylloConfig.cmake"
              "${PROJECT_BINARY_DIR}/phylloConfigVersion.cmake"
        DESTINATION "${config_dir}" COMPONENT sdk)

configure_file(
  "${PROJECT_SOURCE_DIR}/cmake/phyllo.pc.in" "${PROJECT_BINARY_DIR}/phyllo.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/phyllo.pc"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT sdk)
