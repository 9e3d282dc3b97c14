// Vercel's AI SDK 5 with spans of its own.
// Packages: ai-5
import { asked, openaiUrl, run } from "./scenario.mjs";

const sdk = await import("ai-5");
const { createOpenAI } = await import("ai-5-openai");
const { makeAnswer } = await import("./ai_sdk_answer.mjs");

const model = createOpenAI({ baseURL: openaiUrl, apiKey: "none" }).chat(asked.model);

const options = (turn) => ({
  experimental_telemetry: {
    isEnabled: true,
    functionId: "weather_bot",
    metadata: { sessionId: turn.session, userId: asked.user },
  },
});

await run(makeAnswer(sdk, model, options));
