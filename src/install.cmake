# What `cmake --install` puts down, and `cpack` packs: the program with its files below share/mavis (where home() in
# src/util/home.h finds them), man page and completion, the Python package, and the libraries that read tables and
# simulate macros, for find_package(mavis).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS mavis RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY netlists pdk DESTINATION ${CMAKE_INSTALL_DATADIR}/mavis)
install(DIRECTORY characterize DESTINATION ${CMAKE_INSTALL_DATADIR}/mavis FILES_MATCHING PATTERN "*.cir")
install(DIRECTORY tables DESTINATION ${CMAKE_INSTALL_DATADIR}/mavis
        FILES_MATCHING PATTERN "*.h5" PATTERN "*.md" PATTERN "*.run" EXCLUDE)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The program writes these itself, from its own help.
set(documents ${CMAKE_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${documents})
add_custom_command(OUTPUT ${documents}/mavis.1 ${documents}/mavis
                   COMMAND mavis document --kind man >${documents}/mavis.1
                   COMMAND mavis document --kind bash >${documents}/mavis
                   DEPENDS mavis)
add_custom_target(mavis_documents ALL DEPENDS ${documents}/mavis.1 ${documents}/mavis)
install(FILES ${documents}/mavis.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${documents}/mavis DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)

# mavis::macro with what it needs.
set(config ${CMAKE_INSTALL_LIBDIR}/cmake/mavis)
foreach(folder util tables macro)
  install(TARGETS mavis_${folder} EXPORT mavis ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mavis)
  set_target_properties(mavis_${folder} PROPERTIES EXPORT_NAME ${folder})
  install(DIRECTORY src/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mavis FILES_MATCHING PATTERN "*.h")
endforeach()
install(EXPORT mavis NAMESPACE mavis:: DESTINATION ${config} FILE mavis-targets.cmake)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/mavis-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES src/mavis-config.cmake ${CMAKE_BINARY_DIR}/mavis-config-version.cmake DESTINATION ${config})

if(TARGET mavis_python)
  # Where Debian's Python looks below /usr; for another prefix: PYTHONPATH=<prefix>/lib/python3/dist-packages.
  install(TARGETS mavis_python LIBRARY DESTINATION lib/python3/dist-packages/mavis)
  install(DIRECTORY src/python/mavis DESTINATION lib/python3/dist-packages
          FILES_MATCHING PATTERN "*.py" PATTERN "*.pyi" PATTERN "py.typed" PATTERN "__pycache__" EXCLUDE)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME mavis)
set(CPACK_PACKAGE_VENDOR "Mavis")
set(CPACK_PACKAGE_CONTACT "the authors of Mavis")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION electronics)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS ngspice)  # its start-up files and code models
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3-numpy, bash-completion")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libhdf5-dev, libfmt-dev, libtomlplusplus-dev, libxxhash-dev, libhwy-dev")
include(CPack)
