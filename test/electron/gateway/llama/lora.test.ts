import { describe, expect, it } from 'vitest';
import { answerKey } from '../../../../electron/gateway/cache/answer-key.ts';
import { smallerSibling } from '../../../../electron/gateway/degradation/smaller-sibling.ts';
import { adaptersAtWork, toAdapters, toLoraAdapters } from '../../../../electron/gateway/llama/lora.ts';
import { toProps } from '../../../../electron/gateway/llama/server-replies.ts';
import { toModelObject } from '../../../../electron/gateway/openai/model-reply.ts';
import { chatRequestSchema, toChatCall } from '../../../../electron/gateway/openai/chat-request.ts';
import { createNodeRandom } from '../../../../electron/platform/node/random.ts';
import { createServedModel } from '../../../support/gateway-model.ts';

const style = { name: 'style.gguf', scale: 1, sha256: 'aa' };
const tone = { name: 'tone.gguf', scale: 0, sha256: 'bb' };
const model = createServedModel({ adapters: [style, tone] });

describe('lora of a request', () => {
  it('leaves the scales to the load when it is not given, or empty, as in llama.cpp', () => {
    expect(toAdapters(undefined, model)).toEqual({});
    expect(toAdapters([], model)).toEqual({});
  });

  it('names adapters by id', () => {
    expect(toAdapters([{ id: 1, scale: 0.5 }], model)).toEqual({ adapters: [{ id: 1, scale: 0.5 }] });
  });

  it('is refused with those there are when an id is unknown, and when one is named twice', () => {
    expect(() => toAdapters([{ id: 2, scale: 1 }], model)).toThrow(
      expect.objectContaining({
        code: 'gateway.invalid-value',
        details: { param: 'lora[0].id' },
        hint: 'Loaded: 0 (style.gguf), 1 (tone.gguf).',
      }),
    );
    expect(() => toAdapters([{ id: 0, scale: 1 }], createServedModel())).toThrow(
      expect.objectContaining({ hint: 'Start the server with dyno serve MODEL --lora FILE.' }),
    );
    const twice = [
      { id: 0, scale: 1 },
      { id: 0, scale: 0 },
    ];
    expect(() => toAdapters(twice, model)).toThrow(
      expect.objectContaining({ details: { param: 'lora[1].id' } }),
    );
  });

  it('makes another answer: none is kept under the key of another mix or another file', () => {
    const keyOf = (lora: unknown, served = model): string | undefined => {
      const body = { messages: [{ role: 'user', content: 'Hi' }], temperature: 0, lora };
      return answerKey(toChatCall(chatRequestSchema.parse(body), served, createNodeRandom()), 'tenant');
    };
    const keys = [
      keyOf(undefined),
      keyOf([{ id: 0, scale: 1 }]),
      keyOf([{ id: 0, scale: 0.5 }]),
      keyOf([{ id: 1, scale: 1 }]),
      keyOf(undefined, createServedModel()),
      keyOf(undefined, createServedModel({ adapters: [{ ...style, scale: 0.5 }, tone] })),
      keyOf([{ id: 0, scale: 1 }], createServedModel({ adapters: [{ ...style, sha256: 'cc' }, tone] })),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf(undefined)).toBe(keyOf([]));
  });
});

it('stands in the ledger by the hashes of what was at work', () => {
  const atWork = (lora: unknown) => {
    const body = { messages: [{ role: 'user', content: 'Hi' }], lora };
    return adaptersAtWork(toChatCall(chatRequestSchema.parse(body), model, createNodeRandom()));
  };
  expect(atWork(undefined)).toBe('aa*1');
  expect(atWork([{ id: 1, scale: 0.5 }])).toBe('bb*0.5');
  expect(
    atWork([
      { id: 0, scale: 2 },
      { id: 1, scale: 1 },
    ]),
  ).toBe('aa*2 bb*1');
  expect(atWork([{ id: 0, scale: 0 }])).toBe('');
});

it('tells which adapters are there, without their folder', () => {
  const told = [
    { id: 0, path: 'style.gguf', scale: 1 },
    { id: 1, path: 'tone.gguf', scale: 0 },
  ];
  expect(toLoraAdapters(model)).toEqual(told);
  expect(toProps(model, '0')).toMatchObject({ lora_adapters: told });
  expect(toModelObject(model)).toMatchObject({ lora_adapters: told });
  expect(toModelObject(createServedModel())).not.toHaveProperty('lora_adapters');
});

it('lets no smaller quantization answer for a model with adapters, nor one with adapters for another', () => {
  const sized = (id: string, sizeBytes: number, adapters: readonly (typeof style)[] = []) =>
    createServedModel({
      id,
      adapters,
      file: { architecture: 'llama', parameterCount: 1, sizeBytes, sha256: () => null },
    });
  const small = sized('small', 1);
  expect(smallerSibling(sized('large', 2), [small])).toBe(small);
  expect(smallerSibling(sized('large', 2, [style]), [small])).toBeUndefined();
  expect(smallerSibling(sized('large', 2), [sized('small', 1, [style])])).toBeUndefined();
});
