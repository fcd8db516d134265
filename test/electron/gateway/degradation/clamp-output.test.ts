import { expect, it } from 'vitest';
import { clampOutput } from '../../../../electron/gateway/degradation/clamp-output.ts';
import { chatRequestSchema, toChatCall } from '../../../../electron/gateway/openai/chat-request.ts';
import { parseParameters } from '../../../../electron/gateway/parameters/parse-parameters.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createServedModel } from '../../../support/gateway-model.ts';

const model = createServedModel();
const call = (rest: object) =>
  toChatCall(
    parseParameters(chatRequestSchema, { messages: [{ role: 'user', content: 'Hi' }], ...rest }),
    model,
    createFakeRandom(),
  );
const lengths = (rest: object, p90: number) => {
  const clamped = clampOutput(call(rest), p90);
  return [clamped.choices.map(({ request }) => request.maxTokens), clamped.warnings ?? []];
};

it('lowers every answer that would be longer than nine of ten are, 64 tokens at least, and says so', () => {
  const told = (tokens: number) => [`max_tokens was lowered to ${tokens}: the server is saturated.`];
  expect(lengths({ n: 2, max_tokens: 900 }, 200)).toEqual([[200, 200], told(200)]);
  expect(lengths({}, 9)).toEqual([[64], told(64)]);
  expect(lengths({ max_tokens: 50 }, 200)).toEqual([[50], []]);
});

it.each([
  ['a schema', { response_format: { type: 'json_object' } }],
  ['a grammar', { grammar: 'root ::= "a"' }],
  ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
])('leaves an answer with %s its length: half of one is worth nothing', (_, rest) => {
  expect(lengths({ ...rest, max_tokens: 900 }, 100)).toEqual([[900], []]);
});
