import { Worker } from 'node:worker_threads';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Clock } from '../../../platform/ports.ts';
import { templatesReady, type RenderAnswer, type RenderTask } from './template-worker.ts';

/** Ordinary templates take 0.1 to 0.5 ms; one that loops would take all memory in a minute. */
const timeLimitMs = 2_000;
const heapLimitMb = 64;

export interface TemplateRenderer {
  /** Starts the thread, which takes 100 ms: better beside the load than in a first request. Never fails. */
  warmUp(): void;
  /** @throws AppError `engine.bad-template` when the template fails, loops, or takes too much memory */
  render(template: string, variables: Readonly<Record<string, unknown>>): Promise<string>;
}

type Outcome =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'problem'; readonly problem: string }
  | { readonly type: 'died'; readonly problem: string };

const isAnswer = (value: unknown): value is RenderAnswer =>
  typeof value === 'object' && value !== null && 'id' in value && ('text' in value || 'problem' in value);

interface Thread {
  readonly worker: Worker;
  /** Resolves when the thread can render, or with what ended it before. */
  readonly ready: Promise<string | undefined>;
}

/**
 * Renders chat templates in a thread with a limit on time and heap; a template that breaks them costs its own request
 * and a new thread.
 * @param entry the engine child's entry file, which serves templates when it runs as a thread
 */
export const createTemplateRenderer = (entry: URL, clock: Clock): TemplateRenderer => {
  let thread: Thread | undefined;
  let nextId = 1;
  const waiting = new Map<number, (outcome: Outcome) => void>();

  const settleAll = (problem: string): void => {
    for (const settle of waiting.values()) settle({ type: 'died', problem });
    waiting.clear();
  };
  const start = (): Thread => {
    const worker = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: heapLimitMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    worker.unref();
    const ready = Promise.withResolvers<string | undefined>();
    const lose = (problem: string): void => {
      ready.resolve(problem);
      if (thread?.worker !== worker) return;
      thread = undefined;
      settleAll(problem);
    };
    worker.on('message', (message: unknown) => {
      if (message === templatesReady) ready.resolve(undefined);
      if (!isAnswer(message)) return;
      waiting.get(message.id)?.(
        'text' in message
          ? { type: 'text', text: message.text }
          : { type: 'problem', problem: message.problem },
      );
      waiting.delete(message.id);
    });
    worker.on('error', (error: Error) => lose(error.message));
    worker.on('exit', () => lose('its thread ended'));
    return { worker, ready: ready.promise };
  };
  const stop = async (stopped: Thread, problem: string): Promise<void> => {
    if (thread === stopped) thread = undefined;
    settleAll(problem);
    await stopped.worker.terminate();
  };

  const renderIn = async (
    used: Thread,
    template: string,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<Outcome> => {
    // the start of a thread is not the template's time: on a busy machine it takes seconds
    const problem = await used.ready;
    if (problem !== undefined) return { type: 'died', problem };
    const id = nextId++;
    const timer = new AbortController();
    const answered = new Promise<Outcome>((resolve) => waiting.set(id, resolve));
    used.worker.postMessage({ id, template, variables } satisfies RenderTask);
    const timedOut = clock.sleep(timeLimitMs, timer.signal).then(
      () => stop(used, `it took over ${timeLimitMs / 1000} s`),
      () => undefined, // answered in time: the sleep was cut short below
    );
    const outcome = await answered;
    timer.abort();
    await timedOut;
    return outcome;
  };

  return {
    warmUp: () => {
      thread ??= start();
    },
    render: async (template, variables) => {
      thread ??= start();
      const outcome = await renderIn(thread, template, variables);
      if (outcome.type === 'text') return outcome.text;
      throw new AppError('engine.bad-template', `The model's chat template failed: ${outcome.problem}`, {
        hint: 'Check the order and roles of the messages, or send a ready prompt to /v1/completions.',
      });
    },
  };
};
