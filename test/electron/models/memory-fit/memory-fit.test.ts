import { describe, expect, test } from 'vitest';
import { estimateMemoryFit, type MemoryFitPorts } from '../../../../electron/models/memory-fit.ts';
import type { Inspector } from '../../../../electron/models/inspector.ts';
import { engineSettingsSchema, type EngineSettings } from '../../../../shared/contract/models.ts';
import { decisionText } from '../../../../shared/units/memory-basis.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createModelDetails } from '../../../support/model-details.ts';

const GIB = 2 ** 30;
const weightsBytes = 2 * GIB;
const bytesPerToken = 32 * 1024;
const computeBytes = 100 * 2 ** 20;

interface Call {
  readonly sizes: readonly number[];
}

/** Memory that grows by a straight line with context × slots, as a plain transformer's does. */
const linearInspector = (calls: Call[], onGpu = false): Pick<Inspector, 'estimate'> => ({
  estimate: (_path, settings, sizes) => {
    calls.push({ sizes });
    return Promise.resolve(
      sizes.map((contextSize) => {
        const kvCacheBytes = contextSize * settings.slots * bytesPerToken;
        const total = weightsBytes + kvCacheBytes + computeBytes;
        return {
          contextSize,
          weightsRamBytes: onGpu ? 0 : weightsBytes,
          weightsVramBytes: onGpu ? weightsBytes : 0,
          kvCacheBytes,
          computeBytes,
          totalRamBytes: onGpu ? computeBytes : total,
          totalVramBytes: onGpu ? total : 0,
          gpuLayers: onGpu ? 17 : 0,
        };
      }),
    );
  },
});

const settingsOf = (changes: Partial<EngineSettings> = {}): EngineSettings => ({
  ...engineSettingsSchema.parse({}),
  ...changes,
});

interface Question {
  readonly freeBytes: number;
  readonly settings?: Partial<EngineSettings>;
  readonly details?: ReturnType<typeof createModelDetails>;
  readonly ports?: Partial<MemoryFitPorts>;
  readonly calls?: Call[];
}

const ask = ({ freeBytes, settings, details, ports, calls = [] }: Question) =>
  estimateMemoryFit(
    {
      inspector: linearInspector(calls),
      host: createFakeHost({ availableMemoryBytes: () => freeBytes }),
      ...ports,
    },
    '/models/llama-1b-f16.gguf',
    details ?? createModelDetails(),
    settingsOf(settings),
    new AbortController().signal,
  );

/** Free memory with which exactly `contextSize` tokens in 4 slots fit, the headroom of 256 MiB included. */
const freeFor = (contextSize: number): number =>
  weightsBytes + computeBytes + contextSize * 4 * bytesPerToken + 256 * 2 ** 20;

describe('estimateMemoryFit', () => {
  test('takes 4,096 tokens for auto and reports every part of the need', async () => {
    expect(await ask({ freeBytes: 64 * GIB })).toMatchObject({
      contextSize: 4096,
      weightsBytes,
      kvCacheBytes: 4096 * 4 * bytesPerToken,
      computeBytes,
      fits: true,
      largestContextSize: 131_072,
      advice: 'Fits: needs 2.60 GiB of 63.8 GiB free; up to 131,072 tokens per slot would fit.',
    });
  });

  test('takes the training context for auto when it is smaller', async () => {
    const details = createModelDetails({ trainedContextLength: 1024 });
    expect(await ask({ freeBytes: 64 * GIB, details })).toMatchObject({
      contextSize: 1024,
      largestContextSize: 1024,
    });
  });

  test.each([256, 512, 1280, 4096, 5120, 33_280, 70_144, 130_816])(
    'finds that exactly %i tokens fit, in at most two children',
    async (contextSize) => {
      const calls: Call[] = [];
      const exact = await ask({ freeBytes: freeFor(contextSize), calls });
      expect(exact.largestContextSize).toBe(contextSize);
      expect(calls.length).toBeLessThanOrEqual(2);
      expect(Math.max(...calls.map(({ sizes }) => sizes.length))).toBeLessThanOrEqual(17);
      const justShort = await ask({ freeBytes: freeFor(contextSize) - 1 });
      expect(justShort.largestContextSize).toBe(contextSize - 256);
    },
  );

  test('names the smaller context, the smaller type and fewer slots when the asked context does not fit', async () => {
    const fit = await ask({ freeBytes: freeFor(2048), settings: { contextSize: 8192 } });
    expect(fit).toMatchObject({ fits: false, largestContextSize: 2048 });
    expect(fit.advice).toBe('Needs 3.10 GiB, 2.35 GiB free: choose Q8_0, a context of 2,048 or 1 slot.');
  });

  test('names the largest type that fits when not even the smallest context does', async () => {
    const fit = await ask({ freeBytes: 1.8 * GIB });
    expect(fit).toMatchObject({ fits: false, largestContextSize: 0 });
    expect(fit.advice).toBe('Needs 2.60 GiB, 1.55 GiB free: choose Q6_K.');
  });

  test('says so when nothing helps', async () => {
    expect((await ask({ freeBytes: 0.5 * GIB })).advice).toBe(
      'Needs 2.60 GiB, 0.250 GiB free: close other programs, or choose a smaller model.',
    );
  });

  test('does not have a context simulated that no such machine can hold, and says what it needs', async () => {
    const calls: Call[] = [];
    const details = createModelDetails({
      metadata: {
        'llama.block_count': 16,
        'llama.embedding_length': 2048,
        'llama.attention.head_count': 32,
        'llama.attention.head_count_kv': 8,
      },
    });
    const fit = await ask({
      freeBytes: freeFor(2048),
      settings: { contextSize: 16_000_000 },
      details,
      calls,
    });
    expect(calls.flatMap(({ sizes }) => sizes)).not.toContain(16_000_000);
    expect(fit).toMatchObject({
      contextSize: 16_000_000,
      fits: false,
      largestContextSize: 2048,
      kvCacheBytes: 16_000_000 * 4 * (32 * 1024 + 52),
    });
    expect(fit.totalRamBytes).toBe(fit.weightsBytes + fit.kvCacheBytes + fit.computeBytes);
    expect(fit.advice).toContain('a context of 2,048');
  });

  test('leaves alone what other engines were promised', async () => {
    const reserved = { ramBytes: 1 * GIB, vramBytes: 0 };
    const fit = await ask({ freeBytes: freeFor(4096), ports: { reserved } });
    expect(fit).toMatchObject({ fits: false, availableRamBytes: freeFor(4096) - 1.25 * GIB });
  });

  describe('with loads of the past', () => {
    const MIB = 2 ** 20;
    /** A ledger of a machine on which the process itself took `processBytes`. */
    const ledger = (processBytes: number, n: number): NonNullable<MemoryFitPorts['memory']> => ({
      predict: ({ weightsRamBytes, kvCacheRamBytes, vramBytes }) => ({
        weightsBytes: weightsRamBytes,
        kvCacheBytes: kvCacheRamBytes,
        processBytes,
        ramBytes: weightsRamBytes + kvCacheRamBytes + processBytes,
        vramBytes,
        basis: n === 0 ? 'default' : 'similar',
        n,
      }),
      history: () => ({ loads: [], medianAbsoluteErrorPercent: null, worstAbsoluteErrorPercent: null }),
    });
    const exactly2048 = freeFor(2048);

    test('decides by what they took where that is more than the total, with the headroom on top', async () => {
      const memory = ledger(computeBytes + 128 * MIB, 3);
      const settings = { contextSize: 2048 };
      const short = await ask({ freeBytes: exactly2048 + 128 * MIB - 1, settings, ports: { memory } });
      expect(short).toMatchObject({
        fits: false,
        largestContextSize: 1792,
        decidedBy: 'learned',
        neededRamBytes: short.totalRamBytes + 128 * MIB,
      });
      expect(short.neededRamBytes).toBe(short.expected.ramBytes);
      expect(await ask({ freeBytes: exactly2048 + 128 * MIB, settings, ports: { memory } })).toMatchObject({
        fits: true,
        largestContextSize: 2048,
      });
    });

    test('never goes below the total of llama.cpp', async () => {
      const memory = ledger(computeBytes - 1, 3);
      const fit = await ask({ freeBytes: exactly2048, settings: { contextSize: 2048 }, ports: { memory } });
      expect(fit).toMatchObject({ fits: true, largestContextSize: 2048, decidedBy: 'estimate' });
      expect(fit.neededRamBytes).toBe(fit.totalRamBytes);
    });

    test('lets shipped figures decide nothing', async () => {
      const memory = ledger(computeBytes + 128 * MIB, 0);
      const fit = await ask({ freeBytes: exactly2048, settings: { contextSize: 2048 }, ports: { memory } });
      expect(fit).toMatchObject({ fits: true, decidedBy: 'estimate', neededRamBytes: fit.totalRamBytes });
    });

    test('says which figure it was', async () => {
      const settings = { contextSize: 2048 };
      const text = async (processBytes: number, n: number): Promise<string> =>
        decisionText(
          await ask({ freeBytes: exactly2048, settings, ports: { memory: ledger(processBytes, n) } }),
        );
      expect(await text(computeBytes + 1024 * MIB, 3)).toBe(
        "by the 3.35 GiB a load takes, learned from 3 loads with such a vocabulary on this machine; llama.cpp's total is 2.35 GiB",
      );
      expect(await text(0, 1)).toBe(
        "by llama.cpp's total, compute buffers included: more than the 2.25 GiB a load takes, learned from 1 load with such a vocabulary on this machine",
      );
      expect(await text(0, 0)).toBe(
        "by llama.cpp's total, compute buffers included; no load was seen here yet",
      );
    });
  });

  test('judges video memory by itself, and gives advice for it', async () => {
    const ask24 = (settings: Partial<EngineSettings>) =>
      ask({
        freeBytes: 64 * GIB,
        settings,
        ports: { inspector: linearInspector([], true), vram: { freeBytes: 2.5 * GIB, totalBytes: 8 * GIB } },
      });
    const fit = await ask24({});
    expect(fit).toMatchObject({ fits: false, availableVramBytes: 2.25 * GIB, largestContextSize: 1024 });
    expect(fit.advice).toBe(
      'Needs 2.60 GiB of video memory, 2.25 GiB free: choose Q8_0, a context of 1,024 or 1 slot.',
    );
    expect((await ask24({ gpuLayers: 'max' })).advice).toContain('1 slot or automatic GPU layers.');
  });

  test('counts RAM and video memory as one on Apple silicon', async () => {
    const host = createFakeHost({ platform: 'darwin', arch: 'arm64', availableMemoryBytes: () => 2.5 * GIB });
    const ports = {
      host,
      inspector: linearInspector([], true),
      vram: { freeBytes: 5 * GIB, totalBytes: 8 * GIB },
    };
    expect((await ask({ freeBytes: 0, ports })).fits).toBe(false);
  });

  test('does not show a broken file to native code', async () => {
    const calls: Call[] = [];
    const details = createModelDetails({
      problem: { code: 'models.truncated', message: 'Cut off.', hint: 'Again.' },
    });
    await expect(ask({ freeBytes: GIB, details, calls })).rejects.toMatchObject({
      code: 'models.truncated',
      message: 'Cut off.',
      hint: 'Again.',
    });
    expect(calls).toEqual([]);
  });
});
