# How targets are declared in Relata. Every folder with sources has a CMakeLists.txt of its own that
# calls these functions; sources are listed, never globbed.

include(GoogleTest)

# Warnings for our own code; generated and foreign code does not get them.
add_library(relata_warnings INTERFACE)
target_compile_options(relata_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
                                                 $<$<BOOL:${RELATA_WERROR}>:-Werror>)
target_compile_options(relata_warnings INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)

# The code of tests is not optimized: it compiles in half the time, and what it calls is. (At -O1
# g++ 12 also gives false warnings about moved strings, its bug 105651.)
add_library(relata_test_flags INTERFACE)
target_compile_options(relata_test_flags INTERFACE -O0)

include(RelataPrecompiled)

# Makes the build of ${target} run clang-tidy beside the compiler when RELATA_TIDY is on. Generated
# code is no target of these functions, so it is left alone.
function(relata_check_with_tidy target)
  if(RELATA_TIDY)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "${RELATA_CLANG_TIDY}")
  endif()
endfunction()

# Makes ${target} compile its sources in batches when RELATA_UNITY is on. Sources whose file-local
# names are those of a neighbour stay alone: SKIP_UNITY_BUILD_INCLUSION in the folder's CMakeLists.txt.
function(relata_compile_in_batches target)
  if(RELATA_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 24)
    # g++ takes a source for a header here, and a file-local member's type for one in a header.
    target_compile_options(${target} PRIVATE
                           $<$<CXX_COMPILER_ID:GNU>:-Wno-error=subobject-linkage>)
  endif()
endfunction()

# relata_add_subdirectories(<folder>...)
# Adds each folder that holds a CMakeLists.txt, in the order given, and skips the others.
function(relata_add_subdirectories)
  foreach(folder IN LISTS ARGN)
    # A folder that appears later makes CMake configure again.
    file(GLOB listfile CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt")
    if(listfile)
      add_subdirectory(${folder})
    endif()
  endforeach()
endfunction()

# How a Release build optimizes the code of a folder and of those below it: they say otherwise with
# set(RELATA_OPTIMIZE <flag>). Loops over many rows or edges get -O3; the command line, which waits
# for people and servers, -O1.
set(RELATA_OPTIMIZE -O2)

# Gives ${target} the flags and the precompiled headers of the folder that it is in. Folders that
# hold code of tests say so with set(RELATA_CODE_OF_TESTS ON).
function(relata_set_flags target optimized)
  if(RELATA_CODE_OF_TESTS AND NOT optimized)
    target_link_libraries(${target} PRIVATE relata_test_flags GTest::gmock)
    if(RELATA_PRECOMPILED STREQUAL "rpc")
      relata_reuse_precompiled(${target} rpc_test)
    else()
      relata_reuse_precompiled(${target} test)
    endif()
  else()
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:${RELATA_OPTIMIZE}>)
    relata_reuse_precompiled(${target} ${RELATA_PRECOMPILED})
  endif()
endfunction()

# relata_library(NAME <name> [HDRS <header>...] [SRCS <source>...] [DEPS <target>...]
#                [PRIVATE_DEPS <target>...] [OPTIMIZED])
# A static library relata_<name> with the alias relata::<name>; without SRCS an interface library.
# DEPS are what the headers need, PRIVATE_DEPS what only the sources need. OPTIMIZED is for code of
# tests that would take long otherwise: naive algorithms and evaluators.
function(relata_library)
  cmake_parse_arguments(PARSE_ARGV 0 arg "OPTIMIZED" "NAME" "HDRS;SRCS;DEPS;PRIVATE_DEPS")
  relata_require_arguments(relata_library)
  set(target relata_${arg_NAME})
  if(arg_SRCS)
    set(scope PUBLIC)
    add_library(${target} STATIC ${arg_SRCS})
    target_link_libraries(${target} PRIVATE relata_warnings ${arg_PRIVATE_DEPS})
    relata_check_with_tidy(${target})
    relata_compile_in_batches(${target})
    relata_set_flags(${target} ${arg_OPTIMIZED})
  else()
    if(arg_PRIVATE_DEPS)
      message(FATAL_ERROR "${target} has no SRCS, so PRIVATE_DEPS have no use: move them to DEPS")
    endif()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  add_library(relata::${arg_NAME} ALIAS ${target})
  target_include_directories(${target} ${scope} "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} ${scope} ${arg_DEPS})
  if(arg_HDRS)
    target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}"
                   FILES ${arg_HDRS})
  endif()
endfunction()

# relata_executable(NAME <name> SRCS <source>... [DEPS <target>...])
# A program <name> in <build>/bin.
function(relata_executable)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SRCS;DEPS")
  relata_require_arguments(relata_executable)
  add_executable(${arg_NAME} ${arg_SRCS})
  target_include_directories(${arg_NAME} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${arg_NAME} PRIVATE relata_warnings ${arg_DEPS})
  relata_check_with_tidy(${arg_NAME})
  relata_compile_in_batches(${arg_NAME})
  relata_set_flags(${arg_NAME} OFF)
endfunction()

# relata_test(NAME <name> SRCS <source>... [DEPS <target>...] [TIMEOUT <seconds>])
# A GoogleTest program; each of its tests is one ctest test. It runs in the source tree's root, so
# paths of data files are relative to that. The folder of tests/ that it is in is its label: the
# target tests_graph builds all of tests/graph/, and `ctest -L '^graph$'` runs it.
# Folders that name the same program share it, and so what its batches parse and instantiate; only
# the first may give a TIMEOUT.
function(relata_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TIMEOUT" "SRCS;DEPS")
  relata_require_arguments(relata_test)
  if(TARGET ${arg_NAME})
    target_sources(${arg_NAME} PRIVATE ${arg_SRCS})
    target_link_libraries(${arg_NAME} PRIVATE ${arg_DEPS})
    return()
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(RELATA_SANITIZE)
    math(EXPR arg_TIMEOUT "4 * ${arg_TIMEOUT}")
  endif()
  add_executable(${arg_NAME} ${arg_SRCS})
  target_include_directories(${arg_NAME} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${arg_NAME} PRIVATE relata_warnings ${arg_DEPS} GTest::gtest_main)
  relata_check_with_tidy(${arg_NAME})
  relata_compile_in_batches(${arg_NAME})
  relata_set_flags(${arg_NAME} OFF)
  relata_test_folder(folder)
  if(NOT TARGET tests_${folder})
    add_custom_target(tests_${folder})
  endif()
  add_dependencies(tests_${folder} ${arg_NAME})
  gtest_discover_tests(${arg_NAME} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
                       PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS ${folder})
endfunction()

# Sets ${result} to the folder of tests/ that the calling CMakeLists.txt is in: graph, say.
function(relata_test_folder result)
  file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}/tests" "${CMAKE_CURRENT_SOURCE_DIR}")
  string(REGEX REPLACE "/.*" "" folder "${folder}")
  set(${result} "${folder}" PARENT_SCOPE)
endfunction()

# relata_benchmark(NAME <name> SRCS <source>... [DEPS <target>...])
# A Google Benchmark program <name> in <build>/bin; its main comes from the benchmark library.
function(relata_benchmark)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SRCS;DEPS")
  relata_require_arguments(relata_benchmark)
  relata_executable(NAME ${arg_NAME} SRCS ${arg_SRCS} DEPS ${arg_DEPS} benchmark::benchmark
                                                           benchmark::benchmark_main)
endfunction()

# Stops the configuration when the calling function got words that it does not know, or no NAME.
macro(relata_require_arguments function_name)
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${function_name}: unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_NAME)
    message(FATAL_ERROR "${function_name}: NAME is missing")
  endif()
endmacro()
