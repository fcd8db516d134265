import { createHash } from 'node:crypto';
import koffi, { type LibraryHandle } from 'koffi';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { NativeBackend, ScoredFile } from '../scoring/scorer.ts';
import { listenToLog, loadLibllama } from './load-libllama.ts';
import { loadModes, readScoringDefaults, registerScoringLayouts } from './scoring-layouts.ts';

/** A model of which every logit can be read. Lives as long as its child, which is thrown away after its task. */
export interface ScoringModel {
  readonly path: string;
  readonly vocabularySize: number;
  readonly vocabularySha256: string;
  readonly addsBos: boolean;
  readonly bos: number;
  readonly trainedContextSize: number;
  tokenize(text: string): Int32Array;
  /**
   * Makes the context for windows of `contextSize` tokens. Called once, before the first `decode`.
   * @param onTensor called within `decode`: asked whether a tensor is wanted, then told when it is computed; a wanted
   *   one answers whether to go on
   */
  openContext(contextSize: number, onTensor?: TensorListener): void;
  /**
   * Reads a window from an empty cache and returns how to copy the logits of a position from `first` on.
   * The copies are valid for good, the function until the next `decode`.
   * @throws AppError `engine.crashed` when llama.cpp refuses the batch
   */
  decode(tokens: Int32Array, first: number, threads: number): (position: number) => Float32Array;
}

/** `ggml_backend_sched_eval_callback`; must not throw. */
export type TensorListener = (pointer: unknown, isAsked: boolean) => boolean;

interface ScoringLlama {
  readonly release: string;
  /** ggml's tensors. */
  readonly base: LibraryHandle;
  load(file: ScoredFile, useMmap: boolean | 'auto'): ScoringModel;
  /** Ends the catching of llama.cpp's log, for reasons of load errors. Called before the first `decode`, which blocks. */
  endLoading(): void;
}

const integer = z.number().int();
const pointer = z.unknown().refine((value) => value !== null && value !== undefined);
const keptLines = 40;

const refuse = (found: string): never => {
  throw new AppError('engine.version-mismatch', `Quality needs llama.cpp v0.5.0; found ${found}.`, {
    hint: 'Run npm ci to install the exact versions Dyno was tested with.',
  });
};

/**
 * Opens libllama for reading logits, which the addon of node-llama-cpp does not give whole: `llama_decode` and
 * `llama_get_logits` through koffi. Calls block this child; the host ends it by a signal.
 * @throws AppError `engine.version-mismatch`
 */
export const openScoringLlama = (backend: NativeBackend): ScoringLlama => {
  const { llama, ggml, base, folder, release } = loadLibllama(backend, 'engine.version-mismatch', refuse);
  registerScoringLayouts();
  const found = readScoringDefaults(
    llama.func('llama_model_params llama_model_default_params()')(),
    llama.func('llama_context_params llama_context_default_params()')(),
  );
  const defaults = found ?? refuse('another layout of its parameters');
  const lines: string[] = [];
  const listening = listenToLog(llama, (text) => {
    if (text.trim() !== '' && lines.push(text.trim()) > keptLines) lines.shift();
  });
  const failed = (act: string): AppError => {
    const reason = lines.findLast((line) => /error|fail|invalid|missing/i.test(line));
    return new AppError(
      'engine.load-failed',
      `llama.cpp ${act}${reason === undefined ? '.' : `: ${reason}`}`,
      {
        hint: 'Inspect the file; it may be damaged, or memory ran out.',
        details: { log: [...lines] },
      },
    );
  };

  ggml.func('void ggml_backend_load_all_from_path(const char *folder)')(folder);
  const loadModel = llama.func(
    'void *llama_model_load_from_file(const char *path, llama_model_params params)',
  );
  const makeContext = llama.func('void *llama_init_from_model(void *model, llama_context_params params)');
  const vocabularyOf = llama.func('void *llama_model_get_vocab(void *model)');
  const trainedContext = llama.func('int32_t llama_model_n_ctx_train(void *model)');
  const tokenCount = llama.func('int32_t llama_vocab_n_tokens(void *vocab)');
  const tokenText = llama.func('const char *llama_vocab_get_text(void *vocab, int32_t token)');
  const addsBos = llama.func('bool llama_vocab_get_add_bos(void *vocab)');
  const bosOf = llama.func('int32_t llama_vocab_bos(void *vocab)');
  const tokenize = llama.func(
    'int32_t llama_tokenize(void *vocab, const char *text, int32_t length, _Out_ int32_t *tokens, int32_t capacity, bool add_special, bool parse_special)',
  );
  const memoryOf = llama.func('void *llama_get_memory(void *context)');
  const clearMemory = llama.func('void llama_memory_clear(void *memory, bool data)');
  const setThreads = llama.func('void llama_set_n_threads(void *context, int32_t decode, int32_t prefill)');
  const decode = llama.func('int32_t llama_decode(void *context, llama_batch batch)');
  const logitsOf = llama.func('float *llama_get_logits(void *context)');

  const evalType = koffi.proto('bool ggml_eval_callback(void *tensor, bool is_asked, void *user_data)');

  const fingerprint = (vocabulary: unknown, size: number): string => {
    const hash = createHash('sha256');
    for (let token = 0; token < size; token += 1) hash.update(`${String(tokenText(vocabulary, token))}\0`);
    return hash.digest('hex');
  };

  const load = ({ path, gpuLayers }: ScoredFile, useMmap: boolean | 'auto'): ScoringModel => {
    const mode = useMmap === 'auto' ? 'auto' : useMmap ? 'mmap' : 'none';
    const params = { ...defaults.model, n_gpu_layers: gpuLayers, load_mode: loadModes[mode] };
    const model: unknown = loadModel(path, params);
    if (!pointer.safeParse(model).success) throw failed(`could not load ${path}`);
    const vocabulary: unknown = vocabularyOf(model);
    const vocabularySize = integer.parse(tokenCount(vocabulary));
    const rowType = koffi.array('float', vocabularySize, 'Typed');
    let context: unknown;
    let threadsSet = 0;

    return {
      path,
      vocabularySize,
      vocabularySha256: fingerprint(vocabulary, vocabularySize),
      addsBos: addsBos(vocabulary) === true,
      bos: integer.parse(bosOf(vocabulary)),
      trainedContextSize: integer.parse(trainedContext(model)),
      tokenize: (text) => {
        const bytes = Buffer.from(text);
        const tokens = new Int32Array(bytes.length + 2); // no token is shorter than a byte; two for BOS and EOS
        const count = integer.parse(
          tokenize(vocabulary, bytes, bytes.length, tokens, tokens.length, true, false),
        );
        if (count < 0) throw failed(`could not tokenize the text with ${path}`);
        return tokens.slice(0, count);
      },
      openContext: (contextSize, onTensor) => {
        context = makeContext(model, {
          ...defaults.context,
          n_ctx: contextSize,
          n_batch: contextSize,
          n_ubatch: contextSize,
          cb_eval: onTensor === undefined ? null : koffi.register(onTensor, koffi.pointer(evalType)),
        });
        if (!pointer.safeParse(context).success) throw failed(`could not make a context for ${path}`);
      },
      decode: (tokens, first, threads) => {
        clearMemory(memoryOf(context), true);
        if (threads !== threadsSet) setThreads(context, threads, threads);
        threadsSet = threads;
        const code: unknown = decode(context, {
          n_tokens: tokens.length,
          token: tokens,
          embd: null,
          pos: null, // null: consecutive positions of sequence 0
          n_seq_id: null,
          seq_id: null,
          logits: Int8Array.from(tokens, (_token, index) => (index >= first ? 1 : 0)),
        });
        if (code !== 0) {
          throw new AppError(
            'engine.crashed',
            `llama.cpp could not read a window with ${path}: ${String(code)}`,
            {
              hint: 'Memory may have run out: close other programs, or use fewer GPU layers.',
            },
          );
        }
        const logits: unknown = logitsOf(context);
        const rowBytes = vocabularySize * Float32Array.BYTES_PER_ELEMENT;
        return (position) => {
          const row: unknown = koffi.decode(logits, (position - first) * rowBytes, rowType);
          if (row instanceof Float32Array) return row;
          throw new AppError('app.internal', 'libllama gave no logits.');
        };
      },
    };
  };
  return { release, base, load, endLoading: () => listening[Symbol.dispose]() };
};
