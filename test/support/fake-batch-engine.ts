import { z } from 'zod';
import type { BatchEngine, SamplerSpec, StepItem } from '../../electron/engine/host/batch-engine.ts';
import type { Vocabulary } from '../../electron/engine/host/vocabulary.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { FakeClock } from './fake-clock.ts';
import type { FakeFiles } from './fake-files.ts';

interface FakeBatchEngineOptions {
  readonly clock: FakeClock;
  readonly slots?: number;
  readonly contextSize?: number;
  readonly batchSize?: number;
  readonly reuse?: BatchEngine['reuse'];
  /** Cost of a decode step, and of each token in a prefill; 10 and 1 unless given. */
  readonly decodeMs?: number;
  readonly prefillMsPerToken?: number;
  /** Token that follows `position` tokens of a sequence; counts letters unless given. */
  readonly next?: (sequence: number, position: number) => number;
  /** Disk for states, which are the tokens as JSON. */
  readonly files?: FakeFiles;
}

export interface FakeBatchEngine extends BatchEngine {
  /** Batches so far: `sequence:tokens@position`, oldest first. */
  readonly batches: readonly (readonly string[])[];
  /** Cells of each sequence, checked for gaps as llama.cpp does. */
  readonly cells: readonly number[];
  /** Key of the adapters of each batch. */
  readonly mixes: readonly string[];
  readonly copies: readonly (readonly [target: number, source: number])[];
  readonly threadsSet: readonly number[];
  readonly configured: readonly (readonly [sequence: number, spec: SamplerSpec])[];
  readonly grammars: readonly (readonly [sequence: number, gbnf: string | undefined])[];
  /** Lets the next decode fail. */
  failNext(error: AppError): void;
  /** A decode that takes no time: what was computed before the test begins. */
  decodeNow(items: readonly StepItem[]): void;
  /** What the next `loadState` reads, whatever the file holds, or how it fails. */
  readNext(tokens: readonly number[] | AppError): void;
  /** Called while a decode is pending. */
  onDecode(act: (batch: number) => void): void;
}

/** llama.cpp's context without llama.cpp: refuses what it refuses, and time passes on the fake clock. */
export const createFakeBatchEngine = (options: FakeBatchEngineOptions): FakeBatchEngine => {
  const { clock, slots = 4, contextSize = 1024, batchSize = 512 } = options;
  const { decodeMs = 10, prefillMsPerToken = 1 } = options;
  const next = options.next ?? ((_sequence, position) => 97 + (position % 26));
  const cells: number[] = Array.from({ length: slots }, () => 0);
  const batches: string[][] = [];
  const mixes: string[] = [];
  const copies: (readonly [number, number])[] = [];
  const threadsSet: number[] = [];
  const configured: (readonly [number, SamplerSpec])[] = [];
  const { files } = options;
  const grammars: (readonly [number, string | undefined])[] = [];
  const watchers: ((batch: number) => void)[] = [];
  let failure: AppError | undefined;
  let forged: readonly number[] | AppError | undefined;
  let isPending = false;
  let adapters = '';

  const alone = (): void => {
    if (isPending) throw new AppError('app.internal', 'The engine was touched while a decode was pending.');
  };
  const place = ({ sequence, position, tokens }: StepItem): void => {
    if (cells[sequence] !== position)
      throw new AppError('app.internal', `Position ${position} after ${String(cells[sequence])} cells.`);
    cells[sequence] = position + tokens.length;
    if (position + tokens.length > contextSize) throw new AppError('app.internal', 'No KV slot.');
  };
  return {
    kind: 'fast',
    slots,
    contextSize,
    batchSize,
    reuse: options.reuse ?? 'any-prefix',
    canCopy: (options.reuse ?? 'any-prefix') === 'any-prefix',
    batches,
    cells,
    copies,
    threadsSet,
    configured,
    grammars,
    failNext: (error) => {
      failure = error;
    },
    decodeNow: (items) => items.forEach(place),
    readNext: (tokens) => {
      forged = tokens;
    },
    onDecode: (act) => void watchers.push(act),
    setThreads: (threads) => {
      alone();
      threadsSet.push(threads);
    },
    mixes,
    useAdapters: ({ key }) => {
      alone();
      const isChange = key !== adapters;
      adapters = key;
      return isChange;
    },
    checkGrammar: (gbnf) => {
      if (!gbnf.includes('root')) throw new AppError('engine.bad-grammar');
    },
    configure: (sequence, spec) => void configured.push([sequence, spec]),
    setGrammar: (sequence, gbnf) => {
      alone();
      grammars.push([sequence, gbnf]);
      return true;
    },
    decode: async (items) => {
      alone();
      const total = items.reduce((sum, { tokens }) => sum + tokens.length, 0);
      if (total === 0 || total > batchSize) throw new AppError('app.internal', `A batch of ${total} tokens.`);
      batches.push(items.map(({ sequence, tokens, position }) => `${sequence}:${tokens.length}@${position}`));
      mixes.push(adapters);
      isPending = true;
      for (const act of watchers) act(batches.length);
      const isDecode = items.every(({ tokens }) => tokens.length === 1);
      await clock.sleep(isDecode ? decodeMs : total * prefillMsPerToken);
      isPending = false;
      if (failure !== undefined) {
        const error = failure;
        failure = undefined;
        throw error;
      }
      return items.map((item) => {
        place(item);
        if (item.want !== 'token') return undefined;
        return { token: next(item.sequence, item.position + item.tokens.length) };
      });
    },
    truncate: (sequence, length) => {
      alone();
      const canKeep = options.reuse !== 'whole' || length === 0;
      cells[sequence] = canKeep ? Math.min(length, cells[sequence] ?? 0) : 0;
      return canKeep;
    },
    copy: (target, source) => {
      alone();
      copies.push([target, source]);
      cells[target] = cells[source] ?? 0;
      return Promise.resolve();
    },
    canSave: files !== undefined,
    saveState: (sequence, path, tokens) => {
      alone();
      if (cells[sequence] !== tokens.length)
        throw new AppError('app.internal', `${tokens.length} tokens for ${String(cells[sequence])} cells.`);
      files?.put(path, JSON.stringify(tokens));
      return Promise.resolve(true);
    },
    loadState: async (sequence, path) => {
      alone();
      const read = z.array(z.number()).parse(JSON.parse((await files?.readText(path)) ?? ''));
      const tokens = forged ?? read;
      forged = undefined;
      if (tokens instanceof AppError) throw tokens;
      cells[sequence] = tokens.length;
      return tokens;
    },
  };
};

/** One token per byte; 0 ends the answer, 1 is a control token. */
export const byteVocabulary: Vocabulary = {
  size: 256,
  bos: undefined,
  tokenize: (text) => Uint32Array.from(new TextEncoder().encode(text)),
  bytesOf: (token, isSpecialShown) =>
    token === 1 && !isSpecialShown ? new Uint8Array(0) : Uint8Array.of(token),
  isEndOfGeneration: (token) => token === 0,
  controlTexts: [],
  special: { bos: '', eos: '' },
  canCutAtSpaces: true,
};
