import { AppError } from '../../../shared/errors/app-error.ts';
import type { Ports } from '../../platform/ports.ts';
import { scorePartSchema } from '../inspector/protocol.ts';
import { reasonOf, runTask } from '../inspector/run-task.ts';
import type { Scorer } from './scorer.ts';

/** Days: a large model on a slow machine is honest work; the user can cancel. */
const timeoutMs = 7 * 24 * 60 * 60_000;

interface ScorerPorts extends Pick<Ports, 'processes' | 'clock' | 'log'> {
  /** Takes what is still going on behind an answered call: the end of a child that was cancelled. */
  readonly tidyUp: (work: Promise<unknown>) => void;
}

/** The scorer whose every call starts a child of its own, so that a file that aborts llama.cpp costs one typed error. */
export const createScorer = (ports: ScorerPorts): Scorer => ({
  score: async (task, listener, signal) => {
    const startedMs = ports.clock.monotonicMs();
    await runTask(
      ports,
      { type: 'score', task },
      {
        signal,
        timeoutMs,
        onAbandoned: ports.tidyUp,
        onPart: (raw) => {
          const part = scorePartSchema.parse(raw);
          switch (part.type) {
            case 'opened':
              listener.onOpened(part.opening);
              break;
            case 'window':
              listener.onWindow(part.candidate, part.score);
              break;
            case 'top':
              listener.onTop?.(part.top);
              break;
            default:
              part satisfies never;
          }
        },
        toError: ({ how, tail }) => {
          const reason = reasonOf(tail);
          const message = `llama.cpp ended (${how}) while it scored a text${reason === undefined ? '.' : `: ${reason}`}`;
          return new AppError('engine.crashed', message, {
            hint: 'Finished windows are kept: run the same again. If it ends the same way, a file is damaged or memory ran out.',
            details: { log: tail, how },
          });
        },
      },
    );
    ports.log.debug('text scored', { tookMs: Math.round(ports.clock.monotonicMs() - startedMs) });
  },
});
