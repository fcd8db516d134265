import { expect, it } from 'vitest';
import { createResponseStore } from '../../../../electron/gateway/openai/responses/response-store.ts';
import { publicRoutes, type CallRoute } from '../../../../electron/gateway/public-routes.ts';
import { parse } from '../../../../electron/gateway/stages/parse.ts';
import { createNodeRandom } from '../../../../electron/platform/node/random.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createDemoRoutes } from '../../../support/gateway-model.ts';

const ports = {
  routes: createDemoRoutes(),
  clock: createFakeClock(),
  random: createNodeRandom(),
  responses: createResponseStore(),
  keyId: 'k',
};
const messages = [{ role: 'user', content: 'Hi' }];
/** A good request of each route that generates, and where its numbers go. */
const routes: Readonly<
  Record<string, { readonly body: Readonly<Record<string, unknown>>; readonly in?: string }>
> = {
  chat: { body: { messages } },
  completion: { body: { prompt: 'Hi' } },
  response: { body: { input: 'Hi' } },
  infill: { body: { input_prefix: 'a', input_suffix: 'b' } },
  message: { body: { model: 'demo', messages, max_tokens: 8 } },
  'ollama-chat': { body: { model: 'demo', messages }, in: 'options' },
  'ollama-generate': { body: { model: 'demo', prompt: 'Hi' }, in: 'options' },
};
const names = [
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'num_predict',
  'n_predict',
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'typical_p',
  'presence_penalty',
  'frequency_penalty',
  'repeat_penalty',
  'repetition_penalty',
  'repeat_last_n',
  'seed',
  'n',
  'top_logprobs',
];
const hostile = [-1, -2, -2_147_483_649, 2 ** 53, 1e308, 0.5, 4_294_967_296];

/** What native code is made for; llama.cpp takes most of these as 32 bits and checks none. */
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  maxTokens: [1, 16_777_216],
  temperature: [0, 2],
  topK: [0, 1_000_000],
  topP: [0, 1],
  minP: [0, 1],
  typicalP: [0, 1],
  repeatPenalty: [Number.MIN_VALUE, 10],
  repeatLastN: [0, 131_072],
  frequencyPenalty: [-2, 2],
  presencePenalty: [-2, 2],
  seed: [0, 2 ** 32 - 1],
  top: [0, 20],
};
const whole = new Set(['maxTokens', 'topK', 'repeatLastN', 'seed', 'top']);

const outOfBounds = (values: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => {
    const bound = bounds[name];
    if (typeof value !== 'number' || bound === undefined) return [];
    const isGood = value >= bound[0] && value <= bound[1] && (!whole.has(name) || Number.isInteger(value));
    return isGood ? [] : [`${name} = ${value}`];
  });

const reached = (route: CallRoute, body: unknown): readonly string[] => {
  try {
    const call = parse(route, new TextEncoder().encode(JSON.stringify(body)), ports);
    if (call.type !== 'generation') return ['no generation'];
    return [
      ...(call.choices.length > 16 ? [`${call.choices.length} choices`] : []),
      ...call.choices.flatMap(({ request }) =>
        outOfBounds({ maxTokens: request.maxTokens, ...request.sampling, ...request.logprobs }),
      ),
    ];
  } catch (error) {
    // refused by name: what a hostile number should meet; anything else is a defect
    return error instanceof AppError && error.code.startsWith('gateway.') ? [] : [String(error)];
  }
};

const generating = publicRoutes.filter(
  (route): route is CallRoute => route.method === 'POST' && route.name in routes,
);

it('knows every route that generates', () => {
  expect(generating).toHaveLength(Object.keys(routes).length);
});

it.each(generating)('lets no number out of its bounds through $path to native code', (route) => {
  const good = routes[route.name];
  expect(reached(route, good?.body)).toEqual([]);
  const found = names.flatMap((name) =>
    hostile.flatMap((value) => {
      const body =
        good?.in === undefined
          ? { ...good?.body, [name]: value }
          : { ...good.body, [good.in]: { [name]: value } };
      return reached(route, body).map((what) => `${name}: ${value} → ${what}`);
    }),
  );
  expect(found).toEqual([]);
});
