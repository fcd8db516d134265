import { checksOf } from './check.ts';
import { chatSchema, chunkSchema, errorSchema, read, type Chat } from './schemas.ts';
import { must, parseJson, type CompatTarget } from './target.ts';

const path = '/v1/chat/completions';
const hello = [{ role: 'user', content: 'Say hello.' }];
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
};
const clock = {
  type: 'function',
  function: { name: 'get_time', parameters: { type: 'object', properties: {} } },
};

const chat = async (target: CompatTarget, body: object): Promise<Chat> =>
  read(
    chatSchema,
    await target.json(path, {
      model: target.model,
      messages: hello,
      temperature: 0,
      max_tokens: 24,
      ...body,
    }),
  );
const textOf = (reply: Chat): string => reply.choices[0]?.message.content ?? '';
const nameOf = (reply: Chat): string => reply.choices[0]?.message.tool_calls?.[0]?.function.name ?? 'no call';

const streamOf = async (target: CompatTarget, body: object) => {
  const events = await target.events(path, {
    model: target.model,
    messages: hello,
    temperature: 0,
    max_tokens: 24,
    stream: true,
    ...body,
  });
  must(events.at(-1)?.data === '[DONE]', 'the stream does not end with [DONE]');
  return events.slice(0, -1).map(({ data }) => read(chunkSchema, parseJson(data)));
};

/** A parameter nobody has: a server that answers 200 would also drop one that its user counts on. */
const refuses = async (target: CompatTarget, parameter: string, value: unknown): Promise<void> => {
  const answer = await target.raw(path, {
    model: target.model,
    messages: hello,
    max_tokens: 4,
    [parameter]: value,
  });
  must(answer.status !== 200, `200: ${parameter} was dropped without a word`);
  const { error } = read(errorSchema, parseJson(answer.text));
  must(
    answer.status === 400 && error.message.includes(parameter),
    `${answer.status} without the name: ${error.message}`,
  );
};

export const chatChecks = checksOf('chat', [
  [
    'whole',
    'answers in one piece, with usage that adds up',
    async (target) => {
      const { usage } = await chat(target, {});
      must(
        usage.total_tokens === usage.prompt_tokens + usage.completion_tokens,
        `total_tokens is ${usage.total_tokens}, not ${usage.prompt_tokens} + ${usage.completion_tokens}`,
      );
    },
  ],
  [
    'stream',
    'streams the words it gives whole, and ends with [DONE]',
    async (target) => {
      const whole = textOf(await chat(target, {}));
      const chunks = await streamOf(target, {});
      const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
      must(text === whole, `streamed "${text}", whole "${whole}"`);
    },
  ],
  [
    'stream-usage',
    'gives usage in the last chunk when asked to',
    async (target) => {
      const chunks = await streamOf(target, { stream_options: { include_usage: true } });
      must((chunks.at(-1)?.usage ?? null) !== null, 'the last chunk has no usage');
    },
  ],
  [
    'content-parts',
    'reads text in content parts',
    async (target) => {
      const parts = [{ role: 'user', content: [{ type: 'text', text: 'Say hello.' }] }];
      const [plain, asParts] = [await chat(target, {}), await chat(target, { messages: parts })];
      must(plain.usage.prompt_tokens === asParts.usage.prompt_tokens, 'the prompt is another one');
    },
  ],
  [
    'max-tokens',
    'stops at max_tokens and says so',
    async (target) => {
      const reply = await chat(target, { max_tokens: 2 });
      must(reply.usage.completion_tokens <= 2, `${reply.usage.completion_tokens} tokens for max_tokens 2`);
      must(
        reply.choices[0]?.finish_reason === 'length',
        `finish_reason ${reply.choices[0]?.finish_reason ?? ''}`,
      );
    },
  ],
  [
    'max-completion-tokens',
    'honours max_completion_tokens',
    async (target) => {
      const reply = await chat(target, { max_tokens: undefined, max_completion_tokens: 2 });
      must(reply.usage.completion_tokens <= 2, `${reply.usage.completion_tokens} tokens, 2 were allowed`);
    },
  ],
  [
    'stop',
    'ends before a stop string',
    async (target) => {
      const text = textOf(await chat(target, {}));
      const stop = text.slice(2, 5);
      must(stop !== '', 'the answer is too short to stop in');
      const cut = textOf(await chat(target, { stop: [stop] }));
      must(!cut.includes(stop) && text.startsWith(cut), `"${cut}" for the stop "${stop}"`);
    },
  ],
  [
    'seed',
    'gives the same answer for the same seed',
    async (target) => {
      const ask = { temperature: 1, seed: 7, messages: [{ role: 'user', content: 'Tell me a story.' }] };
      const [first, again] = [textOf(await chat(target, ask)), textOf(await chat(target, ask))];
      must(first === again, `"${first}", then "${again}"`);
    },
  ],
  [
    'n',
    'gives as many answers as asked for',
    async (target) => {
      const { choices } = await chat(target, { n: 2, temperature: 1 });
      must(choices.length === 2, `${choices.length} answers for n 2`);
    },
  ],
  [
    'logprobs',
    'gives log-probabilities with alternatives',
    async (target) => {
      const { choices } = await chat(target, { logprobs: true, top_logprobs: 2 });
      const content = choices[0]?.logprobs?.content ?? [];
      must(content.length > 0, 'no log-probabilities');
      must(
        content.every(({ logprob, top_logprobs: top }) => logprob <= 0 && top.length === 2),
        'not two alternatives each',
      );
    },
  ],
  [
    'json-object',
    'answers in JSON when told to',
    async (target) => {
      const messages = [{ role: 'user', content: 'Give me a JSON object with a name.' }];
      const reply = await chat(target, {
        messages,
        max_tokens: 200,
        response_format: { type: 'json_object' },
      });
      if (reply.choices[0]?.finish_reason === 'length')
        must(textOf(reply).trimStart().startsWith('{'), textOf(reply));
      else must(typeof parseJson(textOf(reply)) === 'object', textOf(reply));
    },
  ],
  [
    'json-schema',
    'holds the answer to a JSON schema',
    async (target) => {
      const schema = {
        type: 'object',
        properties: { level: { type: 'string', enum: ['low', 'high'] } },
        required: ['level'],
        additionalProperties: false,
      };
      const text = textOf(
        await chat(target, {
          max_tokens: 200,
          response_format: { type: 'json_schema', json_schema: { name: 'level', strict: true, schema } },
        }),
      );
      must(/^\s*\{\s*"level"\s*:\s*"(low|high)"\s*\}\s*$/u.test(text), text);
    },
  ],
  [
    'tool-choice-required',
    'calls a tool when it must, with valid arguments',
    async (target) => {
      const reply = await chat(target, { tools: [weather], tool_choice: 'required', max_tokens: 200 });
      must(nameOf(reply) === 'get_weather', nameOf(reply));
      const args = parseJson(reply.choices[0]?.message.tool_calls?.[0]?.function.arguments ?? '');
      must(typeof args === 'object' && args !== null && 'city' in args, JSON.stringify(args));
      must(
        reply.choices[0]?.finish_reason === 'tool_calls',
        `finish_reason ${reply.choices[0]?.finish_reason ?? ''}`,
      );
    },
  ],
  [
    'tool-choice-named',
    'calls the tool that is named',
    async (target) => {
      const tool_choice = { type: 'function', function: { name: 'get_time' } };
      must(
        nameOf(await chat(target, { tools: [weather, clock], tool_choice, max_tokens: 200 })) === 'get_time',
        'another call or none',
      );
    },
  ],
  [
    'tool-choice-none',
    'calls no tool when told not to',
    async (target) => {
      const messages = [{ role: 'user', content: 'What is the weather in Oslo?' }];
      const reply = await chat(target, { messages, tools: [weather], tool_choice: 'none' });
      must(nameOf(reply) === 'no call', `called ${nameOf(reply)}`);
    },
  ],
  [
    'tool-stream',
    'streams a call in pieces that make valid JSON',
    async (target) => {
      const chunks = await streamOf(target, { tools: [weather], tool_choice: 'required', max_tokens: 200 });
      const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
      must(
        (pieces[0]?.id ?? '') !== '' && pieces[0]?.function.name === 'get_weather',
        'the first piece has no id and name',
      );
      must(
        typeof parseJson(pieces.map((piece) => piece.function.arguments ?? '').join('')) === 'object',
        'no object',
      );
    },
  ],
  [
    'tool-result',
    'reads a result that is given back',
    async (target) => {
      const call = {
        id: 'call_1',
        type: 'function',
        function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
      };
      await chat(target, {
        tools: [weather],
        messages: [
          { role: 'user', content: 'What is the weather in Oslo?' },
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call_1', content: 'Rain.' },
        ],
      });
    },
  ],
  ['unknown-parameter', 'refuses an unknown parameter by name', (target) => refuses(target, 'temprature', 0)],
  ['num-ctx', 'refuses a context size it cannot give', (target) => refuses(target, 'num_ctx', 99_999_999)],
]);
