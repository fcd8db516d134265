import { AppError } from '../../shared/errors/app-error.ts';
import type { WorkerExit } from '../platform/ports.ts';

/** Lines of the child's output that most likely say why, last first. */
const reasonLine = /GGML_ASSERT|assert|terminate called|fatal|error|fail|abort|out of memory/i;

const describeExit = ({ code, signal }: WorkerExit): string =>
  signal ?? (code === null ? 'it could not be started' : `exit code ${code}`);

/** What an unexpected end of an engine process is told as: how, and the most telling of its last lines. */
export const crashError = (exit: WorkerExit, outputTail: readonly string[]): AppError => {
  const how = describeExit(exit);
  const reason = outputTail.findLast((line) => reasonLine.test(line))?.trim();
  const isKilled = exit.signal === 'SIGKILL';
  return new AppError(
    'engine.crashed',
    `The engine process ended (${how})${reason === undefined ? '.' : `: ${reason}`}`,
    {
      hint: isKilled
        ? 'The operating system kills processes when memory runs out: choose a smaller context, fewer slots or a smaller quantization.'
        : 'The request may be sent again; the engine restarts by itself.',
      details: { exitCode: exit.code, signal: exit.signal, log: outputTail.slice(-20) },
    },
  );
};
