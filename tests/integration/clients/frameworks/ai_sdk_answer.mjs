// A weather agent of Vercel's AI SDK, of whichever version: `sdk` has its functions.
import { z } from "zod";
import { asked, getWeather } from "./scenario.mjs";

/** `options(turn)` are those of the call that say what is recorded, in the version's own way. */
export function makeAnswer(sdk, model, options) {
  const getWeatherTool = sdk.tool({
    description: asked.tool_description,
    inputSchema: z.object({ city: z.string() }),
    execute: async (input) => getWeather(input),
  });
  return async function answer(turn, history) {
    const messages = history.flatMap(([question, said]) => [
      { role: "user", content: question },
      { role: "assistant", content: said },
    ]);
    const text = { type: "text", text: turn.question };
    const picture = { type: "image", image: asked.picture_url };
    messages.push({ role: "user", content: turn.picture ? [text, picture] : turn.question });
    const call = {
      model,
      system: asked.instructions,
      messages,
      tools: { [asked.tool]: getWeatherTool },
      stopWhen: sdk.stepCountIs(5),
      maxRetries: 0,
      ...options(turn),
    };
    if (turn.stream) return await sdk.streamText(call).text;
    return (await sdk.generateText(call)).text;
  };
}
