# Scalekit::scalekit is the shared library, Scalekit::static the archive.
get_filename_component(_scalekit_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET Scalekit::scalekit)
  add_library(Scalekit::scalekit SHARED IMPORTED)
  set_target_properties(Scalekit::scalekit PROPERTIES
    IMPORTED_LOCATION "${_scalekit_prefix}/lib/libscalekit.so.@VERSION@"
    IMPORTED_SONAME "libscalekit.so.0"
    INTERFACE_INCLUDE_DIRECTORIES "${_scalekit_prefix}/include")
endif()

if(NOT TARGET Scalekit::static)
  add_library(Scalekit::static STATIC IMPORTED)
  set_target_properties(Scalekit::static PROPERTIES
    IMPORTED_LOCATION "${_scalekit_prefix}/lib/libscalekit.a"
    INTERFACE_LINK_LIBRARIES "@PRIVATE_NAMES@"
    INTERFACE_INCLUDE_DIRECTORIES "${_scalekit_prefix}/include")
endif()

unset(_scalekit_prefix)
