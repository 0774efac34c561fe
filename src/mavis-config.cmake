# find_package(mavis) gives mavis::macro (the macro simulator), mavis::tables (libraries of tables) and mavis::util.
# Their packages are those of Debian: libhdf5-dev libfmt-dev libtomlplusplus-dev libxxhash-dev libhwy-dev.
include(CMakeFindDependencyMacro)
find_dependency(PkgConfig)
find_dependency(Threads)
find_dependency(fmt)
find_dependency(tomlplusplus)
foreach(pair XXHASH:libxxhash HDF5:hdf5 HWY:libhwy)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 prefix)
  list(GET pair 1 package)
  pkg_check_modules(${prefix} REQUIRED QUIET IMPORTED_TARGET ${package})
endforeach()
include(${CMAKE_CURRENT_LIST_DIR}/mavis-targets.cmake)
