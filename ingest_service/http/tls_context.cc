#include "ingest_service/http/tls_context.h"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <string>

#include "shared/rpc/pem_file.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

using boost::asio::ssl::context;

absl::Status Check(const boost::system::error_code& error, const char* flag,
                   const std::string& file) {
  if (!error) return absl::OkStatus();
  return errors::InvalidConfiguration(flag, fmt::format("'{}' ({})", file, error.message()),
                                      "a certificate chain and its own key, in PEM");
}

}  // namespace

absl::StatusOr<std::unique_ptr<context>> MakeTlsContext(const HttpServerOptions& options) {
  if (options.tls_certificate_file.empty()) return nullptr;
  auto tls = std::make_unique<context>(context::tls_server);
  boost::system::error_code error;
  // TLS 1.2 and 1.3 only.
  tls->set_options(context::default_workarounds | context::no_sslv2 | context::no_sslv3 |
                       context::no_tlsv1 | context::no_tlsv1_1,
                   error);
  RETURN_IF_ERROR(Check(error, "--tls-certificate-file", options.tls_certificate_file));
  // The server's certificate and key, read by the same rules as gRPC's.
  ASSIGN_OR_RETURN(const std::string certificate,
                   rpc::ReadPemFile("--tls-certificate-file", options.tls_certificate_file));
  tls->use_certificate_chain(boost::asio::buffer(certificate), error);
  RETURN_IF_ERROR(Check(error, "--tls-certificate-file", options.tls_certificate_file));
  ASSIGN_OR_RETURN(const std::string key, rpc::ReadPemFile("--tls-key-file", options.tls_key_file));
  tls->use_private_key(boost::asio::buffer(key), context::pem, error);
  RETURN_IF_ERROR(Check(error, "--tls-key-file", options.tls_key_file));
  // Every connection is verified anew.
  SSL_CTX_set_session_cache_mode(tls->native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_TICKET);
  if (options.tls_client_ca_file.empty()) return tls;
  // Clients have to show a certificate of this authority.
  ASSIGN_OR_RETURN(const std::string ca,
                   rpc::ReadPemFile("--tls-client-ca-file", options.tls_client_ca_file));
  tls->add_certificate_authority(boost::asio::buffer(ca), error);
  RETURN_IF_ERROR(Check(error, "--tls-client-ca-file", options.tls_client_ca_file));
  tls->set_verify_mode(
      boost::asio::ssl::verify_peer | boost::asio::ssl::verify_fail_if_no_peer_cert, error);
  RETURN_IF_ERROR(Check(error, "--tls-client-ca-file", options.tls_client_ca_file));
  return tls;
}

}  // namespace flywheel::ingest
