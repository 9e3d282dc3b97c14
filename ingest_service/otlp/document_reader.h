// Reads the documents that a retriever found or a reranker left.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_DOCUMENT_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_DOCUMENT_READER_H_

#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Of lists and flattened names, of the output of a retriever where there are none.
void ReadDocuments(const AttributeView& attributes, TraceSpan& span);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_DOCUMENT_READER_H_
