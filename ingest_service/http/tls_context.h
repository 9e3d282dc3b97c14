// Server-side TLS context of the HTTP listener.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_TLS_CONTEXT_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_TLS_CONTEXT_H_

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "absl/status/statusor.h"
#include "ingest_service/http/http_server.h"

namespace flywheel::ingest {

// TLS 1.2 or newer with the options' certificate, and only for clients with a certificate of their
// CA where one is given. Null where they name no certificate. INVALID_CONFIGURATION for files that
// cannot be read or do not belong together.
absl::StatusOr<std::unique_ptr<boost::asio::ssl::context>> MakeTlsContext(
    const HttpServerOptions& options);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_TLS_CONTEXT_H_
