# Precompiled headers: what nearly every file of Relata parses first (the standard library, Abseil,
# GoogleTest, gRPC and the messages of the API) is parsed once for the whole tree, which saves one
# to three seconds of nearly every file. Nothing else changes: a file still includes each header that
# it uses, which the presets dev and tidy check, as they build without precompiled headers.
#
# There are four kinds, each made by one target that the others reuse:
#   standard   the standard library and Abseil: libraries and programs
#   rpc        standard, and gRPC, Protobuf and the classes made from proto/
#   test       standard and GoogleTest: what relata_test declares
#   rpc_test   rpc and GoogleTest
# A folder whose sources use the API says so with set(RELATA_PRECOMPILED rpc); its subfolders
# inherit that. All targets of a kind need the same flags: -Winvalid-pch tells where they differ.

option(RELATA_PRECOMPILE "Parse the headers that nearly every file includes only once" ON)

set(RELATA_PRECOMPILED standard)

# Headers that many files include; each makes every file load a little more, so rare ones stay out.
set(RELATA_STANDARD_HEADERS
    <algorithm> <array> <atomic> <chrono> <condition_variable> <cstddef> <cstdint> <cstring> <deque>
    <functional> <iterator> <limits> <map> <memory> <mutex> <numeric> <optional> <random> <set>
    <string> <thread> <tuple> <type_traits> <unordered_map> <utility> <variant> <vector>
    <absl/container/flat_hash_map.h> <absl/container/flat_hash_set.h>
    <absl/functional/function_ref.h> <absl/status/status.h> <absl/status/statusor.h>
    <absl/strings/ascii.h> <absl/strings/match.h> <absl/strings/numbers.h>
    <absl/strings/str_cat.h> <absl/strings/str_join.h> <absl/strings/str_split.h>
    <absl/strings/string_view.h> <absl/time/time.h> <absl/types/span.h>)
set(RELATA_RPC_HEADERS
    <google/protobuf/message.h> <grpcpp/grpcpp.h>
    <relata/v1/admin_service.grpc.pb.h> <relata/v1/algorithm_service.grpc.pb.h>
    <relata/v1/answer_service.grpc.pb.h>
    <relata/v1/export_service.grpc.pb.h> <relata/v1/read_service.grpc.pb.h>
    <relata/v1/watch_service.grpc.pb.h> <relata/v1/write_service.grpc.pb.h>
    <google/rpc/error_details.pb.h>)
set(RELATA_TEST_HEADERS <gmock/gmock.h> <gtest/gtest.h>)

# relata_make_precompiled(<kind> HEADERS <header>... [DEPS <target>...])
# The target relata_precompiled_<kind>, which compiles the headers and has no code.
function(relata_make_precompiled kind)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;DEPS")
  set(target relata_precompiled_${kind})
  set(source "${PROJECT_BINARY_DIR}/precompiled/${kind}.cc")
  file(CONFIGURE OUTPUT "${source}" CONTENT "// Nothing but the precompiled headers.\n")
  add_library(${target} OBJECT "${source}")
  target_link_libraries(${target} PRIVATE relata_warnings ${arg_DEPS})
  target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
endfunction()

# Makes ${target}, whose code is compiled with the flags of ${kind}, start from its headers.
function(relata_reuse_precompiled target kind)
  if(RELATA_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM relata_precompiled_${kind})
  endif()
endfunction()

# Called once, when relata::proto is known by name; the targets are declared in the root folder.
function(relata_make_all_precompiled)
  if(NOT RELATA_PRECOMPILE)
    return()
  endif()
  set(standard ${RELATA_STANDARD_HEADERS})
  set(rpc ${standard} ${RELATA_RPC_HEADERS})
  relata_make_precompiled(standard HEADERS ${standard} DEPS absl::status)
  relata_make_precompiled(rpc HEADERS ${rpc} DEPS relata::proto absl::status)
  relata_make_precompiled(test HEADERS ${standard} ${RELATA_TEST_HEADERS}
                          DEPS relata_test_flags absl::status GTest::gmock)
  relata_make_precompiled(rpc_test HEADERS ${rpc} ${RELATA_TEST_HEADERS}
                          DEPS relata_test_flags relata::proto absl::status GTest::gmock)
endfunction()
