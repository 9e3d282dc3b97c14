// Vercel's AI SDK 7 with the spans of the versions before.
// Packages: ai, @ai-sdk/otel
import { asked, openaiUrl, run } from "./scenario.mjs";

const sdk = await import("ai");
const { createOpenAI } = await import("@ai-sdk/openai");
const { LegacyOpenTelemetry } = await import("@ai-sdk/otel");
const { makeAnswer } = await import("./ai_sdk_answer.mjs");

sdk.registerTelemetry(new LegacyOpenTelemetry());
const model = createOpenAI({ baseURL: openaiUrl, apiKey: "none" }).chat(asked.model);

const telemetry = {
  functionId: "weather_bot",
  includeRuntimeContext: { sessionId: true, userId: true },
};
const options = (turn) => ({
  runtimeContext: { sessionId: turn.session, userId: asked.user },
  telemetry,
});

await run(makeAnswer(sdk, model, options));
