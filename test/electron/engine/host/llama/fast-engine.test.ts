import { expect, it } from 'vitest';
import type { Sampling } from '../../../../../electron/engine/engine.ts';
import type {
  AddonBindings,
  AddonContext,
  AddonModel,
  AddonSampler,
} from '../../../../../electron/engine/host/llama/addon.ts';
import { createFastEngine } from '../../../../../electron/engine/host/llama/fast-engine.ts';
import { greedy } from '../../../../support/greedy.ts';

type Config = Parameters<AddonSampler['applyConfig']>[0];

const sampling: Sampling = { ...greedy, repeatPenalty: 1.3, repeatLastN: 4 };

/** An addon that draws 50, 51, 52… and writes down how its samplers are configured. */
const open = () => {
  const configs: Config[] = [];
  let drawn = 49;
  class Sampler implements AddonSampler {
    static acceptGrammarEvaluationStateToken = () => undefined;
    static canBeNextTokenForGrammarEvaluationState = () => true;
    applyConfig = (config: Config) => void configs.push(config);
    dispose = () => undefined;
  }
  class Opaque {
    readonly kind = 'opaque';
  }
  const bindings = {
    AddonSampler: Sampler,
    AddonGrammar: Opaque,
    AddonGrammarEvaluationState: Opaque,
    AddonModelLora: Opaque,
  };
  const loras: unknown[] = [];
  const addon = {
    initBatch: () => undefined,
    addToBatch: (_sequence: number, _position: number, _tokens: Uint32Array, at: Uint32Array) => at,
    decodeBatch: () => Promise.resolve(),
    sampleToken: () => Promise.resolve((drawn += 1)),
    setLoras: (adapters: readonly unknown[], scales: readonly number[]) => loras.push([adapters, scales]),
  };
  const adapters = [{ name: 'a' }, { name: 'b' }];
  const shape = {
    slots: 1,
    contextSize: 64,
    batchSize: 64,
    reuse: 'any-prefix',
    vocabularySize: 99,
  } as const;
  const engine = createFastEngine({
    ...shape,
    adapters,
    model: { isEogToken: (token: number) => token === 7 || token === 9 } as unknown as AddonModel,
    bindings: bindings as unknown as AddonBindings,
    addon: addon as unknown as AddonContext,
  });
  return { engine, configs, loras, adapters };
};

const step = (position: number) =>
  ({ sequence: 0, position, tokens: Uint32Array.of(1), want: 'token' }) as const;

it('keeps the answer in the penalties’ history when a grammar begins in the middle of it', async () => {
  const { engine, configs } = open();
  engine.configure(0, { sampling, history: [1, 2] });
  await engine.decode([step(0)]);
  await engine.decode([step(1)]);
  engine.setGrammar(0, 'root ::= "a"', []);
  expect(configs.at(-1)).toMatchObject({ repeatPenaltyTokens: Uint32Array.of(1, 2, 50, 51) });
  engine.configure(0, { sampling, history: [7] });
  engine.setGrammar(0, undefined, []);
  expect(configs.at(-1)).toMatchObject({ repeatPenaltyTokens: Uint32Array.of(7) });
});

it('lets no answer end before the grammar it has to follow, and then by that grammar alone', () => {
  const { engine, configs } = open();
  engine.configure(0, { sampling: { ...sampling, logitBias: { 7: 3 } }, history: [], awaitsGrammar: true });
  expect(configs.at(-1)).toMatchObject({
    tokenBiasKeys: Uint32Array.of(7, 9),
    tokenBiasValues: Float32Array.of(-Infinity, -Infinity),
  });
  engine.setGrammar(0, 'root ::= "a"', []);
  expect(configs.at(-1)).toMatchObject({
    tokenBiasKeys: Uint32Array.of(7),
    tokenBiasValues: Float32Array.of(3),
  });
});

it('tells llama.cpp of adapters only when they change, and switches off what is not at work', () => {
  const { engine, loras, adapters } = open();
  const first = { key: 'aa*1', scales: [1, 0] };
  expect(engine.useAdapters({ key: '', scales: [] })).toBe(false);
  expect(engine.useAdapters(first)).toBe(true);
  expect(engine.useAdapters(first)).toBe(false);
  expect(engine.useAdapters({ key: '', scales: [] })).toBe(true);
  expect(loras).toEqual([
    [adapters, [1, 0]],
    [adapters, [0, 0]],
  ]);
});
