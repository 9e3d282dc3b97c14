# Libraries of Debian 12. ARCHITECTURE.md says why each.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(GTest REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
pkg_check_modules(GRPC REQUIRED IMPORTED_TARGET grpc++)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-pull)
pkg_check_modules(ABSL REQUIRED IMPORTED_TARGET
  absl_status absl_statusor absl_time absl_synchronization absl_flat_hash_map absl_node_hash_map
  absl_cord absl_span absl_function_ref)
find_library(FLYWHEEL_GRPC_REFLECTION grpc++_reflection REQUIRED)
find_program(FLYWHEEL_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
