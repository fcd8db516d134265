import koffi, { type LibraryHandle } from 'koffi';
import type { ErrorCode } from '../../../shared/errors/table.ts';
import type { NativeBackend } from '../scoring/scorer.ts';
import { testedLlama as tested } from '../scoring/tested-llama.ts';
import { locateLibllama } from './locate-libllama.ts';

interface NativeLlama {
  /** llama.cpp's release tag. */
  readonly release: string;
  readonly llama: LibraryHandle;
  /** ggml with its registry of compute backends. */
  readonly ggml: LibraryHandle;
  /** ggml's tensors. */
  readonly base: LibraryHandle;
  /** Where the compute backends lie. */
  readonly folder: string;
}

/**
 * Opens the prebuilt libllama of a backend through koffi.
 * @param refuse throws for a version the layouts were not written for
 * @throws AppError `code` when it is not installed; what `refuse` throws
 */
export const loadLibllama = (
  backend: NativeBackend,
  code: ErrorCode,
  refuse: (found: string) => never,
): NativeLlama => {
  const { packageVersion, llamaCppRelease, libraries, folder } = locateLibllama(backend, code);
  if (packageVersion !== tested.packageVersion || llamaCppRelease !== tested.llamaCppRelease)
    refuse(`llama.cpp ${llamaCppRelease} in node-llama-cpp ${packageVersion}`);
  // loading the two ggml libraries first lets Windows resolve them by name from another folder than ours
  const [base, ggml, llama] = libraries.map((path) => koffi.load(path));
  if (base === undefined || ggml === undefined || llama === undefined) return refuse('no library');
  const version: unknown = llama.func('const char *llama_version()')();
  if (typeof version !== 'string' || !tested.llamaVersion.test(version))
    refuse(`llama.cpp ${String(version)}`);
  return { release: llamaCppRelease, llama, ggml, base, folder };
};

/**
 * Gives each piece of llama.cpp's log to `onLog` as it comes, until disposed; then it goes to stderr again. A line may
 * come in pieces. While it listens, blocking calls are safe only where this thread alone can log: a line from another
 * thread waits for this one.
 */
export const listenToLog = (llama: LibraryHandle, onLog: (text: string) => void): Disposable => {
  const logType = koffi.proto('void llama_log_callback(int level, const char *text, void *user_data)');
  const setLog = llama.func('void llama_log_set(llama_log_callback *callback, void *user_data)');
  setLog(
    koffi.register((_level: number, text: string) => onLog(text), koffi.pointer(logType)),
    null,
  );
  return { [Symbol.dispose]: () => void setLog(null, null) };
};
