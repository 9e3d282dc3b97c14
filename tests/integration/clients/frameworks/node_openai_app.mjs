// OpenAI's SDK for Node, watched by OpenTelemetry's auto-instrumentations.
// Packages: openai, @opentelemetry/auto-instrumentations-node
import { asked, getWeather, openaiUrl, run, withinRequest } from "./scenario.mjs";

const { default: OpenAI } = await import("openai");
const client = new OpenAI({ baseURL: openaiUrl, apiKey: "none", maxRetries: 0 });

function useTool(call) {
  try {
    return getWeather(JSON.parse(call.function.arguments));
  } catch (error) {
    return `Error: ${error.message}`;
  }
}

/** The loop of an agent that somebody wrote without a framework. */
async function answer(turn, history) {
  const messages = [{ role: "system", content: asked.instructions }];
  for (const [question, said] of history) {
    messages.push({ role: "user", content: question }, { role: "assistant", content: said });
  }
  const text = { type: "text", text: turn.question };
  const picture = { type: "image_url", image_url: { url: asked.picture_url } };
  messages.push({ role: "user", content: turn.picture ? [text, picture] : turn.question });
  const call = { model: asked.model, messages };
  if (turn.stream) {
    const options = { stream: true, stream_options: { include_usage: true } };
    let said = "";
    for await (const chunk of await client.chat.completions.create({ ...call, ...options })) {
      said += chunk.choices[0]?.delta?.content ?? "";
    }
    return said;
  }
  if (turn.calls_tools) call.tools = asked.tools;
  for (;;) {
    const { message } = (await client.chat.completions.create(call)).choices[0];
    if (!message.tool_calls?.length) return message.content;
    messages.push(message);
    for (const made of message.tool_calls) {
      messages.push({ role: "tool", tool_call_id: made.id, content: useTool(made) });
    }
  }
}

await run((turn, history) => withinRequest(turn, () => answer(turn, history)));
