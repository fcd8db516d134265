import { AppError } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/table.ts';
import type { Inspector } from '../../models/inspector.ts';
import type { Ports } from '../../platform/ports.ts';
import { sumRounds } from './bandwidth.ts';
import {
  bandwidthResultSchema,
  estimateResultSchema,
  imatrixResultSchema,
  probeResultSchema,
  type InspectorTask,
} from './protocol.ts';
import { reasonOf, runTask, type NativeCrash } from './run-task.ts';

type InspectorPorts = Pick<Ports, 'processes' | 'log' | 'clock' | 'files'>;

const minuteMs = 60_000;

/** An estimate takes 1 to 3 s with the start of the child, on a slow disk with a 150k vocabulary perhaps 10. */
const estimateTimeoutMs = 2 * minuteMs;
/** GPU drivers that wake a sleeping card answer within 10 s; a hung one never does. */
const probeTimeoutMs = minuteMs;
/** Children start, fill their buffers and wait for this moment, so that all read at the same time. */
const bandwidthStartMs = 3000;
const bandwidthRoundMs = 200;
/** Days: a large model on one thread is slow but honest; the user can cancel. */
const longTimeoutMs = 7 * 24 * 60 * minuteMs;

const crashError =
  (code: ErrorCode, act: string, hint: string) =>
  ({ how, tail }: NativeCrash): AppError => {
    const reason = reasonOf(tail);
    const message = `llama.cpp ended (${how}) while it ${act}${reason === undefined ? '.' : `: ${reason}`}`;
    return new AppError(code, message, { hint, details: { log: tail, how } });
  };

/**
 * The inspector whose every call starts a child of its own and ends it, so that a file or a driver that aborts
 * llama.cpp costs one typed error and nothing else.
 */
export const createInspector = (ports: InspectorPorts): Inspector => {
  const { files, log, clock } = ports;

  const mustExist = async (path: string) => {
    const stat = await files.stat(path);
    if (stat?.kind !== 'file')
      throw new AppError('files.not-found', `No such file: ${path}`, { hint: 'Check the path.' });
  };

  const timed = async (task: InspectorTask, options: Parameters<typeof runTask>[2]): Promise<unknown> => {
    const startedMs = clock.monotonicMs();
    const tookMs = () => Math.round(clock.monotonicMs() - startedMs);
    try {
      const result = await runTask(ports, task, options);
      log.debug('inspector answered', { task: task.type, tookMs: tookMs() });
      return result;
    } catch (error) {
      const fields = error instanceof AppError ? { code: error.code, ...error.details } : { error };
      log.warn('inspector failed', { task: task.type, tookMs: tookMs(), ...fields });
      throw error;
    }
  };

  return {
    estimate: async (path, settings, contextSizes, signal) => {
      await mustExist(path);
      const task = { type: 'estimate', path, settings, contextSizes } as const;
      const result = await timed(task, {
        signal,
        timeoutMs: estimateTimeoutMs,
        toError: crashError(
          'engine.crashed',
          `estimated the memory of ${path}`,
          'The file is probably damaged: download or convert it again.',
        ),
      });
      return estimateResultSchema.parse(result);
    },

    probe: async (signal) => {
      const result = await timed(
        { type: 'probe' },
        {
          signal,
          timeoutMs: probeTimeoutMs,
          toError: crashError(
            'hardware.probe-failed',
            'looked for devices',
            'Update the GPU driver; inference on the CPU still works.',
          ),
        },
      );
      return probeResultSchema.parse(result);
    },

    bandwidth: async ({ processes, rounds, bufferBytes }, signal) => {
      const startAtMs = clock.monotonicMs() + bandwidthStartMs;
      const task = { type: 'bandwidth', startAtMs, roundMs: bandwidthRoundMs, rounds, bufferBytes } as const;
      const children = Array.from({ length: processes }, async () =>
        bandwidthResultSchema.parse(
          await timed(task, {
            signal,
            timeoutMs: probeTimeoutMs,
            toError: crashError(
              'hardware.probe-failed',
              'measured the memory',
              'Close other programs: it reads 256 MiB per core.',
            ),
          }),
        ),
      );
      return sumRounds(await Promise.all(children), rounds);
    },

    quantize: async (task, { signal, onProgress, onAbandoned }) => {
      await mustExist(task.sourcePath);
      await timed(
        { type: 'quantize', ...task },
        {
          signal,
          onProgress,
          onAbandoned,
          timeoutMs: longTimeoutMs,
          toError: crashError(
            'models.quantize-failed',
            `quantized ${task.sourcePath}`,
            'The file is probably damaged, or memory ran out: inspect the file, then try with fewer threads.',
          ),
        },
      );
    },

    collectImatrix: async (task, { signal, onProgress, onAbandoned }) => {
      await mustExist(task.file.path);
      await mustExist(task.textPath);
      const result = await timed(
        { type: 'imatrix', task },
        {
          signal,
          onProgress,
          onAbandoned,
          timeoutMs: longTimeoutMs,
          toError: crashError(
            'models.imatrix-failed',
            `observed the weights of ${task.file.path}`,
            'The file is probably damaged, or memory ran out: inspect the file, then close other programs.',
          ),
        },
      );
      return imatrixResultSchema.parse(result);
    },
  };
};
