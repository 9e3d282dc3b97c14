"""Microsoft Presidio as a recogniser beside Flywheel's ingest: see README.md."""

import argparse
from concurrent import futures

import grpc
import spacy
import tldextract
from flywheel.redaction.v1 import recogniser_service_pb2 as pb
from flywheel.redaction.v1 import recogniser_service_pb2_grpc as pb_grpc
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

# Presidio would fetch a list of domains from the network; the one that comes with it does.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())

# What ingest calls them; every other type becomes a placeholder of its own name.
TYPES = {
    "PERSON": "NAME", "EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN", "US_SSN": "NATIONAL_ID", "US_ITIN": "NATIONAL_ID", "UK_NHS": "NATIONAL_ID",
    "US_PASSPORT": "PASSPORT", "US_DRIVER_LICENSE": "DRIVER_LICENSE", "LOCATION": "PLACE",
    "ORGANIZATION": "ORGANISATION", "MAC_ADDRESS": "MAC",
}  # fmt: skip
# Ordinary data more often than personal: what is replaced never comes back.
IGNORED = {"URL", "DATE_TIME", "NRP"}


class Engine(SpacyNlpEngine):
    """A model that is installed or, without one, spaCy's tokenizer alone: patterns only."""

    def __init__(self, model):
        super().__init__(ner_model_configuration=NerModelConfiguration())
        self.nlp = {"en": spacy.load(model) if model else spacy.blank("en")}


class Recogniser(pb_grpc.RecogniserServiceServicer):
    def __init__(self, model):
        registry = RecognizerRegistry()
        registry.load_predefined_recognizers(languages=["en"])
        self.analyzer = AnalyzerEngine(registry=registry, nlp_engine=Engine(model))

    def Recognise(self, request, context):
        return pb.RecogniseResponse(results=[self.result(one.text) for one in request.texts])

    def result(self, text):
        # Presidio counts characters, and the contract bytes of UTF-8.
        found = self.analyzer.analyze(text, language="en")
        return pb.Result(
            spans=[
                pb.Span(
                    begin=len(text[: one.start].encode()),
                    end=len(text[: one.end].encode()),
                    type=TYPES.get(one.entity_type, one.entity_type),
                    score=min(max(one.score, 0.0), 1.0),
                )
                for one in found
                if one.entity_type not in IGNORED
            ]
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", default="127.0.0.1:7405")
    parser.add_argument("--model", default="", help="a model of spaCy, such as en_core_web_sm")
    arguments = parser.parse_args()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    pb_grpc.add_RecogniserServiceServicer_to_server(Recogniser(arguments.model), server)
    port = server.add_insecure_port(arguments.listen)
    server.start()
    print(f"listening on port {port}", flush=True)
    server.wait_for_termination()
