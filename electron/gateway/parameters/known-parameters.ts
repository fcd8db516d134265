/**
 * What to do instead, for parameters of other servers and of OpenAI's cloud that Dyno refuses. Programs written for
 * those servers send them, so the refusal says the next step.
 */
const advice: Readonly<Record<string, string>> = {
  num_ctx: 'The context is fixed when the model loads: start the server with another context size.',
  n_ctx: 'The context is fixed when the model loads: start the server with another context size.',
  num_predict: 'Use max_completion_tokens.',
  n_predict: 'Use max_completion_tokens.',
  options: "Send the options as parameters of their own: Ollama's options object is not OpenAI's dialect.",
  format: 'Use response_format.',
  think: 'Use reasoning_effort, or chat_template_kwargs for this model.',
  thinking: 'Use reasoning_effort, or chat_template_kwargs for this model.',
  enable_thinking: 'Use chat_template_kwargs: {"enable_thinking": false}.',
  guided_json: 'Use response_format with a json_schema.',
  guided_grammar: 'Use grammar (GBNF).',
  guided_choice: 'Use response_format with a json_schema that has an enum.',
  json_schema: 'Use response_format: {"type": "json_schema", "json_schema": {"name": …, "schema": …}}.',
  functions: 'Use tools.',
  function_call: 'Use tool_choice.',
  keep_alive: 'The model stays loaded until the server is stopped; leave keep_alive out.',
  ttl: 'The model stays loaded until the server is stopped; leave ttl out.',
  cache: 'Use cache_prompt.',
  audio: 'The engine makes text only.',
  web_search_options: 'The server never reaches the network; give the model a tool instead.',
  prediction: 'Leave it out: the answer is the same without it.',
  num_gpu: 'Layers on the GPU are fixed when the model loads: dyno serve --gpu-layers.',
  num_thread: 'Threads are fixed when the model loads: dyno serve --threads.',
  num_batch: 'The batch size is fixed when the model loads: dyno serve --batch.',
  num_keep: 'The context is never shifted: a prompt that does not fit is refused.',
  images: 'This engine reads text only.',
  template: "The model's own template is used; raw: true goes without one.",
  context: 'Send the whole conversation to /api/chat: its prefix is in the cache.',
  xtc_probability: 'Use top_p or min_p.',
  dry_multiplier: 'Use repeat_penalty or frequency_penalty.',
  mirostat: 'Use top_p or min_p.',
};

/** Levenshtein distance, given up as 3 past 2. Names are short, so the full table is cheap. */
const editDistance = (left: string, right: string): number => {
  if (Math.abs(left.length - right.length) > 2) return 3;
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return Math.min(3, previous[right.length] ?? 3);
};

/** The first of `known` that two slips of the pen at most make of `name`. */
export const nearestOf = (name: string, known: readonly string[]): string | undefined =>
  known.find((candidate) => editDistance(name, candidate) <= 2);

/** What to tell a client that sent `name`, where `known` are the names accepted at that place. */
export const adviceFor = (name: string, known: readonly string[]): string => {
  const advised = Object.hasOwn(advice, name) ? advice[name] : undefined;
  if (advised !== undefined) return advised;
  const nearest = nearestOf(name, known);
  return nearest === undefined ? `Leave ${name} out.` : `Did you mean ${nearest}?`;
};
