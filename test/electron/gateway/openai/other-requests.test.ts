import { describe, expect, it } from 'vitest';
import {
  completionRequestSchema,
  toCompletionCall,
} from '../../../../electron/gateway/openai/completion-request.ts';
import {
  embeddingRequestSchema,
  toEmbeddingCall,
} from '../../../../electron/gateway/openai/embedding-request.ts';
import { embeddingsSchema } from '../../../../electron/gateway/openai/reply-schemas.ts';
import { parseParameters } from '../../../../electron/gateway/parameters/parse-parameters.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createReport } from '../../../support/gateway-report.ts';
import { createServedModel } from '../../../support/gateway-model.ts';

const completion = (body: object) =>
  toCompletionCall(parseParameters(completionRequestSchema, body), createServedModel(), createFakeRandom());
const embedding = (body: object) =>
  toEmbeddingCall(
    parseParameters(embeddingRequestSchema, body),
    createServedModel({}, { embeddingLength: 256 }),
  );

describe('a completion request', () => {
  it('is asked of the engine as it was sent', () => {
    const sent = { ignore_eos: true, cache_prompt: false, stop: ['a'], logprobs: 2, grammar: 'root ::= "a"' };
    const sampling = { min_p: 0.1, top_k: -1, repeat_last_n: 9, seed: -3, logit_bias: { 5: -100 } };
    const { choices } = completion({ prompt: 'Once', n: 2, ...sent, ...sampling });
    expect(choices[1]?.request).toMatchObject({
      ignoreEos: true,
      cachePrompt: false,
      stop: ['a'],
      logprobs: { top: 2 },
      grammar: { type: 'gbnf', text: 'root ::= "a"' },
      sampling: { minP: 0.1, topK: 0, repeatLastN: 9, seed: 2 ** 32 - 2, logitBias: { 5: -100 } },
    });
  });

  it.each([
    ['Once', [{ type: 'text', text: 'Once' }]],
    [
      ['a', 'b'],
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    ],
    [[1, 2], [{ type: 'tokens', tokens: [1, 2] }]],
    [
      [[1], [2]],
      [
        { type: 'tokens', tokens: [1] },
        { type: 'tokens', tokens: [2] },
      ],
    ],
  ])('takes the prompt %j', (prompt, expected) => {
    expect(completion({ prompt }).choices.map((choice) => choice.request.prompt)).toEqual(expected);
  });

  it('numbers n answers per prompt as OpenAI does, 16 tokens each unless told otherwise', () => {
    const { choices } = completion({ prompt: ['a', 'b'], n: 2 });
    expect(choices.map(({ promptIndex, request }) => [promptIndex, request.maxTokens])).toEqual([
      [0, 16],
      [0, 16],
      [1, 16],
      [1, 16],
    ]);
  });

  it.each([
    [{ echo: true }, 'echo', 'unsupported-parameter'],
    [{ echo: 'yes' }, 'echo', 'invalid-value'],
    [{ suffix: 'x' }, 'suffix', 'unsupported-parameter'],
    [{ best_of: 2 }, 'best_of', 'unsupported-parameter'],
    [{ n: 16, prompt: ['a', 'b'] }, 'n', 'invalid-value'],
    [{ prompt: [-1] }, 'prompt[0]', 'invalid-value'],
    [{ logprobs: 21 }, 'logprobs', 'invalid-value'],
  ])('refuses %j by name', (body, param, code) => {
    expect(() => completion({ prompt: 'x', ...body })).toThrow(
      expect.objectContaining({ code: `gateway.${code}`, details: { param } }),
    );
  });
});

describe('an embeddings request', () => {
  it.each([
    ['a', ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[1, 2], [[1, 2]]],
    [
      [[1], [2]],
      [[1], [2]],
    ],
  ])('takes the input %j', (input, inputs) => {
    expect(embedding({ input }).inputs).toEqual(inputs);
  });

  it("takes the model's own dimensions and no other", () => {
    const { timings, stats } = createReport();
    const { toReply } = embedding({ input: 'a', dimensions: 256 });
    const reply = embeddingsSchema.parse(
      toReply({ vectors: [[0.5, 1]], promptTokens: 1, timings, stats, totalMs: 1 }),
    );
    expect(reply.data[0]?.embedding).toEqual([0.5, 1]);
    expect(reply.usage).toEqual({
      prompt_tokens: 1,
      completion_tokens: 0,
      total_tokens: 1,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    });
    expect(() => embedding({ input: 'a', dimensions: 64 })).toThrow(
      expect.objectContaining({ code: 'gateway.unsupported-parameter', details: { param: 'dimensions' } }),
    );
  });

  it.each([[''], [[]], [['a', '']], [[0.5]]])('refuses the input %j', (input) => {
    expect(() => embedding({ input })).toThrow(expect.objectContaining({ code: 'gateway.invalid-value' }));
  });
});
