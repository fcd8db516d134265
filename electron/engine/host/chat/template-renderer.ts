import { Worker } from 'node:worker_threads';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Clock } from '../../../platform/ports.ts';
import type { RenderAnswer, RenderTask } from './template-worker.ts';

/** Ordinary templates take 0.1 to 0.5 ms; one that loops would take all memory in a minute (ENGINE, section 6). */
const timeLimitMs = 2_000;
const heapLimitMb = 64;

export interface TemplateRenderer {
  /** Resolves when the thread answers: it takes 100 ms to start, better beside the load than in a first request. */
  warmUp(): Promise<void>;
  /** @throws AppError `engine.bad-template` when the template fails, loops, or takes too much memory */
  render(template: string, variables: Readonly<Record<string, unknown>>): Promise<string>;
}

type Outcome =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'problem'; readonly problem: string }
  | { readonly type: 'died'; readonly problem: string };

const isAnswer = (value: unknown): value is RenderAnswer =>
  typeof value === 'object' && value !== null && 'id' in value && ('text' in value || 'problem' in value);

/**
 * Renders chat templates in a thread with a limit on time and heap; a template that breaks them costs its own request
 * and a new thread.
 * @param entry the engine child's entry file, which serves templates when it runs as a thread
 */
export const createTemplateRenderer = (entry: URL, clock: Clock): TemplateRenderer => {
  let worker: Worker | undefined;
  let nextId = 1;
  const waiting = new Map<number, (outcome: Outcome) => void>();

  const settleAll = (problem: string): void => {
    for (const settle of waiting.values()) settle({ type: 'died', problem });
    waiting.clear();
  };
  const start = (): Worker => {
    const started = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: heapLimitMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
      stdout: false,
    });
    started.unref();
    const lose = (problem: string) => {
      if (worker !== started) return;
      worker = undefined;
      settleAll(problem);
    };
    started.on('message', (message: unknown) => {
      if (!isAnswer(message)) return;
      waiting.get(message.id)?.(
        'text' in message
          ? { type: 'text', text: message.text }
          : { type: 'problem', problem: message.problem },
      );
      waiting.delete(message.id);
    });
    started.on('error', (error: Error) => lose(error.message));
    started.on('exit', () => lose('its thread ended'));
    return started;
  };
  const stop = async (problem: string): Promise<void> => {
    const stopped = worker;
    worker = undefined;
    settleAll(problem);
    await stopped?.terminate();
  };

  const render: TemplateRenderer['render'] = async (template, variables) => {
    worker ??= start();
    const id = nextId++;
    const timer = new AbortController();
    const answered = new Promise<Outcome>((resolve) => waiting.set(id, resolve));
    worker.postMessage({ id, template, variables } satisfies RenderTask);
    const timedOut = clock.sleep(timeLimitMs, timer.signal).then(
      () => stop(`it took over ${timeLimitMs / 1000} s`),
      () => undefined, // answered in time: the sleep was cut short below
    );
    const outcome = await answered;
    timer.abort();
    await timedOut;
    if (outcome.type === 'text') return outcome.text;
    throw new AppError('engine.bad-template', `The model's chat template failed: ${outcome.problem}`, {
      hint: 'Check the order and roles of the messages, or send a ready prompt to /v1/completions.',
    });
  };
  return {
    render,
    warmUp: async () => {
      await render('', {});
    },
  };
};
