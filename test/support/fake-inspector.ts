import type { Inspector, QuantizeTask } from '../../electron/models/inspector.ts';
import type { Ports } from '../../electron/platform/ports.ts';
import { AppError } from '../../shared/errors/app-error.ts';

interface FakeQuantizerOptions {
  readonly files: Ports['files'];
  /** Ends the work after the target was half written. */
  readonly error?: AppError;
  /** Called with each fraction, before the next; a test moves time here. */
  readonly onStep?: (fraction: number) => Promise<void> | void;
}

/** Writes a small file in four steps where llama.cpp would write a model. */
export const createFakeQuantizer = ({
  files,
  error,
  onStep,
}: FakeQuantizerOptions): Pick<Inspector, 'quantize'> & { readonly tasks: readonly QuantizeTask[] } => {
  const tasks: QuantizeTask[] = [];
  return {
    tasks,
    quantize: async (task, { signal, onProgress }) => {
      tasks.push(task);
      for (const fraction of [0, 0.25, 0.5, 0.75]) {
        await onStep?.(fraction);
        onProgress({ fraction, note: `Tensor ${fraction * 4 + 1} of 4` });
        await files.appendText(task.targetPath, 'GGUF');
        if (signal.aborted) throw new AppError('app.cancelled');
        if (error !== undefined && fraction === 0.5) throw error;
      }
    },
  };
};
