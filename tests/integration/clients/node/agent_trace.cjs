// A support agent as OpenTelemetry's SDK for Node records one: for each trace an agent with a
// retrieval, two calls of a model, a tool between them, and the evaluation of a judge as a log
// record. The spans leave in several exports, the agent's own in the last.
//
//   node agent_trace.cjs PROTOCOL ENDPOINT TRACES
//
// PROTOCOL is grpc, http/protobuf or http/json; ENDPOINT such as http://127.0.0.1:4318. Prints the
// id of every trace, and exits with 1 where an export failed for good.
"use strict";

const { context, diag, trace, DiagConsoleLogger, DiagLogLevel, SpanKind } = require("@opentelemetry/api");
const { resourceFromAttributes } = require("@opentelemetry/resources");
const { BatchLogRecordProcessor, LoggerProvider } = require("@opentelemetry/sdk-logs");
const { BatchSpanProcessor, NodeTracerProvider } = require("@opentelemetry/sdk-trace-node");

const PACKAGES = { grpc: "grpc", "http/protobuf": "proto", "http/json": "http" };

/** The exporters of a protocol. `gzip` and the retries are the SDK's own. */
function makeExporters(protocol, endpoint) {
  const name = PACKAGES[protocol];
  const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${name}`);
  const { OTLPLogExporter } = require(`@opentelemetry/exporter-logs-otlp-${name}`);
  const at = (path) => (protocol === "grpc" ? endpoint : endpoint + path);
  const options = { compression: "gzip", timeoutMillis: 30_000 };
  return {
    spans: new OTLPTraceExporter({ ...options, url: at("/v1/traces") }),
    logs: new OTLPLogExporter({ ...options, url: at("/v1/logs") }),
  };
}

/** Counts the exports that failed for good, which the SDK's processors only log. */
function watch(exporter, failures) {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      if (result.code !== 0) failures.push(result.error?.message ?? "no reason");
      done(result);
    });
  return exporter;
}

const message = (role, content) => ({ role, parts: [{ type: "text", content }] });

/** A span that ends when `body` does; `body` gets the span. */
async function within(tracer, name, kind, attributes, body) {
  return tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await body(span);
    } finally {
      span.end();
    }
  });
}

async function callModel(tracer, question, call, answer, tokens) {
  const output = call
    ? { role: "assistant", parts: [{ type: "tool_call", ...call }], finish_reason: "tool_call" }
    : { ...message("assistant", answer), finish_reason: "stop" };
  await within(tracer, "chat support-model-1", SpanKind.CLIENT, {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "support-model-1",
    "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: "Be brief." }]),
    "gen_ai.input.messages": JSON.stringify([message("user", question)]),
    "gen_ai.output.messages": JSON.stringify([output]),
    "gen_ai.usage.input_tokens": tokens[0],
    "gen_ai.usage.output_tokens": tokens[1],
  }, async () => {});
}

async function answer(tracer, logger, flush, number) {
  const question = `Where is card ${number}?`;
  const call = { id: `call-${number}`, name: "card_status", arguments: { card: number } };
  const reply = `Card ${number} is on its way.`;
  return within(tracer, "invoke_agent support", SpanKind.INTERNAL, {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "support",
    "gen_ai.conversation.id": `conversation-${number}`,
    "gen_ai.input.messages": JSON.stringify([message("user", question)]),
    "gen_ai.output.messages": JSON.stringify([message("assistant", reply)]),
  }, async (span) => {
    await within(tracer, "retrieval cards", SpanKind.CLIENT, {
      "gen_ai.operation.name": "retrieval",
      "gen_ai.data_source.id": "cards",
      "gen_ai.retrieval.documents": JSON.stringify([
        { id: "faq-7", content: "Cards arrive within ten days.", score: 0.9 },
      ]),
    }, async () => {});
    await callModel(tracer, question, call, "", [100, 20]);
    await flush();
    await within(tracer, "execute_tool card_status", SpanKind.INTERNAL, {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": call.name,
      "gen_ai.tool.call.id": call.id,
      "gen_ai.tool.call.arguments": JSON.stringify(call.arguments),
      "gen_ai.tool.call.result": JSON.stringify({ state: "sent" }),
    }, async () => {});
    await callModel(tracer, question, null, reply, [130, 12]);
    logger.emit({
      eventName: "gen_ai.evaluation.result",
      attributes: { "gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": 0.75 },
      context: context.active(),
    });
    await flush();
    return span.spanContext().traceId;
  });
}

async function main(protocol, endpoint, traces) {
  diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
  const failures = [];
  const exporters = makeExporters(protocol, endpoint);
  const resource = resourceFromAttributes({ "service.name": "support-backend" });
  const spans = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(watch(exporters.spans, failures))],
  });
  spans.register();
  const logs = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: watch(exporters.logs, failures) })],
  });
  // What failed is counted where it did.
  const flush = () => Promise.allSettled([spans.forceFlush(), logs.forceFlush()]);
  const ids = [];
  for (let number = 1; number <= traces; ++number) {
    ids.push(await answer(trace.getTracer("support"), logs.getLogger("support"), flush, number));
  }
  await flush();
  await Promise.allSettled([spans.shutdown(), logs.shutdown()]);
  for (const failure of failures) console.error(`export failed: ${failure}`);
  for (const id of ids) console.log(`trace ${id}`);
  process.exit(failures.length === 0 ? 0 : 1);
}

const [protocol, endpoint, traces] = process.argv.slice(2);
if (!(protocol in PACKAGES) || !endpoint || !(Number(traces) > 0)) {
  console.error("usage: agent_trace.cjs grpc|http/protobuf|http/json ENDPOINT TRACES");
  process.exit(2);
}
main(protocol, endpoint, Number(traces));
