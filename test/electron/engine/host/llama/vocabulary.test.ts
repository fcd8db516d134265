import { describe, expect, it } from 'vitest';
import type { TokenizerSource } from '../../../../../electron/engine/host/llama/addon.ts';
import { loadError } from '../../../../../electron/engine/host/llama/load-error.ts';
import { createLogTail } from '../../../../../electron/engine/host/llama/log-tail.ts';
import { createVocabulary } from '../../../../../electron/engine/host/llama/vocabulary.ts';
import { engineSettingsSchema } from '../../../../../shared/contract/models.ts';

const control = 8;
const byte = 32;

/** Pieces by token: raw text of the file, attributes, and how llama.cpp renders the token alone. */
const source = (
  type: number,
  pieces: readonly (readonly [raw: string, attributes: number, rendered: string])[],
): TokenizerSource => ({
  tokenize: () => new Uint32Array(0),
  detokenize: (tokens) => pieces[tokens[0] ?? 0]?.[2] ?? '',
  getTokenString: (token) => pieces[token]?.[0] ?? '',
  getTokenAttributes: (token) => pieces[token]?.[1] ?? 0,
  isEogToken: (token) => token === 0,
  shouldPrependBosToken: () => true,
  tokenBos: () => 0,
  tokenEos: () => 0,
  getVocabularyType: () => type,
});
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('the bytes of a token', () => {
  it('come from the byte-level piece where the token ends inside a character', () => {
    const vocabulary = createVocabulary(
      source(2, [
        ['<|end|>', control, '<|end|>'],
        ['Ġfox', 4, ' fox'],
        ['ðŁ', 4, '\uFFFD'],
      ]),
      3,
    );
    expect(textOf(vocabulary.bytesOf(1, false))).toBe(' fox');
    expect([...vocabulary.bytesOf(2, false)]).toEqual([0xf0, 0x9f]);
    expect(vocabulary.canCutAtSpaces).toBe(true);
  });

  it('read SentencePiece spaces and byte tokens', () => {
    const vocabulary = createVocabulary(
      source(1, [
        ['</s>', control, '</s>'],
        ['▁fox', 4, 'fox'],
        ['<0x0A>', byte, '\n'],
      ]),
      3,
    );
    expect(textOf(vocabulary.bytesOf(1, false))).toBe(' fox');
    expect([...vocabulary.bytesOf(2, false)]).toEqual([10]);
    expect(vocabulary.canCutAtSpaces).toBe(false);
  });

  it('are empty for control tokens unless their mark is wanted', () => {
    const vocabulary = createVocabulary(source(2, [['[TOOL_CALLS]', control, '']]), 1);
    expect(vocabulary.bytesOf(0, false).length).toBe(0);
    expect(textOf(vocabulary.bytesOf(0, true))).toBe('[TOOL_CALLS]');
    expect(vocabulary.controlTexts).toEqual(['[TOOL_CALLS]']);
    expect(vocabulary.bytesOf(99, true).length).toBe(0);
  });
});

describe('the reason of a failed load', () => {
  const message = {
    type: 'load',
    path: '/m.gguf',
    settings: engineSettingsSchema.parse({}),
    threadLimit: 1,
    knownThreads: null,
    batchEngine: 'auto',
    checkTensors: false,
    adapters: [],
    prefixCache: null,
  } as const;

  it('is the last telling line of the log, not its summary', () => {
    const tail = createLogTail();
    tail.add('llama_model_load: error loading model: missing tensor blk.0\n......\n');
    tail.add('llama_model_load_from_file_impl: failed to load model');
    const error = loadError(new Error('Failed to load model'), message, tail.lines());
    expect(error).toMatchObject({ code: 'engine.load-failed', details: { log: tail.lines() } });
    expect(error.message).toContain('missing tensor blk.0');
    expect(tail.lines().length).toBe(2);
  });

  it.each([
    'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 900.00 MiB on device 0: cudaMalloc failed: out of memory',
    'A context size of 4096 with 4 sequences is too large for the available VRAM',
    'vk::Device::allocateMemory: ErrorOutOfDeviceMemory',
    'std::bad_alloc',
  ])('is short memory when it says: %s', (line) => {
    expect(loadError(new Error(line), message, [])).toMatchObject({ code: 'engine.out-of-memory' });
  });

  it('says what was short, and not what the log tells of the file behind it', () => {
    const shortage = 'A context size of 10000000 is too large for the available RAM';
    const facts = ['print_info: rope_finetuned        = unknown'];

    expect(loadError(new Error(shortage), message, facts).message).toContain(shortage);
    expect(loadError(new Error('Failed to load model'), message, facts).message).not.toContain('print_info');
  });

  it('keeps only the last twenty lines', () => {
    const tail = createLogTail();
    for (let line = 0; line < 50; line += 1) tail.add(`line ${line}`);
    expect(tail.lines()).toHaveLength(20);
    expect(tail.lines().at(-1)).toBe('line 49');
  });
});
