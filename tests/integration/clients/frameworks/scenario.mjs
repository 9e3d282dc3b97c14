// scenario.py for applications in Node: the turns, and OpenTelemetry set up without code of one's
// own, as @opentelemetry/auto-instrumentations-node does it. What is asked comes as JSON in
// SCENARIO_JSON, so that it stands in one place.
import { createRequire, register } from "node:module";
import { trace } from "@opentelemetry/api";

// Without it the instrumentation of OpenAI's SDK records no texts.
process.env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT = "true";

// Libraries in modules of either kind are watched.
register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);
const require = createRequire(import.meta.url);
const { getNodeAutoInstrumentations } = require("@opentelemetry/auto-instrumentations-node");
const { NodeSDK } = require("@opentelemetry/sdk-node");
const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
sdk.start();

export const asked = JSON.parse(process.env.SCENARIO_JSON);
export const openaiUrl = process.env.MODEL_URL + "/v1";

export function getWeather({ city }) {
  if (city === "Atlantis") throw new Error(asked.unknown_city);
  return asked.sunny;
}

/** The span around a request, as a web application has one, that says whose it is. */
export function withinRequest(turn, body) {
  const attributes = { "session.id": turn.session, "user.id": asked.user };
  return trace.getTracer("weather").startActiveSpan("POST /chat", { attributes }, async (span) => {
    try {
      return await body();
    } finally {
      span.end();
    }
  });
}

/** Asks everything; `answer(turn, history)` resolves to what the framework said. */
export async function run(answer) {
  const only = process.env.SCENARIO;
  for (const [name, turns] of Object.entries(asked.scenarios)) {
    if ((only && name !== only) || turns[0].retrieves) continue;
    // Its clock counts milliseconds: none may be of two scenarios.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const beginUs = Date.now() * 1000;
    const history = [];
    for (const turn of turns) {
      let said = "";
      try {
        said = await answer(turn, [...history]);
      } catch (error) {
        if (!turn.fails) console.error(error);
      }
      if (said !== turn.answer && !turn.fails) {
        console.error(`${name}: the framework said ${JSON.stringify(said)}`);
      }
      history.push([turn.question, turn.answer]);
    }
    const endUs = (Date.now() + 1) * 1000;
    console.log("\n" + JSON.stringify({ scenario: name, begin_us: beginUs, end_us: endUs }));
  }
  await sdk.shutdown();
}
