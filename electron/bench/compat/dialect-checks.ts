import { z } from 'zod';
import { checksOf } from './check.ts';
import { read } from './schemas.ts';
import { must, parseJson, type CompatTarget } from './target.ts';

const messages = [{ role: 'user', content: 'Say hello.' }];

const response = z.object({
  id: z.string().min(1),
  object: z.literal('response'),
  status: z.enum(['completed', 'incomplete']),
  output: z.array(z.looseObject({ type: z.string() })).min(1),
  usage: z.object({ input_tokens: z.number().positive(), output_tokens: z.number().positive() }),
});
const respond = async (target: CompatTarget, body: object) =>
  read(
    response,
    await target.json('/v1/responses', {
      model: target.model,
      input: 'Say hello.',
      temperature: 0,
      max_output_tokens: 24,
      ...body,
    }),
  );

export const responseChecks = checksOf('responses', [
  [
    'whole',
    'answers in one piece',
    async (target) => {
      await respond(target, {});
    },
  ],
  [
    'stream',
    'streams numbered events from created to completed',
    async (target) => {
      const events = await target.events('/v1/responses', {
        model: target.model,
        input: 'Say hello.',
        max_output_tokens: 24,
        stream: true,
      });
      const seen = events
        .filter(({ data }) => data !== '[DONE]')
        .map(({ data }) =>
          read(z.object({ type: z.string(), sequence_number: z.number() }), parseJson(data)),
        );
      must(seen[0]?.type === 'response.created', `the first is ${seen[0]?.type ?? 'nothing'}`);
      must(
        ['response.completed', 'response.incomplete'].includes(seen.at(-1)?.type ?? ''),
        `the last is ${seen.at(-1)?.type ?? 'nothing'}`,
      );
      const isRising = seen.every(
        (event, at) => at === 0 || event.sequence_number > (seen[at - 1]?.sequence_number ?? 0),
      );
      must(isRising, 'sequence_number does not rise');
    },
  ],
  [
    'previous',
    'goes on from a previous response',
    async (target) => {
      const first = await respond(target, {});
      const next = await respond(target, { previous_response_id: first.id });
      must(
        next.usage.input_tokens > first.usage.input_tokens,
        'the prompt of the second is no longer than that of the first',
      );
    },
  ],
]);

const message = z.object({
  type: z.literal('message'),
  role: z.literal('assistant'),
  content: z.array(z.looseObject({ type: z.string() })).min(1),
  stop_reason: z.enum(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use']),
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number().positive() }),
});
const ask = (target: CompatTarget, rest: object = {}) => ({
  model: target.model,
  max_tokens: 24,
  messages,
  ...rest,
});

export const anthropicChecks = checksOf('anthropic', [
  [
    'whole',
    'answers a message',
    async (target) => void read(message, await target.json('/v1/messages', ask(target))),
  ],
  [
    'stream',
    'streams from message_start to message_stop, blocks in order',
    async (target) => {
      const events = await target.events('/v1/messages', ask(target, { stream: true }));
      const types = events.map(({ type }) => type).filter((type) => type !== 'ping');
      must(types[0] === 'message_start' && types[1] === 'content_block_start', types.slice(0, 3).join(', '));
      must(
        types.slice(-3).join() === 'content_block_stop,message_delta,message_stop',
        types.slice(-3).join(', '),
      );
    },
  ],
  [
    'count-tokens',
    'counts tokens',
    async (target) =>
      void read(
        z.object({ input_tokens: z.number().positive() }),
        await target.json('/v1/messages/count_tokens', { model: target.model, messages }),
      ),
  ],
  [
    'error',
    "has errors in Anthropic's form",
    async (target) => {
      const answer = await target.raw('/v1/messages', ask(target, { max_tokens: 'many' }));
      must(answer.status === 400, `${answer.status}`);
      const form = z.object({
        type: z.literal('error'),
        error: z.object({ type: z.string(), message: z.string() }),
      });
      read(form, parseJson(answer.text));
    },
  ],
]);

const ollamaEnd = z.looseObject({
  done: z.literal(true),
  total_duration: z.number().positive(),
  prompt_eval_count: z.number().positive(),
  eval_count: z.number().positive(),
});

export const ollamaChecks = checksOf('ollama', [
  [
    'tags',
    'lists its models',
    async (target) =>
      void read(
        z.object({ models: z.array(z.object({ name: z.string() })).min(1) }),
        await target.json('/api/tags'),
      ),
  ],
  [
    'show',
    'tells what a model can do',
    async (target) =>
      void read(
        z.object({ capabilities: z.array(z.string()).min(1) }),
        await target.json('/api/show', { model: target.model }),
      ),
  ],
  [
    'chat',
    'streams a chat as lines of JSON',
    async (target) => {
      const options = { num_predict: 24 };
      const lines = await target.lines('/api/chat', { model: target.model, messages, options });
      read(ollamaEnd, lines.at(-1));
      must(lines.length > 1, 'one line only');
    },
  ],
  [
    'generate',
    'generates in one piece',
    async (target) => {
      const body = { model: target.model, prompt: 'Say hello.', stream: false, options: { num_predict: 24 } };
      read(ollamaEnd.extend({ response: z.string() }), await target.json('/api/generate', body));
    },
  ],
  [
    'embed',
    'embeds texts',
    async (target) => {
      const body = { model: target.model, input: ['a fox', 'perplexity'] };
      const { embeddings } = read(
        z.object({ embeddings: z.array(z.array(z.number()).min(1)) }),
        await target.json('/api/embed', body),
      );
      must(embeddings.length === 2, `${embeddings.length} vectors for 2 texts`);
    },
  ],
  [
    'num-ctx',
    'refuses a context it cannot give, or says so',
    async (target) => {
      const answer = await target.raw('/api/chat', {
        model: target.model,
        messages,
        stream: false,
        options: { num_ctx: 99_999_999, num_predict: 2 },
      });
      const isSaid = answer.status !== 200 || answer.headers['x-dyno-warning'] !== undefined;
      must(isSaid, '200: num_ctx was dropped without a word');
    },
  ],
]);
