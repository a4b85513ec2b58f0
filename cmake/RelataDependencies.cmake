# Finds everything Relata builds on. cmake/install_and_build.sh installs the Debian packages.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(absl CONFIG REQUIRED)
# Debian 12's Protobuf has no CMake configuration file of its own; CMake's module finds it.
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(Boost REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(GTest CONFIG REQUIRED)
find_package(benchmark CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)

find_package(PkgConfig REQUIRED)
pkg_check_modules(libedit REQUIRED IMPORTED_TARGET GLOBAL libedit)
add_library(relata::libedit ALIAS PkgConfig::libedit)

# The shared library where there is one: a static RocksDB needs every compression library again.
if(TARGET RocksDB::rocksdb-shared)
  add_library(relata::rocksdb_engine ALIAS RocksDB::rocksdb-shared)
else()
  add_library(relata::rocksdb_engine ALIAS RocksDB::rocksdb)
endif()
