# Flags of every target of ours.
add_library(vigie_flags INTERFACE)
target_include_directories(vigie_flags INTERFACE "${CMAKE_SOURCE_DIR}/include" "${CMAKE_SOURCE_DIR}/daemon")
target_compile_options(vigie_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -fstack-protector-strong -fstack-clash-protection -fcf-protection)
target_compile_definitions(vigie_flags INTERFACE _GLIBCXX_ASSERTIONS VIGIE_VERSION="${PROJECT_VERSION}")
target_link_options(vigie_flags INTERFACE -Wl,-z,relro -Wl,-z,now)
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_definitions(vigie_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
if(VIGIE_WERROR)
  target_compile_options(vigie_flags INTERFACE -Werror)
endif()
# CMake 3.25 would link executables without it.
include(CheckPIESupported)
check_pie_supported()

# Translation units that instantiate Beast take 0.8 GiB each: at most two at once.
set_property(GLOBAL PROPERTY JOB_POOLS heavy=2)

# vigie_module(NAME DEPS modules... LIBS libraries... [HEAVY])
# One folder, one static library vigie_NAME. DEPS are modules, checked by tests/tidy against the table of docs/architecture.md.
function(vigie_module name)
  cmake_parse_arguments(M "HEAVY" "" "DEPS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/daemon/${name}/*.cpp")
  add_library(vigie_${name} STATIC ${sources})
  target_link_libraries(vigie_${name} PUBLIC vigie_flags ${M_LIBS})
  foreach(dep IN LISTS M_DEPS)
    target_link_libraries(vigie_${name} PUBLIC vigie_${dep})
  endforeach()
  if(M_HEAVY)
    set_property(TARGET vigie_${name} PROPERTY JOB_POOL_COMPILE heavy)
  endif()
endfunction()

# vigie_test(NAME LIBS targets...): every tests/NAME/*.cpp in one doctest program, run by CTest as NAME.
function(vigie_test name)
  cmake_parse_arguments(T "" "" "LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/${name}/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test "${CMAKE_SOURCE_DIR}/tests/support/main.cpp" ${sources})
  target_include_directories(${name}_test PRIVATE "${CMAKE_SOURCE_DIR}/tests")
  target_link_libraries(${name}_test PRIVATE vigie_flags ${T_LIBS})
  # What is tested is optimised, the tests need not be: they are a third of a build.
  target_compile_options(${name}_test PRIVATE $<$<CONFIG:Debug>:-O0>)
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES LABELS unit ENVIRONMENT "VIGIE_SOURCE_DIR=${CMAKE_SOURCE_DIR}"
    WORKING_DIRECTORY "${CMAKE_BINARY_DIR}")
endfunction()
