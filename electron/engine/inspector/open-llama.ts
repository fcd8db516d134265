import { getLlama, LlamaLogLevel, type Llama } from 'node-llama-cpp';

/** Enough for the loader's last words; the message of an error is often ten lines above the end. */
const keptLines = 40;

/** llama.cpp, opened from the prebuilt binaries, and the tail of its log. */
export interface OpenLlama {
  readonly llama: Llama;
  /** Warnings and errors since the start, oldest first. */
  readonly logTail: () => readonly string[];
}

/**
 * Opens llama.cpp with the best backend of this machine. Never builds and never downloads.
 * Warnings also go to stderr, where the host finds them when this process aborts.
 */
export const openLlama = async (): Promise<OpenLlama> => {
  const tail: string[] = [];
  const llama = await getLlama({
    gpu: 'auto',
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.warn,
    logger: (_level, message) => {
      for (const line of message.split('\n')) if (tail.push(line) > keptLines) tail.shift();
      process.stderr.write(`${message}\n`);
    },
  });
  return { llama, logTail: () => [...tail] };
};
